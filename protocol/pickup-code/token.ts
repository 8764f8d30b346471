import { fromBase45, toBase45 } from "./base45.ts";
import { bytesOf, hexOf, signBytes, verifyBytes } from "./sign.ts";

/** A signed QR token, YZ-Q. A kiosk holds only the public key, so that no kiosk can mint one. */
export interface Token {
  /** Number of the signing key, 0 to 255: the kid of role qr in the station file. */
  readonly kid: number;
  /** 8 random bytes as 16 hex digits. */
  readonly id: string;
  /** UTC seconds since 1970. */
  readonly notBefore: number;
  /** Quarter hours from `notBefore`, 1 to 65535 (682 days). */
  readonly quarters: number;
  /** One kiosk by the `number` of its station file, or a whole area by the area's number. */
  readonly scope: { readonly of: "station" | "area"; readonly number: number };
  /** 0: any product of the kiosk. 1 to 15: the product at that place in the station file's list. */
  readonly productClass: number;
  /** Pseudonym of 8 bytes as 16 hex digits; all zero is nobody. */
  readonly pid: string;
}

/** What reading a text as a token gives. `foreign`: it has the form, and no trusted key signed it, or it asks for what this version does not know. */
export type TokenReading =
  | { readonly is: "token"; readonly token: Token }
  | { readonly is: "foreign" }
  | { readonly is: "garbled" }
  | { readonly is: "no-token" };

const version = 0x01;
const payloadLength = 27;
const tokenLength = payloadLength + 64;
const quantity = 1;
const areaBit = 0x8000;
const numericPrefix = "901";
const numericDigits = 220;
const base45Prefix = "YZ1:";

export const secondsAQuarter = 900;
export const nobody = "0000000000000000";
export const quarterLimit = 0xffff;

const fits = (n: number, low: number, high: number): boolean => Number.isInteger(n) && n >= low && n <= high;
const eightBytes = /^[0-9a-f]{16}$/;

/** The 27 bytes that are signed. Throws where a field does not fit: a token is minted by our own tools alone. */
export function payloadOf(token: Token): Uint8Array {
  if (
    !fits(token.kid, 0, 255) ||
    !eightBytes.test(token.id) ||
    !fits(token.notBefore, 0, 0xffff_ffff) ||
    !fits(token.quarters, 1, quarterLimit) ||
    !fits(token.scope.number, 0, areaBit - 1) ||
    !fits(token.productClass, 0, 15) ||
    !eightBytes.test(token.pid)
  )
    throw new Error("A field of the token does not fit its place in YZ-Q.");
  const bytes = new Uint8Array(payloadLength);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, version);
  view.setUint8(1, token.kid);
  bytes.set(bytesOf(token.id), 2);
  view.setUint32(10, token.notBefore);
  view.setUint16(14, token.quarters);
  view.setUint16(16, token.scope.number | (token.scope.of === "area" ? areaBit : 0));
  view.setUint8(18, (token.productClass << 4) | quantity);
  bytes.set(bytesOf(token.pid), 19);
  return bytes;
}

/** The 91 bytes: payload and Ed25519 signature by the qr key. */
export function mint(token: Token, secret: Uint8Array): Uint8Array {
  const payload = payloadOf(token);
  return Uint8Array.from([...payload, ...signBytes("qr", payload, secret)]);
}

/** "901" and 220 digits: for a QR code's numeric mode, safe through keyboard wedges and any Caps Lock. */
export const numericText = (bytes: Uint8Array): string =>
  numericPrefix +
  BigInt(`0x${hexOf(bytes)}`)
    .toString()
    .padStart(numericDigits, "0");

/** "YZ1:" and Base45. It may begin or end with blanks that belong to it. */
export const base45Text = (bytes: Uint8Array): string => base45Prefix + toBase45(bytes);

/** The 91 bytes of a scanned text; null where it is no token at all, undefined where it is a damaged one. */
function bytesIn(text: string): Uint8Array | null | undefined {
  if (text.startsWith(base45Prefix)) {
    const bytes = fromBase45(text.slice(base45Prefix.length));
    return bytes?.length === tokenLength ? bytes : undefined;
  }
  if (!text.startsWith(numericPrefix) || text.length !== numericPrefix.length + numericDigits) return null;
  const digits = text.slice(numericPrefix.length);
  if (!/^\d+$/.test(digits)) return undefined;
  const hex = BigInt(digits)
    .toString(16)
    .padStart(tokenLength * 2, "0");
  return hex.length === tokenLength * 2 ? bytesOf(hex) : undefined;
}

function fields(payload: Uint8Array): Token | undefined {
  const view = new DataView(payload.buffer, payload.byteOffset);
  const scope = view.getUint16(16);
  const goods = view.getUint8(18);
  if (view.getUint8(0) !== version || (goods & 0x0f) !== quantity || view.getUint16(14) === 0) return undefined;
  return {
    kid: view.getUint8(1),
    id: hexOf(payload.subarray(2, 10)),
    notBefore: view.getUint32(10),
    quarters: view.getUint16(14),
    scope: { of: scope & areaBit ? "area" : "station", number: scope & (areaBit - 1) },
    productClass: goods >> 4,
    pid: hexOf(payload.subarray(19, payloadLength)),
  };
}

/** Reads a scanned text as it came, never trimmed. `keys`: the trusted public keys by number. Looks at no clock and no scope. */
export function readToken(text: string, keys: ReadonlyMap<number, Uint8Array>): TokenReading {
  const bytes = bytesIn(text);
  if (bytes === null) return { is: "no-token" };
  if (bytes === undefined) return { is: "garbled" };
  const payload = bytes.subarray(0, payloadLength);
  const token = fields(payload);
  if (!token) return { is: "foreign" };
  const key = keys.get(token.kid);
  if (!key || !verifyBytes("qr", payload, bytes.subarray(payloadLength), key)) return { is: "foreign" };
  return { is: "token", token };
}
