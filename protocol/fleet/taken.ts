import * as v from "valibot";
import { dayOf, parseInstant } from "../pickup-code/calendar.ts";
import { bad, good, type Judged } from "../pickup-code/judged.ts";
import { isSigned, signed } from "../pickup-code/sign.ts";
import { literal, readFile, whole } from "../pickup-code/signed-file.ts";
import { packRows, rowLength, TakenRows, type TakenRow } from "./taken-rows.ts";

/**
 * What members of one member list took at all stations of a group: within one hour, or, as sums, on all days before one.
 * On the topic taken/{batch}, release-signed. docs/members.md tells how kiosks put them together.
 */
export interface TakenList {
  readonly v: 1;
  readonly kind: "taken";
  readonly group: string;
  /** Last part of the topic. The newest list of a batch wins. */
  readonly batch: string;
  readonly issuedAt: string;
  /** Id of the member list. */
  readonly list: string;
  /** UTC+8, counted from 1970. */
  readonly day: number;
  /** The hour of that day, 0 to 23, in UTC+8. Absent: sums of all days before it. */
  readonly hour?: number;
  /** It speaks of members whose pid begins with these hex digits, and of no others; mostly there are none. */
  readonly part: string;
  /** Product ids, ascending: a row counts them from 0. */
  readonly products: readonly string[];
  /** Names of the stations that occur, by number. */
  readonly stations: Readonly<Record<string, { readonly zh: string; readonly en: string }>>;
  /** 17 bytes each, ascending, base64: see taken-rows.ts. */
  readonly rows: string;
  readonly kid: string;
  readonly sig: string;
}

/** A list holds at most so many rows; a centre that has more splits it by the first digits of the pids. */
export const rowsAList = 8000;
export const stationsAList = 500;
export const productsAList = 100;
/** At most so many bytes are read: 8,000 rows are 181 kB, and the rest is room for names. */
export const takenLimit = 262_144;

const longestName = 60;
const matching = (form: RegExp, what: string) =>
  v.pipe(v.string(`expected ${what}`), v.regex(form, `expected ${what}`));
const name = matching(new RegExp(`^[^\\p{Cc}]{1,${longestName}}$`, "u"), `a name of at most ${longestName} characters`);
const product = matching(/^[a-z][a-z0-9-]{0,31}$/, "a product id");
const listForm = /^[A-Za-z][A-Za-z0-9-]{0,31}$/;

/** "drivers.20649-14", "drivers.before-a3": the member list, and what of it. */
export const takenBatchForm = /^[A-Za-z][A-Za-z0-9-]{0,31}\.[a-z0-9-]{1,24}$/;

const schema: v.GenericSchema<unknown, TakenList> = v.strictObject({
  v: literal(1),
  kind: literal("taken"),
  group: matching(/^[a-z0-9][a-z0-9-]{0,31}$/, "the group's name"),
  batch: matching(takenBatchForm, "a batch such as drivers.before"),
  issuedAt: v.pipe(
    v.string("expected a time in UTC"),
    v.check((text) => parseInstant(text) !== undefined, 'expected a time in UTC such as "2026-07-01T04:00:00Z"'),
  ),
  list: matching(listForm, "the id of a member list"),
  day: whole(0, 2_000_000),
  hour: v.exactOptional(whole(0, 23)),
  part: matching(/^[0-9a-f]{0,8}$/, "the first hex digits of pids"),
  products: v.pipe(
    v.array(product, "expected a list of product ids"),
    v.maxLength(productsAList, `expected at most ${productsAList} products`),
    v.check((ids) => ids.every((id, at) => at === 0 || (ids[at - 1] ?? "") < id), "expected ascending product ids"),
  ),
  stations: v.pipe(
    v.record(matching(/^[1-9]\d{0,4}$/, "a station's number"), v.strictObject({ zh: name, en: name })),
    v.check(
      (stations) => Object.keys(stations).length <= stationsAList,
      `expected at most ${stationsAList} stations in a list`,
    ),
  ),
  rows: matching(/^[A-Za-z0-9+/]*={0,2}$/, "rows in base64"),
  kid: matching(/^[^\p{Cc}]{1,64}$/u, "the short name of the release key"),
  sig: matching(/^[A-Za-z0-9_-]{86}$/, "an Ed25519 signature of 86 characters of base64url"),
});

/** What a centre wants to say, before it is packed and signed. */
export interface TakenDraft extends Pick<TakenList, "group" | "batch" | "list" | "day" | "hour" | "part"> {
  /** In any order; none twice. */
  readonly rows: readonly TakenRow[];
  /** Names by number; those that do not occur are left out. */
  readonly stations: TakenList["stations"];
}

/** Signs with the release key named by `kid`. Throws where the list would be refused: a centre splits what is too much. */
export function signTaken(
  { rows, stations, ...head }: TakenDraft,
  by: Pick<TakenList, "issuedAt" | "kid">,
  release: Uint8Array,
): TakenList {
  const products = [...new Set(rows.map((row) => row.product))].sort();
  const occur = new Set(rows.map(({ station }) => String(station)));
  const names = Object.fromEntries(Object.entries(stations).filter(([number]) => occur.has(number)));
  const text = packRows(rows, products).toString("base64");
  const list = signed(
    "taken",
    { v: 1 as const, kind: "taken" as const, ...head, ...by, products, stations: names, rows: text },
    release,
  );
  const judged = readTaken(writeTaken(list));
  if (!judged.ok) throw new Error(`This taken list cannot be signed. ${judged.error.join(" ")}`);
  return list;
}

export const writeTaken = (list: TakenList): Uint8Array => Buffer.from(JSON.stringify(list));

/** A list as it was read, and what it says. */
export interface Taken {
  readonly list: TakenList;
  readonly rows: TakenRows;
}

/** Reads a list. Looks at no signature, no group and no topic: that is for whoever obeys it. */
export function readTaken(payload: Uint8Array): Judged<Taken> {
  if (payload.length > takenLimit) return bad(`It has ${payload.length} bytes, and ${takenLimit} are read.`);
  const read = readFile(Buffer.from(payload).toString(), schema);
  if (!read.ok) return read;
  const list = read.value;
  if (!list.batch.startsWith(`${list.list}.`)) return bad("batch: expected the id of the member list and a point.");
  const bytes = Buffer.from(list.rows, "base64");
  if (bytes.toString("base64") !== list.rows || bytes.length % rowLength !== 0)
    return bad(`rows: expected whole rows of ${rowLength} bytes in base64.`);
  if (bytes.length > rowsAList * rowLength)
    return bad(`rows: expected at most ${rowsAList}, found ${bytes.length / rowLength}.`);
  const rows = new TakenRows(bytes, list.products);
  const wrong = mistakeIn(list, rows);
  return wrong === undefined ? good({ list, rows }) : bad(wrong);
}

function mistakeIn({ day, hour, part, products, stations }: TakenList, rows: TakenRows): string | undefined {
  if (!rows.ascends) return "rows: expected ascending rows and none twice.";
  const [occur, sold] = [new Set<number>(), new Set<string>()];
  for (let at = 0; at < rows.length; at++) {
    const row = rows.at(at);
    if (row === undefined) return "rows: expected the place of a product in products, and at least one good.";
    if (!row.pid.startsWith(part)) return "rows: expected only pids that begin with part.";
    const rowDay = dayOf(row.minute * 60_000);
    const rowHour = Math.floor(row.minute / 60 + 8) % 24;
    if (hour === undefined ? rowDay >= day : rowDay !== day || rowHour !== hour)
      return "rows: expected takings of the day and hour of the list, or of days before it.";
    occur.add(row.station);
    sold.add(row.product);
  }
  if (sold.size !== products.length) return "products: expected each product that occurs, and no other.";
  const named = Object.keys(stations);
  if (named.length !== occur.size || named.some((number) => !occur.has(Number(number))))
    return "stations: expected the name of each station that occurs, and no other.";
  return undefined;
}

/** Whether `key` signed it. */
export const isTakenSigned = (list: TakenList, key: Uint8Array): boolean => isSigned("taken", list, key);
