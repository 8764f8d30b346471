import { describe, expect, it } from "vitest";
import { minutes, millis, seconds } from "../../../devices/kit/clock.ts";
import {
  sizes,
  fresh,
  giveBack,
  keepGuesses,
  recallGuesses,
  refilled,
  rest,
  spend,
} from "../../../controller/domain/guesses.ts";

const at = (mono: number, trusted = true) => ({ mono: millis(mono), utc: millis(1_784_000_000_000 + mono), trusted });

describe("the bucket of tries", () => {
  it("lets ten wrong codes pass, then rests a minute for the next", () => {
    let bucket = fresh(at(0));
    for (let n = 0; n < sizes.codes; n++) bucket = spend(bucket, millis(n * 2000), 1);
    expect(refilled(bucket, seconds(20)).tries).toBe(0);
    expect(rest(bucket, seconds(20))).toBe(40_000);
    expect(rest(bucket, minutes(1))).toBe(0);
  });

  it("never lets more than 1,450 guesses through on a day, however they are spread", () => {
    for (const every of [1, 2, 30, 60, 61, 90]) {
      let bucket = fresh(at(0));
      let guesses = 0;
      for (let second = 0; second < 86_400; second += every) {
        if (rest(bucket, seconds(second)) > 0) continue;
        bucket = spend(bucket, seconds(second), 1);
        guesses += 1;
      }
      expect(guesses).toBeLessThanOrEqual(1450);
    }
  });

  it("gives one back for a success, and never more than ten", () => {
    const spent = spend(fresh(at(0)), millis(0), 1);
    expect(giveBack(spent, millis(0)).tries).toBe(sizes.codes);
    expect(giveBack(fresh(at(0)), millis(0)).tries).toBe(sizes.codes);
  });

  it("brings nothing back over a power cut without a trusted clock", () => {
    let bucket = fresh(at(0, false));
    for (let n = 0; n < sizes.codes; n++) bucket = spend(bucket, millis(0), 1);
    const kept = keepGuesses(bucket, at(0, false));
    const later = { mono: millis(5), utc: millis(at(0).utc + 3_600_000), trusted: true };
    expect(recallGuesses(kept, later).tries).toBe(0);
    expect(recallGuesses({ ...kept, trusted: true }, { ...later, trusted: false }).tries).toBe(0);
    expect(recallGuesses({ ...kept, trusted: true }, later).tries).toBe(sizes.codes);
  });

  it("counts the unknown codes of a day", () => {
    let bucket = spend(spend(fresh(at(0)), millis(0), 5), millis(0), 5);
    expect(bucket.unknown).toBe(2);
    bucket = spend(bucket, millis(0), 6);
    expect(bucket.unknown).toBe(1);
  });
});
