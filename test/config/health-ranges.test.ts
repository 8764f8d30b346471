import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { loadHealthRanges, readHealthRanges, type HealthRangesFile } from "../../config/health-ranges.ts";
import { mistakeLine } from "../../config/mistake.ts";

const shipped = await readFile(new URL("../../config/health-ranges.json", import.meta.url), "utf8");

interface Loose {
  v: unknown;
  sources: Record<string, unknown>;
  ranges: {
    figure: unknown;
    sex?: unknown;
    source: unknown;
    needsClinician: unknown;
    bands: Record<string, unknown>[];
  }[];
  rules: Record<string, Record<string, unknown>>;
}

/** What is said of the file with one thing spoiled. */
function after(spoil: (file: Loose) => void): readonly string[] {
  const file: Loose = JSON.parse(shipped);
  spoil(file);
  const read = readHealthRanges(JSON.stringify(file));
  return read.ok ? [] : read.error.map(mistakeLine);
}
const place = (file: Loose, figure: string): number => file.ranges.findIndex((range) => range.figure === figure);
const at = (file: Loose, figure: string) => {
  const range = file.ranges[place(file, figure)];
  if (range === undefined) throw new Error(`no ${figure}`);
  return range;
};
const index = (figure: string): number => place(JSON.parse(shipped), figure);

test("the ranges that the house ships have no mistake", async () => {
  expect(after(() => undefined)).toEqual([]);
  const loaded = await loadHealthRanges();
  expect(loaded.ok && loaded.value.ranges.length).toBeGreaterThan(15);
});

test("every number of ours, and every one from secondary pages, waits for a clinician", () => {
  const { rules, ranges }: HealthRangesFile = JSON.parse(shipped);
  const unsigned = ["P", "S46"];
  const bands = ranges.flatMap((range) => range.bands.map((band) => ({ ...range, ...band })));
  const proposals = [...Object.values(rules), ...bands].filter(({ source }) => unsigned.includes(source));
  expect(proposals.length).toBeGreaterThan(30);
  expect(proposals.filter(({ needsClinician }) => !needsClinician)).toEqual([]);
});

test.each<[string, (file: Loose) => void, string]>([
  [
    "an edge out of order",
    (file) => void (at(file, "bmi").bands[2] = { class: "raised", is: "above", from: 18 }),
    `ranges[${index("bmi")}].bands[2]: expected bands from low to high: 18 comes after 18.5`,
  ],
  [
    "a band without its edge",
    (file) => void delete at(file, "bmi").bands[1]?.["from"],
    `ranges[${index("bmi")}].bands[1].from: is missing: expected where this band begins`,
  ],
  [
    "a lowest band with an edge",
    (file) => void Object.assign(at(file, "bmi").bands[0] ?? {}, { from: 3 }),
    `ranges[${index("bmi")}].bands[0]: the lowest band begins at nothing: take out its "from"`,
  ],
  [
    "an edge that both belongs and does not",
    (file) => void Object.assign(at(file, "urate").bands[1] ?? {}, { from: 420 }),
    `ranges[${index("urate")}].bands[1]: expected either "from" or "above": does the edge itself belong to the band?`,
  ],
  [
    "below after above",
    (file) => void Object.assign(at(file, "bmi").bands[3] ?? {}, { is: "below" }),
    `ranges[${index("bmi")}].bands[3].is: "below" cannot come after "above"`,
  ],
  [
    "a class twice",
    (file) => void Object.assign(at(file, "bmi").bands[3] ?? {}, { class: "raised" }),
    `ranges[${index("bmi")}].bands[3].class: "raised" stands here a second time`,
  ],
  [
    "nothing within",
    (file) => void Object.assign(at(file, "hdl").bands[1] ?? {}, { is: "above" }),
    `ranges[${index("hdl")}].bands: expected a band that is "within"`,
  ],
  [
    "a second table for the same people",
    (file) => void (file.ranges[file.ranges.length] = at(file, "urate")),
    `ranges[19]: urate: ranges[${index("urate")}] holds for them already`,
  ],
  [
    "a sex left out",
    (file) => void file.ranges.splice(place(file, "waist"), 1),
    'ranges: waist has no range for "male"',
  ],
  [
    "halves of a pressure that do not match",
    (file) => void at(file, "diastolic").bands.pop(),
    "ranges: systolic and diastolic: expected the same classes in the same order",
  ],
  [
    "oxygen with one edge",
    (file) => void at(file, "spo2").bands.splice(1, 1),
    'ranges: spo2: expected three bands, "very-low", "low" and "within"',
  ],
  [
    "an unknown source",
    (file) => void (at(file, "bmi").source = "S99"),
    `ranges[${index("bmi")}].source: there is no source "S99"; add it to "sources"`,
  ],
  [
    "a proposal that passes for signed",
    (file) => void Object.assign(file.rules["heat-r2"] ?? {}, { needsClinician: false }),
    'rules.heat-r2.needsClinician: expected true: no clinician has signed the numbers of "P"',
  ],
  [
    "a misspelt threshold",
    (file) => {
      const rule = file.rules["urate-high"] ?? {};
      rule["abov"] = rule["above"];
      delete rule["above"];
    },
    'rules.urate-high.abov: no such field; did you mean "above"?',
  ],
  [
    "an unknown class",
    (file) => void Object.assign(at(file, "bmi").bands[3] ?? {}, { class: "obese" }),
    `ranges[${index("bmi")}].bands[3].class: expected one of`,
  ],
  ["a rule left out", (file) => void delete file.rules["heat-r1"], "rules.heat-r1: is missing: expected a rule"],
])("%s is told with its place", (_, spoil, says) => {
  expect(after(spoil).join("\n")).toContain(`config/health-ranges.json: ${says}`);
});

test("a slip of the pen is told with line and column", () => {
  const read = readHealthRanges('{ "v": 1,\n "ranges": [ }');
  expect(read.ok ? "" : mistakeLine(read.error[0] ?? { file: "", path: "", says: "" })).toMatch(
    /^config\/health-ranges\.json: line 2, column \d+: expected a value/,
  );
});
