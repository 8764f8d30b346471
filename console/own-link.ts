import { X509Certificate } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { good, type Judged } from "../protocol/pickup-code/judged.ts";
import { openAuthority } from "./authority/authority.ts";
import { readPrivately, writeOpenly, writePrivately } from "./authority/safe.ts";
import type { placesIn } from "./folder.ts";
import type { Server } from "./host/line.ts";

type Places = ReturnType<typeof placesIn>;

/**
 * Names of the centre in its certificates, as docs/broker/acl knows them. A name is one connection; kiosks may not have
 * one that begins so.
 */
export const ownNames = (hostId: string) => ({ collector: hostId, host: `${hostId}-host` });
export const ownNameForm = /^centre(-[a-z0-9]+)*$/;

/** A certificate is made anew when it has less than this left. Milliseconds. */
const renewed = 60 * 86_400_000;

/**
 * What the centre shows to its broker under one of its names. Its certificates are its own authority's: they are made at
 * the first start, and anew before they end. Put others into the folder link/ where somebody else's authority signs them.
 */
export async function serverFor(url: string, name: string, places: Places, now: number): Promise<Judged<Server>> {
  if (!url.startsWith("mqtts:")) return good({ url });
  const file = (end: string): string => join(places.link, `${name}.${end}`);
  if (!existsSync(file("pem")) || isEnding(readFileSync(file("pem"), "utf8"), now)) {
    const authority = await openAuthority(places.authority);
    if (!authority.ok) return authority;
    const made = await authority.value.client(name);
    mkdirSync(places.link, { recursive: true, mode: 0o700 });
    writePrivately(file("key"), made.key);
    writeOpenly(file("pem"), made.cert);
    writeOpenly(join(places.link, "ca.pem"), authority.value.ca);
  }
  const key = readPrivately(file("key"));
  if (!key.ok) return key;
  const [ca, cert] = [join(places.link, "ca.pem"), file("pem")].map((path) => readFileSync(path, "utf8"));
  return good({ url, tls: { ca: ca ?? "", cert: cert ?? "", key: key.value } });
}

const isEnding = (cert: string, now: number): boolean => Date.parse(new X509Certificate(cert).validTo) - now < renewed;
