import { setTimeout as sleep } from "node:timers/promises";

/** What is told to the test outside: a JSON object a line. */
export interface Told<Name extends string> {
  readonly promise: Name;
  readonly kept: boolean;
  /** Why not. */
  readonly why?: string;
  /** What was measured. */
  readonly figures?: Readonly<Record<string, number>>;
}

export type Figures = Readonly<Record<string, number>>;

/** What is plugged in or open now: taken away after a promise that was broken in the middle. */
export const leftovers = new Set<() => unknown>();

/** Holds one promise and tells how it went. The next one is held whatever became of it. */
export const telling =
  <Name extends string>() =>
  async (promise: Name, holds: () => Promise<Figures | void>): Promise<void> => {
    let told: Told<Name>;
    try {
      const figures = await holds();
      told = { promise, kept: true, ...(figures ? { figures } : {}) };
    } catch (broken) {
      told = { promise, kept: false, why: broken instanceof Error ? broken.message : String(broken) };
    }
    for (const takeAway of leftovers) await takeAway();
    leftovers.clear();
    console.log(JSON.stringify(told));
  };

export function hold(kept: boolean, what: string): asserts kept {
  if (!kept) throw new Error(what);
}

/** Waits until it is so; the guest is emulated and may be slow. */
export async function until(so: () => boolean, what: string, limit = 15_000): Promise<void> {
  const end = performance.now() + limit;
  while (!so()) {
    if (performance.now() > end) throw new Error(`${what}: not within ${limit / 1000} s`);
    await sleep(2);
  }
}

export const same = (seen: unknown, expected: unknown, what: string) =>
  hold(
    JSON.stringify(seen) === JSON.stringify(expected),
    `${what}: ${JSON.stringify(seen)} instead of ${JSON.stringify(expected)}`,
  );

/** The value below which this share of the figures lies, in hundredths of a millisecond. */
export function share(figures: readonly number[], part: number): number {
  const sorted = figures.toSorted((a, b) => a - b);
  return Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0) * 100) / 100;
}
