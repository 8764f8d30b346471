import fc from "fast-check";
import { expect, test } from "vitest";
import { converted, unitsOf } from "../../../../controller/domain/health/convert.ts";
import { reckoned } from "../../../../controller/domain/health/decimal.ts";
import { displayOrder, figures, printedUnit } from "../../../../controller/domain/health/figure.ts";
import { printed } from "../../../../controller/domain/health/shown.ts";
import type { Item, Unit } from "../../../../devices/health/capability.ts";
import { items, reading } from "./readings.ts";

const read = (item: Item, value: number, unit: Unit): string => {
  const shown = converted(reading(item, value, unit));
  return `${printed(shown)} ${printedUnit[shown.unit]}`;
};

test("a person reads what the instrument measured, in the units of Chinese reports", () => {
  expect(read("glucose", 101, "mg/dL")).toBe("5.6 mmol/L"); // sel-glu, SYN
  expect(read("urate", 6.4, "mg/dL")).toBe("381 µmol/L"); // sel-ua, SYN
  expect(read("cholesterol", 194, "mg/dL")).toBe("5.02 mmol/L"); // 5.4
  expect(read("systolic", 18.9, "kPa")).toBe("142 mmHg"); // 5.4: 141.8
  expect(read("haemoglobin", 14.2, "g/dL")).toBe("142 g/L");
  expect(read("weight", 150, "[lb_av]")).toBe("68.0 kg");
  expect(read("temperature", 98.6, "[degF]")).toBe("37.0 °C");
  expect(read("height", 1.68, "m")).toBe("168.0 cm");
  expect(read("basal-metabolism", 6276, "kJ/d")).toBe("1500 kcal/d");
  expect(read("urate", 0.36, "mmol/L")).toBe("360 µmol/L");
});

test("mg/dL means another thing for every substance", () => {
  const all = (["glucose", "urate", "cholesterol", "hdl", "ldl", "triglyceride", "lactate"] as const).map((item) =>
    read(item, 100, "mg/dL"),
  );
  expect(all).toEqual([
    "5.6 mmol/L",
    "5948 µmol/L",
    "2.59 mmol/L",
    "2.59 mmol/L",
    "2.59 mmol/L",
    "1.13 mmol/L",
    "11.1 mmol/L",
  ]);
});

test("a half is rounded upwards, also where the binary number lies a little below it", () => {
  expect(read("glucose", 5.55, "mmol/L")).toBe("5.6 mmol/L");
  expect(read("glucose", 1.05, "mmol/L")).toBe("1.1 mmol/L");
  expect(read("cholesterol", 1.005, "mmol/L")).toBe("1.01 mmol/L");
  expect(read("temperature", 37.25, "Cel")).toBe("37.3 °C");
  expect(reckoned(18.9, { times: 7.50062 }, 1)).toBe(141.8);
  expect(reckoned(-0.05, {}, 1)).toBe(-0.1);
  expect(Object.is(reckoned(-0.04, {}, 1), 0)).toBe(true);
  expect(reckoned(1e-7, { times: 1e21 }, 0)).toBe(1e14);
});

test("rounding happens once: 5.449 is 5.4 and not 5.45 and then 5.5", () => {
  expect(read("glucose", 5.449, "mmol/L")).toBe("5.4 mmol/L");
});

test("a unit that an item never has is our own mistake, and says which driver text to look at", () => {
  expect(() => converted(reading("urate", 5, "kPa"))).toThrow(
    "urate in kPa cannot be shown: the driver must give it in umol/L or mmol/L or mg/dL",
  );
  expect(() => converted(reading("ketone", 5, "mg/dL"))).toThrow("the driver must give it in mmol/L");
});

test.each([Number.NaN, Number.POSITIVE_INFINITY])("a sentinel that became %s is our own mistake", (value) => {
  expect(() => converted(reading("spo2", value, "%"))).toThrow("no number that could have been measured");
});

test("every item can be shown in its own unit, unchanged but for its decimals", () => {
  for (const item of items) {
    const { unit, decimals } = figures[item];
    expect(unitsOf(item)).toContain(unit);
    const value = Number((17.25).toFixed(decimals));
    expect(converted(reading(item, value, unit))).toMatchObject({ figure: item, value, unit });
  }
});

test("what the instrument said stays beside what is shown", () => {
  const { native, notes, comparator } = converted(
    reading("glucose", 600, "mg/dL", { comparator: ">", notes: ["after-meal"] }),
  );
  expect({ native, notes, comparator }).toEqual({
    native: { value: 600, unit: "mg/dL" },
    notes: ["after-meal"],
    comparator: ">",
  });
});

test("the shown number lies within half a last digit of the exact one", () => {
  const tenths = fc.integer({ min: 0, max: 100_000 });
  fc.assert(
    fc.property(tenths, fc.constantFrom(0, 1, 2), fc.integer({ min: 1, max: 99_999 }), (value, decimals, by) => {
      const shown = reckoned(value / 10, { by: by / 1000 }, decimals);
      expect(Math.abs(shown - (value * 100) / by)).toBeLessThanOrEqual(0.5 * 10 ** -decimals * 1.000_001);
    }),
  );
});

test("a higher reading is never shown as a lower one", () => {
  const tenths = fc.integer({ min: 0, max: 100_000 });
  fc.assert(
    fc.property(fc.constantFrom(...items), fc.nat(3), tenths, tenths, (item, which, a, b) => {
      const units = unitsOf(item);
      const unit = units[which % units.length] ?? units[0];
      if (unit === undefined) throw new Error(`${item} has no unit`);
      const [low, high] = [Math.min(a, b), Math.max(a, b)].map(
        (value) => converted(reading(item, value / 10, unit)).value,
      );
      expect(low).toBeLessThanOrEqual(high ?? 0);
    }),
  );
});

test("every figure has its place, its unit in print, and room between its edges", () => {
  expect(new Set(displayOrder).size).toBe(35);
  for (const figure of displayOrder) {
    const { unit, plausible } = figures[figure];
    expect(printedUnit[unit], figure).toBeDefined();
    expect(plausible.low, figure).toBeLessThan(plausible.high);
  }
});
