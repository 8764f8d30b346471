import { readdirSync, readFileSync } from "node:fs";
import type { DriverDefinition, PeerDefinition } from "../../devices/kit/driver.ts";

/** One profile with the driver it names and that driver's simulated machine. */
export interface Found {
  readonly profile: string;
  /** Last part of the driver's path: the folder of its transcripts. */
  readonly protocol: string;
  readonly driver: DriverDefinition<unknown>;
  readonly peer: PeerDefinition<unknown, Uint8Array, Uint8Array>;
  readonly options: Readonly<Record<string, unknown>>;
}

const profiles = new URL("../../config/profiles/", import.meta.url);

async function find(file: string): Promise<Found> {
  const { driver, options } = JSON.parse(readFileSync(new URL(file, profiles), "utf8"));
  const load = async (ending: string) => (await import(`../../devices/${driver}${ending}`)).default;
  return {
    profile: file.replace(/\.json$/, ""),
    protocol: String(driver).replace(/.*\//, ""),
    driver: await load(".ts"),
    peer: await load(".peer.ts"),
    options,
  };
}

const files = readdirSync(profiles).filter((file) => file.endsWith(".json"));
/** Every driver there is, found and not listed. */
export const found: readonly Found[] = await Promise.all(files.sort((a, b) => a.localeCompare(b)).map(find));
/** Those over a byte wire that give goods. */
export const vending: readonly Found[] = found.filter(
  ({ driver }) => driver.port === "bytes" && driver.provides.includes("vending"),
);
