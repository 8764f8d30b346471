/**
 * Bytes of a letter before it is sealed. Everything that a cabin can measure fits into the first, deflated and with its
 * longest notes (test/controller/takeaway); the second is for instruments that are not thought of yet. So the length of
 * a letter does not tell how much was measured.
 */
export const letterSizes = [4096, 16_384] as const;

/** Of ChaCha20-Poly1305 [RFC 8439, 2.8]. */
const authenticationTag = 16;

/** Characters of a sealed letter, base64url: a batch of events (64 KiB) holds two of the longest. */
export const sealedLengths: readonly number[] = letterSizes.map((size) =>
  Math.ceil(((size + authenticationTag) * 4) / 3),
);

/** The longest of them. No other text of a ledger is longer than 1,000 characters. */
export const longestSealed = Math.max(...sealedLengths);
