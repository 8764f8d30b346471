import * as v from "valibot";
import { bytesInHex, whole } from "../pickup-code/signed-file.ts";

// What the fields of the events look like. No text is longer than 1,000 characters: see the ledger.

const said = <S extends v.GenericSchema>(schema: S, means: string) => v.pipe(schema, v.description(means));

export const text = (means: string) =>
  said(v.pipe(v.string("expected a text"), v.maxLength(1000, "expected at most 1,000 characters")), means);
export const count = (means: string) => said(whole(0, Number.MAX_SAFE_INTEGER), means);
export const yes = (means: string) => said(v.literal(true, "expected true"), means);
export const yesNo = (means: string) => said(v.boolean("expected true or false"), means);
export const one = <const T extends readonly [string, ...string[]]>(values: T, means: string) =>
  said(v.picklist(values, `expected ${values.map((value) => `"${value}"`).join(" or ")}`), means);
export const counts = (means: string) =>
  said(v.record(v.string(), whole(0, Number.MAX_SAFE_INTEGER), "expected counts by name"), means);

/** A group of people: never of fewer than ten, and always full, so that no two of them differ by fewer. */
const fullTens = v.pipe(whole(10, Number.MAX_SAFE_INTEGER), v.multipleOf(10, "expected full tens"));
export const tens = (means: string) => said(fullTens, means);
export const tensBy = (means: string) => said(v.record(v.string(), fullTens, "expected full tens by name"), means);

/** An earlier entry of the same life. */
export const earlier = (what: string) =>
  said(whole(1, Number.MAX_SAFE_INTEGER), `\`seq\` of the ${what}, in the same life.`);

export const delivery = one(
  ["delivered", "not-delivered", "unknown"],
  "Whether the good fell. `unknown` is an answer: nobody could tell.",
);

/** devices/kit/fault.ts has the same list. */
export const faultKinds = [
  "no-device",
  "silent",
  "garbled",
  "refused",
  "busy",
  "jammed",
  "empty",
  "door-open",
  "self-test",
  "misconfigured",
  "no-drop",
  "interrupted",
] as const;

const listName = v.pipe(
  v.string("expected the id of a member list"),
  v.maxLength(64, "expected at most 64 characters"),
);
const pid = bytesInHex(8, "a pseudonym of 16 hex digits");

/** A person on a member list, as the ledger knows them. */
export const member = (means: string) => said(v.strictObject({ list: listName, pid }), means);

export const credential = said(
  v.variant("kind", [
    v.strictObject({ kind: v.literal("derived"), epoch: v.string(), index: whole(0, Number.MAX_SAFE_INTEGER) }),
    v.strictObject({ kind: v.literal("list"), list: v.string(), tag: v.string() }),
    v.strictObject({ kind: v.literal("token"), kid: whole(0, 255), id: v.string() }),
    v.strictObject({ kind: v.literal("member"), list: listName, pid }),
    v.strictObject({ kind: v.literal("command"), id: v.string() }),
  ]),
  "What the good was given for, never what was typed, scanned or read: number `index` of the codes of `epoch`; the keyed hash `tag` of a code of an imported `list`; the signed token `id` of key `kid`; the member `pid` of a member `list`, a pseudonym; the command `id`.",
);
