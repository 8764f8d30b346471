import { sum } from "../kit/checksum.ts";
import { millis, minutes, seconds } from "../kit/clock.ts";
import type { Dialect } from "../kit/exchange.ts";
import { searching, type Framer } from "../kit/framer.ts";
import type { Electrodes } from "./bcm-h10-options.ts";

// BCM-H10, a board for height, weight and body composition [S25, V4.22]. A5 5A, the number of bytes that follow, then to the
// board a device and a command, from it the mark of what is told; data; and the sum of all after A5 5A.

const header = [0xa5, 0x5a] as const;
/** A mark or a device, and the sum. */
const shortest = 2;
/** The longest published frame counts 9; some room for a board that says more. */
const longest = 32;

export interface Frame {
  /** The first byte behind the length. */
  readonly mark: number;
  readonly data: Uint8Array;
}

/** Half a frame is given up after a silence. */
export const framer: Framer<Frame, Uint8Array> = searching(millis(300), (bytes) => {
  const [a, b = header[1], length = shortest] = bytes;
  if (a !== header[0] || b !== header[1] || length < shortest || length > longest) return { is: "noise" };
  const whole = header.length + 1 + length;
  if (bytes.length < whole) return { is: "part" };
  if (sum(bytes.subarray(2, whole - 1)) !== bytes[whole - 1]) return { is: "noise" };
  return { is: "frame", frame: { mark: bytes[3] ?? 0, data: bytes.slice(4, whole - 1) }, length: whole };
});

/** Behind the mark of all that is told by itself: how a command went. 01 is well, as published for the tare [S25]. */
const statusMark = 0x64;
export const well = 0x01;

export const statusOf = ({ mark, data }: Frame): number | undefined =>
  mark === statusMark ? (data[0] ?? 0) : undefined;

/**
 * A number of two bytes, the high one first as in the commands. Which mark belongs to which number is not in the part of the
 * paper that is public, so that a number is known by the question before it.
 */
export const numberOf = ({ mark, data: [high = 0, low = 0, ...more] }: Frame): number | undefined =>
  mark === statusMark || more.length > 0 ? undefined : (high << 8) | low;

export type Question =
  | { readonly is: "test" }
  | { readonly is: "weigh" }
  | { readonly is: "height" }
  /** Years, millimetres and tenths of a kilogram. */
  | {
      readonly is: "compose";
      readonly electrodes: Electrodes;
      readonly sex: "female" | "male";
      readonly age: number;
      readonly height: number;
      readonly weight: number;
    }
  | { readonly is: "result"; readonly index: number };

const scale = 0x03;
const devices: Readonly<Record<Electrodes, number>> = { "whole-body": 0x08, hands: 0x01, feet: 0x03 };
const letters = { male: 0x4d, female: 0x57 } as const;

const two = (n: number) => [(n >> 8) & 0xff, n & 0xff];

/** Neither a tare nor a calibration is here. */
function bodyOf(question: Question): readonly number[] {
  switch (question.is) {
    case "test":
      return [scale, 0x3c];
    case "weigh":
      return [scale, 0x36];
    case "height":
      return [scale, 0x35];
    case "compose": {
      const { electrodes, sex, age, height, weight } = question;
      return [devices[electrodes], 0x37, letters[sex], age, ...two(height), ...two(weight)];
    }
    case "result":
      return [scale, 0x38, question.index];
  }
}

function encode(question: Question): Uint8Array {
  const body = bodyOf(question);
  const counted = [body.length + 1, ...body];
  return Uint8Array.of(...header, ...counted, sum(counted));
}

function answers(question: Question, frame: Frame): boolean {
  if (question.is === "test") return true;
  if (question.is === "compose") return statusOf(frame) !== undefined;
  // A status before the number says only that the command was heard.
  return frame.data.length === 2 && numberOf(frame) !== undefined;
}

/** How long an answer is waited for. A composition passes a current through the body for some seconds. */
export const patienceOf = ({ is }: Question) => (is === "compose" ? minutes(1) : seconds(2));

export const dialect: Dialect<Question, Frame, Uint8Array> = {
  framer,
  encode,
  answers,
  // Nothing in an answer says which question it answers.
  unnamed: { longest: patienceOf, gap: millis(100) },
};
