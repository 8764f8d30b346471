import * as v from "valibot";
import { parseInstant } from "../pickup-code/calendar.ts";
import { bad, good, type Judged } from "../pickup-code/judged.ts";
import { bytesOf, isSigned, signed } from "../pickup-code/sign.ts";
import { literal, readFile } from "../pickup-code/signed-file.ts";

/** One use of a credential that is valid at several stations. */
export interface UsedRecord {
  /** Token id, 16 hex digits. */
  readonly id: string;
  /** The `number` of the kiosk in its station file, 1 to 32767. */
  readonly station: number;
  /** UTC minutes since 1970. */
  readonly minute: number;
}

/** What the centre of a group says was used, and where: one batch, on the topic used/{batch}, release-signed. */
export interface UsedList {
  readonly v: 1;
  readonly kind: "used";
  readonly group: string;
  /** Last part of the topic. The newest list of a batch wins. */
  readonly batch: string;
  readonly issuedAt: string;
  /** Names of the stations that occur, by number. */
  readonly stations: Readonly<Record<string, { readonly zh: string; readonly en: string }>>;
  /** 14 bytes each, ascending by token id, base64: token id 8, station u16, minute u32, all big-endian. */
  readonly records: string;
  readonly kid: string;
  readonly sig: string;
}

/** A batch holds at most so many records; a centre that has more begins another batch. */
export const recordsABatch = 10_000;
export const stationsABatch = 500;
/** At most so many bytes are read: 10,000 records are 187 kB, and the rest is room for names. */
export const usedLimit = 262_144;

const recordLength = 14;
const idLength = 8;
const longestName = 60;
const newestMinute = 0xffff_ffff;

const matching = (form: RegExp, what: string) =>
  v.pipe(v.string(`expected ${what}`), v.regex(form, `expected ${what}`));
const name = matching(new RegExp(`^[^\\p{Cc}]{1,${longestName}}$`, "u"), `a name of at most ${longestName} characters`);

export const batchForm = /^[A-Za-z0-9][A-Za-z0-9-]{0,31}$/;

const schema: v.GenericSchema<unknown, UsedList> = v.strictObject({
  v: literal(1),
  kind: literal("used"),
  group: matching(/^[a-z0-9][a-z0-9-]{0,31}$/, "the group's name"),
  batch: matching(batchForm, 'a batch of letters, digits and "-"'),
  issuedAt: v.pipe(
    v.string("expected a time in UTC"),
    v.check((text) => parseInstant(text) !== undefined, 'expected a time in UTC such as "2026-07-01T04:00:00Z"'),
  ),
  stations: v.pipe(
    v.record(matching(/^[1-9]\d{0,4}$/, "a station's number"), v.strictObject({ zh: name, en: name })),
    v.check(
      (stations) => Object.keys(stations).length <= stationsABatch,
      `expected at most ${stationsABatch} stations in a batch`,
    ),
  ),
  records: matching(/^[A-Za-z0-9+/]*={0,2}$/, "records in base64"),
  kid: matching(/^[^\p{Cc}]{1,64}$/u, "the short name of the release key"),
  sig: matching(/^[A-Za-z0-9_-]{86}$/, "an Ed25519 signature of 86 characters of base64url"),
});

/** The records of one list, packed as they came: found by halving, 14 bytes of memory each. */
export class UsedRecords {
  readonly length: number;
  readonly #bytes: Buffer;

  constructor(packed: Uint8Array) {
    this.#bytes = Buffer.from(packed);
    this.length = packed.length / recordLength;
  }

  at(index: number): UsedRecord {
    const start = index * recordLength;
    return {
      id: this.#bytes.toString("hex", start, start + idLength),
      station: this.#bytes.readUInt16BE(start + idLength),
      minute: this.#bytes.readUInt32BE(start + idLength + 2),
    };
  }

  /** `id`: 16 hex digits. */
  find(id: string): UsedRecord | undefined {
    const wanted = Buffer.from(id, "hex");
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#order(middle, wanted) < 0) low = middle + 1;
      else high = middle;
    }
    return low < this.length && this.#order(low, wanted) === 0 ? this.at(low) : undefined;
  }

  /** Whether each token id is greater than the one before: then none occurs twice. */
  get ascends(): boolean {
    for (let index = 1; index < this.length; index++) {
      const start = index * recordLength;
      const before = start - recordLength;
      if (this.#bytes.compare(this.#bytes, before, before + idLength, start, start + idLength) <= 0) return false;
    }
    return true;
  }

  /** The numbers of the stations that occur. */
  get stations(): ReadonlySet<number> {
    const numbers = new Set<number>();
    for (let at = idLength; at < this.#bytes.length; at += recordLength) numbers.add(this.#bytes.readUInt16BE(at));
    return numbers;
  }

  #order(index: number, id: Buffer): number {
    const start = index * recordLength;
    return this.#bytes.compare(id, 0, id.length, start, start + idLength);
  }
}

function packed(records: readonly UsedRecord[]): Buffer {
  const bytes = Buffer.alloc(records.length * recordLength);
  for (const [index, { id, station, minute }] of records.entries()) {
    if (!/^[0-9a-f]{16}$/.test(id)) throw new Error(`A token id has 16 hex digits, and this is "${id}".`);
    if (!Number.isInteger(minute) || minute < 0 || minute > newestMinute)
      throw new Error(`${minute} is no minute since 1970.`);
    const start = index * recordLength;
    bytes.set(bytesOf(id), start);
    bytes.writeUInt16BE(station, start + idLength);
    bytes.writeUInt32BE(minute, start + idLength + 2);
  }
  return bytes;
}

export interface UsedDraft {
  readonly group: string;
  readonly batch: string;
  readonly issuedAt: string;
  readonly kid: string;
  /** In any order; of several uses of one token the first is told. */
  readonly records: readonly UsedRecord[];
  /** Names by number; those that do not occur are left out. */
  readonly stations: UsedList["stations"];
}

/** Signs with the release key named by `kid`. Throws where the list would be refused: a centre splits what is too much. */
export function signUsed({ group, batch, issuedAt, kid, records, stations }: UsedDraft, release: Uint8Array): UsedList {
  const first = new Map<string, UsedRecord>();
  for (const record of records) {
    const known = first.get(record.id);
    if (known === undefined || record.minute < known.minute) first.set(record.id, record);
  }
  const told = [...first.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const occur = new Set(told.map(({ station }) => String(station)));
  const names = Object.fromEntries(Object.entries(stations).filter(([number]) => occur.has(number)));
  const text = packed(told).toString("base64");
  const list = signed(
    "used",
    { v: 1 as const, kind: "used" as const, group, batch, issuedAt, stations: names, records: text, kid },
    release,
  );
  const judged = readUsed(writeUsed(list));
  if (!judged.ok) throw new Error(`This used list cannot be signed. ${judged.error.join(" ")}`);
  return list;
}

export const writeUsed = (list: UsedList): Uint8Array => Buffer.from(JSON.stringify(list));

/** A list as it was read, and what it says. */
export interface Used {
  readonly list: UsedList;
  readonly records: UsedRecords;
}

/** Reads a list. Looks at no signature, no group and no topic: that is for whoever obeys it. */
export function readUsed(payload: Uint8Array): Judged<Used> {
  if (payload.length > usedLimit) return bad(`It has ${payload.length} bytes, and ${usedLimit} are read.`);
  const read = readFile(Buffer.from(payload).toString(), schema);
  if (!read.ok) return read;
  const list = read.value;
  const bytes = Buffer.from(list.records, "base64");
  if (bytes.toString("base64") !== list.records || bytes.length % recordLength !== 0)
    return bad("records: expected whole records of 14 bytes in base64.");
  if (bytes.length > recordsABatch * recordLength)
    return bad(`records: expected at most ${recordsABatch}, found ${bytes.length / recordLength}.`);
  const records = new UsedRecords(bytes);
  if (!records.ascends) return bad("records: expected ascending token ids and none twice.");
  const occur = records.stations;
  const named = Object.keys(list.stations);
  if (named.length !== occur.size || named.some((number) => !occur.has(Number(number))))
    return bad("stations: expected the name of each station that occurs, and no other.");
  return good({ list, records });
}

/** Whether `key` signed it. */
export const isUsedSigned = (list: UsedList, key: Uint8Array): boolean => isSigned("used", list, key);
