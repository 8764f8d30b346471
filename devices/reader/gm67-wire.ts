import { millis } from "../kit/clock.ts";
import type { Dialect } from "../kit/exchange.ts";
import type { Beginning } from "../kit/framer.ts";
import { textLines, type HalfLine, type Said } from "../kit/text-line.ts";

// The simple serial interface (SSI) of the Grow GM67 and GM72, 9600 8N1 [B15]. Texts come as lines between its answers.

/** Start and stop one reading; have readings started by the host only; or a byte that wakes a sleeping module. */
export type Question = "start" | "stop" | "host-mode" | "wake";

export const patience = millis(500);
/** "Wake with 00, then wait 50 ms" [B15]; nothing answers it. */
export const waking = millis(50);
/** Six bytes at 9600 bit/s take 6 ms; USB adapters hold bytes back for up to 16 ms. */
const gap = millis(20);

/** Length without the sum, command, 04 for the host, status, data [B15]. 08 in the status keeps the setting over a loss of power. */
const messages: Readonly<Record<Exclude<Question, "wake">, readonly number[]>> = {
  start: [0x04, 0xe4, 0x04, 0x00],
  stop: [0x04, 0xe5, 0x04, 0x00],
  "host-mode": [0x07, 0xc6, 0x04, 0x08, 0x00, 0x8a, 0x08],
};
/** The module's yes; a no is in no source. */
const yes = [0x04, 0xd0, 0x00, 0x00];

/** A message ends with the two's complement of the sum of its bytes, high byte first [B15]. */
function summed(message: readonly number[]): Uint8Array {
  const complement = 0x10000 - message.reduce((all, byte) => all + byte, 0);
  return Uint8Array.of(...message, complement >> 8, complement & 0xff);
}
const yesBytes = summed(yes);

export const encode = (question: Question): Uint8Array =>
  question === "wake" ? Uint8Array.of(0x00) : summed(messages[question]);

function lookForYes(bytes: Uint8Array): Beginning<true> {
  if (yesBytes.some((byte, i) => i < bytes.length && bytes[i] !== byte)) return { is: "noise" };
  return bytes.length < yesBytes.length ? { is: "part" } : { is: "frame", frame: true, length: yesBytes.length };
}

export const framer = textLines<true>({ first: 0x04, look: lookForYes });

export const dialect: Dialect<Question, Said<true>, HalfLine> = {
  framer,
  encode,
  answers: (question, heard) => question !== "wake" && heard.is === "answer",
  unnamed: { longest: (question) => (question === "wake" ? waking : patience), gap },
};
