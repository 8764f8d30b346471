import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { meters } from "../contract/drivers.ts";
import { root } from "../real/children.ts";
import { times, type Figure, type Row } from "./figure.ts";
import type { Speeds } from "./parser.ts";

/** Minutes lie between them, in which a busy machine may come to rest. */
const rounds = 3;
const least = { megabytes: 50, wires: 1000 };

interface Measured {
  readonly row: Row;
  /** Of what the goal wants. */
  readonly share: number;
}

async function speedsOf(protocol: string): Promise<Speeds> {
  const { stdout } = await promisify(execFile)(process.execPath, ["test/bench/parser.ts", protocol], { cwd: root });
  return JSON.parse(stdout) as Speeds;
}

const faster = (one: Speeds, other: Speeds): Speeds => ({
  ...one,
  bytes: one.bytes.map((speed, n) => Math.max(speed, other.bytes[n] ?? 0)),
});

function measured({ what, wire, bytes }: Speeds): Measured {
  const words = bytes.map((one) => `${(one / 1e6).toFixed(1)} MB/s, ${times(one / wire)} its wire`);
  const slowest = Math.min(...bytes);
  const share = Math.max(slowest / 1e6 / least.megabytes, slowest / wire / least.wires);
  const says = `at least ${least.megabytes} MB/s or ${least.wires.toLocaleString("en")}×`;
  return { share, row: { what, value: words.join("; noise "), goal: { says, met: share >= 1 } } };
}

export async function parsers(): Promise<Figure> {
  const best = new Map<string, Speeds>();
  const protocols = [...new Set(meters.map((one) => one.protocol)), "phd-apdu"];
  for (let round = 0; round < rounds; round++)
    for (const protocol of protocols) {
      const speeds = await speedsOf(protocol);
      best.set(protocol, faster(speeds, best.get(protocol) ?? speeds));
    }
  const all = Array.from(best.values(), measured);
  return {
    title: "Parsers of health instruments",
    how: "All that the transcripts of test/golden have of an instrument, chunk by chunk through its framer and what makes readings of frames, as its driver does; over a serial line random bytes too, 64 at a time. Each parser in a process of its own, the best of three times nine tries of 0.1 s, by processor time; the worst first. A wire of USB HID brings a report a millisecond, Bluetooth 16 kB/s, USB in bulk 1.2 MB/s.",
    rows: all.toSorted((one, other) => one.share - other.share).map(({ row }) => row),
  };
}
