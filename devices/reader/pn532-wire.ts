import { sum } from "../kit/checksum.ts";
import { millis, seconds, type Millis } from "../kit/clock.ts";
import type { Dialect } from "../kit/exchange.ts";
import { searching, type Framer } from "../kit/framer.ts";

// The wire of the PN532 over its high-speed UART, 115200 8N1 [B20; B21: UM0701-02, 6.2].

/** Who speaks, in the first byte of a frame (TFI). */
export const speaker = { host: 0xd4, chip: 0xd5, error: 0x7f } as const;

export const command = {
  firmware: 0x02,
  samConfiguration: 0x14,
  rfConfiguration: 0x32,
  exchange: 0x40,
  list: 0x4a,
  release: 0x52,
} as const;

/** The chip answers a command with the next number. */
export const answerTo = (code: number): number => code + 1;

/** All but these carry bytes of a command or its answer. */
export type Frame =
  | { readonly is: "ack" }
  | { readonly is: "nack" }
  /** The chip did not understand the frame before. */
  | { readonly is: "error" }
  | { readonly is: "told"; readonly by: number; readonly code: number; readonly data: Uint8Array };

/** An ACK of the chip takes a command in; one of ours gives the command before up. */
export const ack = Uint8Array.of(0x00, 0x00, 0xff, 0x00, 0xff, 0x00);
/** Asks the chip to say its last answer again. We never do. */
export const nack = Uint8Array.of(0x00, 0x00, 0xff, 0xff, 0x00, 0x00);
export const errorFrame = Uint8Array.of(0x00, 0x00, 0xff, 0x01, 0xff, 0x7f, 0x81, 0x00);

/** Bytes of speaker, code and data that fit into a normal frame, and into the chip's memory at all. */
const longestNormal = 255;
const longestExtended = 265;

/** A normal frame, or an extended one where the length asks for it. */
export function encode(by: number, code: number, data: Uint8Array): Uint8Array {
  const body = [by, code, ...data];
  const length = body.length;
  const head =
    length <= longestNormal
      ? [length, -length & 0xff]
      : [0xff, 0xff, length >> 8, length & 0xff, -((length >> 8) + length) & 0xff];
  return Uint8Array.of(0x00, 0x00, 0xff, ...head, ...body, -sum(body) & 0xff, 0x00);
}

/** Where the body begins and how long it is; undefined while bytes are missing; null where no frame begins. */
function measure(bytes: Uint8Array, at: number): { readonly from: number; readonly length: number } | undefined | null {
  const [length, check, high, low, extendedCheck] = bytes.subarray(at);
  if (length === undefined || check === undefined) return undefined;
  if (length !== 0xff || check !== 0xff)
    return length > 0 && sum([length, check]) === 0 ? { from: at + 2, length } : null;
  if (high === undefined || low === undefined || extendedCheck === undefined) return undefined;
  const long = (high << 8) | low;
  const fits = sum([high, low, extendedCheck]) === 0 && long > 0 && long <= longestExtended;
  return fits ? { from: at + 5, length: long } : null;
}

/**
 * Finds the frames of either side. The closing 00 is waited for: where a byte of a frame got lost it is missing, and the
 * sum alone would not notice a lost 00.
 */
export const frames: Framer<Frame, Uint8Array> = searching<Frame>(null, (bytes) => {
  const mark = [0x00, 0x00, 0xff].findIndex((byte, i) => bytes[i] !== byte);
  if (mark >= 0) return { is: mark < bytes.length ? "noise" : "part" };
  const at = 3;
  const [first, second, closing] = bytes.subarray(at);
  if ((first === 0x00 && second === 0xff) || (first === 0xff && second === 0x00)) {
    if (closing === undefined) return { is: "part" };
    if (closing !== 0x00) return { is: "noise" };
    return { is: "frame", frame: { is: first === 0x00 ? "ack" : "nack" }, length: at + 3 };
  }
  const measured = measure(bytes, at);
  if (measured === null) return { is: "noise" };
  if (measured === undefined) return { is: "part" };
  const { from, length } = measured;
  const end = from + length;
  if (bytes[end + 1] === undefined) return { is: "part" };
  if (sum(bytes.subarray(from, end + 1)) !== 0 || bytes[end + 1] !== 0x00) return { is: "noise" };
  const [by = 0, code] = bytes.subarray(from, end);
  if (code !== undefined)
    return { is: "frame", frame: { is: "told", by, code, data: bytes.slice(from + 2, end) }, length: end + 2 };
  return by === speaker.error ? { is: "frame", frame: { is: "error" }, length: end + 2 } : { is: "noise" };
});

/**
 * Longest waits. The chip takes a command in within 15 ms [B5]; a USB adapter keeps bytes back for up to 16 ms.
 * Looking for a card was seen to take more than 100 ms (adafruit/Adafruit_CircuitPython_PN532#50); how long many tries take
 * no book says, so they are given up after `wait`. A card asks for at most 77 ms for an answer (frame waiting integer 8 of
 * DESFire EV1) and may ask for more time several times over [ISO/IEC 14443-4, 7.2, 7.3].
 */
export const patience = { quick: millis(250), look: millis(500), wait: millis(1500), card: seconds(2) } as const;

export interface Question {
  readonly code: number;
  readonly data: Uint8Array;
  /** The chip sleeps after power-up, and wakes by the rising edges of a pause before the frame [B5; UM0701-02, 7.2.11]. */
  readonly wake?: true;
  readonly patience: Millis;
}

/** What the chip said after the present question was put. `data` is absent where it did not understand the question. */
export interface Reply {
  readonly code: number;
  readonly data?: Uint8Array;
  /** The chip took a command in before: since it does one thing at a time, this is no late answer of an earlier one. */
  readonly taken: boolean;
}

interface Listened {
  readonly held: Uint8Array;
  readonly taken: boolean;
}

const wakeUp = Uint8Array.of(0x55, 0x55, ...new Uint8Array(14));
/** Within this our own ACK, by which a question is given up, has left before the next question does. */
const givingUp = millis(20);
/** Half a byte at 115200 bit/s would do: questions and answers are told apart by the chip's ACK. */
const gap = millis(1);

const replies: Framer<Reply, Listened> = {
  start: { held: frames.start, taken: false },
  quiet: null,
  push(state, chunk) {
    const pushed = frames.push(state.held, chunk);
    let { taken } = state;
    const heard: Reply[] = [];
    for (const frame of pushed.frames) {
      if (frame.is === "ack") taken = true;
      if (frame.is === "error") heard.push({ code: speaker.error, taken });
      if (frame.is === "told" && frame.by === speaker.chip) heard.push({ code: frame.code, data: frame.data, taken });
    }
    return { state: { held: pushed.state, taken }, frames: heard, junk: pushed.junk };
  },
};

/** Its framer starts afresh with each question, so that an answer counts only behind the ACK of that question. */
export const dialect: Dialect<Question, Reply, Listened> = {
  framer: replies,
  encode({ code, data, wake }) {
    const frame = encode(speaker.host, code, data);
    return wake ? Uint8Array.of(...wakeUp, ...frame) : frame;
  },
  answers: (asked, heard) => heard.taken && (heard.data === undefined || heard.code === answerTo(asked.code)),
  unnamed: { longest: (asked) => millis(asked.patience + givingUp), gap },
};
