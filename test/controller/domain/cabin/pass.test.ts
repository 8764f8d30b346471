import fc from "fast-check";
import { expect, test } from "vitest";
import { loadCheckUpPass } from "../../../../config/check-up-pass.ts";
import {
  codeOf,
  isPassCode,
  numberIn,
  passItems,
  passLeaf,
  ticksOf,
  typedItem,
  type CheckUpList,
} from "../../../../controller/domain/cabin/pass.ts";
import { itemsOf } from "../../../../controller/domain/cabin/steps.ts";

const loaded = await loadCheckUpPass();
const list: CheckUpList = loaded.ok ? loaded.value.items : [];
const sexes = ["female", "male"] as const;
const measurable = Object.values(itemsOf).flat();
const anySex = fc.constantFrom(...sexes);
const named = (codes: readonly string[]) =>
  codes.map((code) => list.find((item) => codeOf(item) === code)?.name.en ?? code);

test("half a blood pressure ticks nothing, a whole one ticks blood pressure", () => {
  expect(ticksOf(list, "male", ["systolic"])).toEqual([]);
  expect(named(ticksOf(list, "male", ["systolic", "diastolic", "pulse"]))).toEqual(["Blood pressure", "Pulse"]);
});

test("height and weight make the body mass index; one eye makes no vision", () => {
  expect(named(ticksOf(list, "female", ["height", "weight", "vision-left"]))).toEqual([
    "Height",
    "Weight",
    "Body mass index",
  ]);
});

test("a fully equipped cabin ticks fifteen items, the same for men and women", () => {
  for (const sex of sexes) expect(ticksOf(list, sex, measurable)).toHaveLength(15);
});

test("whoever measures more never has fewer ticks, and only ticks of the own list", () => {
  fc.assert(
    fc.property(anySex, fc.subarray(measurable), fc.subarray(measurable), (sex, first, more) => {
      const [few, many] = [ticksOf(list, sex, first), ticksOf(list, sex, [...first, ...more])];
      expect(many).toEqual(expect.arrayContaining([...few]));
      expect(passItems(list, sex).map(codeOf)).toEqual(expect.arrayContaining([...many]));
    }),
  );
});

test("a typed code ticks its item and no other; one wrong digit or two swapped ones tick nothing", () => {
  for (const item of passItems(list, "female")) {
    const code = codeOf(item);
    expect(typedItem(list, "female", code)).toBe(item);
    expect(numberIn(code)).toBe(item.number);
    const slips = [0, 1, 2].flatMap((at) =>
      Array.from("0123456789")
        .filter((digit) => digit !== code[at])
        .map((digit) => code.slice(0, at) + digit + code.slice(at + 1)),
    );
    const [a = "", b = "", c = ""] = code;
    for (const wrong of [...slips, ...[b + a + c, a + c + b].filter((one) => one !== code)])
      expect(typedItem(list, "female", wrong), `${wrong} for ${code}`).toBeUndefined();
  }
});

test("a code of the other sex's examination, or none at all, is wrong", () => {
  const smear = list.find(({ for: whom }) => whom === "female");
  expect(smear && typedItem(list, "female", codeOf(smear))).toBe(smear);
  expect(smear && typedItem(list, "male", codeOf(smear))).toBeUndefined();
  for (const typed of ["", "1", "1234", "000", "١٠٣"]) expect(typedItem(list, "male", typed)).toBeUndefined();
});

test("the leaves hold every item of the list once, and the progress counts the own list alone", () => {
  fc.assert(
    fc.property(anySex, fc.subarray([...list]), fc.integer({ min: 1, max: 12 }), (sex, done, size) => {
      const pass = { is: "found", code: "123456789018", sex, ticked: done.map(codeOf) } as const;
      const first = passLeaf(list, pass, { may: [], leaf: 1, size });
      const all = Array.from(
        { length: first.leaves },
        (_, at) => passLeaf(list, pass, { may: [], leaf: at + 1, size }).pass,
      );
      expect(all.flatMap(({ items }) => items.map(({ code }) => code))).toEqual(passItems(list, sex).map(codeOf));
      expect(first.pass.of).toBe(sex === "male" ? 67 : 76);
      expect(first.pass.ticked).toBe(all.flatMap(({ items }) => items).filter(({ ticked }) => ticked).length);
    }),
  );
});

test("a leaf that is not there shows the nearest, and what this station can measure is told", () => {
  const pass = { is: "found", code: "123456789018", sex: "male", ticked: [] } as const;
  expect(passLeaf(list, pass, { may: [], leaf: 99, size: 10 })).toMatchObject({ leaf: 7, leaves: 7 });
  expect(passLeaf(list, pass, { may: [], leaf: 0, size: 10 }).leaf).toBe(1);
  const { items } = passLeaf(list, pass, { may: ["height", "systolic"], leaf: 1, size: 6 }).pass;
  expect(items.filter(({ here }) => here).map(({ name }) => name.en)).toEqual(["Height"]);
});

test("a pass code with a wrong digit is no code at all", () => {
  expect(isPassCode("123456789018")).toBe(true);
  for (let at = 0; at < 12; at++) {
    const digits = Array.from("123456789018");
    digits[at] = String((Number(digits[at]) + 1) % 10);
    expect(isPassCode(digits.join(""))).toBe(false);
  }
  expect(isPassCode("12345678901")).toBe(false);
});
