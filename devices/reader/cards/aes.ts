import { createCipheriv, createDecipheriv } from "node:crypto";

// AES-128 as the cards reckon it. The kiosk has its own: one of the two may err alone.

const block = 16;

export function encipher(key: Uint8Array, iv: Uint8Array, plain: Uint8Array): Uint8Array {
  const cipher = createCipheriv("aes-128-cbc", key, iv).setAutoPadding(false);
  return Uint8Array.from(cipher.update(plain));
}

export function decipher(key: Uint8Array, iv: Uint8Array, sealed: Uint8Array): Uint8Array {
  const cipher = createDecipheriv("aes-128-cbc", key, iv).setAutoPadding(false);
  return Uint8Array.from(cipher.update(sealed));
}

/** A block times two in GF(2^128) [RFC 4493, 2.3]. */
function doubled(bytes: Uint8Array): Uint8Array {
  const carry = (bytes[0] ?? 0) & 0x80 ? 0x87 : 0;
  return bytes.map((byte, i) => ((byte << 1) | ((bytes[i + 1] ?? 0) >> 7)) ^ (i === block - 1 ? carry : 0));
}

/** AES-CMAC [RFC 4493]. */
export function cmac(key: Uint8Array, message: Uint8Array): Uint8Array {
  const zero = new Uint8Array(block);
  const whole = doubled(encipher(key, zero, zero));
  const last = Math.max(0, Math.ceil(message.length / block) - 1) * block;
  const rest = message.subarray(last);
  const end = new Uint8Array(block);
  end.set(rest);
  if (rest.length < block) end[rest.length] = 0x80;
  const mask = rest.length < block ? doubled(whole) : whole;
  const blocks = Uint8Array.of(...message.subarray(0, last), ...end.map((byte, i) => byte ^ (mask[i] ?? 0)));
  return encipher(key, zero, blocks).subarray(-block);
}
