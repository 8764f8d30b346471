import { createCipheriv, createDecipheriv, hkdfSync } from "node:crypto";
import { openBundle, parseBundle, type KeyBundle } from "../../protocol/pickup-code/bundle.ts";
import { dayOf } from "../../protocol/pickup-code/calendar.ts";
import { lastDayOf } from "../../protocol/pickup-code/epochs.ts";
import type { Station } from "../../config/schema.ts";
import { days } from "../../devices/kit/clock.ts";
import { delays } from "../delays.ts";
import type { Disk, World } from "../world.ts";
import { notOurs, signedAt, type RefusedFile, type SignedFile } from "./generations.ts";
import { decode, encode } from "./json.ts";
import { publicKioskKey } from "./kiosk-key.ts";

/** Every key that bundles brought, as long as it may still explain something. */
export interface Ring {
  /** Time of signing by signature, of the bundles whose keys are in the ring. */
  readonly bundles: Readonly<Record<string, number>>;
  /** 64 hex digits by label, and by list id. */
  readonly epochs: Readonly<Record<string, string>>;
  readonly lists: Readonly<Record<string, string>>;
}

export interface RingAsked {
  readonly station: Station;
  readonly files: readonly SignedFile[];
  readonly keep: Disk["keep"];
  readonly kioskKey: Uint8Array;
  readonly dice: World["dice"];
  /** Member lists that ended for good: their secrets are let go of, wherever they come from. */
  readonly ended: readonly string[];
}

const empty: Ring = { bundles: {}, epochs: {}, lists: {} };
const names = { now: "keys", before: "keys/before" } as const;

/** Opens what is kept, adds the keys of newer bundles, and keeps the sum. Past keys come from bundles that are long gone from the configuration. */
export async function openRing(
  asked: RingAsked,
): Promise<{ readonly ring: Ring; readonly refused: readonly RefusedFile[] }> {
  const refused: RefusedFile[] = [];
  const before = keptRing(asked, refused);
  let ring = withoutEnded(before, asked.ended);
  const letGo = ring !== before;
  for (const { name, bundle } of bundlesIn(asked, refused)) {
    await tellOfEnded(asked, name, bundle, refused);
    if (Object.hasOwn(ring.bundles, bundle.sig)) continue;
    const newest = newestOf(ring);
    if (newest !== undefined && signedAt(bundle) < newest) {
      refused.push({ file: name, why: `It was signed ${bundle.issuedAt}, before keys that this kiosk holds already.` });
      continue;
    }
    const opened = await openBundle(bundle, asked.kioskKey);
    if (!opened.ok) {
      refused.push({ file: name, why: opened.error.join(" ") });
      continue;
    }
    const sum = withoutLongPast({
      bundles: { ...ring.bundles, [bundle.sig]: signedAt(bundle) },
      epochs: { ...ring.epochs, ...opened.value.epochs },
      lists: { ...ring.lists, ...opened.value.lists },
    });
    ring = withoutEnded(sum, asked.ended);
  }
  if (ring !== before) {
    const why = await keepRing(asked, ring, letGo);
    if (why !== undefined) refused.push({ file: "keys", why });
  }
  return { ring, refused };
}

/** Time of signing of the newest bundle. */
export function newestOf(ring: Ring): number | undefined {
  const times = Object.values(ring.bundles);
  return times.length === 0 ? undefined : Math.max(...times);
}

/** The bundles of the configuration that are this kiosk's, the oldest first. */
function bundlesIn({ station, files, kioskKey }: RingAsked, refused: RefusedFile[]) {
  const own = publicKioskKey(kioskKey);
  const bundles: { readonly name: string; readonly bundle: KeyBundle }[] = [];
  for (const { name, text } of files) {
    const parsed = parseBundle(text);
    const why = parsed.ok
      ? (notOurs("keys", parsed.value, station) ?? notSealedTo(own, parsed.value))
      : parsed.error.join(" ");
    if (why !== undefined) refused.push({ file: name, why });
    else if (parsed.ok) bundles.push({ name, bundle: parsed.value });
  }
  return bundles.sort((a, b) => signedAt(a.bundle) - signedAt(b.bundle));
}

const notSealedTo = (own: string, bundle: KeyBundle): string | undefined =>
  bundle.for === own
    ? undefined
    : "It is sealed to another kiosk's key: export the keys again with --for and the kiosk.pub of this kiosk's data folder.";

/** Judged by the newest signature, not by the clock: a clock that has gone wild must not empty the ring. */
function withoutLongPast(ring: Ring): Ring {
  const newest = newestOf(ring);
  if (newest === undefined) return ring;
  const oldest = dayOf(newest - delays.pastExplained - days(1));
  const alive = ([label]: readonly [string, string]): boolean => (lastDayOf(label) ?? oldest) >= oldest;
  return { ...ring, epochs: Object.fromEntries(Object.entries(ring.epochs).filter(alive)) };
}

/** The same ring where it holds no secret of theirs. */
function withoutEnded(ring: Ring, ended: readonly string[]): Ring {
  if (!ended.some((id) => Object.hasOwn(ring.lists, id))) return ring;
  return { ...ring, lists: Object.fromEntries(Object.entries(ring.lists).filter(([id]) => !ended.includes(id))) };
}

/** A bundle in the configuration folder that holds such a secret is not ours to delete. */
async function tellOfEnded(
  { ended, kioskKey }: RingAsked,
  file: string,
  bundle: KeyBundle,
  refused: RefusedFile[],
): Promise<void> {
  const opened = ended.length === 0 ? undefined : await openBundle(bundle, kioskKey);
  if (!opened?.ok) return;
  for (const id of ended.filter((one) => Object.hasOwn(opened.value.lists, one)))
    refused.push({
      file,
      why: `It holds the secret of the member list ${id}, which ended for good: export the keys again without it, and remove this file.`,
    });
}

/* The ring is kept under a key made of the kiosk's own: a copy of the database without kiosk.key gives no codes, and
   nobody who can only write the database can slip a key in. */

const cipher = "chacha20-poly1305";
const nonceLength = 12;
const tagLength = 16;
const ringKey = (kioskKey: Uint8Array): Uint8Array =>
  new Uint8Array(hkdfSync("sha256", kioskKey, "yizhan/v1", "ring", 32));

function seal(ring: Ring, { kioskKey, dice }: RingAsked): Uint8Array {
  const nonce = dice.bytes(nonceLength);
  const sealing = createCipheriv(cipher, ringKey(kioskKey), nonce, { authTagLength: tagLength });
  const sealed = Buffer.concat([sealing.update(encode(ring)), sealing.final()]);
  return Buffer.concat([nonce, sealing.getAuthTag(), sealed]);
}

function unseal(bytes: Uint8Array, kioskKey: Uint8Array): Ring | undefined {
  try {
    const opening = createDecipheriv(cipher, ringKey(kioskKey), bytes.subarray(0, nonceLength), {
      authTagLength: tagLength,
    });
    opening.setAuthTag(bytes.subarray(nonceLength, nonceLength + tagLength));
    const text = Buffer.concat([opening.update(bytes.subarray(nonceLength + tagLength)), opening.final()]);
    return decode<Ring>(text);
  } catch {
    return undefined;
  }
}

function keptRing({ keep, kioskKey }: RingAsked, refused: RefusedFile[]): Ring {
  for (const name of [names.now, names.before]) {
    const bytes = keep.get(name);
    if (bytes === undefined) continue;
    const ring = unseal(bytes, kioskKey);
    if (ring) return ring;
    refused.push({
      file: `the kept ${name}`,
      why: "It does not open: it is damaged, or kiosk.key is not the one it was kept with. Export the keys again for this kiosk.",
    });
  }
  return empty;
}

/** `letGo`: what is kept holds a secret that must not be kept any longer. */
async function keepRing(asked: RingAsked, ring: Ring, letGo: boolean): Promise<string | undefined> {
  const { keep } = asked;
  const sealed = seal(ring, asked);
  const last = letGo ? sealed : keep.get(names.now);
  const writes = [...(last ? [[names.before, last] as const] : []), [names.now, sealed] as const];
  for (const [name, value] of writes) {
    const done = await keep.put(name, value);
    if (!done.ok) return `The keys are used, but could not be kept for the next start: ${done.error.detail}`;
  }
  return undefined;
}
