import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { days, type Millis } from "../../devices/kit/clock.ts";
import { err, ok, type Result } from "../../devices/kit/result.ts";

/** What a kiosk shows a broker, and by what it knows it. PEM texts. */
export interface Credentials {
  /** Who signs the brokers' certificates. */
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  /** Until the kiosk's certificate ends; the day after, it is no longer let in. */
  readonly validUntil: Millis;
  /** Of the kiosk's certificate: changes when it is renewed. */
  readonly fingerprint: string;
}

const othersMay = 0o077;

/**
 * Reads ca.pem, cert.pem and key.pem of the folder `link/` beside the station file. Done at every call, so that renewed
 * ones are taken up. `kiosk`: the name which the certificate must bear, since brokers know a kiosk by it.
 * @returns a sentence that says what to do where one of them cannot be used.
 */
export function readCredentials(folder: string, kiosk: string): Result<Credentials, string> {
  const ca = readText(join(folder, "ca.pem"), "the certificate of who signs the brokers' certificates");
  if (!ca.ok) return ca;
  const cert = readText(join(folder, "cert.pem"), "this kiosk's certificate");
  if (!cert.ok) return cert;
  const key = readKey(join(folder, "key.pem"));
  if (!key.ok) return key;

  const signer = read(() => new X509Certificate(ca.value));
  if (signer === undefined) return err(unreadable(join(folder, "ca.pem")));
  const own = read(() => new X509Certificate(cert.value));
  if (own === undefined) return err(unreadable(join(folder, "cert.pem")));
  const secret = read(() => createPrivateKey(key.value));
  if (secret === undefined) return err(unreadable(join(folder, "key.pem")));
  if (!own.checkPrivateKey(secret))
    return err(`key.pem in ${folder} is not the key of cert.pem. Copy both from the same folder.`);
  const name = /^CN=(.*)$/m.exec(own.subject)?.[1] ?? "nobody";
  if (name !== kiosk)
    return err(
      `cert.pem in ${folder} is made out to ${name}, and this kiosk is ${kiosk}. Copy this kiosk's own files.`,
    );
  return ok({
    ca: ca.value,
    cert: cert.value,
    key: key.value,
    validUntil: own.validToDate.getTime() as Millis,
    fingerprint: own.fingerprint256,
  });
}

/** Whole days for which the certificate is still good; below zero when it has ended. For the metric Cert/Days Left. */
export const daysLeft = ({ validUntil }: Credentials, utc: Millis): number => Math.floor((validUntil - utc) / days(1));

function readText(path: string, what: string): Result<string, string> {
  const text = read(() => readFileSync(path, "utf8"));
  return text === undefined ? err(`${path} cannot be read: ${what} belongs there. Copy it from the centre.`) : ok(text);
}

function readKey(path: string): Result<string, string> {
  const mode = read(() => statSync(path).mode);
  if (mode !== undefined && mode & othersMay) {
    const found = (mode & 0o777).toString(8).padStart(4, "0");
    return err(`${path} is a secret and its mode is ${found}, so that others may read it. Run: chmod 600 ${path}`);
  }
  return readText(path, "the key of this kiosk's certificate");
}

const unreadable = (path: string): string => `${path} is damaged: expected PEM. Copy it from the centre again.`;

function read<T>(get: () => T): T | undefined {
  try {
    return get();
  } catch {
    return undefined;
  }
}
