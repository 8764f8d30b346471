import fc from "fast-check";
import { expect, it } from "vitest";
import type { Results, ToldFigure } from "../../controller/domain/cabin/results.ts";
import { leavesOf, rowsALeaf, rowsOf } from "../../controller/domain/cabin/leaf.ts";
import { stepIds } from "../../controller/domain/cabin/steps.ts";
import { displayOrder, figures } from "../../controller/domain/health/figure.ts";
import type { Flag, Level } from "../../controller/domain/health/findings.ts";
import { emergencySymptoms, pressureSymptoms } from "../../controller/domain/health/flags.ts";
import type { RuleId } from "../../controller/domain/health/ranges.ts";
import type { Again, CabinPage, Live, StepTile } from "../../controller/screen/cabin-model.ts";
import { plain } from "../../controller/screen/html.ts";
import { view } from "../../controller/screen/view.ts";
import type { Item, Note } from "../../devices/health/capability.ts";
import { millis } from "../../devices/kit/clock.ts";
import { cabin, ranges, told } from "./cabin-gallery.ts";
import { now, stationWith } from "./gallery.ts";

// Whatever the domain may put onto the glass: every page, with every figure, note, class, rule and state.

const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });
const name = fc.record({ zh: fc.string({ maxLength: 20 }), en: fc.string({ maxLength: 40 }) });
const step = fc.constantFrom(...stepIds);
const figure = fc.constantFrom(...displayOrder);
const note = fc.constantFrom<Note>("moved", "irregular-pulse", "cuff-loose", "weak-signal", "fasting", "entered");
const typed = fc.stringMatching(/^[0-9]{0,3}(\.[0-9]?)?$/);
const maybeWrong = fc.constantFrom({}, { wrong: true as const });

const toldFigure: fc.Arbitrary<ToldFigure> = figure.chain((one) => {
  const { low, high } = figures[one].plausible;
  return fc
    .record({
      value: fc.double({ min: low, max: high, noNaN: true }),
      notes: fc.uniqueArray(note, { maxLength: 3 }),
      comparator: fc.constantFrom({}, { comparator: ">" as const }, { comparator: "<" as const }),
      mean: fc.constantFrom({}, { mean: 2, each: [118, 121] }, { mean: 3, each: [186, 180, 192] }),
      unrested: fc.constantFrom({}, { unrested: true as const }),
      overdue: fc.constantFrom({}, { overdue: true as const }),
    })
    .map(({ value, notes, comparator, mean, unrested, overdue }) => {
      const { shown, ...stands } = told(one, value);
      return { ...stands, ...mean, ...unrested, ...overdue, shown: { ...shown, ...comparator, notes } };
    });
});

const flag: fc.Arbitrary<Flag> = fc.record({
  rule: fc.constantFrom(...(Object.keys(ranges.rules) as RuleId[])),
  level: fc.constantFrom<Level>("emergency", "red", "amber", "advice"),
  steps: fc.array(
    fc.constantFrom<Flag["steps"][number]>({ do: "call-120" }, { do: "rest", minutes: 5 }, { do: "drink" }),
    {
      minLength: 1,
      maxLength: 4,
    },
  ),
  ambulance: fc.constantFrom("now", "if-symptoms", "if-faint", "no"),
  needsClinician: fc.boolean(),
});
const flags = fc.array(flag, { maxLength: 6 });

const results: fc.Arbitrary<Results> = fc.record({
  figures: fc.array(toldFigure, { maxLength: 35 }),
  doubtful: fc.uniqueArray(figure, { maxLength: 5 }),
  flags,
});

const live: fc.Arbitrary<Live> = fc.oneof(
  fc.constant<Live>({ is: "waiting" }),
  fc.record({ is: fc.constant("cuff" as const), pressure: fc.double({ min: -5, max: 330, noNaN: true }) }),
  fc.record({
    is: fc.constant("wave" as const),
    samples: fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { maxLength: 400 }),
    rate: fc.integer({ min: 1, max: 100 }),
  }),
  toldFigure.map(({ shown }): Live => ({ is: "preview", shown })),
);

const symptom = fc.constantFrom(...pressureSymptoms, ...emergencySymptoms);
const state = fc.constantFrom<StepTile["state"]>("ready", "done", "skipped", "absent", "overdue");

const page: fc.Arbitrary<CabinPage> = fc.oneof(
  fc.constantFrom<CabinPage>({ is: "consent" }, { is: "sex" }, { is: "still-you" }, { is: "meal" }, { is: "bye" }),
  fc.record({ is: fc.constant("age" as const), typed: fc.stringMatching(/^[0-9]{0,3}$/) }),
  fc.record({
    is: fc.constant("symptoms" as const),
    all: fc.uniqueArray(symptom),
    ticked: fc.uniqueArray(symptom),
    hotWork: fc.boolean(),
  }),
  fc.record({
    is: fc.constant("steps" as const),
    steps: fc.uniqueArray(fc.record({ step, state }), { selector: (tile) => tile.step }),
    any: fc.boolean(),
  }),
  fc.record({
    is: fc.constant("prepare" as const),
    step,
    instrument: name,
    items: fc.array(fc.constantFrom<Item>("hdl", "ldl", "haematocrit"), { maxLength: 4 }),
  }),
  fc.record({
    is: fc.constant("rest" as const),
    left: fc.integer({ min: -10, max: 300_000 }).map(millis),
    of: fc.constant(millis(300_000)),
  }),
  fc.record({
    is: fc.constant("measuring" as const),
    step,
    starts: fc.boolean(),
    reading: fc.integer({ min: 1, max: 3 }),
    live,
  }),
  fc.record({
    is: fc.constant("between" as const),
    left: fc.integer({ min: 0, max: 60_000 }).map(millis),
    reading: fc.integer({ min: 2, max: 3 }),
  }),
  fc
    .tuple(
      step,
      fc.constantFrom<Again>("instrument-error", "nothing-came", "instrument-gone", "doubtful"),
      optional(name),
    )
    .map(([step, why, instrument]) => ({ is: "again" as const, step, why, ...(instrument && { instrument }) })),
  fc.record({
    is: fc.constant("told" as const),
    step,
    figures: fc.array(toldFigure, { maxLength: 6 }),
    doubtful: fc.uniqueArray(figure, { maxLength: 3 }),
    flags,
    more: fc.boolean(),
  }),
  fc
    .tuple(step, fc.constantFrom<Item>("waist", "hip", "grip-left", "vision-right"), typed, maybeWrong)
    .map(([step, item, typed, wrong]) => ({ is: "enter" as const, step, item, typed, ...wrong })),
  fc.record({ is: fc.constant("alert" as const), flags }),
  fc
    .tuple(
      results,
      fc.nat(),
      fc.constantFrom("ready" as const, "printing" as const, "printed" as const, "no-paper" as const, undefined),
      fc.constantFrom("ready" as const, "sealing" as const, "kept" as const, "failed" as const, undefined),
    )
    .map(([results, any, print, send]) => {
      const leaves = leavesOf(rowsOf(results).length, rowsALeaf);
      const page = { is: "results" as const, results, leaves, leaf: (any % leaves) + 1 };
      return { ...page, ...(print && { print }), ...(send && { send }), pass: "ready" as const };
    }),
  fc.record({ is: fc.constant("qr" as const), results }),
  fc.record({ is: fc.constant("send" as const), to: name }),
  fc.record({ is: fc.constant("pass-code" as const), typed: fc.stringMatching(/^[0-9]{0,12}$/) }),
);

/** Elements that are opened and not closed, or closed and not opened. A browser would guess. */
function leftOpen(page: string): readonly string[] {
  const open: string[] = [];
  for (const [, closes, name = "", rest = ""] of page.matchAll(/<(\/?)([a-z0-9]+)([^>]*)>/g)) {
    if (rest.endsWith("/") || name === "br") continue;
    if (!closes) open.push(name);
    else if (open.at(-1) === name) open.pop();
    else return [...open, `/${name}`];
  }
  return open;
}

it("every page that the domain can give is drawn whole, in both languages, and can be left", () => {
  fc.assert(
    fc.property(page, fc.boolean(), fc.constantFrom("zh-CN" as const, "en" as const), (page, forgets, language) => {
      const face = { station: stationWith(154), simulated: false };
      const drawn = view({ language, time: now, body: cabin(page, { forgets }) }, face);
      expect(drawn.text).toContain('data-press="end"');
      expect(drawn.text).not.toMatch(/undefined|NaN|\[object|Infinity| style=/);
      expect(leftOpen(drawn.text)).toEqual([]);
      expect(plain(drawn).trim().length).toBeGreaterThan(10);
    }),
    { numRuns: 400 },
  );
});
