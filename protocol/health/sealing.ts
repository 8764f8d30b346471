import canonicalize from "canonicalize";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { bad, good, type Judged } from "../pickup-code/judged.ts";
import { seal, unseal } from "../pickup-code/seal.ts";
import { publicOf } from "../pickup-code/sign.ts";
import { fingerprintOf, type Letter, type LetterHead } from "./letter.ts";
import { letterSizes } from "./sizes.ts";

const purpose = "yizhan/health/v1\0";

/** The open part of a letter is bound to the sealed one. */
const bound = ({ v, kind, kiosk, to }: LetterHead): Uint8Array =>
  Buffer.from(canonicalize({ v, kind, kiosk, to }) ?? "");

/** Of what is deflated, before it: big-endian. */
const lengthBytes = 4;
/** More than a letter can hold honestly; a hostile one may grow a thousandfold. */
const largestText = 1024 * 1024;

/** Deflated, and filled up to one of the fixed sizes. Undefined where it fits into none. */
function packed(text: string): Uint8Array | undefined {
  const small = deflateRawSync(text, { level: 9 });
  const size = letterSizes.find((one) => lengthBytes + small.length <= one);
  if (size === undefined) return undefined;
  const letter = Buffer.alloc(size);
  letter.writeUInt32BE(small.length);
  letter.set(small, lengthBytes);
  return letter;
}

function unpacked(letter: Uint8Array): string | undefined {
  const bytes = Buffer.from(letter);
  if (bytes.length < lengthBytes) return undefined;
  const end = lengthBytes + bytes.readUInt32BE();
  if (end > bytes.length) return undefined;
  try {
    const text = inflateRawSync(bytes.subarray(lengthBytes, end), { maxOutputLength: largestText });
    return new TextDecoder("utf-8", { fatal: true }).decode(text);
  } catch {
    return undefined;
  }
}

/** What is asked of whoever seals. */
export interface Writing {
  /** The kiosk's name on the broker. */
  readonly kiosk: string;
  /** X25519 public key, 32 bytes. */
  readonly recipient: Uint8Array;
  /** As FHIR JSON; it is written in canonical form (RFC 8785). */
  readonly content: object;
  /** 32 random bytes, for this letter alone. */
  readonly chance: Uint8Array;
}

/** The error is a sentence: the key is none, or there is too much to tell. */
export async function sealLetter({ kiosk, recipient, content, chance }: Writing): Promise<Judged<Letter>> {
  const text = packed(canonicalize(content) ?? "");
  if (text === undefined) return bad("The results are larger than the largest letter.");
  const head: LetterHead = { v: 1, kind: "health", kiosk, to: fingerprintOf(recipient) };
  try {
    return good({ ...head, ...(await seal(recipient, purpose, text, bound(head), chance)) });
  } catch {
    return bad("The recipient's key is no X25519 public key: ask the recipient for it again.");
  }
}

/** The content of a letter, opened with the recipient's private key. The error is a sentence. */
export async function openLetter(letter: Letter, key: Uint8Array): Promise<Judged<string>> {
  const mine = fingerprintOf(publicOf("x25519", key));
  if (letter.to !== mine) return bad(`It is for the key ${letter.to}, and this one is ${mine}.`);
  const text = await unseal(letter, key, purpose, bound(letter));
  if (text === undefined) return bad("It does not open: it was changed on the way, or is not of the kiosk it names.");
  const content = unpacked(text);
  return content === undefined ? bad("It opens, and what is in it is no letter of ours.") : good(content);
}
