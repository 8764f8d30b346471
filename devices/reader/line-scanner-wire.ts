import { textLines } from "../kit/text-line.ts";

// Any scanner on a serial line: a text, then CR, LF or both.

export const framer = textLines<never>();

/** Honeywell and Hand Held scanners in manual trigger mode, TRGMOD0: SYN T CR starts, SYN U CR stops [B17]. */
export const trigger = {
  start: Uint8Array.of(0x16, 0x54, 0x0d),
  stop: Uint8Array.of(0x16, 0x55, 0x0d),
} as const;
