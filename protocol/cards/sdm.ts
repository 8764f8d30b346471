import { createDecipheriv } from "node:crypto";
import { macOf, same } from "./mac.ts";

// Secure dynamic messaging of the NTAG 424 DNA: the tag writes its UID, a read counter and a MAC of both into its web
// address, anew at each reading [NXP AN12196; B10; E38].

/** What the tag wrote into the address. */
export type Mirror =
  | { readonly is: "plain"; readonly uid: Uint8Array; readonly counter: number; readonly mac: Uint8Array }
  /** UID and counter enciphered, 16 bytes. */
  | { readonly is: "sealed"; readonly picc: Uint8Array; readonly mac: Uint8Array };

export type TagProof = { readonly is: "proven"; readonly counter: number } | { readonly is: "wrong-proof" };

const uidDigits = 14;
const counterDigits = 6;
const macDigits = 16;
const sealedDigits = 32;
/** No NTAG 424 DNA holds a longer address. */
const longestAddress = 256;

/** First byte of the enciphered data: UID and counter are in it, and the UID has 7 bytes [NT4H2421Gx, 9.3.3]. */
const bothOfSeven = 0xc7;
/** First half of the session vector SV2; UID and counter follow [AN12196, 3.3; E38]. */
const sessionVector = Uint8Array.of(0x3c, 0xc3, 0x00, 0x01, 0x00, 0x80);
const empty = new Uint8Array();
const noVector = new Uint8Array(16);

const bytesOf = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, "hex"));

/**
 * Finds the mirror in an address. The names of the query's parameters are the issuer's own; the length of a value, in
 * capital hex digits, tells what it is: 14 the UID, 6 the counter (or both in one with an "x" between), 32 both
 * enciphered, 16 the MAC. Two of a length, or a plain and a sealed one, are none.
 */
export function mirrorIn(address: string): Mirror | undefined {
  const query = /^[^?#]*\?([^#]*)/.exec(address)?.[1];
  if (query === undefined || address.length > longestAddress) return undefined;
  const parts = query.split("&").flatMap((pair) => pair.slice(pair.indexOf("=") + 1).split("x"));
  const values = parts.filter((value) => /^[0-9A-F]+$/.test(value));
  const only = (digits: number): string | null | undefined => {
    const [value, ...more] = values.filter(({ length }) => length === digits);
    return more.length > 0 ? null : value;
  };
  const mac = only(macDigits);
  const sealed = only(sealedDigits);
  const uid = only(uidDigits);
  const counter = only(counterDigits);
  if (!mac) return undefined;
  if (sealed && uid === undefined) return { is: "sealed", picc: bytesOf(sealed), mac: bytesOf(mac) };
  if (sealed !== undefined || !uid || !counter) return undefined;
  return { is: "plain", uid: bytesOf(uid), counter: Number.parseInt(counter, 16), mac: bytesOf(mac) };
}

/**
 * Whether the tag with this UID, 7 bytes, and this key wrote the mirror, and its counter. It proves that the tag was
 * read once, not that it is here: whether the counter has risen since the last time is for the caller to see.
 */
export function tagProof(mirror: Mirror, uid: Uint8Array, key: Uint8Array): TagProof {
  const read = mirror.is === "plain" ? mirror : opened(mirror.picc, key);
  if (read === undefined || !same(read.uid, uid)) return { is: "wrong-proof" };
  const { counter } = read;
  const session = macOf(
    key,
    // The counter stands there with its low byte first; in the plain address with its high one.
    Uint8Array.of(...sessionVector, ...uid, counter & 0xff, (counter >> 8) & 0xff, counter >> 16),
  );
  // The tag is set to give the MAC of nothing; UID and counter are in the session key. It shows every second byte.
  const mac = macOf(session, empty).filter((_, at) => at % 2 === 1);
  return same(mac, mirror.mac) ? { is: "proven", counter } : { is: "wrong-proof" };
}

/** AES-128 in CBC with a vector of zeros [AN12196, 3.4.2]. */
function opened(picc: Uint8Array, key: Uint8Array): { readonly uid: Uint8Array; readonly counter: number } | undefined {
  const decipher = createDecipheriv("aes-128-cbc", key, noVector).setAutoPadding(false);
  const [head, ...rest] = decipher.update(picc);
  const [low = 0, middle = 0, high = 0] = rest.slice(7);
  if (head !== bothOfSeven) return undefined;
  return { uid: Uint8Array.from(rest.slice(0, 7)), counter: low | (middle << 8) | (high << 16) };
}
