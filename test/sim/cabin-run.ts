// node test/sim/cabin-run.ts [seeds=20] [from=0]: days of a health cabin, printed as sums; exit 1 where a promise was broken.
import { cabinDay } from "./cabin-day.ts";

const seeds = Number(process.argv[2] ?? 20);
const from = Number(process.argv[3] ?? 0);
const began = performance.now();
const sums: Record<string, number> = {};
const pages: Record<string, number> = {};
const troubles: Record<string, number> = {};
const add = (into: Record<string, number>, what: string, count: number): void => {
  into[what] = (into[what] ?? 0) + count;
};
let bad = 0;
for (let seed = from; seed < from + seeds; seed++) {
  const { broken, left: _, values: __, trail: ___, pages: seen, troubles: struck, ...counts } = await cabinDay(seed);
  for (const [what, count] of Object.entries(counts)) add(sums, what, count);
  for (const [page, count] of seen) add(pages, page, count);
  for (const [what, count] of struck) add(troubles, what, count);
  if (broken.length === 0) continue;
  bad += 1;
  if (bad <= 12) console.log(`seed ${seed}:\n  ${broken.slice(0, 6).join("\n  ")}`);
}
const ms = performance.now() - began;
console.log(pages, troubles, { ...sums, bad }, `${((seeds / ms) * 1000).toFixed(2)} seeds/s`);
process.exitCode = bad > 0 ? 1 : 0;
