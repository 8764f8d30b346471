import { searching, type Framer } from "../kit/framer.ts";
import { leastSignal, type Finger } from "../kit/oximetry.ts";

// Contec CMS50D+ (from 4.6), E, F, EW: protocol V7.0 [S13]. 115200 8N1; frames of a type byte, a byte of high bits and data.
// There is no check: only bit 7 tells a type (0) from what follows it (1).

/** One frame of the live stream, 60 a second [S13]. */
export interface Live {
  readonly is: "live";
  readonly fingerOut: boolean;
  readonly searching: boolean;
  /** 0 to 8. */
  readonly signal: number;
  /** 0 to 127. */
  readonly wave: number;
  /** 0 to 15. */
  readonly bar: number;
  readonly pulse?: number;
  readonly spo2?: number;
  /** Percent. */
  readonly perfusion?: number;
}

export type Frame =
  | Live
  /** A part of the model's name; the first has number 0. */
  | { readonly is: "model"; readonly part: number; readonly text: string }
  /** A frame that says nothing of a measurement. A user's name or number ends here. */
  | { readonly is: "other" };

/** Type byte -> length of the whole frame [S13]. Types whose length is not known are skipped as noise. */
const lengths: Readonly<Record<number, number>> = {
  0x01: 9,
  0x02: 9,
  0x03: 9,
  0x04: 9,
  0x09: 6,
  0x0c: 2,
  0x0d: 3,
  0x0e: 3,
  0x0f: 8,
};

/** The data bytes of a frame with their bit 7, which stands in the byte behind the type: bit k for the k-th [S13]. */
export function unpack(frame: Uint8Array): Uint8Array {
  const high = frame[1] ?? 0;
  return frame.subarray(2).map((byte, k) => (byte & 0x7f) | (((high >> k) & 1) << 7));
}

/** The last letters are blanks. */
export const textOf = (bytes: Iterable<number>): string => String.fromCharCode(...bytes).trim();

/** The real frame of an empty clip has 00, the manual says 7F and FF: none of them is a number [S13]. */
const saturation = (byte: number) => (byte >= 1 && byte <= 100 ? { spo2: byte } : {});
const pulseRate = (byte: number) => (byte !== 0 && byte !== 0xff ? { pulse: byte } : {});
const perfusion = (hundredths: number, isValid: boolean) =>
  isValid && hundredths !== 0 && hundredths !== 0xffff ? { perfusion: hundredths / 100 } : {};

function liveOf(frame: Uint8Array): Live {
  const [state = 0, pleth = 0, bar = 0, pulse = 0, spo2 = 0, low = 0, high = 0] = unpack(frame);
  return {
    is: "live",
    fingerOut: (state & 0x80) !== 0,
    // Searching too long (bit 4 of the first), or searching.
    searching: (state & 0x10) !== 0 || (pleth & 0x80) !== 0,
    signal: state & 0x0f,
    wave: pleth & 0x7f,
    bar: bar & 0x0f,
    ...pulseRate(pulse),
    ...saturation(spo2),
    ...perfusion(low | (high << 8), (bar & 0x10) === 0),
  };
}

function meaning(frame: Uint8Array): Frame {
  if (frame[0] === 0x01) return liveOf(frame);
  if (frame[0] !== 0x02) return { is: "other" };
  const [part = 0, ...letters] = unpack(frame);
  return { is: "model", part, text: textOf(letters) };
}

export const framer: Framer<Frame, Uint8Array> = searching(null, (bytes) => {
  const length = lengths[bytes[0] ?? -1];
  if (length === undefined) return { is: "noise" };
  const there = Math.min(length, bytes.length);
  for (let at = 1; at < there; at++) if ((bytes[at] ?? 0) < 0x80) return { is: "noise" };
  if (bytes.length < length) return { is: "part" };
  return { is: "frame", frame: meaning(bytes.subarray(0, length)), length };
});

export function fingerOf({ fingerOut, searching, signal, wave, pulse, spo2, perfusion }: Live): Finger {
  if (fingerOut) return { is: "out" };
  const pleth = Math.round((wave * 100) / 127);
  const isGood = !searching && signal >= leastSignal && signal <= 8 && pulse !== undefined && spo2 !== undefined;
  if (!isGood) return { is: "in", pleth };
  return { is: "in", pleth, values: { pulse, spo2, ...(perfusion !== undefined && { perfusion }) } };
}

/** 7D 81, the command, and 80 for each of its six empty bytes [S13]. */
const command = (code: number) => Uint8Array.of(0x7d, 0x81, code, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80);

/** Those that ask and those that start and stop; none that erases or sets is here [S13]. */
export const say = {
  startLive: command(0xa1),
  stopLive: command(0xa2),
  askModel: command(0xa8),
  /** About once a second while live, or it stops by itself. */
  keepAlive: command(0xaf),
} as const;
