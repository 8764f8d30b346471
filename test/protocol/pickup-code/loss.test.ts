import { expect, test } from "vitest";
import {
  derivedLoss,
  derivedLossTooHigh,
  expectedLoss,
  listLoss,
  listLossTooHigh,
} from "../../../protocol/pickup-code/loss.ts";

test("310 codes a day cost 0.49 drinks a kiosk-year", () => {
  expect(derivedLoss(310)).toBeCloseTo((930 * 1450 * 365) / 1e9, 12);
  expect(derivedLoss(310).toFixed(2)).toBe("0.49");
});

test("the largest bearable count passes and one more is refused, with the figures", () => {
  expect(derivedLossTooHigh(629, 1)).toBeUndefined();
  expect(derivedLossTooHigh(630, 1)).toBe(
    "Guessing would cost 1.0 drinks a kiosk-year with 630 codes an epoch, and lossLimit is 1: issue at most 629 codes an epoch (the keeper's included), or raise lossLimit knowingly.",
  );
  expect(derivedLossTooHigh(1500, 1)).toContain("2.4 drinks");
  expect(derivedLossTooHigh(1500, 3)).toBeUndefined();
});

test("a list is judged by its entries, alphabet and length", () => {
  expect(listLoss(1000, 10, 12)).toBeCloseTo(expectedLoss(1000, 1e12), 12);
  expect(listLossTooHigh(300, 10, 12, 1)).toBeUndefined();
  expect(listLossTooHigh(300, 36, 6, 1)).toBeUndefined();
  expect(listLossTooHigh(300, 10, 6, 1)).toBe(
    "Guessing would cost 159 drinks a kiosk-year with 300 codes of 6 characters out of 10, and lossLimit is 1: ask the issuer for codes of at least 9 characters, import fewer at a time, or raise lossLimit knowingly.",
  );
});

test("the length that a refusal advises is bearable, and one less is not", () => {
  for (const entries of [10, 300, 20_000, 1_000_000]) {
    const advised = Number(/at least (\d+)/.exec(listLossTooHigh(entries, 10, 4, 1) ?? "")?.[1]);
    expect(listLoss(entries, 10, advised)).toBeLessThanOrEqual(1);
    expect(listLoss(entries, 10, advised - 1)).toBeGreaterThan(1);
  }
});
