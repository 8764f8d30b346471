import { millis, type Millis } from "../kit/clock.ts";
import type { Dialect } from "../kit/exchange.ts";
import type { Framer } from "../kit/framer.ts";

// What an ESC/POS printer is asked, and how it answers: one byte, which does not say which question it answers.
// [E1] Epson, ESC/POS Command Reference, DLE EOT, DLE DC4 (fn = 8), GS r; [E2] Epson TM-U220 and TM-T90 specifications;
// [E3] HPRT TP80K and TP809, BT-532C: how printers made after Epson's differ.

/**
 * cover, paper: answered at once, also while the printer stands still [E1, DLE EOT 2 and 4].
 * printed: answered when all that was sent before has been worked off [E1, GS r 1].
 */
export type Question = "cover" | "paper" | "printed";

const questions: Readonly<Record<Question, Uint8Array>> = {
  cover: Uint8Array.of(0x10, 0x04, 2),
  paper: Uint8Array.of(0x10, 0x04, 4),
  printed: Uint8Array.of(0x1d, 0x72, 1),
};

/**
 * Forgets what it has not printed yet [E1, DLE DC4 fn 8]: else, with the next roll of paper, it prints the rest of a slip
 * whose owner has gone. Printers that do not know it skip these bytes, none of which is printable.
 */
export const forget: Uint8Array = Uint8Array.of(0x10, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08);

/** Bits 0 and 7 are off and 1 and 4 on in every answer to DLE EOT [E1]. */
const isState = (byte: number): boolean => (byte & 0b1001_0011) === 0b0001_0010;
/** Bits 4 and 7 are off, and 0 and 1, 2 and 3 are equal in pairs in every answer to GS r 1 [E1]. */
const isPaperLeft = (byte: number): boolean =>
  (byte & 0b1001_0000) === 0 && (byte & 1) === ((byte >> 1) & 1) && ((byte >> 2) & 1) === ((byte >> 3) & 1);

const bytewise: Framer<number, null> = {
  start: null,
  quiet: null,
  push: (state, chunk) => ({ state, frames: Array.from(chunk), junk: 0 }),
};

/** A printer answers DLE EOT within milliseconds; over a slow adapter within a second. */
export const answered: Millis = millis(1000);
/** Between two questions the line is listened to for that long: six bytes at 9600 bits a second. */
const gap: Millis = millis(6);

export const dialect: Dialect<Question, number, null> = {
  framer: bytewise,
  encode: (question) => questions[question],
  answers: (question, byte) => (question === "printed" ? isPaperLeft(byte) : isState(byte)),
  unnamed: { longest: () => answered, gap },
};

/** What keeps a printer from printing. */
export type Trouble = "cover" | "paper" | "error";

/** [E1, DLE EOT 2]: bit 2 the cover, bit 5 stopped for want of paper, bit 6 an error of cutter or head. */
export function troubleOf(question: Question, byte: number): Trouble | undefined {
  if (question === "printed") return (byte & 0b0000_1100) === 0 ? undefined : "paper";
  // [E1, DLE EOT 4]: bits 5 and 6 the end of the roll; 2 and 3 only say that it is near.
  if (question === "paper") return (byte & 0b0110_0000) === 0 ? undefined : "paper";
  if (byte & 0b0000_0100) return "cover";
  if (byte & 0b0010_0000) return "paper";
  return byte & 0b0100_0000 ? "error" : undefined;
}

/** [E1, DLE EOT 4]: a printer without this sensor never says so. */
export const isNearEnd = (byte: number): boolean => (byte & 0b0000_1100) !== 0;
