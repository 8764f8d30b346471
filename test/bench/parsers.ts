import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { meters } from "../contract/drivers.ts";
import { root } from "../real/children.ts";
import { times, type Figure, type Row } from "./figure.ts";
import type { Speeds } from "./parser.ts";

const least = { megabytes: 50, wires: 1000 };

interface Measured {
  readonly row: Row;
  /** Of what the goal wants. */
  readonly share: number;
}

async function measured(protocol: string): Promise<Measured> {
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, ["test/bench/parser.ts", protocol], { cwd: root });
  const { what, wire, bytes } = JSON.parse(stdout) as Speeds;
  const words = bytes.map((one) => `${(one / 1e6).toFixed(1)} MB/s, ${times(one / wire)} its wire`);
  const slowest = Math.min(...bytes);
  const share = Math.max(slowest / 1e6 / least.megabytes, slowest / wire / least.wires);
  const says = `at least ${least.megabytes} MB/s or ${least.wires.toLocaleString("en")}×`;
  return { share, row: { what, value: words.join("; noise "), goal: { says, met: share >= 1 } } };
}

export async function parsers(): Promise<Figure> {
  const all: Measured[] = [];
  for (const protocol of [...new Set(meters.map((one) => one.protocol)), "phd-apdu"])
    all.push(await measured(protocol));
  return {
    title: "Parsers of health instruments",
    how: "All that the transcripts of test/golden have of an instrument, chunk by chunk through its framer and what makes readings of frames, as its driver does; over a serial line random bytes too, 64 at a time. Each parser in a process of its own, the best of nine tries of 0.1 s; the worst first. A wire of USB HID brings a report a millisecond, Bluetooth 16 kB/s, USB in bulk 1.2 MB/s.",
    rows: all.toSorted((one, other) => one.share - other.share).map(({ row }) => row),
  };
}
