/** Something sealed to the holder of one key. HPKE, RFC 9180: X25519, HKDF-SHA256, ChaCha20-Poly1305, base mode; base64url. */
export interface Sealed {
  readonly enc: string;
  readonly sealed: string;
}

/** Loaded when there is something to open or to seal: most starts of a kiosk bring nothing new. */
async function cipherSuite() {
  const { CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } = await import("@hpke/core");
  const { Chacha20Poly1305 } = await import("@hpke/chacha20poly1305");
  return new CipherSuite({
    kem: new DhkemX25519HkdfSha256(),
    kdf: new HkdfSha256(),
    aead: new Chacha20Poly1305(),
  });
}

/**
 * Seals to an X25519 public key, 32 bytes. `purpose`: what it is, so that nothing sealed passes for something else.
 * `beside`: what stands open beside it and is bound to it. `chance`: 32 random bytes for the sender's key, used once
 * [RFC 9180, 4: DeriveKeyPair]; without them the library throws its own dice.
 */
export async function seal(
  recipient: Uint8Array,
  purpose: string,
  text: Uint8Array,
  beside: Uint8Array,
  chance?: Uint8Array,
): Promise<Sealed> {
  const suite = await cipherSuite();
  const recipientPublicKey = await suite.kem.deserializePublicKey(recipient);
  const own = chance === undefined ? {} : { ekm: chance };
  const { enc, ct } = await suite.seal({ recipientPublicKey, info: Buffer.from(purpose), ...own }, text, beside);
  return { enc: Buffer.from(enc).toString("base64url"), sealed: Buffer.from(ct).toString("base64url") };
}

/** Undefined where the seal does not open with the recipient's private key, or anything of it was changed. */
export async function unseal(
  { enc, sealed }: Sealed,
  key: Uint8Array,
  purpose: string,
  beside: Uint8Array,
): Promise<Uint8Array | undefined> {
  const suite = await cipherSuite();
  try {
    const recipientKey = await suite.kem.deserializePrivateKey(key);
    const opening = { recipientKey, enc: Buffer.from(enc, "base64url"), info: Buffer.from(purpose) };
    return new Uint8Array(await suite.open(opening, Buffer.from(sealed, "base64url"), beside));
  } catch {
    return undefined;
  }
}
