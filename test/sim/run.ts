// node test/sim/run.ts [seeds=50] [from=0]: simulated days, printed as a count; exit 1 where a promise was broken.
import { cabinets } from "./cabinets.ts";
import { day } from "./day.ts";

const seeds = Number(process.argv[2] ?? 50);
const from = Number(process.argv[3] ?? 0);
const began = performance.now();
const tally: Record<string, number> = {};
let bad = 0;
let cuts = 0;
let drops = 0;
for (let seed = from; seed < from + seeds; seed++) {
  const [name, cabinet] = seed % 2 === 0 ? (["tcn", cabinets.tcn] as const) : (["xy", cabinets.xy] as const);
  const result = await day(cabinet, seed);
  for (const [shown, count] of Object.entries(result.outcomes)) tally[shown] = (tally[shown] ?? 0) + count;
  cuts += result.cuts;
  drops += result.drops;
  if (result.broken.length > 0) {
    bad += 1;
    if (bad <= 5) console.log(`seed ${seed} (${name}):\n  ${result.broken.slice(0, 4).join("\n  ")}`);
  }
}
const ms = performance.now() - began;
console.log({ tally, cuts, drops, bad }, `${((seeds / ms) * 1000).toFixed(1)} days/s`);
process.exitCode = bad > 0 ? 1 : 0;
