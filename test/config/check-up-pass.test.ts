import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { loadCheckUpPass, readCheckUpPass, type CheckUpPassFile } from "../../config/check-up-pass.ts";
import { mistakeLine } from "../../config/mistake.ts";
import { codeOf, passItems } from "../../controller/domain/cabin/pass.ts";

const shipped = await readFile(new URL("../../config/check-up-pass.json", import.meta.url), "utf8");
const list: CheckUpPassFile = JSON.parse(shipped);

interface Loose {
  counts: Record<string, unknown>;
  source: Record<string, unknown>;
  items: Record<string, unknown>[];
}

/** What is said of the file with one thing spoiled. */
function after(spoil: (file: Loose) => void): readonly string[] {
  const file: Loose = JSON.parse(shipped);
  spoil(file);
  const read = readCheckUpPass(JSON.stringify(file));
  return read.ok ? [] : read.error.map(mistakeLine);
}
const put = (at: number, fields: Record<string, unknown>) => (file: Loose) =>
  void Object.assign(file.items[at] ?? {}, fields);

test("the list that the house ships has no mistake, and waits for the union's word", async () => {
  const loaded = await loadCheckUpPass();
  expect(loaded.ok && loaded.value.source.confirmed).toBe(false);
  expect(loaded.ok && loaded.value.items.length).toBe(78);
});

test("a man has 67 items in 11 groups and a woman 76 in 14, each with a name and a code of its own", () => {
  const { items, groups } = list;
  const of = (sex: "male" | "female") => passItems(items, sex);
  expect([of("male").length, of("female").length]).toEqual([67, 76]);
  const inGroups = (sex: "male" | "female") => new Set(of(sex).map(({ group }) => group)).size;
  expect([inGroups("male"), inGroups("female"), groups.length]).toEqual([11, 14, 14]);
  expect(new Set(items.map(codeOf)).size).toBe(items.length);
  for (const language of ["zh", "en"] as const)
    expect(new Set(items.map(({ name }) => name[language])).size).toBe(items.length);
});

test.each<[string, (file: Loose) => void, string]>([
  [
    "a number given twice",
    put(3, { number: 10 }),
    "items[3].number: 10 is that of items[0]: give it a number of its own",
  ],
  [
    "a group that is not there",
    put(1, { group: "teeth" }),
    'items[1].group: there is no group "teeth"; add it to "groups"',
  ],
  ["an item too few", (file) => void file.items.pop(), "counts.female: expected 76 items for this sex, found 75"],
  [
    "an item that no instrument gives",
    put(0, { by: [["hight"]] }),
    'items[0].by[0][0]: expected an item, such as "systolic" or "glucose", found "hight"',
  ],
  [
    "a number of three digits",
    put(0, { number: 100 }),
    "items[0].number: expected a whole number from 10 to 99, found 100",
  ],
  ["a field mistyped", put(0, { grup: "general" }), "items[0].grup: no such field"],
  [
    "no word of the union",
    (file) => void delete file.source["confirmed"],
    "source.confirmed: is missing: expected true or false",
  ],
])("a mistake is a sentence with its place: %s", (_, spoil, says) => {
  expect(after(spoil).join("\n")).toContain(`config/check-up-pass.json: ${says}`);
});

test("what is no JSON is told by its line", () => {
  const read = readCheckUpPass('{\n "v": 1,,\n}');
  expect(read.ok ? [] : read.error.map(mistakeLine)).toEqual([
    expect.stringMatching(/^config\/check-up-pass.json: line 2/),
  ]);
});
