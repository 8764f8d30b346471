import { afterAll, describe, expect, it } from "vitest";
import { plantedBugs, type Catcher } from "./planted.ts";
import { Workbench } from "./workbench.ts";

// Would our tests see it? Each planted bug is put into a copy of the kiosk, and what should find it must go red.

const benches = [new Workbench("1"), new Workbench("2")];
const free = [...benches];
const queue: ((bench: Workbench) => void)[] = [];

/** As many at a time as there are benches. */
async function atABench<T>(work: (bench: Workbench) => Promise<T>): Promise<T> {
  const bench = free.pop() ?? (await new Promise<Workbench>((resolve) => queue.push(resolve)));
  try {
    return await work(bench);
  } finally {
    const next = queue.shift();
    if (next) next(bench);
    else free.push(bench);
  }
}

afterAll(() => {
  for (const bench of benches) bench.clear();
});

const patience = { timeout: 240_000 };
/** Whole files of tests are run in one go, the others as they are run for a bug. */
const catchers = plantedBugs.map(({ caught }) => caught);
const whole = new Set(catchers.flatMap((caught) => (typeof caught === "object" && !caught.named ? [caught.test] : [])));
const single = new Map(
  catchers.flatMap((caught): readonly (readonly [string, Catcher])[] => {
    if (typeof caught === "string") return [[caught, caught]];
    return caught.named ? [[`${caught.test} "${caught.named}"`, caught]] : [];
  }),
);

describe.concurrent("a planted bug is found", patience, () => {
  it.each(plantedBugs)("$breaks", patience, async (bug) => {
    const { is, said } = await atABench((bench) => bench.plant(bug));
    expect(is, said).toBe("red");
  });
});

describe.concurrent("where no bug is planted none is found", patience, () => {
  it.each([...single])("by %s", patience, async (_, caught) => {
    const { is, said } = await atABench((bench) => bench.run(caught));
    expect(is, said).toBe("green");
  });

  it("by the tests that look for bugs with a whole file", patience, async () => {
    const { is, said } = await atABench((bench) => bench.runAll([...whole]));
    expect(is, said).toBe("green");
  });
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
  expect(plantedBugs.length).toBeGreaterThanOrEqual(24);
});
