import { expect, test } from "vitest";
import type { Station } from "../../../config/schema.ts";
import { remarks } from "../../../controller/cli/remarks.ts";
import { fingerprintOf } from "../../../protocol/health/letter.ts";
import { parseDate } from "../../../protocol/pickup-code/calendar.ts";
import { bytesOf } from "../../../protocol/pickup-code/sign.ts";
import { good, key } from "../../config/good.ts";

const today = parseDate("2026-11-22") ?? 0;
const cuff = { id: "cuff", profile: "aandd-tm2657", wiring: { by: "path", match: "/dev/ttyUSB0" }, options: {} };
const said = (calibrationDue: string | undefined, cabin?: object) => {
  const devices = [{ ...cuff, ...(calibrationDue !== undefined && { calibrationDue }) }];
  return remarks({ station: { ...good(), devices, ...(cabin && { cabin }) } as unknown as Station }, today);
};

test.each<[string, string | undefined, object | undefined, readonly string[]]>([
  ["without a date", undefined, undefined, []],
  ["that holds for longer than the warning", "2026-12-23", undefined, []],
  [
    "that ends within thirty days",
    "2026-12-22",
    undefined,
    ["cuff: its calibration ends on 2026-12-22. Have it calibrated by then and set calibrationDue."],
  ],
  [
    "that ended yesterday",
    "2026-11-21",
    undefined,
    [
      "cuff: its calibration ended on 2026-11-21. Have it calibrated and set calibrationDue; until then each result says so.",
    ],
  ],
  [
    "that ended where such an instrument is refused",
    "2026-11-21",
    { overdue: "refuse" },
    [
      "cuff: its calibration ended on 2026-11-21. Have it calibrated and set calibrationDue; until then it is not measured with.",
    ],
  ],
])("a calibration %s: the technician is told what to do, or nothing", (_, due, cabin, sentences) => {
  expect(said(due, cabin)).toEqual(sentences);
});

test("the key to which results are sealed is told by the fingerprint that its maker was told", () => {
  const recipient = { name: { zh: "诊所", en: "Clinic" }, key: key("c") };
  const fingerprint = fingerprintOf(bytesOf(key("c")));
  const [sentence = "", ...more] = said(undefined, { recipient });
  expect(sentence).toContain(`sealed to Clinic, key ${fingerprint}:`);
  expect(sentence).not.toContain(key("c"));
  expect(more).toEqual([]);
});
