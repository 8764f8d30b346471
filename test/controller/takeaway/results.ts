import fc from "fast-check";
import type { Results, ToldFigure } from "../../../controller/domain/cabin/results.ts";
import type { CabinInstrument } from "../../../controller/domain/cabin/setting.ts";
import { displayOrder, figures, type Figure } from "../../../controller/domain/health/figure.ts";
import type { Place } from "../../../controller/domain/health/ranges.ts";
import type { Shown } from "../../../controller/domain/health/shown.ts";
import type { Note } from "../../../devices/health/capability.ts";
import { millis } from "../../../devices/kit/clock.ts";
import { shown } from "../domain/health/readings.ts";

/** Noon at the station. */
export const noon = millis(Date.parse("2026-11-22T04:00:00Z"));

/** A dozen instruments, named as long as any profile does. */
export const instruments: readonly CabinInstrument[] = Array.from({ length: 12 }, (_, n) => ({
  id: `instrument-${n}`,
  name: { zh: `Instrument ${n}`, en: `Makers ${n * 733} & Sons MD-${n * 4177} upper arm blood pressure monitor` },
  model: `makers-md-${n * 4177}`,
  items: [],
}));

export const told = (one: Shown, more: Partial<ToldFigure> = {}): ToldFigure => ({ shown: one, bands: [], ...more });

export const resultsOf = (all: readonly ToldFigure[], doubtful: readonly Figure[] = []): Results => ({
  at: noon,
  figures: all,
  doubtful,
  flags: [],
});

const notes: readonly Note[] = [
  "moved",
  "irregular-pulse",
  "cuff-loose",
  "weak-signal",
  "before-meal",
  "after-meal",
  "fasting",
  "entered",
];
const places: readonly Place[] = ["below", "within", "above", "unclear"];
const yes = fc.constant(true as const);

const anyFigure = (figure: Figure): fc.Arbitrary<ToldFigure> => {
  const { plausible, decimals } = figures[figure];
  const grain = 10 ** decimals;
  return fc
    .tuple(
      fc.integer({ min: Math.ceil(plausible.low * grain), max: Math.floor(plausible.high * grain) }),
      fc.record({ comparator: fc.constantFrom("<" as const, ">" as const) }, { requiredKeys: [] }),
      fc.subarray([...notes]),
    )
    .chain(([value, bound, said]) =>
      fc.record(
        {
          shown: fc.constant(shown(figure, value / grain, { ...bound, notes: said })),
          bands: fc.constant([]),
          place: fc.constantFrom(...places),
          by: fc.constantFrom(...instruments.map(({ id }) => id), "unplugged-meanwhile"),
          mean: fc.constantFrom(2, 3),
          unrested: yes,
          overdue: yes,
          entered: yes,
        },
        { requiredKeys: ["shown", "bands"] },
      ),
    );
};

/** Whatever a person may take home. */
export const anyResults: fc.Arbitrary<Results> = fc
  .tuple(fc.subarray([...displayOrder]), fc.subarray([...displayOrder]), fc.boolean())
  .chain(([measured, doubtful, dated]) =>
    fc.tuple(...measured.map(anyFigure)).map((all): Results => ({
      ...(dated ? { at: noon } : {}),
      figures: all,
      doubtful: doubtful.filter((figure) => !measured.includes(figure)),
      flags: [],
    })),
  );
