import { millis, seconds } from "../kit/clock.ts";
import type { Dialect } from "../kit/exchange.ts";
import { fault } from "../kit/fault.ts";
import type { Framer } from "../kit/framer.ts";
import { plainReport } from "../kit/plain-report.ts";
import { err, ok, type Result } from "../kit/result.ts";
import type { Item, Reading, Unit } from "./capability.ts";

// Reports of Contec's arm monitors 08A and 08C, as they were captured [S7; instruments 2.1.6]: 64 bytes, filled with zeros.

const length = 64;
/** First bytes of what the kiosk says. Deleting and setting the clock are known to nobody who published them. */
export const command = { ping: 0x40, device: 0x42, fetch: 0x43 } as const;
/** First bytes of what the monitor says. */
export const reply = { device: 0x48, ready: 0x4a, header: 0x46 } as const;
/** The tail of a ping and of the question for the device. */
const tail = [0x8f, 0xff, 0xfe, 0xfd, 0xfc];
/** 08A; "DeviceType=65" in the maker's own files [S7]. */
export const deviceType = 0x41;
const switchedOn = 0x01;
/** From here on all bytes of a header have the high bit, as all of a record have. */
const headerFrom = 2;
const countAt = 4;
const recordLength = 14;
const highBit = 0x80;
const low = 0x7f;

export type Question =
  | { readonly is: "ping" }
  | { readonly is: "device" }
  | { readonly is: "fetch"; readonly user: number };

export type Answer =
  | { readonly is: "device"; readonly type: number }
  | { readonly is: "off" }
  /** All records of a user, the oldest first, unpacked. */
  | { readonly is: "records"; readonly records: readonly Uint8Array[] }
  /** What no source explains, such as the answer to a ping. */
  | { readonly is: "other" };

const report = (...data: readonly number[]) => plainReport(data, length);

function encode(question: Question): Uint8Array {
  switch (question.is) {
    case "ping":
      return report(command.ping, ...tail);
    case "device":
      return report(command.device, ...tail);
    case "fetch":
      // Users are numbered from 4 here.
      return report(command.fetch, deviceType, 0x01, 0x04 + question.user - 1, 0x02);
  }
}

/** The high bit is set from `from` on to the end of a record, and all behind it is padding. */
function isPacked(data: Uint8Array, from: number): boolean {
  for (let at = from; at < recordLength; at++) if ((data[at] ?? 0) < highBit) return false;
  for (let at = recordLength; at < length; at++) if (data[at] !== 0) return false;
  return true;
}

/** Seven bytes in eight: the first carries the high bits of the others, the lowest that of the next. */
export function unpack(packed: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(packed.length - Math.ceil(packed.length / 8));
  for (let i = 0; i < bytes.length; i++) {
    const group = Math.floor(i / 7);
    const bits = packed[group * 8] ?? 0;
    bytes[i] = ((packed[i + group + 1] ?? 0) & low) | (((bits >> (i % 7)) & 1) << 7);
  }
  return bytes;
}

const recordOf = (data: Uint8Array): Uint8Array | undefined =>
  isPacked(data, 0) ? unpack(data.subarray(0, recordLength)) : undefined;

/** How many records follow; nothing where it is no header. */
const countOf = (data: Uint8Array): number | undefined =>
  data[0] === reply.header && data[1] === deviceType && isPacked(data, headerFrom)
    ? (data[countAt] ?? 0) & low
    : undefined;

const isSame = (one: Uint8Array, other: Uint8Array | undefined): boolean =>
  other !== undefined && one.every((byte, i) => byte === other[i]);

/** A dump whose rest is still to come. */
export interface HalfDump {
  readonly expects: number;
  readonly records: readonly Uint8Array[];
}

const start: HalfDump = { expects: 0, records: [] };

/** Each chunk is one report, its number 0 in front. What comes into a dump and is no record ends it. */
export const answers: Framer<Answer, HalfDump> = {
  start,
  quiet: seconds(1),
  push(half, chunk) {
    const data = chunk.subarray(1);
    if (chunk[0] !== 0 || data.length !== length) return { state: half, frames: [], junk: chunk.length };
    const record = half.expects > 0 ? recordOf(data) : undefined;
    if (record) {
      // Said twice: nobody is measured twice in a minute with the same five numbers, and a double would hide the newest.
      if (isSame(record, half.records.at(-1))) return { state: half, frames: [], junk: chunk.length };
      const records = [...half.records, record];
      if (records.length < half.expects) return { state: { expects: half.expects, records }, frames: [], junk: 0 };
      return { state: start, frames: [{ is: "records", records }], junk: 0 };
    }
    const junk = half.records.length * length;
    const count = countOf(data);
    if (count === 0) return { state: start, frames: [{ is: "records", records: [] }], junk };
    if (count !== undefined) return { state: { expects: count, records: [] }, frames: [], junk };
    return { state: start, frames: meaningOf(data), junk };
  },
};

function meaningOf(data: Uint8Array): readonly Answer[] {
  const [first, second, third = 0] = data;
  if (first === reply.device) return [{ is: "device", type: second ?? 0 }];
  // That it is on needs no word: the records follow.
  if (first === reply.ready) return third === switchedOn ? [] : [{ is: "off" }];
  return [{ is: "other" }];
}

/** A hundred records take a second where the endpoint is asked every 10 ms. */
export const patience = seconds(3);
export const pingPatience = seconds(0.5);

export const dialect: Dialect<Question, Answer, HalfDump> = {
  framer: answers,
  encode,
  answers: (question, { is }) =>
    question.is === "ping" || (question.is === "device" ? is === "device" : is === "off" || is === "records"),
  // A dump does not say which question it answers.
  unnamed: { longest: ({ is }) => (is === "ping" ? pingPatience : patience), gap: millis(20) },
};

const pressure = (item: Item, value: number, unit: Unit): Reading => ({ item, value, unit, notes: [] });

/** SYS_hi SYS_lo DIA PR MAP YY MM DD hh mm ss type, unpacked. */
export function readingsOf([high = 0, systolic = 0, diastolic = 0, pulse = 0, mean = 0]: Uint8Array): Result<
  readonly Reading[]
> {
  if ((systolic === 0 && high === 0) || diastolic === 0 || pulse === 0)
    return err(fault("refused", "the monitor stored no result: rest, sit still and measure again"));
  return ok([
    pressure("systolic", systolic + 256 * high, "mm[Hg]"),
    pressure("diastolic", diastolic, "mm[Hg]"),
    // It takes nothing from the others where it was not worked out.
    ...(mean === 0 ? [] : [pressure("mean-arterial", mean, "mm[Hg]")]),
    pressure("pulse", pulse, "/min"),
  ]);
}
