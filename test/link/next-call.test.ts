import { describe, expect, test } from "vitest";
import { nextCall, unacquainted, type Outcome, type Standing } from "../../controller/link/next-call.ts";
import { minutes, seconds } from "../../devices/kit/clock.ts";
import { dice } from "../kit/dice.ts";

const refused = (why: Extract<Outcome, { is: "refused" }>["why"] = "unreachable"): Outcome => ({ is: "refused", why });
/** The standing after these outcomes. */
const after = (servers: number, outcomes: readonly Outcome[]): Standing =>
  outcomes.reduce((standing, outcome) => nextCall(standing, outcome, 0).standing, unacquainted(servers));
const repeated = (times: number, outcome: Outcome): readonly Outcome[] => Array.from({ length: times }, () => outcome);
/** The shortest and the longest wait, in seconds, after these and then `last`. */
const range = (outcomes: readonly Outcome[], last: Outcome, servers = 1) =>
  [0, 1].map((chance) => nextCall(after(servers, outcomes), last, chance).wait / 1000);

describe("the wait", () => {
  test("doubles its ceiling from 4 s to 5 minutes, and is never under 1 s", () => {
    const ceilings = Array.from({ length: 12 }, (_, at) => range(repeated(at, refused()), refused()));
    expect(ceilings.map(([low]) => low)).toEqual(Array.from({ length: 12 }, () => 1));
    expect(ceilings.map(([, high]) => high)).toEqual([4, 8, 16, 32, 64, 128, 256, 300, 300, 300, 300, 300]);
  });

  test("is spread evenly: of 4,072 kiosks whose broker went, none of ten parts of the time gets half as many again", () => {
    const roll = dice(7).roll;
    const standing = after(1, repeated(6, refused()));
    const parts = Array.from({ length: 10 }, () => 0);
    for (let kiosk = 0; kiosk < 4072; kiosk += 1) {
      const { wait } = nextCall(standing, refused(), roll());
      expect(wait).toBeGreaterThanOrEqual(1000);
      const part = Math.floor((10 * (wait - 1000)) / (256_000 - 1000));
      parts[part] = (parts[part] ?? 0) + 1;
    }
    expect(Math.max(...parts)).toBeLessThan(407 * 1.5);
    expect(Math.min(...parts)).toBeGreaterThan(407 / 1.5);
  });

  test("is short again after a conversation that lasted", () => {
    expect(range(repeated(10, refused()), { is: "ended", lasted: minutes(1) })).toEqual([1, 4]);
    expect(after(1, [...repeated(10, refused()), { is: "ended", lasted: minutes(1) }]).failures).toBe(0);
  });

  test("grows for a kiosk that is cut off each time, but not beyond 32 s", () => {
    const cut: Outcome = { is: "ended", lasted: seconds(5) };
    expect(range([], cut)).toEqual([1, 4]);
    expect(range(repeated(2, cut), cut)).toEqual([1, 16]);
    expect(range(repeated(20, cut), cut)).toEqual([1, 32]);
  });

  test.each(["not-authorised", "banned", "quota"] as const)("is 1 to 10 minutes where every server says %s", (why) => {
    expect(range([], refused(why))).toEqual([60, 600]);
    expect(range([], refused(why), 2)).toEqual([1, 4]);
    expect(range([refused(why)], refused(why), 2)).toEqual([60, 600]);
    expect(range([refused(why), refused()], refused(why), 2)).toEqual([1, 16]);
  });

  test("of a kiosk that is told to move is short", () => {
    expect(range(repeated(10, refused()), { is: "moved" })).toEqual([1, 4]);
  });
});

describe("the server", () => {
  test("is the next one after a failure, a cut or an order, and the same after a conversation that lasted", () => {
    expect(after(3, []).server).toBe(0);
    expect(after(3, [refused()]).server).toBe(1);
    expect(after(3, repeated(3, refused())).server).toBe(0);
    expect(after(3, [{ is: "ended", lasted: seconds(10) }]).server).toBe(1);
    expect(after(3, [refused(), { is: "ended", lasted: minutes(10) }]).server).toBe(1);
    expect(after(3, [{ is: "moved" }, { is: "moved" }]).server).toBe(2);
  });
});

describe("the version", () => {
  test("5 is refused: the same server is asked in 3.1.1 at once, and this is remembered for it alone", () => {
    const decided = nextCall(unacquainted(2), refused("version"), 0.5);
    expect(decided).toMatchObject({ wait: 0, standing: { server: 0, versions: [4, 5], failures: 0 } });
    expect(after(2, [refused("version"), refused(), refused()]).versions).toEqual([4, 5]);
  });

  test("both are refused: it counts as a failure, and 5 is tried again the next time", () => {
    const decided = nextCall(after(1, [refused("version")]), refused("version"), 0);
    expect(decided).toMatchObject({ wait: 1000, standing: { versions: [5], failures: 1 } });
  });
});
