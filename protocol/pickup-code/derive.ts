import { createHmac, createSecretKey, hkdfSync, type KeyObject } from "node:crypto";
import { afterDigit, damm } from "./damm.ts";

/** The public two-digit site number that begins a YZ-12 code; "00" is reserved. */
export type Site = string;

const salt = "yizhan/v1";
const keyLength = 32;
export const bodyDigits = 9;
const bodies = 1_000_000_000n;

const derived = (key: Uint8Array, info: string): Uint8Array =>
  new Uint8Array(hkdfSync("sha256", key, salt, info, keyLength));

/** The key of one kiosk. It stays with the issuer; no kiosk ever holds it. */
export const stationKey = (root: Uint8Array, station: string): Uint8Array => derived(root, `station:${station}`);

/** The key of one epoch at one kiosk: all that a kiosk gets. `label`: "20260715", "2026-W29", a batch id, or "<campaign>/<label>". */
export const epochKey = (station: Uint8Array, label: string): Uint8Array => derived(station, `epoch:${label}`);

/** The key with which a kiosk knows an imported code again. */
export const listKey = (station: Uint8Array, list: string): Uint8Array => derived(station, `list:${list}`);

/** The key of pseudonyms. It never lies on a kiosk: the numbers of all identity cards are tried in minutes. */
export const personKey = (root: Uint8Array): Uint8Array => derived(root, "person");

/** A key made ready for many hashes: Node takes four to six times as long with the bare bytes. */
export const ready = (key: Uint8Array): KeyObject => createSecretKey(key);

/** A keyed hash of 8 bytes as 16 hex digits: what stands for an imported code, and for a person. */
export const tagOf = (key: KeyObject, text: string): string =>
  createHmac("sha256", key).update(text).digest("hex").slice(0, 16);

/**
 * The bodies of an epoch, without end: the n-th is that of the code with index n.
 * 64 bits are taken so that no body is likelier than another. A body that the epoch already has is skipped, and its index goes to the next.
 */
export function* bodiesOf(key: Uint8Array): Generator<number, never, void> {
  const seen = new Set<number>();
  const prepared = ready(key);
  const message = Buffer.from("code\0\0\0\0");
  for (let j = 0; ; j++) {
    message.writeUInt32BE(j, 4);
    const body = Number(createHmac("sha256", prepared).update(message).digest().readBigUInt64BE(0) % bodies);
    if (seen.has(body)) continue;
    seen.add(body);
    yield body;
  }
}

const written = (body: number): string => String(body).padStart(bodyDigits, "0");

/** YZ-10: nine digits and the check digit, without blanks. */
export const yz10 = (body: number): string => written(body) + damm(written(body));

/** YZ-12: the site, nine digits and the check digit over all before it, without blanks. */
export const yz12 = (site: Site, body: number): string => site + written(body) + damm(site + written(body));

const zero = 48;

/**
 * The body of a YZ-10 or YZ-12 code, whichever `code` is by its length; undefined where it holds something else than
 * digits, or its check digit is wrong. One pass, since it runs at the press of the last key.
 */
export function bodyIn(code: string): number | undefined {
  const last = code.length - 1;
  let interim = 0;
  let body = 0;
  for (let at = 0; at <= last; at++) {
    const digit = code.charCodeAt(at) - zero;
    if (digit < 0 || digit > 9) return undefined;
    interim = afterDigit(interim, digit);
    if (at >= last - bodyDigits && at < last) body = body * 10 + digit;
  }
  return interim === 0 ? body : undefined;
}

/** The codes of an epoch in the order of their index: YZ-12 where a site is named, else YZ-10. */
export function codesOf(key: Uint8Array, count: number, site?: Site): readonly string[] {
  const all: string[] = [];
  const source = bodiesOf(key);
  for (let index = 0; index < count; index++) {
    const body = source.next().value;
    all.push(site === undefined ? yz10(body) : yz12(site, body));
  }
  return all;
}

/** How a code of so many digits is spoken and printed: 10 as 3-3-4, 12 as 4-4-4, others in threes and fours. */
export function groupsOf(length: number): readonly number[] {
  if (length <= 4) return [length];
  const groups = Math.ceil(length / 4);
  const short = groups * 4 - length;
  return Array.from({ length: groups }, (_, at) => (at < short ? 3 : 4));
}

/** "032 622 6152". */
export function spoken(code: string): string {
  let from = 0;
  return groupsOf(code.length)
    .map((size) => code.slice(from, (from += size)))
    .join(" ");
}
