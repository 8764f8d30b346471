import { timingSafeEqual } from "node:crypto";
import { cmac } from "@noble/ciphers/aes.js";

/** AES-CMAC, 16 bytes [RFC 4493]. The key has 16 bytes. */
export const macOf = (key: Uint8Array, message: Uint8Array): Uint8Array => cmac(message, key);

/** Takes as long for a wrong first byte as for a wrong last one, so that nobody finds a MAC byte by byte. */
export const same = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && timingSafeEqual(a, b);
