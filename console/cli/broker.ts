import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openAuthority } from "../authority/authority.ts";
import { writeOpenly, writePrivately } from "../authority/safe.ts";
import { placesIn } from "../folder.ts";
import { ownNameForm, ownNames } from "../own-link.ts";
import { refused, say } from "./words.ts";

const shipped = (name: string): string => fileURLToPath(new URL(`../../docs/broker/${name}`, import.meta.url));

/** Makes the folder that mosquitto needs. @returns the exit code. */
export async function brokerFolder(options: {
  readonly data: string;
  readonly host: readonly string[];
  readonly out: string;
}): Promise<number> {
  const [first, ...more] = options.host;
  if (first === undefined) return refused(["Name the broker as kiosks reach it: --host broker.example."]);
  const authority = await openAuthority(placesIn(options.data).authority);
  if (!authority.ok) return refused(authority.error);
  const { cert, key } = await authority.value.server([first, ...more]);
  const file = (name: string): string => join(options.out, name);
  mkdirSync(options.out, { recursive: true, mode: 0o700 });
  writePrivately(file("key.pem"), key);
  writeOpenly(file("cert.pem"), cert);
  writeOpenly(file("ca.pem"), authority.value.ca);
  copyFileSync(authority.value.revokedFile, file("revoked.pem"));
  for (const name of ["mosquitto.conf", "acl"]) copyFileSync(shipped(name), file(name));
  say(
    `${options.out} holds all that mosquitto needs to be ${options.host.join(", ")}: docs/broker tells where it goes.`,
  );
  return 0;
}

/** Makes the certificates of a further centre, which runs elsewhere. @returns the exit code. */
export async function memberFolder(
  hostId: string,
  options: { readonly data: string; readonly out: string },
): Promise<number> {
  if (!ownNameForm.test(hostId)) return refused([`${hostId} is no name of a centre: expected one such as centre-2.`]);
  const authority = await openAuthority(placesIn(options.data).authority);
  if (!authority.ok) return refused(authority.error);
  mkdirSync(options.out, { recursive: true, mode: 0o700 });
  for (const name of Object.values(ownNames(hostId))) {
    const { cert, key } = await authority.value.client(name);
    writePrivately(join(options.out, `${name}.key`), key);
    writeOpenly(join(options.out, `${name}.pem`), cert);
  }
  writeOpenly(join(options.out, "ca.pem"), authority.value.ca);
  say(`Copy ${options.out} as link/ into the data folder of ${hostId}, and keys/ of this centre beside it.`);
  return 0;
}
