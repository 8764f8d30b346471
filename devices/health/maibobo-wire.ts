import { xor } from "../kit/checksum.ts";
import { millis } from "../kit/clock.ts";
import type { Dialect } from "../kit/exchange.ts";
import { searching, type Framer } from "../kit/framer.ts";

// Maibobo (脉搏波) RBP cuffs and arm tunnels [S8]: 9600 8N1. Host CC 80, instrument AA 80; then 03, the length, 01, the command,
// its data, and the exclusive or of all from 03 on. The length counts what stands between it and the check.

const instrument = 0xaa;
const host = 0xcc;
const second = 0x80;
const third = 0x03;
const fourth = 0x01;
/** Before the counted bytes. */
const head = 4;
const shortest = 2;
/** The longest known frame has 15; some room for a model that says more. */
const longest = 32;

const codes = { connect: 0x01, start: 0x02, stop: 0x03, cuff: 0x05, result: 0x06, error: 0x07 } as const;

export type Command = "connect" | "start" | "stop";

export interface Frame {
  readonly code: number;
  readonly data: Uint8Array;
}

/** A frame takes 25 ms; half of one is given up after a silence. */
export const framer: Framer<Frame, Uint8Array> = searching(millis(300), (bytes) => {
  const [a = instrument, b = second, c = third, length = shortest, d = fourth] = bytes;
  const begins = a === instrument && b === second && c === third && d === fourth;
  if (!begins || length < shortest || length > longest) return { is: "noise" };
  const whole = head + length + 1;
  if (bytes.length < whole) return { is: "part" };
  if (xor(bytes.subarray(2, whole)) !== 0) return { is: "noise" };
  return { is: "frame", frame: { code: bytes[5] ?? 0, data: bytes.slice(6, whole - 1) }, length: whole };
});

/** What the instrument tells. Who the user is and when it was stays here: its clock is set by nobody. */
export type Told =
  | { readonly is: "done"; readonly command: Command }
  /** mmHg. */
  | { readonly is: "cuff"; readonly pressure: number }
  /** mmHg and beats a minute. */
  | { readonly is: "result"; readonly systolic: number; readonly diastolic: number; readonly pulse: number }
  /** A result whose numbers are not where they should be. */
  | { readonly is: "no-result" }
  | { readonly is: "error"; readonly code: number };

/** A byte is too little for the pressure of a cuff: all numbers have two, the high one first [S8]. */
const number = (data: Uint8Array, at: number) => ((data[at] ?? 0) << 8) | (data[at + 1] ?? 0);

function resultOf(data: Uint8Array, at: number): Told {
  const [systolic, diastolic, pulse] = [number(data, at), number(data, at + 2), number(data, at + 4)];
  const isThere = data.length >= at + 6 && [systolic, diastolic, pulse].every((n) => n > 0 && n < 0xffff);
  return isThere ? { is: "result", systolic, diastolic, pulse } : { is: "no-result" };
}

/** Nothing where the code is not known. */
export function meaning({ code, data }: Frame, resultAt: number): Told | undefined {
  switch (code) {
    case codes.connect:
      return { is: "done", command: "connect" };
    case codes.start:
      return { is: "done", command: "start" };
    case codes.stop:
      return { is: "done", command: "stop" };
    case codes.cuff:
      return data.length < 2 ? undefined : { is: "cuff", pressure: number(data, 0) };
    case codes.result:
      return resultOf(data, resultAt);
    case codes.error:
      return { is: "error", code: data[0] ?? 0 };
    default:
      return undefined;
  }
}

/** Each command carries one byte 00 [S8]. */
export function encode(command: Command): Uint8Array {
  const body = [third, 3, fourth, codes[command], 0x00];
  return Uint8Array.of(host, second, ...body, xor(body));
}

export const dialect: Dialect<Command, Frame, Uint8Array> = {
  framer,
  encode,
  answers: (command, { code }) => code === codes[command],
};

/** What the instrument says of a failure [S8]; 07 only in a second reader. */
const failures: Readonly<Record<number, string>> = {
  0x01: "the pressure rose too high",
  0x02: "the signal is weak, or the upper air bag leaks",
  0x05: "the signal is weak, or the lower air bag leaks",
  0x06: "the pulse sensor gives no signal: the arm may lie wrongly",
  0x07: "its battery is empty: charge it",
  0x09: "the air does not go out as it should",
  0x0f: "the cuff or a tube leaks",
  0x10: "its motor does not turn as it should",
};

export const failure = (code: number): string =>
  `${failures[code] ?? "the measurement failed"} (error ${code} of the instrument): put the arm in again and repeat`;
