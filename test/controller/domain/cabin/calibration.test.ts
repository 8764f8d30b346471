import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { calibrationOf, daysLeft, overdue, warnedBefore } from "../../../../controller/domain/cabin/calibration.ts";
import type { CabinSetting } from "../../../../controller/domain/cabin/setting.ts";
import type { Setting } from "../../../../controller/domain/state.ts";
import { day, Paper, setting, today } from "../on-paper.ts";
import { cabin } from "./instruments.ts";

/** A station whose one dated instrument is due so many days from today. */
function due(left: number): Setting {
  const instruments: CabinSetting["instruments"] = cabin.instruments.map((one) =>
    one.id === "cuff" ? { ...one, due: today + left } : one,
  );
  return { ...setting, cabin: { ...cabin, instruments } };
}

const warned = (paper: Paper) =>
  paper.disk.flatMap(({ entry }) =>
    entry.kind === "calibration" ? [`${entry.device} ${entry.due - today} ${entry.state}`] : [],
  );

/** So many nights, with every entry written. */
function nights(paper: Paper, many: number): Paper {
  for (let night = 0; night < many; night++) {
    paper.mono += day;
    paper.utc += day;
    paper.send({ kind: "tick" }).saveAll();
  }
  return paper;
}

describe("a calibration", () => {
  test("holds on its last day, is warned of thirty days before, and is over the day after", () => {
    const cuff = { due: 1000 };
    expect([1000 - warnedBefore - 1, 1000 - warnedBefore, 1000, 1001].map((now) => calibrationOf(cuff, now))).toEqual([
      "holds",
      "soon",
      "soon",
      "over",
    ]);
    expect([overdue(cuff, 1000), overdue(cuff, 1001)]).toEqual([false, true]);
    expect([daysLeft(cuff, 1000), daysLeft(cuff, 1001)]).toEqual([0, -1]);
  });

  test("without a date never ends", () => {
    expect(calibrationOf({}, 9_999_999)).toBe("holds");
    expect(daysLeft({}, 1)).toBeUndefined();
  });

  test("is warned of once and ended once, over all nights and starts", () => {
    let paper = new Paper({ setting: due(40) }).saveAll();
    for (let week = 0; week < 8; week++) paper = nights(paper, 7).reboot();
    expect(warned(paper)).toEqual(["cuff 40 soon", "cuff 40 over"]);
  });

  test("is said over alone where the kiosk slept through the warning", () => {
    const paper = nights(new Paper({ setting: due(-3) }).saveAll(), 3);
    expect(warned(paper)).toEqual(["cuff -3 over"]);
  });

  test("with a new date in the station file begins anew", () => {
    const old = nights(new Paper({ setting: due(0) }).saveAll(), 2);
    const renewed = nights(old.reboot({ setting: due(60) }), 31);
    expect(warned(renewed)).toEqual(["cuff 0 soon", "cuff 0 over", "cuff 60 soon"]);
  });

  test("is not warned of again by a clock that goes back", () => {
    const paper = nights(new Paper({ setting: due(1) }).saveAll(), 4);
    paper.utc -= 10 * day;
    paper.send({ kind: "tick" }).saveAll();
    expect(warned(paper)).toEqual(["cuff 1 soon", "cuff 1 over"]);
  });

  test("is told by an entry that waits for a sick disk, once", () => {
    const paper = new Paper({ setting: due(5) });
    paper.send({ kind: "tick" });
    expect(paper.waits("save")).toBe(1);
    paper.refuse();
    expect(warned(paper.saveAll())).toEqual([]);
    paper.pass(60_000);
    paper.saveAll().pass(60_000);
    expect(warned(paper.saveAll())).toEqual(["cuff 5 soon"]);
  });

  test("is judged over by the sure floor of the time alone where no clock is trusted: never too early", () => {
    const paper = new Paper({ setting: due(3), trusted: false });
    paper.utc += 300 * day;
    paper.send({ kind: "tick" }).saveAll();
    expect(warned(paper)).toEqual(["cuff 3 soon"]);
  });

  test("never says more than one warning and one end of a date, whatever the clock does", () => {
    fc.assert(
      fc.property(fc.array(fc.record({ jump: fc.integer({ min: -60, max: 60 }), cut: fc.boolean() })), (steps) => {
        let paper = new Paper({ setting: due(10) }).saveAll();
        for (const { jump, cut } of steps) {
          paper.utc += jump * day;
          paper.send({ kind: "tick" }).saveAll();
          if (cut) paper = paper.reboot();
        }
        const said = warned(paper);
        expect(new Set(said).size).toBe(said.length);
      }),
      { numRuns: 50 },
    );
  });
});
