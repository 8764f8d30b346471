import { crc16 } from "../kit/checksum.ts";
import { chinaTime, type CivilTime } from "../kit/civil.ts";
import { millis, seconds, type Millis } from "../kit/clock.ts";
import type { Dialect } from "../kit/exchange.ts";
import { fault } from "../kit/fault.ts";
import { searching, type Framer } from "../kit/framer.ts";
import { err, ok, type Result } from "../kit/result.ts";
import type { Note, Reading } from "./capability.ts";

// Packets of i-SENS's CareSens N and Dual, the same both ways [S20; instruments 2.3.7].

export const baud = 9600;
/** Goes ahead of the first question: it wakes the meter [S20, "ping"]. */
export const ping = 0x80;

const stx = 0x02;
const etx = 0x03;
const ascii = (text: string) => Array.from(text, (letter) => letter.charCodeAt(0));
const head = [stx, ...ascii("iSPc")];
/** Head and length; the length counts all behind it. */
const before = head.length + 1;
/** Name, check and ETX, where there is no payload. */
const least = 7;
const nameLength = 4;
const behind = 3;
/** CRC-16/CCITT-FALSE begins so [instruments 2.3.7]. */
const crcStart = 0xffff;

export type Name = "RSNB" | "RTIM" | "WTIM" | "NCOT" | "GLUE";
const names: readonly string[] = ["RSNB", "RTIM", "WTIM", "NCOT", "GLUE"];
/** What a meter says that did not understand. */
const errors: readonly string[] = ["TOUT", "HEAD", "SIZE", "ECRC", "CMND"];

export interface Packet {
  readonly name: string;
  readonly payload: Uint8Array;
}

/** The check covers everything but itself. */
const checkOf = (bytes: Iterable<number>) => crc16(bytes, crcStart);

export function encode({ name, payload }: Packet): Uint8Array {
  const body = [...head, least + payload.length, ...ascii(name), ...payload];
  const check = checkOf([...body, etx]);
  return Uint8Array.of(...body, check >> 8, check & 0xff, etx);
}

export const packets: Framer<Packet, Uint8Array> = searching(seconds(0.5), (bytes) => {
  if (head.some((byte, i) => i < bytes.length && bytes[i] !== byte)) return { is: "noise" };
  const size = bytes[head.length];
  if (size === undefined) return { is: "part" };
  if (size < least) return { is: "noise" };
  const length = before + size;
  if (bytes.length < length) return { is: "part" };
  const name = String.fromCharCode(...bytes.subarray(before, before + nameLength));
  const payload = bytes.slice(before + nameLength, length - behind);
  const [high = 0, low = 0, last] = bytes.subarray(length - behind, length);
  if (last !== etx) return { is: "noise" };
  // Records carry no valid check [S20].
  const isChecked = checkOf([...bytes.subarray(0, length - behind), etx]) === high * 256 + low;
  if (!isChecked && (name !== "GLUE" || payload.length === 0)) return { is: "noise" };
  return { is: "frame", frame: { name, payload }, length };
});

export const isError = ({ name }: Packet): boolean => errors.includes(name);

export const patience = seconds(1.5);

export const dialect: Dialect<Packet, Packet, Uint8Array> = {
  framer: packets,
  encode,
  answers: (question, answer) => isError(answer) || (names.includes(answer.name) && answer.name === question.name),
  // Records do not say which they are.
  unnamed: { longest: () => seconds(2), gap: millis(20) },
};

/** The last byte is none of the number. */
export const serialOf = ({ payload }: Packet): string => String.fromCharCode(...payload.subarray(0, -1)).trim();

export const countOf = ({ payload: [high = 0, low = 0] }: Packet): number => high * 256 + low;

export function timeOf([year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0]: Uint8Array): CivilTime {
  return { year: 2000 + year, month, day, hour, minute, second };
}
export function bytesOfTime(utc: Millis): Uint8Array {
  const { year, month, day, hour, minute, second } = chinaTime(utc);
  return Uint8Array.of(year - 2000, month, day, hour, minute, second);
}

/** Asks for `count` records from the one numbered `first`, which begins with 1. */
export const recordsFrom = (first: number, count: number): Packet => ({
  name: "GLUE",
  payload: Uint8Array.of(first >> 8, first & 0xff, count),
});

/** Time, flags and value. */
export const recordLength = 9;

/** So many records; nothing where they are fewer or have no time, for no check would tell. */
export function recordsOf({ payload }: Packet, count: number): readonly Uint8Array[] | undefined {
  const records = Array.from({ length: count }, (_, i) => payload.slice(i * recordLength, (i + 1) * recordLength));
  return records.every(isRecord) ? records : undefined;
}

function isRecord(record: Uint8Array): boolean {
  const { month, day, hour, minute, second } = timeOf(record);
  const isTime = month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour < 24 && minute < 60 && second < 60;
  return record.length === recordLength && isTime;
}

export const flag = { control: 0x01, afterMeal: 0x02, low: 0x04, high: 0x08, fasting: 0x10, ketone: 0x40 } as const;
/** The ends of the range [S20]. */
const highest = { glucose: 600, ketone: 8 } as const;
const lowest = 20;

/** Undefined for a control solution, which is nobody's. */
export function readingOf(record: Uint8Array): Result<readonly Reading[]> | undefined {
  const [flags = 0, high = 0, low = 0] = record.subarray(6);
  const has = (bit: number) => (flags & bit) !== 0;
  if (has(flag.control)) return undefined;
  const notes: readonly Note[] = has(flag.fasting) ? ["fasting"] : has(flag.afterMeal) ? ["after-meal"] : [];
  const raw = high * 256 + low;
  const item = has(flag.ketone) ? "ketone" : "glucose";
  const unit = item === "ketone" ? "mmol/L" : "mg/dL";
  if (has(flag.high)) return ok([{ item, value: highest[item], unit, comparator: ">", notes }]);
  if (has(flag.low) && item === "glucose") return ok([{ item, value: lowest, unit, comparator: "<", notes }]);
  if (raw === 0) return err(fault("refused", "the meter stored no value: measure again with a new strip"));
  return ok([{ item, value: item === "ketone" ? raw / 10 : raw, unit, notes }]);
}
