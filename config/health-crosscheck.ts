import type { HealthRangesFile } from "./health-ranges.ts";
import type { Slip } from "./table.ts";

type Range = HealthRangesFile["ranges"][number];

/** Sources whose numbers nobody has signed: our proposals, and secondary pages. */
const unsigned = new Set(["P", "S46"]);
const places = ["below", "within", "unclear", "above"];

/** What the schema of config/health-ranges.json cannot say: edges in order, nobody left out, every number with its source. */
export const healthMistakes = (file: HealthRangesFile): readonly Slip[] => [
  ...file.ranges.flatMap(wrongBands),
  ...doubled(file.ranges),
  ...incomplete(file.ranges),
  ...unlike(file.ranges),
  ...unproven(file),
];

function wrongBands({ bands }: Range, number: number): readonly Slip[] {
  const slips: Slip[] = [];
  bands.forEach((band, i) => {
    const path = `ranges[${number}].bands[${i}]`;
    const before = bands[i - 1];
    const edge = band.from ?? band.above;
    if (i === 0 && edge !== undefined)
      slips.push({ path, says: 'the lowest band begins at nothing: take out its "from"' });
    if (before === undefined) return;
    if (band.from !== undefined && band.above !== undefined)
      slips.push({ path, says: 'expected either "from" or "above": does the edge itself belong to the band?' });
    if (edge === undefined) slips.push({ path: `${path}.from`, says: "is missing: expected where this band begins" });
    const below = before.from ?? before.above;
    if (edge !== undefined && below !== undefined && edge <= below)
      slips.push({ path, says: `expected bands from low to high: ${edge} comes after ${below}` });
    if (places.indexOf(band.is) < places.indexOf(before.is))
      slips.push({ path: `${path}.is`, says: `"${band.is}" cannot come after "${before.is}"` });
    if (bands.slice(0, i).some((other) => other.class === band.class))
      slips.push({ path: `${path}.class`, says: `"${band.class}" stands here a second time` });
  });
  if (bands.every(({ is }) => is !== "within"))
    slips.push({ path: `ranges[${number}].bands`, says: 'expected a band that is "within"' });
  return slips;
}

const forWhom = ({ figure, sex, meal }: Range): string =>
  [figure, sex, meal].filter((one) => one !== undefined).join(", ");

/** Each figure has one table, one for each sex, or one for each meal. */
function doubled(ranges: readonly Range[]): readonly Slip[] {
  return ranges.flatMap((range, i) => {
    const overlaps = (other: Range): boolean =>
      other.figure === range.figure &&
      (other.sex === undefined || range.sex === undefined || other.sex === range.sex) &&
      (other.meal === undefined || range.meal === undefined || other.meal === range.meal);
    const other = ranges.slice(0, i).findIndex(overlaps);
    return other === -1
      ? []
      : [{ path: `ranges[${i}]`, says: `${forWhom(range)}: ranges[${other}] holds for them already` }];
  });
}

function incomplete(ranges: readonly Range[]): readonly Slip[] {
  const figures = [...new Set(ranges.map(({ figure }) => figure))];
  return figures.flatMap((figure) => {
    const own = ranges.filter((range) => range.figure === figure);
    const lacks = (all: readonly string[], told: readonly (string | undefined)[]): readonly string[] =>
      told.every((one) => one === undefined) ? [] : all.filter((one) => !told.includes(one));
    const missing = [
      ...lacks(
        ["female", "male"],
        own.map(({ sex }) => sex),
      ),
      ...lacks(
        ["fasting", "after-meal", "unknown"],
        own.map(({ meal }) => meal),
      ),
    ];
    return missing.map((who) => ({ path: "ranges", says: `${figure} has no range for "${who}"` }));
  });
}

/** The two halves of a blood pressure are compared by class, and a station high up moves both edges of oxygen. */
function unlike(ranges: readonly Range[]): readonly Slip[] {
  const classes = (figure: Range["figure"]) =>
    ranges.find((range) => range.figure === figure)?.bands.map((band) => band.class) ?? [];
  const [systolic, diastolic, spo2] = [classes("systolic"), classes("diastolic"), classes("spo2")];
  return [
    ...(systolic.join() === diastolic.join()
      ? []
      : [{ path: "ranges", says: "systolic and diastolic: expected the same classes in the same order" }]),
    ...(spo2.length === 3
      ? []
      : [{ path: "ranges", says: 'spo2: expected three bands, "very-low", "low" and "within"' }]),
  ];
}

/** Every number has a source in the file, and nothing unsigned passes for signed. */
function unproven({ sources, ranges, rules }: HealthRangesFile): readonly Slip[] {
  const judged = [
    ...Object.entries(rules).map(([name, one]) => ({ path: `rules.${name}`, ...one })),
    ...ranges.flatMap(({ bands, ...range }, i) => [
      { path: `ranges[${i}]`, ...range },
      ...bands.map(({ source = range.source, needsClinician = range.needsClinician }, k) => ({
        path: `ranges[${i}].bands[${k}]`,
        source,
        needsClinician,
      })),
    ]),
  ];
  return judged.flatMap(({ path, source, needsClinician }): readonly Slip[] => {
    if (!Object.hasOwn(sources, source))
      return [{ path: `${path}.source`, says: `there is no source "${source}"; add it to "sources"` }];
    return unsigned.has(source) && !needsClinician
      ? [{ path: `${path}.needsClinician`, says: `expected true: no clinician has signed the numbers of "${source}"` }]
      : [];
  });
}
