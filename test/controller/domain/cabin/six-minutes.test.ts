import { describe, expect, it } from "vitest";
import { delays } from "../../../../controller/delays.ts";
import { minutes, seconds, type Millis } from "../../../../devices/kit/clock.ts";
import { cuff, gives, pressure, Seat, strips } from "./seat.ts";

/** How long a person and an instrument take for what they do. */
interface Pace {
  readonly key: Millis;
  /** To read the consent, or the symptoms. */
  readonly reading: Millis;
  /** The lancet, the drop, and the arm in the cuff. */
  readonly hands: Millis;
  readonly strip: Millis;
  readonly cuff: Millis;
}

const paces: Readonly<Record<string, Pace>> = {
  "quick hands": { key: seconds(3), reading: seconds(5), hands: seconds(10), strip: seconds(5), cuff: seconds(35) },
  "usual hands": { key: seconds(4), reading: seconds(8), hands: seconds(15), strip: seconds(12), cuff: seconds(40) },
  "slow hands": { key: seconds(5), reading: seconds(12), hands: seconds(25), strip: seconds(20), cuff: seconds(45) },
};

/** Somebody who walks through glucose, urate and blood pressure, as the screen leads. */
class Walk {
  readonly seat = new Seat({ instruments: [cuff, strips], entered: [] });
  readonly pace: Pace;
  readonly sat: number;
  /** In which the cuff itself was at work. */
  cuffs = 0;

  constructor(pace: Pace) {
    this.pace = pace;
    this.seat.press("cabin");
    this.sat = this.seat.now;
  }

  /** Since the person sat down. */
  get clock(): number {
    return this.seat.now - this.sat;
  }

  presses(...keys: readonly string[]): this {
    for (const key of keys) this.after(this.pace.key, key);
    return this;
  }

  after(span: Millis, key: string): this {
    this.seat.pass(span).press(key);
    return this;
  }

  strip(item: "glucose" | "urate", value: number): this {
    this.after(this.pace.hands, "ready");
    this.seat.pass(this.pace.strip).answers([gives(item, value)]);
    return this;
  }

  /** Waits until the cuff is asked, and for the cuff. */
  reading(systolic: number, diastolic: number): this {
    while (this.seat.on !== "measuring") this.seat.pass(seconds(1));
    this.seat.pass(this.pace.cuff).answers(pressure(systolic, diastolic));
    this.cuffs += this.pace.cuff;
    return this;
  }

  /** Up to the first blood pressure. */
  first(): this {
    this.after(this.pace.reading, "agree").presses("male", "4", "5", "next").after(this.pace.reading, "next");
    this.presses("begin", "unknown").strip("glucose", 5.6).presses("next").strip("urate", 361).presses("next");
    // Of lipids this person measures nothing.
    this.presses("skip").after(this.pace.hands, "ready");
    return this.reading(131, 83);
  }
}

const told = ({ seat }: Walk) =>
  seat.page.is === "results" ? seat.page.results.figures.map(({ shown: { figure } }) => figure) : [];

describe.each(Object.entries(paces))("blood pressure, glucose and urate with %s", (_, pace) => {
  it("are each measured once within six minutes on the clock, the five of rest in them", () => {
    const walk = new Walk(pace).first();
    expect(walk.clock).toBe(delays.rest + pace.cuff);
    expect(walk.clock).toBeLessThan(minutes(6));
    walk.presses("stop", "still-me", "next");
    expect(told(walk)).toEqual(["systolic", "diastolic", "pulse", "glucose", "urate"]);
    expect(JSON.stringify(walk.seat.page)).not.toContain("unrested");
  });

  it("take six minutes of guided time, from the consent to the mean, beside the work of the cuff itself", () => {
    const walk = new Walk(pace).first().reading(127, 80).presses("still-me");
    expect(walk.seat.page).toMatchObject({ is: "told", figures: [{ mean: 2 }, { mean: 2 }, {}] });
    expect(walk.clock - walk.cuffs - pace.reading).toBeLessThanOrEqual(minutes(6));
    expect(walk.clock).toBeLessThanOrEqual(seconds(455));
    walk.presses("next");
    expect(told(walk)).toEqual(["systolic", "diastolic", "pulse", "glucose", "urate"]);
    expect(JSON.stringify(walk.seat.page)).not.toContain("unrested");
  });
});
