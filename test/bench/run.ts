// npm run bench [-- NAME ...]: measures, prints, and after all figures writes docs/benchmarks.md.
import { writeFileSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { attacked } from "./attacked.ts";
import { bottleToRow } from "./bottle-to-row.ts";
import { cabinDays } from "./cabin-days.ts";
import { cabinStart } from "./cabin-start.ts";
import { cabin } from "./cabin.ts";
import { commits } from "./commits.ts";
import { days } from "./days.ts";
import { drain } from "./drain.ts";
import { drive } from "./drive.ts";
import { written, type Figure } from "./figure.ts";
import { flash } from "./flash.ts";
import { linkStart } from "./link-start.ts";
import { linkedVend } from "./linked-vend.ts";
import { members } from "./members.ts";
import { memory } from "./memory.ts";
import { painted } from "./painted.ts";
import { parsers } from "./parsers.ts";
import { peers } from "./peers.ts";
import { readings } from "./readings.ts";
import { start } from "./start.ts";
import { verdict } from "./verdict.ts";
import { wire } from "./wire.ts";

const benches: Readonly<Record<string, () => Promise<Figure>>> = {
  verdict,
  drive,
  painted,
  start,
  memory,
  days,
  readings,
  members,
  drain,
  wire,
  "link-start": linkStart,
  "linked-vend": linkedVend,
  attacked,
  flash,
  commits,
  "bottle-to-row": bottleToRow,
  peers,
  cabin,
  "cabin-start": cabinStart,
  "cabin-days": cabinDays,
  parsers,
};
const page = new URL("../../docs/benchmarks.md", import.meta.url);

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(benches, name));
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(", ")}. There are: ${Object.keys(benches).join(", ")}.`);
  process.exit(2);
}

const loads: number[] = [];
const figures: Figure[] = [];
for (const [name, bench] of Object.entries(benches)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const figure = await bench();
  console.log(written(figure));
  figures.push(figure);
  loads.push(loadavg()[0] ?? 0);
}
if (asked.length === 0) writeFileSync(page, whole());
if (figures.some(({ rows }) => rows.some(({ goal }) => goal?.met === false))) process.exitCode = 1;

function whole(): string {
  const load = `${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}`;
  return [
    "<!-- Written by npm run bench. -->",
    "# Benchmarks",
    "",
    "What `npm run bench` found. It measures programs; no test fails by a clock. Compare ratios, not milliseconds: the",
    "baseline beside a figure was taken in the same run on the same machine. A Raspberry Pi 3B+ takes about eight times as",
    "long, and its card ten to a hundred times as long to keep an entry.",
    "",
    `Machine: ${availableParallelism()} cores (${process.arch}), Node ${process.versions.node}, load ${load} while it measured. Day: ${new Date().toISOString().slice(0, 10)}.`,
    "",
    ...figures.map(written),
  ].join("\n");
}
