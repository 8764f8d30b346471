import { cabinDay } from "../sim/cabin-day.ts";
import { type Figure } from "./figure.ts";

const warmUp = 6;
const seeds = 60;

export async function cabinDays(): Promise<Figure> {
  for (let seed = 0; seed < warmUp; seed++) await cabinDay(seed);
  const began = performance.now();
  let visits = 0;
  for (let seed = 0; seed < seeds; seed++) {
    const lived = await cabinDay(seed);
    if (lived.broken.length > 0) throw new Error(`seed ${seed}: ${lived.broken.join("; ")}`);
    visits += lived.visits;
  }
  const seconds = (performance.now() - began) / 1000;
  return {
    title: "Simulated days of a health cabin",
    how: `People who are measured, stray and walk off in a whole cabin with its simulated instruments, with everything that befalls it and every promise checked, in one process; ${seeds} seeds.`,
    rows: [
      { what: "visits", value: `${(visits / seconds).toFixed(0)} visits/s` },
      { what: "seeds", value: `${(seeds / seconds).toFixed(1)} seeds/s` },
    ],
  };
}
