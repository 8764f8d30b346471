import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { House } from "../../config/profile.ts";
import type { Presence } from "../../controller/domain/state.ts";
import { openConfiguration, type Configuration } from "../../controller/store/configuration.ts";
import { stationInForce, type Configured, type InForce } from "../../controller/store/in-force.ts";
import { signConfig, type DesiredConfig } from "../../protocol/commands/desired.ts";
import { hexOf, publicOf } from "../../protocol/pickup-code/sign.ts";
import { manualClock } from "../kit/clock.ts";
import { folderInMemory } from "./folder.ts";

// A kiosk with nothing in it but its configuration: what the runner does, on paper.

export const house: House = {
  profiles: new URL("../config/house/profiles/", import.meta.url),
  devices: new URL("../config/house/devices/", import.meta.url),
};
const release = new Uint8Array(32).fill(41);
export const second = new Uint8Array(32).fill(42);

export const stationFile = () => ({
  v: 1,
  station: {
    id: "ZP-001",
    number: 1,
    site: "42",
    name: { zh: "东门驿站", en: "East Gate" },
    machine: "03",
    phone: "400 000 0000",
  },
  devices: [
    { id: "vend", profile: "toy-24", wiring: { by: "path", match: "/dev/ttyUSB0" } },
    { id: "ice", profile: "toy-24", wiring: { by: "path", match: "/dev/ttyUSB1" } },
  ],
  products: [{ id: "water", name: { zh: "矿泉水", en: "Water" } }],
  slots: [{ device: "vend", slot: "1", product: "water", capacity: 10 }],
  trust: [
    { kid: "r1", role: "release", key: hexOf(publicOf("ed25519", release)) },
    { kid: "r2", role: "release", key: hexOf(publicOf("ed25519", second)) },
  ],
  link: { group: "320583", servers: ["mqtt://127.0.0.1:1883"] },
});
export type File = ReturnType<typeof stationFile>;

/** A configuration of the centre: a new phone number where nothing else is said. */
export function desired(
  over: Partial<DesiredConfig> = {},
  change: (file: File) => void = () => {},
  key = release,
): DesiredConfig {
  const config = stationFile();
  config.station.phone = `phone of ${over.version ?? "v1"}`;
  change(config);
  const fields = { station: "ZP-001", version: "v1", issuedAt: "2026-07-01T00:00:00Z", kid: "r1", config, ...over };
  return signConfig({ v: 1, kind: "config", ...fields }, key);
}

export class ConfiguredKiosk {
  readonly root = folderInMemory("configuration");
  readonly folder = join(this.root, "config");
  readonly data = join(this.root, "data");
  readonly clock = manualClock();
  readonly entries: Configured[] = [];
  readonly refused: string[] = [];
  restarts = 0;
  changes = 0;
  online = true;
  presence = new Map<string, Presence>([
    ["vend", "working"],
    ["ice", "absent"],
  ]);
  #started: { readonly inForce: InForce; readonly configuration: Configuration } | undefined;

  constructor() {
    mkdirSync(this.folder);
    mkdirSync(this.data);
    this.local(stationFile());
  }

  /** The technician's own station file. */
  local(file: object): void {
    writeFileSync(join(this.folder, "station.json"), JSON.stringify(file));
  }

  gone(): void {
    this.#started?.configuration.stop();
    rmSync(this.root, { recursive: true, force: true });
  }

  /** A start, in the process or anew. */
  async start(): Promise<this> {
    this.#started?.configuration.stop();
    const found = await stationInForce(this.folder, this.data, house);
    if (!found.ok) throw new Error(JSON.stringify(found.error));
    this.entries.push(...found.value.entries);
    const restarts = this.restarts;
    const configuration = openConfiguration({
      folder: this.folder,
      dataFolder: this.data,
      inForce: found.value,
      clock: this.clock,
      house,
      state: () => ({ link: { online: this.online, since: this.clock.mono() }, presence: this.presence }),
      write: (entry) => this.entries.push(entry),
      refused: (why) => this.refused.push(why),
      restart: () => (this.restarts = restarts + 1),
      changed: () => (this.changes += 1),
    });
    this.#started = { inForce: found.value, configuration };
    return this;
  }

  async desires(document: object | string): Promise<this> {
    await this.configuration.desired(Buffer.from(typeof document === "string" ? document : JSON.stringify(document)));
    return this;
  }

  get inForce(): InForce {
    return this.#running.inForce;
  }
  get configuration(): Configuration {
    return this.#running.configuration;
  }
  get #running() {
    if (this.#started === undefined) throw new Error("the kiosk was never started");
    return this.#started;
  }
  get phone(): string {
    return this.inForce.loaded.station.station.phone;
  }
  get says(): readonly string[] {
    return this.entries.map(({ version, state }) => `${version} ${state}`);
  }
}
