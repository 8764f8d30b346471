import { crc16 } from "../kit/checksum.ts";
import { millis } from "../kit/clock.ts";
import type { Dialect } from "../kit/exchange.ts";
import type { Beginning } from "../kit/framer.ts";
import { textLines, type HalfLine, type Said } from "../kit/text-line.ts";

// The wire of the Grow GM65 family, 9600 8N1 [B9]; addresses and bits from its manual [GM65: GM65-S user manual V1.3, 9].

/** Read or write one byte of the module's memory, or keep the whole memory over a loss of power. */
export type Question =
  | { readonly do: "read"; readonly address: number }
  | { readonly do: "write"; readonly address: number; readonly value: number }
  | { readonly do: "save" };

/** Addresses of the module's memory [GM65 9.7], [B9]. */
export const address = {
  mode: 0x0000,
  trigger: 0x0002,
  setupCodes: 0x0003,
  interval: 0x0005,
  readTime: 0x0006,
  sleep: 0x0007,
  output: 0x000d,
  sameCode: 0x0013,
  ending: 0x0060,
  cut: 0x00b0,
  /** Not in the manual [B9]. */
  raw: 0x00bc,
  firmware: 0x00e2,
} as const;

/** Lowest bits of `mode`. */
export const mode = { manual: 0, command: 1, continuous: 2 } as const;

/** An answer takes 17 ms on the wire and the module's own time, of which the book says nothing; saving writes its flash. */
export const patience = { quick: millis(500), save: millis(1500) } as const;
/** Seven bytes at 9600 bit/s take 7 ms; USB adapters hold bytes back for up to 16 ms. */
const gap = millis(20);

const head = [0x7e, 0x00];
const kinds = { read: 0x07, write: 0x08, save: 0x09 } as const;

export function encode(question: Question): Uint8Array {
  const at = question.do === "save" ? 0 : question.address;
  // A read asks for one byte; saving has a zero there [GM65 9.2, 9.4].
  const data = question.do === "write" ? question.value : question.do === "read" ? 1 : 0;
  const body = [kinds[question.do], 1, at >> 8, at & 0xff, data];
  const check = crc16(body);
  return Uint8Array.of(...head, ...body, check >> 8, check & 0xff);
}

/** 02 00, 00 for success, 01 for one byte, the byte, CRC over all but the head [GM65 9.2]. No question asks for more bytes. */
const answerHead = [0x02, 0x00, 0x00, 0x01];
const answerLength = 7;

function lookForAnswer(bytes: Uint8Array): Beginning<number> {
  if (answerHead.some((byte, i) => i < bytes.length && bytes[i] !== byte)) return { is: "noise" };
  if (bytes.length < answerLength) return { is: "part" };
  const [, , , , value = 0, high = 0, low = 0] = bytes;
  if (crc16(bytes.subarray(2, 5)) !== ((high << 8) | low)) return { is: "noise" };
  return { is: "frame", frame: value, length: answerLength };
}

/** Texts and answers; an answer is the byte it brings. */
export const framer = textLines<number>({ first: 0x02, look: lookForAnswer });

export const dialect: Dialect<Question, Said<number>, HalfLine> = {
  framer,
  encode,
  // Whether a write was done is told as 00 [GM65 9.3].
  answers: (question, heard) => heard.is === "answer" && (question.do === "read" || heard.answer === 0),
  unnamed: { longest: (question) => (question.do === "save" ? patience.save : patience.quick), gap },
};

/** Letters before a text, as they leave the factory [GM65 appendix B]. */
export const codeIds: Readonly<Record<string, "qr" | "code128" | "code39" | "ean" | "data-matrix" | "pdf417">> = {
  Q: "qr",
  j: "code128",
  b: "code39",
  // UPC-A and UPC-E are forms of EAN.
  c: "ean",
  d: "ean",
  u: "data-matrix",
  r: "pdf417",
};
