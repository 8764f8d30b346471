import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { plantedBugs } from "./planted.ts";
import { areFound, benches, patience } from "./planting.ts";

// A third of the planted bugs; the long tests plant them all.

const root = join(import.meta.dirname, "..", "..");
const atABench = benches("short");

areFound(
  plantedBugs.filter((_, at) => at % 3 === 0),
  atABench,
);

it.each(plantedBugs)("it can still be planted, in one place: $breaks", ({ file, find }) => {
  expect(readFileSync(join(root, file), "utf8").split(find)).toHaveLength(2);
});

it("a bug that cannot be planted any more is noticed", patience, async () => {
  const [bug] = plantedBugs;
  if (bug === undefined) throw new Error("no bugs");
  const gone = atABench((bench) => bench.plant({ ...bug, find: "a text that no file has" }));
  await expect(gone).rejects.toThrow("0 times this text");
});

it("a wreck is not taken for a bug that was found", patience, async () => {
  const [bug] = plantedBugs;
  if (bug === undefined) throw new Error("no bugs");
  const { is } = await atABench((bench) => bench.plant({ ...bug, put: "(((" }));
  expect(is).toBe("broken");
});

it("no two planted bugs are the same", () => {
  expect(new Set(plantedBugs.map(({ file, put, find }) => `${file} ${find} ${put}`)).size).toBe(plantedBugs.length);
  expect(plantedBugs.length).toBeGreaterThanOrEqual(72);
});
