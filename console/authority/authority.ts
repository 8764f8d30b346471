import "./reflection.ts";
import { X509Certificate } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { bad, good, type Judged } from "../../protocol/pickup-code/judged.ts";
import { certificateFor, makeRoot, openRoot, revocationList, type Pair, type Purpose } from "./certificate.ts";
import { readPrivately, writeOpenly, writePrivately } from "./safe.ts";

/** A certificate that was given out. */
export interface Issued {
  /** Common name: the kiosk's name on the wire, "centre", or the broker's first host. */
  readonly name: string;
  /** Hex digits. */
  readonly serial: string;
  /** UTC, milliseconds since 1970. */
  readonly until: number;
  readonly revoked: boolean;
}

/** Whoever holds its folder decides who may speak to the broker. */
export interface Authority {
  /** PEM: what a kiosk, the centre and the broker know each other by. */
  readonly ca: string;
  /** PEM file that the broker reads; see docs/broker. */
  readonly revokedFile: string;
  /** A certificate and its key, which is kept nowhere here. `hosts`: names and addresses by which it is reached. */
  server(hosts: readonly [string, ...string[]]): Promise<Pair>;
  client(name: string): Promise<Pair>;
  issued(): readonly Issued[];
  /** Every certificate of this name; empty where there is none that counts. Rewrites `revokedFile`. */
  revoke(name: string): Promise<readonly Issued[]>;
}

/**
 * Opens the certificate authority in `folder`, and makes it where there is none. One file a certificate, so that two
 * commands at once lose nothing. @param now UTC, milliseconds.
 */
export async function openAuthority(folder: string, now: () => number = Date.now): Promise<Judged<Authority>> {
  const file = (...names: readonly string[]): string => join(folder, ...names);
  const revokedFile = file("revoked.pem");
  mkdirSync(file("issued"), { recursive: true, mode: 0o700 });
  mkdirSync(file("revoked"), { recursive: true, mode: 0o700 });
  if (!existsSync(file("ca.pem"))) {
    const made = await makeRoot(now());
    writePrivately(file("ca.key"), made.key);
    writeOpenly(file("ca.pem"), made.cert);
  }
  const key = readPrivately(file("ca.key"));
  if (!key.ok) return key;
  const root = await openRoot(readFileSync(file("ca.pem"), "utf8"), key.value);
  if (root === undefined)
    return bad(`${file("ca.key")} is not the key of ${file("ca.pem")}. Restore both from the same copy.`);

  const writeRevoked = async () => {
    const entries = readdirSync(file("revoked")).map((serial) => ({
      serial,
      at: Number(readFileSync(file("revoked", serial), "utf8")),
    }));
    writeOpenly(revokedFile, await revocationList(root, entries, now()));
  };
  if (!existsSync(revokedFile)) await writeRevoked();

  const issue = async (name: string, purpose: Purpose): Promise<Pair> => {
    const made = await certificateFor(root, name, purpose, now());
    writeOpenly(file("issued", `${made.serial}.pem`), made.cert);
    return made;
  };
  const issued = (): readonly Issued[] =>
    readdirSync(file("issued"))
      .filter((name) => name.endsWith(".pem"))
      .map((name) => {
        const serial = name.slice(0, -".pem".length);
        const { subject, validTo } = new X509Certificate(readFileSync(file("issued", name)));
        return {
          name: subject.replace(/^CN=/, ""),
          serial,
          until: Date.parse(validTo),
          revoked: existsSync(file("revoked", serial)),
        };
      });

  return good({
    ca: root.cert,
    revokedFile,
    server: (hosts) => issue(hosts[0], { is: "server", hosts }),
    client: (name) => issue(name, { is: "client" }),
    issued,
    async revoke(name) {
      const going = issued().filter((one) => one.name === name && !one.revoked);
      for (const { serial } of going) writeOpenly(file("revoked", serial), String(now()));
      if (going.length > 0) await writeRevoked();
      return going;
    },
  });
}
