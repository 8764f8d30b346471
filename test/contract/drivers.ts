import { readdirSync, readFileSync } from "node:fs";
import type { DriverDefinition, PeerDefinition } from "../../devices/kit/driver.ts";
import type { CardWord, GattWord } from "../../devices/kit/port.ts";
// A driver loads it at its first slip: a simulated clock does not wait for the disk.
import "../../devices/printer/escpos-encode.ts";

/** What the machines of all kinds of wires send. */
export type Sent = Uint8Array | CardWord | GattWord;

/** One profile with the driver it names and that driver's simulated machine. */
export interface Found<In = Sent> {
  readonly profile: string;
  /** Last part of the driver's path: the folder of its transcripts. */
  readonly protocol: string;
  readonly driver: DriverDefinition<unknown>;
  readonly peer: PeerDefinition<unknown, Uint8Array, In>;
  readonly options: Readonly<Record<string, unknown>>;
  /** False where a quirk says that a reading carries no check. */
  readonly checked: boolean;
}

interface Profile {
  readonly driver: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly quirks: readonly { readonly does: string }[];
}

const profiles = new URL("../../config/profiles/", import.meta.url);

async function find(file: string): Promise<Found> {
  const { driver, options, quirks } = JSON.parse(readFileSync(new URL(file, profiles), "utf8")) as Profile;
  const load = async (ending: string) => (await import(`../../devices/${driver}${ending}`)).default;
  return {
    profile: file.replace(/\.json$/, ""),
    protocol: driver.replace(/.*\//, ""),
    driver: await load(".ts"),
    peer: await load(".peer.ts"),
    options,
    checked: !quirks.some(({ does }) => does.includes("no check")),
  };
}

const files = readdirSync(profiles).filter((file) => file.endsWith(".json"));
/** Every driver there is, found and not listed. */
export const found: readonly Found[] = await Promise.all(files.sort((a, b) => a.localeCompare(b)).map(find));

const speaksBytes = (one: Found): one is Found<Uint8Array> =>
  one.driver.port === "bytes" || one.driver.port === "reports";
/** Those over a byte wire that give goods. */
export const vending: readonly Found<Uint8Array>[] = found
  .filter(speaksBytes)
  .filter(({ driver }) => driver.port === "bytes" && driver.provides.includes("vending"));
/** Those that read cards or codes, over whatever wire. */
export const readers: readonly Found[] = found.filter(({ driver }) => driver.provides.includes("reader"));
/** Health instruments, over whatever wire. */
export const meters: readonly Found[] = found.filter(({ driver }) => driver.provides.includes("meter"));
/** Printers of slips, over whatever wire. */
export const printers: readonly Found[] = found.filter(({ driver }) => driver.provides.includes("printer"));
