// How fast the parser of a protocol is, in a process of its own: what other parsers taught the compiler does not slow it.
//   node test/bench/parser.ts PROTOCOL
// It prints `Speeds` as JSON.
import { readFileSync } from "node:fs";
import { earOf, type Ear } from "./ears.ts";
import { percentile } from "./statistics.ts";
import { baud as careSensBaud } from "../../devices/health/caresens-wire.ts";
import { baud as taiDocBaud } from "../../devices/health/taidoc-wire.ts";
import { meters, type Found } from "../contract/drivers.ts";
import { optionsOf, sentBy, transcriptsOf } from "../contract/transcript.ts";
import { dice } from "../kit/dice.ts";
import { unhex } from "../kit/wire.ts";

/** Milliseconds that a try lasts, and how many there are: some are disturbed by whatever else the machine does. */
const span = 100;
const tries = 9;
const noiseLength = 4096;
/** As a serial port hands them on. */
const noiseChunk = 64;

// Bytes a second at the most.

/** Eight bits travel between a start and a stop bit. */
const serial = (baud: number): number => baud / 10;
/** USB at full speed asks an interrupt endpoint once a millisecond, for a report. */
const reportsASecond = 1000;
/** Bluetooth LE as these instruments have it: six values of 20 bytes each 7.5 ms. */
const radio = 16_000;
/** The kernel asks a DS18B20 for 75 letters in 0.75 s. */
const probe = 100;
/** USB at full speed in bulk: 19 packets of 64 bytes a millisecond. */
const bulk = 1_216_000;

/** What `parser.ts` prints. */
export interface Speeds {
  /** Protocol and wire. */
  readonly what: string;
  /** Bytes a second that its wire brings at the most. */
  readonly wire: number;
  /** Bytes a second that its parser takes, of what instruments say and, over a serial line, of noise. */
  readonly bytes: readonly number[];
}

interface Chunk {
  readonly bytes: Uint8Array;
  /** The characteristic; empty where it is not Bluetooth. */
  readonly of: string;
}

/** What is heard, and by what. */
interface Passage {
  readonly ear: Ear;
  readonly chunks: readonly Chunk[];
}

interface Wire {
  readonly what: string;
  readonly wire: number;
}

/** What came over a wire of so many bytes a second. */
interface Heard extends Wire {
  readonly told: readonly Passage[];
  /** What is no instrument's: a wrong speed, a bad cable. Only a serial line brings it. */
  readonly noise: readonly Passage[];
}

/** Seconds of processor time that this process has used: whatever else the machine does stays out of it. */
const used = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

/** Bytes a second of processor time that the ears take; the best try is the one that was disturbed least. */
function speed(passages: readonly Passage[]): number {
  const bytes = passages.flatMap(({ chunks }) => chunks).reduce((all, chunk) => all + chunk.bytes.length, 0);
  const once = (): number => {
    const ends = performance.now() + span;
    const before = used();
    let rounds = 0;
    for (; performance.now() < ends; rounds++)
      for (const { ear, chunks } of passages) for (const chunk of chunks) ear(chunk.bytes, chunk.of);
    return (rounds * bytes) / (used() - before);
  };
  return percentile(Array.from({ length: tries }, once), 1);
}

function chunksOf(line: string): readonly Chunk[] {
  const sent = sentBy(line);
  if (sent instanceof Uint8Array) return [{ bytes: sent, of: "" }];
  return sent.is === "value" ? [{ bytes: sent.bytes, of: sent.of }] : [];
}

const noise = (): readonly Chunk[] => {
  const { between } = dice(1);
  return Array.from({ length: noiseLength / noiseChunk }, () => ({
    bytes: Uint8Array.from({ length: noiseChunk }, () => between(0, 256)),
    of: "",
  }));
};

/** The fastest that a profile of this protocol sets. */
function baudOf(protocol: string): number {
  const bauds = meters
    .filter((one) => one.protocol === protocol)
    .map(({ profile }) => {
      const file = readFileSync(new URL(`../../config/profiles/${profile}.json`, import.meta.url), "utf8");
      return (JSON.parse(file) as { readonly wiring: { readonly baud?: number } }).wiring.baud ?? 0;
    });
  return Math.max(...bauds);
}

/** Behind the chip of a USB socket some meters have a serial line, which is the slower wire. */
const behindSocket: ReadonlyMap<string, number> = new Map([
  ["caresens", careSensBaud],
  ["taidoc", taiDocBaud],
]);
const line = (protocol: string, baud: number): Wire => ({
  what: `${protocol}, ${baud.toLocaleString("en")} baud`,
  wire: serial(baud),
});

function wireOf({ driver: { port }, protocol }: Found, longest: number): Wire {
  const baud = behindSocket.get(protocol) ?? baudOf(protocol);
  if (baud > 0) return line(protocol, baud);
  switch (port) {
    case "reports":
      return { what: `${protocol}, USB HID`, wire: longest * reportsASecond };
    case "gatt":
      return { what: `${protocol}, Bluetooth`, wire: radio };
    case "files":
      return { what: `${protocol}, 1-Wire`, wire: probe };
    default:
      throw new Error(`nothing says how fast the wire of a ${protocol} is`);
  }
}

/** All that the transcripts of a protocol have of its instrument; each may have options of its own. */
function heardBy(one: Found): Heard {
  const told = transcriptsOf(one).map(({ lines }) => ({
    ear: earOf(one.protocol, optionsOf(one, lines)),
    chunks: lines.filter((line) => line.startsWith("<")).flatMap(chunksOf),
  }));
  const longest = Math.max(...told.flatMap(({ chunks }) => chunks.map(({ bytes }) => bytes.length)));
  const hiss = { ear: earOf(one.protocol, optionsOf(one, [])), chunks: noise() };
  return { ...wireOf(one, longest), told, noise: one.driver.port === "bytes" ? [hiss] : [] };
}

const phdAsks =
  "e2000032800000000001002a50790026800000008000800000000000000000800000000800220922580803cc40000001010000000000";
const phdReports =
  "e7000036003412380101002e0037ffffffff0d230024f00000000002001c0001000a00622007120612100000000a000a00482007120612100000";
const phdEnds = "e40000020000";

/** Messages of a personal health device [instruments.md 2.8.3, S30]: it asks, reports ten moments of an oximeter, and ends. */
const phd: Heard = {
  what: "phd-apdu, USB in bulk",
  wire: bulk,
  told: [
    {
      ear: earOf("phd", {}),
      chunks: [phdAsks, ...Array.from({ length: 10 }, () => phdReports), phdEnds].map((hex) => ({
        bytes: unhex((hex.match(/../g) ?? []).join(" ")),
        of: "",
      })),
    },
  ],
  noise: [],
};

const [protocol = ""] = process.argv.slice(2);
const one = meters.find((meter) => meter.protocol === protocol);
if (one === undefined && protocol !== "phd-apdu") throw new Error(`there is no protocol "${protocol}"`);
const { what, wire, told, noise: hiss } = one ? heardBy(one) : phd;
const speeds: Speeds = { what, wire, bytes: [told, hiss].filter((passages) => passages.length > 0).map(speed) };
console.log(JSON.stringify(speeds));
