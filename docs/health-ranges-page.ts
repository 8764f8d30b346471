import { readFileSync } from "node:fs";
import { readHealthRanges, type HealthRangesFile } from "../config/health-ranges.ts";
import { displayOrder, figures, printedUnit, type Figure } from "../controller/domain/health/figure.ts";

type Range = HealthRangesFile["ranges"][number];

const row = (...cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
const table = (head: readonly string[], rows: readonly string[]): string =>
  [row(...head), `|${"---|".repeat(head.length)}`, ...rows].join("\n");
const unitOf = (figure: Figure): string => printedUnit[figures[figure].unit];
const signed = (needsClinician: boolean): string => (needsClinician ? "no" : "");

/** "18.5 to below 24", "above 420". */
function span(bands: Range["bands"], i: number): string {
  const [band, next] = [bands[i], bands[i + 1]];
  const low = band?.from !== undefined ? `${band.from}` : band?.above !== undefined ? `above ${band.above}` : "";
  const high = next?.from !== undefined ? `below ${next.from}` : next?.above !== undefined ? `up to ${next.above}` : "";
  if (low === "") return high;
  if (next?.above !== undefined) return `${low} to ${next.above}`;
  return high === "" ? (band?.above === undefined ? `from ${low}` : low) : `${low} to ${high}`;
}

const bandRows = ({ figure, sex, meal, bands, ...range }: Range): readonly string[] =>
  bands.map((band, i) =>
    row(
      i === 0 ? `${figure} (${unitOf(figure)})` : "",
      i === 0 ? [sex, meal].filter((one) => one !== undefined).join(", ") : "",
      span(bands, i),
      `\`${band.class}\``,
      band.is,
      band.source ?? range.source,
      signed(band.needsClinician ?? range.needsClinician),
    ),
  );

function ruleRows(rules: HealthRangesFile["rules"]): readonly string[] {
  return Object.entries(rules).map(([name, { source, needsClinician, ...thresholds }]) => {
    const told = Object.entries(thresholds).map(([what, value]) => `${what} ${value}`);
    return row(`\`${name}\``, told.join(", "), source, signed(needsClinician));
  });
}

const believed = displayOrder.map((figure) => {
  const { decimals, plausible } = figures[figure];
  const source = plausible.source === "I1" ? "instruments" : "ours";
  return row(figure, unitOf(figure), `${decimals}`, `${plausible.low} to ${plausible.high}`, source);
});

/** docs/health-ranges.md: every number by which a health figure is judged, and who stands for it. */
export function healthRangesPage(): string {
  const read = readHealthRanges(readFileSync(new URL("../config/health-ranges.json", import.meta.url), "utf8"));
  if (!read.ok) throw new Error(read.error.map(({ path, says }) => `${path}: ${says}`).join("\n"));
  const { sources, ranges, rules } = read.value;
  return `<!-- Made by "npm run generate" from config/health-ranges.json. Edit that, or docs/health-ranges-page.ts. -->
# Health ranges

For adults in China. A kiosk says where a figure stands against the reference, and what to do now where it is dangerous; it never says what somebody has. A number with "no" in the column *signed* is our proposal or comes from secondary pages: a clinician of the owner has to check it, and then sets \`needsClinician\` to false and names the source. The guidelines were read in summaries on the web: hold the numbers against their text before a station opens. A kiosk judges the number as it is shown.

## Classes

The lowest value that belongs to a class stands first. A blood pressure has the higher class of its two halves. "unclear" depends on what nobody told, such as the last meal.

${table(["figure", "for", "values", "class", "reference", "source", "signed"], ranges.flatMap(bandRows))}

The limits of oxygen hold in the plains; a station high up brings its own.

## Rules

What they make a kiosk say stands in \`controller/domain/health/flags.ts\`, \`heat.ts\` and \`hot-work.ts\`. Nothing that is measured takes a heat rule back: an infrared thermometer sees the skin.

${table(["rule", "thresholds", "source", "signed"], ruleRows(rules))}

## What is believed

Outside, a figure is not shown: "could not be measured reliably, repeat; if you feel unwell, call the staff or 120". HI has no top, LO no bottom. The systolic pressure lies above the diastolic, the mean between the two.

${table(["figure", "unit", "decimals", "believed", "source"], believed)}

## Sources

${table(
  ["key", "title", "edition"],
  Object.entries(sources).map(([key, { title, date }]) => row(key, title, date)),
)}
`;
}
