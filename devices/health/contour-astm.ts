import { sum } from "../kit/checksum.ts";
import { seconds } from "../kit/clock.ts";
import { searching, type Beginning, type Framer } from "../kit/framer.ts";

// The link of ASTM E1381 and the fields of E1394, as Ascensia's meters speak them [S19; instruments 2.3.5].

/** ASCII's control characters. */
export const control = {
  stx: 0x02,
  etx: 0x03,
  eot: 0x04,
  enq: 0x05,
  ack: 0x06,
  lf: 0x0a,
  cr: 0x0d,
  nak: 0x15,
  etb: 0x17,
};

export type Token =
  | { readonly is: "enq" | "eot" | "ack" | "nak" }
  /** A frame whose check is right. `number` counts 0 to 7 over and over; `text` is one record, without its end. */
  | { readonly is: "frame"; readonly number: number; readonly text: string };

const signs = new Map<number | undefined, "enq" | "eot" | "ack" | "nak">([
  [control.enq, "enq"],
  [control.eot, "eot"],
  [control.ack, "ack"],
  [control.nak, "nak"],
]);
const firstNumber = 0x30;
const lastNumber = 0x37;
/** E1381 allows 240 characters a frame; the longest seen has 219 [contour-hdr]. */
const longest = 512;
/** Check, CR and LF behind ETX or ETB. */
const behindEnd = 4;
const firstPrintable = 0x20;
const rubOut = 0x7f;

/** "0" to "9" and "A" to "F". */
const digitOf = (value: number): number => value + (value < 10 ? 0x30 : 0x37);

const noise: Beginning<Token> = { is: "noise" };

/** Where the text ends: the first control character that is no CR; -1 where it has not come yet. */
function endOf(bytes: Uint8Array): number {
  for (let at = 2; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if ((byte < firstPrintable && byte !== control.cr) || byte >= rubOut) return at;
  }
  return -1;
}

/** `endOf` leaves nothing but ASCII in a text. */
const ascii = new TextDecoder();

function look(bytes: Uint8Array): Beginning<Token> {
  const sign = signs.get(bytes[0]);
  if (sign) return { is: "frame", frame: { is: sign }, length: 1 };
  if (bytes[0] !== control.stx) return noise;
  const [, number] = bytes;
  if (number === undefined) return { is: "part" };
  if (number < firstNumber || number > lastNumber) return noise;
  const end = endOf(bytes);
  if (end < 0) return bytes.length < longest ? { is: "part" } : noise;
  if (bytes[end] !== control.etx && bytes[end] !== control.etb) return noise;
  const length = end + 1 + behindEnd;
  if (bytes.length < length) return { is: "part" };
  const isEnded = bytes[end + 3] === control.cr && bytes[end + 4] === control.lf;
  const check = sum(bytes.subarray(1, end + 1));
  if (!isEnded || bytes[end + 1] !== digitOf(check >> 4) || bytes[end + 2] !== digitOf(check & 0x0f)) return noise;
  const last = bytes[end - 1] === control.cr ? end - 1 : end;
  const text = ascii.decode(bytes.subarray(2, last));
  return { is: "frame", frame: { is: "frame", number: number - firstNumber, text }, length };
}

export const tokens: Framer<Token, Uint8Array> = searching(seconds(1), look);

/** A frame as a meter sends it; the last of a message ends with ETX, the others with ETB. */
export function frameOf(number: number, text: string, last: boolean): Uint8Array {
  const body = Array.from(`${number % 8}${text}\r`, (letter) => letter.charCodeAt(0));
  body.push(last ? control.etx : control.etb);
  const check = sum(body);
  return Uint8Array.of(control.stx, ...body, digitOf(check >> 4), digitOf(check & 0x0f), control.cr, control.lf);
}

/** "R|8|^^^Glucose|133" has the fields R, 8, ^^^Glucose, 133. */
export const fieldsOf = (text: string): readonly string[] => text.split("|");
export const partsOf = (field = ""): readonly string[] => field.split("^");
