import type { CivilTime } from "../kit/civil.ts";
import { searching, type Framer } from "../kit/framer.ts";
import { longDecimal, shortDecimal, valueOf } from "../kit/medical-float.ts";

// Messages of IEEE 11073-20601, in which personal health devices speak over USB and classic Bluetooth [instruments.md 2.8.3,
// S30]: a kind, a length, and what it holds, high byte first. Whose values they are, the person's number, is left here.

/** One value of a scan report, under the number that the device gave it in its configuration. */
export interface Observation {
  readonly handle: number;
  /** Nothing where it is no number, or not a single one. */
  readonly value: number | undefined;
  /** By the device's own clock. */
  readonly at: CivilTime | undefined;
}

export type Apdu =
  /** The device wants to speak; a standard configuration is known by its number. */
  | { readonly is: "asks"; readonly systemId: string; readonly configuration: number }
  | { readonly is: "answers"; readonly accepted: boolean }
  | { readonly is: "wants-to-end" }
  | { readonly is: "ended" }
  | { readonly is: "aborts"; readonly reason: number }
  | {
      readonly is: "report";
      /** Given back when it is confirmed. */
      readonly invoke: number;
      readonly confirmed: boolean;
      readonly observations: readonly Observation[];
    }
  /** A configuration, or another message that holds no values of a fixed form. */
  | { readonly is: "other"; readonly event: number | undefined };

/** Kinds [S30]. */
const kind = { aarq: 0xe200, aare: 0xe300, rlrq: 0xe400, rlre: 0xe500, abrt: 0xe600, prst: 0xe700 } as const;
/** Data protocol of this standard, and event reports without and with confirmation. */
const dataProtocol = 0x5079;
const eventReport = { plain: 0x0100, confirmed: 0x0101 } as const;
/** Reports whose values stand in the order of the configuration; the last for several persons. */
const scan = { fixed: 0x0d1d, unbuffered: 0x0d23, persons: 0x0d1f } as const;
/** BCD date and time behind a value. */
const timeLength = 8;
/** Larger than any report of a meter; USB sends no more in one transfer. */
const longest = 4096;
const header = 4;
/** Bytes of an SFLOAT and of a FLOAT. */
const shortWidth = 2;
const longWidth = 4;

/** Reads on. Where something is not there all further fields are 0, and the whole message is none. */
class Fields {
  readonly #bytes: Uint8Array;
  readonly #message: { whole: boolean };
  #at = 0;

  constructor(bytes: Uint8Array, message = { whole: true }) {
    this.#bytes = bytes;
    this.#message = message;
  }

  /** Where a field of this length begins. */
  #pass(length: number): number {
    const from = this.#at;
    if (from + length > this.#bytes.length) this.#message.whole = false;
    else if (this.#message.whole) this.#at += length;
    return from;
  }

  #number(length: number): number {
    let value = 0;
    for (let i = this.#pass(length); i < this.#at; i++) value = value * 256 + (this.#bytes[i] ?? 0);
    return value;
  }

  u16(): number {
    return this.#number(2);
  }

  u32(): number {
    return this.#number(4);
  }

  skip(length: number): void {
    this.#pass(length);
  }

  bytes(length: number): Uint8Array {
    return this.#bytes.subarray(this.#pass(length), this.#at);
  }

  /** What a length before it says: fields of its own. */
  piece(): Fields {
    return new Fields(this.bytes(this.u16()), this.#message);
  }

  /** A blood pressure is several values in one: how many, the length of them all, and they, of one width. */
  isCompound(): boolean {
    const [high = 0, count = 0, longer = 0, size = 0] = this.#bytes;
    const isCounted = size === count * shortWidth || size === count * longWidth;
    return high === 0 && longer === 0 && isCounted && this.#bytes.length === 4 + size;
  }

  left(): number {
    return this.#bytes.length - this.#at;
  }

  isWhole(): boolean {
    return this.#message.whole;
  }
}

/** A message that is not whole, or whose lengths contradict each other, is none. */
export function apduOf(bytes: Uint8Array): Apdu | undefined {
  const all = new Fields(bytes);
  const what = all.u16();
  const body = all.piece();
  const apdu = all.left() === 0 ? meaning(what, body) : undefined;
  return all.isWhole() ? apdu : undefined;
}

export const framer: Framer<Apdu, Uint8Array> = searching(null, (bytes) => {
  const first = bytes[0] ?? 0;
  if (first < 0xe2 || first > 0xe7 || (bytes.length > 1 && bytes[1] !== 0)) return { is: "noise" };
  if (bytes.length < header) return { is: "part" };
  const length = header + (((bytes[2] ?? 0) << 8) | (bytes[3] ?? 0));
  if (length > longest) return { is: "noise" };
  if (bytes.length < length) return { is: "part" };
  const frame = apduOf(bytes.subarray(0, length));
  return frame === undefined ? { is: "noise" } : { is: "frame", frame, length };
});

function meaning(what: number, body: Fields): Apdu | undefined {
  switch (what) {
    case kind.aarq:
      return association(body);
    case kind.aare:
      // 0 accepted, 3 accepted although the configuration is not known.
      return { is: "answers", accepted: [0, 3].includes(body.u16()) };
    case kind.rlrq:
      body.u16();
      return { is: "wants-to-end" };
    case kind.rlre:
      body.u16();
      return { is: "ended" };
    case kind.abrt:
      return { is: "aborts", reason: body.u16() };
    case kind.prst:
      return presentation(body.piece());
    default:
      return undefined;
  }
}

function association(body: Fields): Apdu | undefined {
  body.u32();
  const count = body.u16();
  const protocols = body.piece();
  for (let i = 0; i < count && protocols.isWhole(); i++) {
    const protocol = protocols.u16();
    const about = protocols.piece();
    if (protocol !== dataProtocol) continue;
    // Protocol version, encoding rules, nomenclature, functional units, kind of system.
    about.skip(4 + 2 + 4 + 4 + 4);
    const systemId = about.bytes(about.u16());
    const hex = Array.from(systemId, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return { is: "asks", systemId: hex, configuration: about.u16() };
  }
  return undefined;
}

function presentation(data: Fields): Apdu | undefined {
  const invoke = data.u16();
  const choice = data.u16();
  const body = data.piece();
  if (choice !== eventReport.plain && choice !== eventReport.confirmed) return { is: "other", event: undefined };
  body.skip(2 + 4); // The object that reports, and when: FFFFFFFF is not told.
  const event = body.u16();
  const report = body.piece();
  const isFixed = event === scan.fixed || event === scan.unbuffered;
  if (!isFixed && event !== scan.persons) return { is: "other", event };
  report.skip(2 + 2); // What asked for it, and its number.
  const observations = isFixed ? observed(report) : ofPersons(report);
  return { is: "report", invoke, confirmed: choice === eventReport.confirmed, observations };
}

function ofPersons(report: Fields): readonly Observation[] {
  const persons = report.u16();
  const list = report.piece();
  const all: Observation[] = [];
  for (let i = 0; i < persons && list.isWhole(); i++) {
    list.skip(2); // The person's number.
    all.push(...observed(list));
  }
  return all;
}

function observed(report: Fields): readonly Observation[] {
  const count = report.u16();
  const list = report.piece();
  const all: Observation[] = [];
  for (let i = 0; i < count && list.isWhole(); i++) all.push(observation(list.u16(), list.piece()));
  return all;
}

/** A basic value is an SFLOAT, a simple one a FLOAT, each with or without the time; others hold several. */
function observation(handle: number, data: Fields): Observation {
  const length = data.left();
  const isTimed = (length === shortWidth + timeLength || length === longWidth + timeLength) && !data.isCompound();
  const width = isTimed ? length - timeLength : length;
  const decimal =
    width === shortWidth ? shortDecimal(data.u16()) : width === longWidth ? longDecimal(data.u32()) : undefined;
  return { handle, value: decimal && valueOf(decimal), at: isTimed ? timeOf(data.bytes(timeLength)) : undefined };
}

const digitsOf = (bcd = 0): number => (bcd >> 4) * 10 + (bcd & 0x0f);

/** Century, year, month, day, hour, minute, second, hundredths, two digits each. */
function timeOf(bcd: Uint8Array): CivilTime | undefined {
  const year = digitsOf(bcd[0]) * 100 + digitsOf(bcd[1]);
  const [month, day, hour] = [digitsOf(bcd[2]), digitsOf(bcd[3]), digitsOf(bcd[4])];
  const [minute, second] = [digitsOf(bcd[5]), digitsOf(bcd[6])];
  const isDate = month >= 1 && month <= 12 && day >= 1 && day <= 31;
  if (!isDate || hour > 23 || minute > 59 || second > 59) return undefined;
  return { year, month, day, hour, minute, second };
}
