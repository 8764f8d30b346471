import type { Framer } from "../../../devices/kit/framer.ts";
import type { Said } from "../../../devices/kit/text-line.ts";
import { framer as gm65 } from "../../../devices/reader/gm65-wire.ts";
import { framer as gm67 } from "../../../devices/reader/gm67-wire.ts";
import { framer as lineScanner } from "../../../devices/reader/line-scanner-wire.ts";
import { framer as newland } from "../../../devices/reader/newland-wire.ts";
import { framer as rdm6300 } from "../../../devices/reader/rdm6300-wire.ts";
import { dice, type Dice } from "../../kit/dice.ts";
import { unhex } from "../../kit/wire.ts";

// Bytes at random, made of pieces of the true ones, against what a reader of the whole stream at once finds in it.

/** A parser, and what it must find: each frame as a text. */
export interface Parser {
  readonly name: string;
  /** What the parser finds in the chunks. */
  find(chunks: readonly Uint8Array[]): readonly string[];
  /** What there is in the bytes, found in another way. */
  truth(bytes: Uint8Array): readonly string[];
  readonly pieces: readonly Uint8Array[];
}

const ascii = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const latin = (bytes: Uint8Array) => String.fromCharCode(...bytes);

function findWith<F, S>(framer: Framer<F, S>, tell: (frame: F) => string) {
  return (chunks: readonly Uint8Array[]) => {
    let state = framer.start;
    const found: string[] = [];
    for (const chunk of chunks) {
      const pushed = framer.push(state, chunk);
      state = pushed.state;
      for (const frame of pushed.frames) found.push(tell(frame));
    }
    return found;
  };
}

const said =
  <A>(tell: (answer: A) => string) =>
  (heard: Said<A>) =>
    heard.is === "text" ? `text ${heard.text}` : heard.is === "damaged" ? "damaged" : `answer ${tell(heard.answer)}`;

/** Lines of the whole stream; `answer` gives what an answer at the head of the rest is, and its length. */
function lines(bytes: Uint8Array, answer: (rest: string) => readonly [string, number] | undefined): readonly string[] {
  const found: string[] = [];
  let rest = latin(bytes);
  let line = "";
  while (rest !== "") {
    const known = answer(rest);
    if (known) found.push(`answer ${known[0]}`);
    else if (rest.startsWith("\r") || rest.startsWith("\n")) {
      const told = wholeLine(line);
      if (told !== undefined) found.push(told);
      line = "";
    } else line += rest.charAt(0);
    rest = rest.slice(known?.[1] ?? 1);
  }
  return found;
}

function wholeLine(line: string): string | undefined {
  const bytes = Buffer.from(line, "latin1");
  const text = bytes.toString("utf8");
  // oxlint-disable-next-line no-control-regex -- control bytes are what is looked for
  const clean = !/[\x00-\x1f\x7f]/.test(line) && Buffer.from(text, "utf8").equals(bytes);
  if (line === "") return undefined;
  if (clean && line.length <= 7089) return `text ${text}`;
  return line.length < 4 ? undefined : "damaged";
}

/** CRC as the manual prints it, on a number that is shifted bit by bit [GM65 9.1]. */
function printedCrc(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes)
    for (let i = 0x80; i !== 0; i >>= 1) {
      crc *= 2;
      if (crc & 0x10000) crc ^= 0x11021;
      if (byte & i) crc ^= 0x1021;
    }
  return crc;
}

function gm65Answer(rest: string): readonly [string, number] | undefined {
  if (!rest.startsWith("\x02\x00\x00\x01") || rest.length < 7) return undefined;
  const bytes = ascii(rest.slice(2, 7));
  const crc = printedCrc(bytes.subarray(0, 3));
  return bytes[3] === crc >> 8 && bytes[4] === (crc & 0xff) ? [`${bytes[2]}`, 7] : undefined;
}

// oxlint-disable-next-line no-control-regex -- the protocol is made of them
const newlandForm = /^\x02\x010000[@#]([A-Z]{6}[0-9*]*)([\x05\x06\x15]);\x03/;
const newlandStatus: Readonly<Record<string, string>> = { "\x05": "unknown", "\x06": "taken", "\x15": "out-of-range" };
function newlandAnswer(rest: string): readonly [string, number] | undefined {
  const [whole = "", command = "", status = ""] = newlandForm.exec(rest.slice(0, 32)) ?? [];
  return whole === "" ? undefined : [`${command} ${newlandStatus[status]}`, whole.length];
}

function em4100Cards(bytes: Uint8Array): readonly string[] {
  const found: string[] = [];
  let rest = latin(bytes);
  while (rest !== "") {
    // oxlint-disable-next-line no-control-regex -- STX and ETX
    const [whole = "", uid = "", check = ""] = /^\x02([0-9A-F]{10})([0-9A-F]{2})\x03/.exec(rest) ?? [];
    const sum = Buffer.from(uid, "hex").reduce((all, byte) => all ^ byte, 0);
    const good = whole !== "" && sum === Number.parseInt(check, 16);
    if (good) found.push(uid);
    rest = rest.slice(good ? whole.length : 1);
  }
  return found;
}

const texts = [
  "4829163550\r",
  "6901028075763\r\n",
  "]Q1https://yz.example/\n",
  "1\r",
  "工会\r",
  `9${"0".repeat(300)}\r`,
].map((text) => new TextEncoder().encode(text));

export const parsers: readonly Parser[] = [
  {
    name: "gm65",
    find: findWith(gm65, said(String)),
    truth: (bytes) => lines(bytes, gm65Answer),
    pieces: [
      ...texts,
      unhex("02 00 00 01 00 33 31"),
      unhex("02 00 00 01 3E E4 AC"),
      unhex("02 00 00 01 0D E2 9C"),
      unhex("02 00 00 01 82 82 FB"),
      unhex("02 00 00 02 39 01 C1 4C"),
    ],
  },
  {
    name: "gm67",
    find: findWith(gm67, said(String)),
    truth: (bytes) => lines(bytes, (rest) => (rest.startsWith("\x04\xd0\x00\x00\xff\x2c") ? ["true", 6] : undefined)),
    pieces: [...texts, unhex("04 D0 00 00 FF 2C"), unhex("04 D0 00 00 FF 2C 04 D0 00 00 FF 2C"), unhex("04 D0 00")],
  },
  {
    name: "newland",
    find: findWith(
      newland,
      said((answer) => `${answer.said} ${answer.is}`),
    ),
    truth: (bytes) => lines(bytes, newlandAnswer),
    pieces: [
      ...texts,
      ascii("\x02\x010000@SCNMOD2\x06;\x03"),
      ascii("\x02\x010000@RRDDUR1000\x15;\x03"),
      ascii("\x02\x010000#ORTSET*\x05;\x03"),
      ascii("\x02\x010000@C11MIN12\x06,MAX22\x06;\x03"),
    ],
  },
  {
    name: "line scanner",
    find: findWith(
      lineScanner,
      said(() => ""),
    ),
    truth: (bytes) => lines(bytes, () => undefined),
    pieces: texts,
  },
  {
    name: "rdm6300",
    find: findWith(rdm6300, (uid) => uid),
    truth: em4100Cards,
    pieces: [
      unhex("02 36 32 45 33 30 38 36 43 45 44 30 38 03"),
      unhex("02 30 36 30 30 31 32 35 39 45 33 41 45 03"),
      unhex("02 30 36 30 30 31 32 35 39 45 33 41 46 03"),
    ],
  },
];

/** Ends every line and every answer that is still open: longer than the longest answer. */
const settling = ascii("\r".repeat(32));

function roll(pieces: readonly Uint8Array[], { between, chance }: Dice): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let n = between(1, 5); n > 0; n--) {
    const piece = pieces[between(0, pieces.length)] ?? settling;
    if (chance(0.2)) parts.push(Uint8Array.from({ length: between(1, 12) }, () => between(0, 256)));
    else if (chance(0.3)) {
      const at = between(0, piece.length);
      parts.push(piece.with(at, (piece[at] ?? 0) ^ (1 << between(0, 8))));
    } else if (chance(0.4)) parts.push(piece.slice(between(0, piece.length), between(0, piece.length + 1)));
    else parts.push(piece);
  }
  return Uint8Array.of(...parts.flatMap((part) => Array.from(part)), ...settling);
}

function cut(bytes: Uint8Array, { between }: Dice): readonly Uint8Array[] {
  const chunks: Uint8Array[] = [];
  let rest = bytes;
  for (let n = between(0, 5); n > 0 && rest.length > 1; n--) {
    const at = between(1, rest.length);
    chunks.push(rest.slice(0, at));
    rest = rest.slice(at);
  }
  return [...chunks, rest];
}

/** Throws at the first input of which the parser makes something else than there is in it. Gives how many frames there were. */
export function fuzz({ name, find, truth, pieces }: Parser, inputs: number, seed: number): number {
  const chances = dice(seed);
  let frames = 0;
  for (let i = 0; i < inputs; i++) {
    const bytes = roll(pieces, chances);
    const found = find(cut(bytes, chances));
    const there = truth(bytes);
    frames += there.length;
    if (found.length !== there.length || found.some((frame, at) => frame !== there[at]))
      throw new Error(
        `${name}, seed ${seed}, input ${i}: ${JSON.stringify(latin(bytes))} gave ${JSON.stringify(found)} instead of ${JSON.stringify(there)}`,
      );
  }
  return frames;
}
