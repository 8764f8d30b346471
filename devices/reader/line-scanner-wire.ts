import { seconds } from "../kit/clock.ts";
import { textLines } from "../kit/text-line.ts";

// Any scanner on a serial line: a text, then CR, LF or both.

/** A halted kiosk shall not cut a line in two; a worker shows a code again later than this. */
export const framer = textLines<never>(seconds(1));

/** Honeywell and Hand Held scanners in manual trigger mode, TRGMOD0: SYN T CR starts, SYN U CR stops [B17]. */
export const trigger = {
  start: Uint8Array.of(0x16, 0x54, 0x0d),
  stop: Uint8Array.of(0x16, 0x55, 0x0d),
} as const;
