import { expect, test } from "vitest";
import { fitDevice, loadModel, type LoadedDevice } from "../../../config/profile.ts";
import { readerRules } from "../../../controller/cli/udev.ts";

async function device(id: string, profile: string, wiring: Partial<LoadedDevice["wiring"]>): Promise<LoadedDevice> {
  const model = await loadModel(profile, { file: "test", path: "" });
  if (!model.ok) throw new Error(model.error.map(({ says }) => says).join("; "));
  const fitted = fitDevice(model.value, { id, wiring: { by: "hid", ...wiring }, options: {} });
  if (!fitted.ok) throw new Error(fitted.error.map(({ says }) => says).join("; "));
  return fitted.value;
}

test("the station's own readers are silenced when they are plugged in, and nothing else is", async () => {
  const rules = readerRules([
    await device("card", "wedge-125khz", { match: "ffff:0035,08ff:0009:SN 1" }),
    await device("scan", "wedge-scanner", { by: "usb", match: "1-1.3" }),
    await device("pos", "hid-pos", {}),
    await device("serial", "rdm6300", { by: "usb", match: "1-1.2" }),
  ]);
  const input = 'ACTION=="add", SUBSYSTEM=="input", KERNEL=="input[0-9]*", TEST=="inhibited"';
  expect(rules.split("\n")).toEqual([
    "# Made by yizhan check --udev from the station file.",
    "# card",
    `${input}, ATTR{id/vendor}=="ffff", ATTR{id/product}=="0035", ATTR{inhibited}="1"`,
    `${input}, ATTR{id/vendor}=="08ff", ATTR{id/product}=="0009", ATTR{uniq}=="SN 1", ATTR{inhibited}="1"`,
    "# scan",
    `${input}, KERNELS=="1-1.3", ATTR{inhibited}="1"`,
    "# pos is not named by numbers or socket: it is silenced when it is opened.",
    "",
  ]);
});

test("a serial number that would end the rule makes none", async () => {
  const bad = await device("card", "wedge-125khz", { match: '08ff:0009:S" RUN+="x' });
  expect(readerRules([bad])).not.toContain("RUN");
});
