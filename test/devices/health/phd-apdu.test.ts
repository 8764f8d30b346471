import * as fc from "fast-check";
import { expect, test } from "vitest";
import { apduOf, framer, type Apdu } from "../../../devices/health/phd-apdu.ts";
import { expectFramed } from "./framed.ts";

const unhex = (text: string) => Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

const december = { year: 2007, month: 12, day: 6, hour: 12, minute: 10, second: 0 };
const july = { year: 2010, month: 7, day: 21, hour: 9, minute: 40, second: 0 };

/** Vectors of kind TEST [S30]: id, bytes, what they are. */
const vectors: readonly (readonly [string, string, Apdu])[] = [
  [
    "phd-aarq-bp",
    "e2000032800000000001002a50790026800000008000800000000000000000800000000800220922580803cc40000001010000000000",
    { is: "asks", systemId: "00220922580803cc", configuration: 16384 },
  ],
  [
    "phd-spo2-report",
    "e7000036003412380101002e0037ffffffff0d230024f00000000002001c0001000a00622007120612100000000a000a00482007120612100000",
    {
      is: "report",
      invoke: 0x1238,
      confirmed: true,
      observations: [
        { handle: 1, value: 98, at: december },
        { handle: 10, value: 72, at: december },
      ],
    },
  ],
  ["phd-rlre", "e50000020000", { is: "ended" }],
  ["phd-rlrq", "e40000020000", { is: "wants-to-end" }],
  ["phd-abrt", "e60000020002", { is: "aborts", reason: 2 }],
];

const bodyComposition =
  "e70000c600c40001010100be0000ffffffff0d1f00b4f0000001000100ac0034000a00a60001000cff00031c20100721094000000002000cff0006ae20100721094000000003000cff00011020100721094000000004000cff00010120100721094000000005000c0300069f20100721094000000006000af05020100721094000000007000a003620100721094000000008001400040008f15200000000000020100721094000000009000a00002010072109400000000a001000020004000000192010072109400000";

test.each(vectors)("%s is one message, however its bytes come, and cut short it is none", (_, hex, apdu) => {
  const bytes = unhex(hex);
  expectFramed(framer, bytes, apdu);
  for (let length = 0; length < bytes.length; length++) expect(apduOf(bytes.slice(0, length))).toBeUndefined();
});

test("phd-bca-report: 79.6 kg, 171.0 cm, 27.2, 25.7 % of 2010-07-21 09:40, and nobody's number", () => {
  const apdu = apduOf(unhex(bodyComposition));
  if (apdu?.is !== "report") throw new Error("it is a report");
  expect(apdu.observations.slice(0, 4)).toEqual([
    { handle: 1, value: 79.6, at: july },
    { handle: 2, value: 171, at: july },
    { handle: 3, value: 27.2, at: july },
    { handle: 4, value: 25.7, at: july },
  ]);
  expect(apdu.observations).toHaveLength(10);
  // Several values in one, and a list of states, are not guessed at.
  expect(apdu.observations.slice(7).map(({ value }) => value)).toEqual([undefined, 0, undefined]);
  // Person 0034 of the report.
  expect(JSON.stringify(apdu)).not.toMatch(/person|52/);
});

test("what is no number is none, and a date that is none is no time", () => {
  const [, spo2 = ""] = vectors[1] ?? [];
  const nan = apduOf(unhex(spo2.replace("000a0062", "000a07ff")));
  expect(nan).toMatchObject({ observations: [{ handle: 1, value: undefined }, { value: 72 }] });
  const thirteenth = apduOf(unhex(spo2.replace("00622007120612", "00622007130612")));
  expect(thirteenth).toMatchObject({ observations: [{ value: 98, at: undefined }, { at: december }] });
});

test("a blood pressure without a time, three values in one, is not taken for a number with one", () => {
  const [, spo2 = ""] = vectors[1] ?? [];
  const pressure = spo2.replace("000a00622007120612100000", "000a00030006007f004c0061");
  expect(apduOf(unhex(pressure))).toMatchObject({
    observations: [
      { handle: 1, value: undefined, at: undefined },
      { handle: 10, value: 72, at: december },
    ],
  });
});

test("an answer says whether the device was accepted, known or not", () => {
  const published = "e300002c0003507900268000000080008000000000000000800000000008112233445566778800000000000000000000";
  expect(apduOf(unhex(published))).toEqual({ is: "answers", accepted: true });
  expect(apduOf(unhex("e30000020001"))).toEqual({ is: "answers", accepted: false });
});

test("counts that are larger than what there is end at once", () => {
  const many = unhex(bodyComposition.replace("f00000010001", "f0000001ffff"));
  expect(apduOf(many)).toBeUndefined();
});

test("no bytes make it throw or tell what is no number", () => {
  const whole = [...vectors.map(([, hex]) => hex), bodyComposition].map(unhex);
  const spoilt = fc
    .tuple(fc.constantFrom(...whole), fc.nat(), fc.nat(255))
    .map(([bytes, at, byte]) => bytes.with(at % bytes.length, byte));
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 80 }), spoilt), (bytes) => {
      const apdu = apduOf(bytes);
      if (apdu?.is === "report")
        for (const { value } of apdu.observations) if (value !== undefined) expect(Number.isFinite(value)).toBe(true);
      expect(framer.push(framer.start, bytes).state.length).toBeLessThanOrEqual(bytes.length);
    }),
    { numRuns: 500 },
  );
});
