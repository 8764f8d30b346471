import { xor } from "../kit/checksum.ts";
import { millis } from "../kit/clock.ts";
import { searching, type Framer } from "../kit/framer.ts";

// The RDM6300 and its likes for EM4100 cards of 125 kHz: 9600 8N1 [B4, B18, B19].

const stx = 0x02;
const etx = 0x03;
const length = 14;

/** Where each pair of digits stands. */
const places = [0, 2, 4, 6, 8, 10];

const isHex = (byte: number) => (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x46);

/**
 * 02, ten hex digits, two of their exclusive or, 03. A frame is the ten digits: version and the 32-bit number, in the
 * order in which the card gives them [B18]. A frame takes 15 ms; a card that is cut off by a halted kiosk repeats itself.
 */
export const framer: Framer<string, Uint8Array> = searching(millis(200), (bytes) => {
  if (bytes[0] !== stx) return { is: "noise" };
  const digits = bytes.subarray(1, length - 1);
  if (!digits.every(isHex)) return { is: "noise" };
  if (bytes.length < length) return { is: "part" };
  if (bytes[length - 1] !== etx) return { is: "noise" };
  const text = String.fromCharCode(...digits);
  // Ten digits are the five bytes, the last two what makes the whole zero.
  if (xor(places.map((at) => Number.parseInt(text.slice(at, at + 2), 16))) !== 0) return { is: "noise" };
  return { is: "frame", frame: text.slice(0, 10), length };
});
