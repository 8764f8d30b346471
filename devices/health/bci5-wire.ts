import { searching, type Framer } from "../kit/framer.ts";
import { leastSignal, type Finger } from "../kit/oximetry.ts";
import type { Maker } from "./bci5-options.ts";

// The five-byte stream of old Contec CMS50D+ and CMS50C, Berry BM1000 and many OEM boards [S15]. Only the first byte has
// bit 7; there is no check. The makers mean different things by some bits, so that those are told as they are.

const length = 5;

export interface Frame {
  /** 0 to 8. */
  readonly signal: number;
  /** Bits 4 and 5 of the first byte; see `fingerOf`. */
  readonly bit4: boolean;
  readonly bit5: boolean;
  readonly beep: boolean;
  /** 0 to 127. */
  readonly wave: number;
  readonly bar: number;
  readonly fingerOut: boolean;
  readonly searching: boolean;
  readonly pulse?: number;
  readonly spo2?: number;
}

function meaning([state = 0, wave = 0, bar = 0, low = 0, spo2 = 0]: Uint8Array): Frame {
  const pulse = ((bar & 0x40) << 1) | low;
  return {
    signal: state & 0x0f,
    bit4: (state & 0x10) !== 0,
    bit5: (state & 0x20) !== 0,
    beep: (state & 0x40) !== 0,
    wave,
    bar: bar & 0x0f,
    fingerOut: (bar & 0x10) !== 0,
    searching: (bar & 0x20) !== 0,
    // FF and 7F are no numbers [S15], and 0 is none either.
    ...(pulse !== 0 && pulse !== 0xff && { pulse }),
    ...(spo2 >= 1 && spo2 <= 100 && { spo2 }),
  };
}

export const framer: Framer<Frame, Uint8Array> = searching(null, (bytes) => {
  if ((bytes[0] ?? 0) < 0x80) return { is: "noise" };
  const there = Math.min(length, bytes.length);
  for (let at = 1; at < there; at++) if ((bytes[at] ?? 0) >= 0x80) return { is: "noise" };
  if (bytes.length < length) return { is: "part" };
  return { is: "frame", frame: meaning(bytes), length };
});

/** Berry: bit 4 is "no finger", bit 5 "probe unplugged". Contec: bit 4 is "searching too long", bit 5 "SpO2 falls" [S15]. */
export function fingerOf(frame: Frame, maker: Maker): Finger {
  const { signal, wave, pulse, spo2 } = frame;
  if (frame.fingerOut || (maker === "berry" && (frame.bit4 || frame.bit5))) return { is: "out" };
  const pleth = Math.round((wave * 100) / 127);
  const isGood = !frame.searching && !frame.bit4 && signal >= leastSignal && signal <= 8;
  return isGood && pulse !== undefined && spo2 !== undefined
    ? { is: "in", pleth, values: { pulse, spo2 } }
    : { is: "in", pleth };
}
