import { cabinets } from "../sim/cabinets.ts";
import { day } from "../sim/day.ts";
import type { Cabinet } from "../sim/street.ts";
import { atLeast, type Figure } from "./figure.ts";

const warmUp = 20;
const seeds = 200;
const goal = 40;

async function aSecond(cabinet: Cabinet): Promise<number> {
  for (let seed = 0; seed < warmUp; seed++) await day(cabinet, seed);
  const began = performance.now();
  for (let seed = 0; seed < seeds; seed++) await day(cabinet, seed);
  return seeds / ((performance.now() - began) / 1000);
}

export async function days(): Promise<Figure> {
  const tcn = await aSecond(cabinets.tcn);
  const xy = await aSecond(cabinets.xy);
  const both = 2 / (1 / tcn + 1 / xy);
  const says = (value: number): string => `${value.toFixed(0)} days/s`;
  return {
    title: "Simulated days",
    how: `Days of 40 visits in one process, with everything that strikes and every promise checked; ${seeds} days at each machine.`,
    rows: [
      { what: "as many at TCN as at XY", value: says(both), goal: atLeast(both, goal, `${goal} days/s`) },
      { what: "TCN, which is asked", value: says(tcn) },
      { what: "XY, which asks", value: says(xy) },
    ],
  };
}
