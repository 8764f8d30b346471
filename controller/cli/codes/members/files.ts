import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** Laid out as the configuration folder of each kiosk, so that its folder can be copied as it is. */
export const listFile = (folder: string, station: string, id: string): string =>
  join(folder, station, "members", `${id}.members`);

/** The files of a list for all stations for which it was made. */
export const listFiles = (folder: string, id: string): readonly string[] =>
  readdirSync(folder)
    .filter((name) => statSync(join(folder, name)).isDirectory())
    .map((station) => listFile(folder, station, id))
    .filter((path) => existsSync(path));
