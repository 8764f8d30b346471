import { millis, seconds } from "../kit/clock.ts";
import type { Dialect } from "../kit/exchange.ts";
import type { Framer } from "../kit/framer.ts";

// LifeScan OneTouch Ultra2: 9600 8N1, commands in letters, lines that end in a sum of 16 bits [S19; instruments.md 2.3.6].
// Glucose is in mg/dL whatever the display shows.

/** What the kiosk asks. The meter also knows DMZ, which erases: it stands nowhere here. */
export type Ultra2Question = "version" | "serial" | "dump";

export interface Ultra2Record {
  /** By the meter's own clock, "YY/MM/DD hh:mm:ss": only to tell one record from another. */
  readonly at: string;
  /** mg/dL; above and below are what the display calls HI and LO. */
  readonly glucose: number | "above" | "below";
  readonly control: boolean;
  readonly meal: "none" | "before" | "after";
}

/** One line whose sum is right. */
export type Ultra2Line =
  | { readonly is: "header"; readonly count: number; readonly serial: string }
  | { readonly is: "record"; readonly record: Ultra2Record }
  | { readonly is: "version"; readonly version: string }
  | { readonly is: "serial"; readonly serial: string };

export type Ultra2Said =
  | Extract<Ultra2Line, { readonly is: "version" | "serial" }>
  /** The whole memory. */
  | { readonly is: "dump"; readonly serial: string; readonly records: readonly Ultra2Record[] }
  /** A dump in which a line was not understood. */
  | { readonly is: "damaged" };

/** XON and CR wake it before each command [S19]. */
const wake = "\x11\r";
const commands: Readonly<Record<Ultra2Question, string>> = { version: "DM?", serial: "DM@", dump: "DMP" };

/** The first letters of lines [S19]. */
const beginnings: ReadonlySet<string> = new Set("P?@");
/** A record's line has 62 bytes [S20]. */
const longest = 90;
/** Records that fit into the memory. */
const capacity = 500;

const summed = /^(.+) ([0-9A-F]{4})\r$/;
const headerForm = /^P (\d{3}),"([0-9A-Z]{9})","(?:MG\/DL |MMOL\/L)"$/;
const recordForm =
  /^P "[A-Z]{3}","(\d\d)\/(\d\d)\/(\d\d)","(\d\d:\d\d:\d\d) {3}","([C ])([ \d]{4}|HIGH| LOW|LOW )[? ]","([NBA])","\d\d", 00$/;
const serialForm = /^@ "([0-9A-Z]{9})"$/;
const meals = { N: "none", B: "before", A: "after" } as const;

/** Beyond these the display says LO and HI. */
export const leastGlucose = 20;
export const mostGlucose = 600;

function glucoseOf(text: string): Ultra2Record["glucose"] | undefined {
  if (text === "HIGH") return "above";
  if (text.trim() === "LOW") return "below";
  if (!/^ ?\d{3}$|^ *\d{1,3}$/.test(text)) return undefined;
  const value = Number(text);
  if (value > mostGlucose) return "above";
  return value < leastGlucose ? "below" : value;
}

function meaning(text: string): Ultra2Line | undefined {
  const header = headerForm.exec(text);
  if (header) return { is: "header", count: Number(header[1]), serial: header[2] ?? "" };
  const serial = serialForm.exec(text)?.[1];
  if (serial !== undefined) return { is: "serial", serial };
  if (text.startsWith("?")) return { is: "version", version: text.slice(1).trim() };
  const [, month, day, year, time, control, value = "", meal] = recordForm.exec(text) ?? [];
  const glucose = glucoseOf(value);
  if (glucose === undefined) return undefined;
  return {
    is: "record",
    record: {
      at: `${year}/${month}/${day} ${time}`,
      glucose,
      control: control === "C",
      meal: meals[meal === "B" || meal === "A" ? meal : "N"],
    },
  };
}

export const isSame = (one: Ultra2Record, other: Ultra2Record): boolean =>
  one.at === other.at && one.glucose === other.glucose && one.control === other.control && one.meal === other.meal;
export const isAmong = (record: Ultra2Record, others: readonly Ultra2Record[]): boolean =>
  others.some((other) => isSame(record, other));

const withRecord = (records: readonly Ultra2Record[], record: Ultra2Record) =>
  isAmong(record, records) ? records : [...records, record];

/** The sum of 16 bits over the text before the last blank [S19]. */
export const sumOf = (text: string): string =>
  Array.from(text)
    .reduce((sum, letter) => (sum + letter.charCodeAt(0)) & 0xffff, 0)
    .toString(16)
    .toUpperCase()
    .padStart(4, "0");

/** The line that ends a piece of text: what stands before it is noise. */
function lineIn(piece: string): { readonly line: Ultra2Line; readonly length: number } | undefined {
  for (let at = 0; at < piece.length; at++) {
    if (!beginnings.has(piece[at] ?? "")) continue;
    const [whole = "", text = "", sum = ""] = summed.exec(piece.slice(at)) ?? [];
    const line = sumOf(text) === sum ? meaning(text) : undefined;
    if (line !== undefined) return { line, length: whole.length };
  }
  return undefined;
}

/** A dump whose last lines are still to come, and half a line. */
export interface HalfDump {
  readonly text: string;
  readonly dump: { readonly serial: string; readonly count: number; readonly records: readonly Ultra2Record[] } | null;
}

const start: HalfDump = { text: "", dump: null };
const latin = new TextDecoder("latin1");

/** Puts the lines of a dump together. One that lacks a line is told as damaged as soon as that is seen. */
export const framer: Framer<Ultra2Said, HalfDump> = {
  start,
  quiet: seconds(1),
  push(half, chunk) {
    const frames: Ultra2Said[] = [];
    const pieces = `${half.text}${latin.decode(chunk)}`.split("\n");
    const rest = pieces.pop() ?? "";
    const kept = rest.slice(-longest);
    let junk = rest.length - kept.length;
    let { dump } = half;
    for (const piece of pieces) {
      const found = lineIn(piece.slice(-longest));
      junk += piece.length + 1 - (found ? found.length + 1 : 0);
      const line = found?.line;
      if (line?.is === "version" || line?.is === "serial") frames.push(line);
      else if (line?.is === "header")
        dump = { serial: line.serial, count: Math.min(line.count, capacity), records: [] };
      // A line that came twice must not take the place of another: nobody is tested twice in a second.
      else if (dump && line) dump = { ...dump, records: withRecord(dump.records, line.record) };
      // A record without a header, or a line that is none.
      else if (dump || line) {
        frames.push({ is: "damaged" });
        dump = null;
      }
      if (dump && dump.records.length === dump.count) {
        frames.push({ is: "dump", serial: dump.serial, records: dump.records });
        dump = null;
      }
    }
    return { state: kept === "" && dump === null ? start : { text: kept, dump }, frames, junk };
  },
};

/** A full memory at 9600 baud is 500 lines of 62 bytes: 32 s. */
const wholeMemory = seconds(45);
const oneLine = millis(1500);

export const patienceFor = (question: Ultra2Question) => (question === "dump" ? wholeMemory : oneLine);

export const dialect: Dialect<Ultra2Question, Ultra2Said, HalfDump> = {
  framer,
  encode: (question) => new TextEncoder().encode(`${wake}${commands[question]}\r`),
  answers: (question, { is }) => is === question || (question === "dump" && is === "damaged"),
  unnamed: { longest: patienceFor, gap: millis(200) },
};
