import { readFileSync } from "node:fs";
import { join } from "node:path";
import { makeStation, tcn, type Folder } from "../real/station.ts";

/** A health instrument, or a printer, at a serial line of its own. */
export interface Plugged {
  readonly id: string;
  readonly profile: string;
}

/** Where the line of a device comes out. */
export const wireOf = (folder: Folder, id: string): string => join(folder.path, id);

/** Adds a health cabin to a station. */
export function addCabin(folder: Folder, plugged: readonly Plugged[]): void {
  const file = JSON.parse(readFileSync(join(folder.config, "station.json"), "utf8")) as {
    readonly devices: readonly object[];
  };
  const more = plugged.map(({ id, profile }) => ({
    id,
    profile,
    wiring: { by: "path", match: wireOf(folder, id) },
  }));
  folder.write("station.json", { ...file, devices: [...file.devices, ...more], cabin: {} });
}

/** A health cabin alone: nothing is given there. */
export async function cabinAlone(plugged: readonly Plugged[]): Promise<Folder> {
  const folder = await makeStation(tcn);
  const file = JSON.parse(readFileSync(join(folder.config, "station.json"), "utf8")) as object;
  folder.write("station.json", { ...file, devices: [], products: [], slots: [] });
  addCabin(folder, plugged);
  return folder;
}
