import { sum } from "../kit/checksum.ts";
import { chinaTime, type CivilTime } from "../kit/civil.ts";
import { millis, seconds, type Millis } from "../kit/clock.ts";
import type { Dialect } from "../kit/exchange.ts";
import { searching, type Framer } from "../kit/framer.ts";

// Messages of TaiDoc instruments, sold as ForaCare, GlucoRx and others [S19, S20, S21; instruments 2.3.1].

export const baud = 19_200;

/** 52 erases the memory: it is not here and is never sent. */
export const command = {
  connect: 0x22,
  readClock: 0x23,
  model: 0x24,
  recordTime: 0x25,
  recordValue: 0x26,
  /** Halves of the serial number, the later first. */
  laterNumber: 0x27,
  formerNumber: 0x28,
  count: 0x2b,
  setClock: 0x33,
  liveOxygen: 0x49,
  off: 0x50,
  /** The instrument says so by itself, and answers a connect with it too. */
  talking: 0x54,
  /** Record of a scale of the models 2555, and of its other scales. */
  weight2555: 0x71,
  weight: 0x77,
} as const;

const head = 0x51;
/** The byte before the check says who speaks. */
const ends = { host: 0xa3, instrument: 0xa5 } as const;
export type Speaker = keyof typeof ends;

export interface Message {
  readonly by: Speaker;
  readonly command: number;
  /** Four bytes; of a scale's record more. */
  readonly data: Uint8Array;
}

const shortLength = 8;
/** Head, command, length, end and check of a message whose third byte tells how many bytes of data follow. */
const longFrame = 5;
const longCommands: readonly number[] = [command.weight2555, command.weight];
/** The scale's records have 32 or 40 bytes [S21]; how their length is told is concluded from its question. */
const longest = 64;
const quiet = millis(200);

/** No data stands for four zeros. */
export function encode(by: Speaker, what: number, data: Iterable<number> = [0, 0, 0, 0]): Uint8Array {
  const bytes = Uint8Array.from(data);
  const length = longCommands.includes(what) ? [bytes.length] : [];
  const body = Uint8Array.of(head, what, ...length, ...bytes, ends[by]);
  return Uint8Array.of(...body, sum(body));
}

export const frames: Framer<Message, Uint8Array> = searching(quiet, (bytes) => {
  const [first, what, size = 0] = bytes;
  if (first !== head) return { is: "noise" };
  if (what === undefined) return { is: "part" };
  const isLong = longCommands.includes(what);
  if (isLong && bytes.length < 3) return { is: "part" };
  const length = isLong ? size + longFrame : shortLength;
  if (length > longest) return { is: "noise" };
  if (bytes.length < length) return { is: "part" };
  const by = bytes[length - 2];
  if ((by !== ends.host && by !== ends.instrument) || bytes[length - 1] !== sum(bytes.subarray(0, length - 1)))
    return { is: "noise" };
  const frame: Message = {
    by: by === ends.host ? "host" : "instrument",
    command: what,
    data: bytes.slice(isLong ? 3 : 2, length - 2),
  };
  return { is: "frame", frame, length };
});

export interface Question {
  readonly command: number;
  readonly data?: Iterable<number>;
}

/** All answer within a tenth of a second; programs of others wait 2 s [S20]. */
const longestAnswer = seconds(2);
const gap = millis(20);

/** What a connect may be answered with [S19]. */
const greetings: readonly number[] = [command.connect, command.model, command.talking];

export const dialect: Dialect<Question, Message, Uint8Array> = {
  framer: frames,
  encode: (question) => encode("host", question.command, question.data),
  answers: (question, { by, command: what }) =>
    by === "instrument" &&
    (question.command === command.connect ? greetings.includes(what) : what === question.command),
  // An answer says which command it answers, not which record: a late one must not be taken for the next look's.
  unnamed: { longest: () => longestAnswer, gap },
};

/** "4277" of 77 42; nothing where it is no decimal number. */
export function modelOf({ data: [low = 0, high = 0] }: Message): string | undefined {
  const model = [high, low].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return /^\d{4}$/.test(model) ? model : undefined;
}

/**
 * Sixteen digits of the two halves; nothing where it was never given one. That the lowest pair comes first, as in a
 * model, is concluded: no source has an example.
 */
export function numberOf(former: Message, later: Message): string | undefined {
  const bytes = [...later.data, ...former.data].toReversed();
  if (bytes.every((byte) => byte === 0) || bytes.every((byte) => byte === 0xff)) return undefined;
  return bytes
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("")
    .toUpperCase();
}

export const countOf = ({ data: [low = 0, high = 0] }: Message): number => low + 256 * high;

/** Date and time of a record or of the clock. Two bits of the minute and three of the hour are something else's [S20]. */
export function timeOf([low = 0, high = 0, minute = 0, hour = 0]: Uint8Array): CivilTime {
  const word = low + 256 * high;
  return {
    year: 2000 + (word >> 9),
    month: (word >> 5) & 0x0f,
    day: word & 0x1f,
    hour: hour & 0x1f,
    minute: minute & 0x3f,
    second: 0,
  };
}

export function bytesOfTime(utc: Millis): readonly number[] {
  const { year, month, day, hour, minute } = chinaTime(utc);
  const word = (year - 2000) * 512 + month * 32 + day;
  return [word & 0xff, word >> 8, minute, hour];
}
