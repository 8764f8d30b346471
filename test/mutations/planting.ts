import { afterAll, describe, expect, it } from "vitest";
import type { Catcher, PlantedBug } from "./planted.ts";
import { Workbench } from "./workbench.ts";

// Would our tests see it? Each planted bug is put into a copy of the kiosk, and what should find it must go red.

export const patience = { timeout: 240_000 };

/** Two copies of the kiosk, taken in turns. `name`: of their folders. */
export function benches(name: string): <T>(work: (bench: Workbench) => Promise<T>) => Promise<T> {
  const all = [new Workbench(`${name}-1`), new Workbench(`${name}-2`)];
  const free = [...all];
  const queue: ((bench: Workbench) => void)[] = [];
  afterAll(() => {
    for (const bench of all) bench.clear();
  });
  return async (work) => {
    const bench = free.pop() ?? (await new Promise<Workbench>((resolve) => queue.push(resolve)));
    try {
      return await work(bench);
    } finally {
      const next = queue.shift();
      if (next) next(bench);
      else free.push(bench);
    }
  };
}

/** Each of these bugs is found by what should find it, which finds nothing where none is planted. */
export function areFound(bugs: readonly PlantedBug[], atABench: ReturnType<typeof benches>): void {
  /** Whole files of tests are run in one go, the others as they are run for a bug. */
  const catchers = bugs.map(({ caught }) => caught);
  const whole = new Set(
    catchers.flatMap((caught) => (typeof caught === "object" && !caught.named ? [caught.test] : [])),
  );
  const single = new Map(
    catchers.flatMap((caught): readonly (readonly [string, Catcher])[] => {
      if (typeof caught === "string") return [[caught, caught]];
      return caught.named ? [[`${caught.test} "${caught.named}"`, caught]] : [];
    }),
  );

  describe.concurrent("a planted bug is found", patience, () => {
    it.each(bugs)("$breaks", patience, async (bug) => {
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
}
