import type { Card } from "./card.ts";

// Cards of which a reader learns no more than their number: it can be copied, and proves nothing.

/** Bytes 0 and 1 of the answer to a request: the length of the number, and the bits of the anticollision [ISO/IEC 14443-3, 6.5.2]. */
const single = Uint8Array.of(0x00, 0x04);
const double = Uint8Array.of(0x00, 0x44);
const triple = Uint8Array.of(0x00, 0x84);

const atqaOf = (uid: Uint8Array) => (uid.length === 4 ? single : uid.length === 7 ? double : triple);

/** A ticket or key fob that holds a number, such as NTAG 213 or MIFARE Ultralight. */
export const bareCard = (uid: Uint8Array): Card => ({ uid, atqa: atqaOf(uid), sak: 0x00, leave() {} });

/** MIFARE Classic 1K [E23]. Its cipher is broken, so nobody asks it for more than its number. */
export const mifareClassic = (uid: Uint8Array): Card => ({ uid, atqa: atqaOf(uid), sak: 0x08, leave() {} });

/** A card or telephone that speaks ISO 7816-4 and knows no application that is asked for: a bank card, say. */
export const strangeCard = (uid: Uint8Array): Card => ({
  uid,
  atqa: atqaOf(uid),
  sak: 0x20,
  // T0 says that nothing but the frame size of 256 bytes follows.
  ats: Uint8Array.of(0x02, 0x08),
  apdu: () => Uint8Array.of(0x6a, 0x82),
  leave() {},
});
