import "./reflection.ts";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
  X509CrlGenerator,
} from "@peculiar/x509";
import { createPrivateKey, createPublicKey, randomBytes, X509Certificate } from "node:crypto";
import { isIP } from "node:net";

/** A certificate and its private key, PEM (PKCS #8). */
export interface Pair {
  readonly cert: string;
  readonly key: string;
  /** Hex digits. */
  readonly serial: string;
}

export type Purpose = { readonly is: "client" } | { readonly is: "server"; readonly hosts: readonly string[] };

/** The authority's own certificate with its key ready for use. */
export interface Root {
  readonly cert: string;
  readonly key: CryptoKey;
}

const curve = { name: "ECDSA", namedCurve: "P-256" } as const;
const signing = { ...curve, hash: "SHA-256" } as const;

const dayMs = 86_400_000;
const yearMs = 365 * dayMs;
/** A new authority reaches every kiosk by hand, so it is made once. */
const rootYears = 10;
/** A kiosk that is off over the winter comes back with a valid certificate, a stolen one does not live for ever. */
const clientYears = 1;
const serverYears = 2;
/** A clock that is late by less than a day is no reason to turn a kiosk away. */
const before = dayMs;

const pem = (label: string, der: ArrayBuffer): string =>
  `-----BEGIN ${label}-----\n${(
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? []
  ).join("\n")}\n-----END ${label}-----\n`;

const newKeys = (): Promise<CryptoKeyPair> => crypto.subtle.generateKey(curve, true, ["sign", "verify"]);

const privatePem = async (key: CryptoKey): Promise<string> =>
  pem("PRIVATE KEY", await crypto.subtle.exportKey("pkcs8", key));

/** Positive and 16 bytes long, as RFC 5280 4.1.2.2 asks, and not to be guessed. */
function newSerial(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString("hex");
}

/** A new authority, valid for 10 years. @param now UTC, milliseconds. */
export async function makeRoot(now: number): Promise<Pair> {
  const keys = await newKeys();
  const serial = newSerial();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serial,
    name: "CN=Yizhan centre",
    notBefore: new Date(now - before),
    notAfter: new Date(now + rootYears * yearMs),
    signingAlgorithm: signing,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { cert: pem("CERTIFICATE", certificate.rawData), key: await privatePem(keys.privateKey), serial };
}

/** Undefined where the key is not the certificate's. */
export async function openRoot(cert: string, key: string): Promise<Root | undefined> {
  const secret = createPrivateKey(key);
  const spki = createPublicKey(secret).export({ type: "spki", format: "der" });
  if (!new X509Certificate(cert).publicKey.export({ type: "spki", format: "der" }).equals(spki)) return undefined;
  const der = secret.export({ type: "pkcs8", format: "der" });
  return { cert, key: await crypto.subtle.importKey("pkcs8", der, curve, false, ["sign"]) };
}

const ending = (root: Root): number => Date.parse(new X509Certificate(root.cert).validTo);

/** A new key and its certificate. No certificate outlives the authority. @param now UTC, milliseconds. */
export async function certificateFor(root: Root, name: string, purpose: Purpose, now: number): Promise<Pair> {
  const keys = await newKeys();
  const serial = newSerial();
  const years = purpose.is === "client" ? clientYears : serverYears;
  const { clientAuth, serverAuth } = ExtendedKeyUsage;
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serial,
    subject: [{ CN: [name] }],
    issuer: [{ CN: ["Yizhan centre"] }],
    notBefore: new Date(now - before),
    notAfter: new Date(Math.min(now + years * yearMs, ending(root))),
    signingAlgorithm: signing,
    publicKey: keys.publicKey,
    signingKey: root.key,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([purpose.is === "client" ? clientAuth : serverAuth]),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      await AuthorityKeyIdentifierExtension.create(
        new X509Certificate(root.cert).publicKey.export({ type: "spki", format: "der" }),
      ),
      ...(purpose.is === "client"
        ? []
        : [
            new SubjectAlternativeNameExtension(
              purpose.hosts.map((host) => ({
                type: isIP(host) === 0 ? ("dns" as const) : ("ip" as const),
                value: host,
              })),
            ),
          ]),
    ],
  });
  return { cert: pem("CERTIFICATE", certificate.rawData), key: await privatePem(keys.privateKey), serial };
}

/**
 * The signed list of certificates that count no more, PEM. It is valid as long as the authority: OpenSSL turns everybody
 * away once a list is out of date, and a fleet must not fall silent because nobody wrote a new one.
 */
export async function revocationList(
  root: Root,
  entries: readonly { readonly serial: string; readonly at: number }[],
  now: number,
): Promise<string> {
  const list = await X509CrlGenerator.create({
    issuer: [{ CN: ["Yizhan centre"] }],
    thisUpdate: new Date(now - before),
    nextUpdate: new Date(ending(root)),
    signingAlgorithm: signing,
    signingKey: root.key,
    entries: entries.map(({ serial, at }) => ({ serialNumber: serial, revocationDate: new Date(at) })),
  });
  return pem("X509 CRL", list.rawData);
}
