import { xor } from "../kit/checksum.ts";
import { millis, seconds } from "../kit/clock.ts";
import type { Dialect } from "../kit/exchange.ts";
import { fault } from "../kit/fault.ts";
import { joined, type Framer } from "../kit/framer.ts";
import { isSameReport, plainReport } from "../kit/plain-report.ts";
import { err, ok, type Result } from "../kit/result.ts";
import type { Item, Reading, Unit } from "./capability.ts";

// Omron's arm monitors with a USB socket, HEM-790IT and its kin [S5; instruments 2.1.4].

/** Eight bytes: how many of the other seven count, and those. */
export const reportLength = 8;
const room = 7;
/** Seen beside 7, and meant the same [S5, omron.c]. */
const alsoFull = 8;

/** Set as a feature report, its number 0 in front. */
export const mode = {
  info: Uint8Array.of(0, 0x01, 0x01),
  daily: Uint8Array.of(0, 0x74, 0xbc),
} as const;

export type Question =
  /** Twelve zeros, until it says OK: what was left of an earlier conversation is gone then. */
  | { readonly is: "clear" }
  | { readonly is: "version" }
  | { readonly is: "count"; readonly bank: number }
  /** 0 is the newest. */
  | { readonly is: "record"; readonly bank: number; readonly index: number };

export type Answer =
  | { readonly is: "ok" }
  /** "NO": the whole command is to be sent again. */
  | { readonly is: "no" }
  /** What stands between OK and the check, without the 0 at its head. */
  | { readonly is: "data"; readonly data: Uint8Array };

const ascii = (text: string) => Array.from(text, (letter) => letter.charCodeAt(0));
const clearLength = 12;

/** Name, arguments, and their exclusive or. */
const order = (name: string, ...args: readonly number[]) => Uint8Array.of(...ascii(name), ...args, xor(args));

export function encode(question: Question): Uint8Array {
  switch (question.is) {
    case "clear":
      return new Uint8Array(clearLength);
    case "version":
      return order("VER", ...ascii("0"));
    case "count":
      return order("GDC", 0, question.bank, 0, 0);
    case "record":
      return order("GME", 0, question.bank, 0, question.index);
  }
}

/** An order, or an answer, as the reports that carry it. */
export function reportsOf(bytes: Uint8Array): readonly Uint8Array[] {
  const reports: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += room) {
    const part = bytes.subarray(at, at + room);
    reports.push(plainReport([part.length, ...part], reportLength));
  }
  return reports;
}

/** What a report carries, its number 0 in front. */
export function bytesOf(report: Uint8Array): Uint8Array {
  const [number, count = 0] = report;
  if (number !== 0 || report.length !== 1 + reportLength || count > alsoFull) return new Uint8Array();
  return report.subarray(2, 2 + Math.min(count, room));
}

/** An answer whose rest is still to come. */
export interface HalfAnswer {
  readonly bytes: Uint8Array;
  /** The report before: one that comes again at once is the same, told twice. */
  readonly last: Uint8Array;
}

const nothing = new Uint8Array();
const start: HalfAnswer = { bytes: nothing, last: nothing };
/** The longest that is asked for, a record, has 17 bytes. */
const longest = 32;
const [letterO, letterK, letterN] = ascii("OKN");

/** Each chunk is one report; an answer ends with the first that is not full. */
export const answers: Framer<Answer, HalfAnswer> = {
  start,
  quiet: seconds(0.3),
  push(half, report) {
    const last = report.slice();
    if (isSameReport(last, half.last)) return { state: half, frames: [], junk: 0 };
    const part = bytesOf(report);
    const isBeginning = half.bytes.length === 0;
    const isAnswer = isBeginning ? part[0] === letterO || part[0] === letterN : part.length > 0;
    if (!isAnswer || half.bytes.length > longest)
      return { state: { bytes: nothing, last }, frames: [], junk: report.length + half.bytes.length };
    const bytes = joined(half.bytes, part);
    if (part.length === room) return { state: { bytes, last }, frames: [], junk: 0 };
    const answer = meaningOf(bytes);
    const frames = answer ? [answer] : [];
    return { state: { bytes: nothing, last }, frames, junk: answer ? 0 : bytes.length };
  },
};

function meaningOf(bytes: Uint8Array): Answer | undefined {
  const [first, second] = bytes;
  if (bytes.length === 2 && first === letterN && second === letterO) return { is: "no" };
  if (first !== letterO || second !== letterK) return undefined;
  if (bytes.length === 2) return { is: "ok" };
  const data = bytes.slice(3, -1);
  return bytes.length >= 5 && bytes[2] === 0 && xor(bytes.subarray(3)) === 0 ? { is: "data", data } : undefined;
}

const lengths: Readonly<Record<Exclude<Question["is"], "clear">, number>> = { version: 11, count: 4, record: 13 };

export const patience = seconds(1);

export const dialect: Dialect<Question, Answer, HalfAnswer> = {
  framer: answers,
  encode,
  answers: (question, answer) => {
    if (answer.is === "no") return true;
    if (question.is === "clear") return answer.is === "ok";
    return answer.is === "data" && answer.data.length === lengths[question.is];
  },
  // No answer says what it answers.
  unnamed: { longest: () => seconds(2), gap: millis(20) },
};

export const versionOf = (data: Uint8Array): string => String.fromCharCode(...data).trim();

/** The third byte of four; what the others are is not known. */
export const countOf = ([, , , count = 0]: Uint8Array): number => count;

const reading = (item: Item, value: number, unit: Unit): Reading => ({ item, value, unit, notes: [] });

/** YY MM DD hh mm ss, two unknown, SYS DIA PUL, one unknown, flags. */
export function readingsOf(data: Uint8Array): Result<readonly Reading[]> {
  const [systolic = 0, diastolic = 0, pulse = 0] = data.subarray(8);
  if (systolic === 0 || diastolic === 0 || pulse === 0)
    return err(fault("refused", "the monitor stored no result: rest, sit still and measure again"));
  return ok([
    reading("systolic", systolic, "mm[Hg]"),
    reading("diastolic", diastolic, "mm[Hg]"),
    reading("pulse", pulse, "/min"),
  ]);
}
