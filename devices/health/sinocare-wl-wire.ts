import { sum } from "../kit/checksum.ts";
import type { CivilTime } from "../kit/civil.ts";
import { millis } from "../kit/clock.ts";
import { searching, type Framer } from "../kit/framer.ts";

// Sinocare WL-1 and its likes [S22; instruments.md 2.3.2]: "SN", the length of what follows, the kind of machine, a command,
// data, and the sum from the length on.

/** What a frame is about, both ways [S22]. */
export const command = { start: 0x03, result: 0x04, time: 0x06, history: 0x0e } as const;

export interface WlFrame {
  /** Kind of machine; 4 is the WL-1. */
  readonly machine: number;
  readonly command: number;
  readonly data: Uint8Array;
}

export interface WlResult {
  /** By the meter's clock; tells one result from another. */
  readonly at: string;
  /** mmol/L. */
  readonly glucose: number;
}

const mark = Uint8Array.of(0x53, 0x4e);
/** Length, two bytes of machine, command, sum. */
const least = 4;
/** The published result has 16. */
const most = 40;

export const framer: Framer<WlFrame, Uint8Array> = searching(millis(500), (bytes) => {
  if (bytes[0] !== mark[0] || (bytes.length > 1 && bytes[1] !== mark[1])) return { is: "noise" };
  const length = bytes[2];
  if (length === undefined) return { is: "part" };
  if (length < least || length > most) return { is: "noise" };
  const whole = length + 3;
  if (bytes.length < whole) return { is: "part" };
  if (sum(bytes.subarray(2, whole - 1)) !== bytes[whole - 1]) return { is: "noise" };
  const [high = 0, low = 0, kind = 0] = bytes.subarray(3, 6);
  return {
    is: "frame",
    frame: { machine: (high << 8) | low, command: kind, data: bytes.slice(6, whole - 1) },
    length: whole,
  };
});

export function encode({ machine, command: kind, data }: WlFrame): Uint8Array {
  const body = Uint8Array.of(data.length + least, machine >> 8, machine & 0xff, kind, ...data);
  return Uint8Array.of(...mark, ...body, sum(body));
}

/** A date that is none, and a glucose of nothing, are no result. What stands behind the glucose is not known. */
export function resultOf({ data }: WlFrame): WlResult | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, high = 0, low = 0] = data;
  const tenths = (high << 8) | low;
  const isTime = month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour < 24 && minute < 60 && second < 60;
  if (data.length < 8 || !isTime || tenths === 0) return undefined;
  return { at: [year, month, day, hour, minute, second].join(" "), glucose: tenths / 10 };
}

/** Bytes of a date and time. */
export const answerLength = 6;

/** Every frame of the meter is answered with the time [S22]; that the same command carries it is a guess. */
export const acknowledgement = (
  { machine, command: kind }: Pick<WlFrame, "machine" | "command">,
  { year, month, day, hour, minute, second }: CivilTime,
): Uint8Array => encode({ machine, command: kind, data: Uint8Array.of(year % 100, month, day, hour, minute, second) });
