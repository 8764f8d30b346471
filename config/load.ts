import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { err, ok, type Result } from "../devices/kit/result.ts";
import { cabinCheck } from "./cabin-crosscheck.ts";
import { cabinTables, type CabinTables } from "./cabin-tables.ts";
import { crossCheck, type Finding } from "./crosscheck.ts";
import { examine, type Known } from "./examine.ts";
import { parseJson } from "./json.ts";
import type { Mistake } from "./mistake.ts";
import { fitDevice, loadModel, profileFile, thisHouse, ways, type House, type LoadedDevice } from "./profile.ts";
import { stationSchema, type Station } from "./schema.ts";

/** A file that is only read here; its signature is judged where it is obeyed. */
export interface SideFile {
  readonly name: string;
  readonly text: string;
}

/** A side file that is too large to be read at once. */
export interface LargeFile {
  readonly name: string;
  readonly path: string;
}

export interface LoadedStation extends CabinTables {
  readonly station: Station;
  readonly devices: readonly LoadedDevice[];
  readonly campaignFiles: readonly SideFile[];
  readonly listFiles: readonly SideFile[];
  readonly keyFiles: readonly SideFile[];
  readonly memberFiles: readonly LargeFile[];
}

export const stationFile = "station.json";

/**
 * Reads the folder of a station: station.json, the profiles it names with their drivers, and the files of
 * campaigns/, lists/ and keys/ beside it; the files of members/ are only named.
 * @param own a station file that stands for the folder's station.json.
 * @returns every mistake at once.
 */
export async function loadStation(
  folder: string,
  house: House = thisHouse,
  own?: string,
): Promise<Result<LoadedStation, readonly Mistake[]>> {
  const read = own === undefined ? await readStation(folder) : parseStation(own);
  if (!read.ok) return err([read.error]);
  const { value: station, known, findings } = examine(stationSchema, read.value);
  const devices = await loadDevices(known, house);
  const campaigns = await readSideFiles(folder, "campaigns");
  const lists = await readSideFiles(folder, "lists");
  const keys = await readSideFiles(folder, "keys");
  const members = await namesIn(folder, "members", /^[^.].*\.members$/);
  const cabin = await cabinTables(known, devices.loaded);
  const mistakes = [
    ...[
      ...findings,
      ...crossCheck(known),
      ...notVending(known, devices.loaded),
      ...cabinCheck(known, devices.loaded),
    ].map(({ path, says }) => ({ file: stationFile, path, says })),
    ...devices.mistakes,
    ...campaigns.mistakes,
    ...lists.mistakes,
    ...keys.mistakes,
    ...members.mistakes,
    ...cabin.mistakes,
  ];
  if (station === undefined || mistakes.length > 0) return err(mistakes);
  return ok({
    station,
    devices: devices.loaded,
    campaignFiles: campaigns.files,
    listFiles: lists.files,
    keyFiles: keys.files,
    memberFiles: members.names.map((name) => ({ name, path: join(folder, "members", name) })),
    ...cabin.tables,
  });
}

async function readStation(folder: string): Promise<Result<unknown, Mistake>> {
  const file = join(folder, stationFile);
  const text = await readText(file);
  if (!text.ok) {
    const start = "config/station.example.json is a start, docs/config.md explains every field";
    const why =
      text.error === "ENOENT"
        ? `there is no such file. Put the station file there; ${start}.`
        : `it cannot be read (${text.error}). Give this user the right to read it.`;
    return err({ file, path: "", says: why });
  }
  return parseStation(text.value);
}

function parseStation(text: string): Result<unknown, Mistake> {
  const parsed = parseJson(text);
  if (parsed.ok) return ok(parsed.value);
  const { line, column, says } = parsed.error;
  return err({ file: stationFile, path: `line ${line}, column ${column}`, says });
}

interface Devices {
  readonly loaded: readonly LoadedDevice[];
  readonly mistakes: readonly Mistake[];
}

async function loadDevices({ devices = [] }: Known<Station>, house: House): Promise<Devices> {
  const each = await Promise.all(devices.map(async (device, i) => await loadDevice(device, i, house)));
  // Two devices of one model share its profile's mistakes.
  const mistakes = new Map(
    each.flatMap(({ mistakes }) => mistakes).map((one) => [`${one.file} ${one.path} ${one.says}`, one]),
  );
  return { loaded: each.flatMap(({ loaded }) => loaded), mistakes: [...mistakes.values()] };
}

async function loadDevice(device: Known<Station["devices"][number]>, i: number, house: House): Promise<Devices> {
  if (device.profile === undefined) return { loaded: [], mistakes: [] };
  const asked = { file: stationFile, path: `devices[${i}].profile` };
  const model = await loadModel(device.profile, asked, house);
  if (!model.ok) return { loaded: [], mistakes: model.error };
  const { id = "", wiring: { by = ways[model.value.driver.port][0], ...line } = {}, options = {} } = device;
  const fitted = fitDevice(model.value, { id, wiring: { by, ...line }, options });
  if (fitted.ok) return { loaded: [fitted.value], mistakes: [] };
  const mistakes = fitted.error.map(({ path, says, inProfile }) =>
    inProfile
      ? { file: profileFile(model.value.profile.model), path, says }
      : { file: stationFile, path: `devices[${i}].${path}`, says },
  );
  return { loaded: [], mistakes };
}

/** A slot needs a device that gives goods. */
function notVending({ devices = [], slots = [] }: Known<Station>, loaded: readonly LoadedDevice[]): readonly Finding[] {
  return slots.flatMap(({ device }, i) => {
    const oneOfThisName = devices.filter(({ id }) => id === device).length === 1;
    const driver = loaded.find(({ id }) => id === device)?.driver;
    if (!oneOfThisName || driver === undefined || driver.provides.includes("vending")) return [];
    return [{ path: `slots[${i}].device`, says: `expected a vending machine; "${device}" is a ${driver.id}` }];
  });
}

async function readSideFiles(
  folder: string,
  name: string,
): Promise<{ readonly files: readonly SideFile[]; readonly mistakes: readonly Mistake[] }> {
  const { names, mistakes } = await namesIn(folder, name, /^[^.].*\.json$/);
  const read = await Promise.all(
    names.map(async (file) => ({ name: file, text: await readText(join(folder, name, file)) })),
  );
  return {
    files: read.flatMap((one) => (one.text.ok ? [{ name: one.name, text: one.text.value }] : [])),
    mistakes: [
      ...mistakes,
      ...read.flatMap((one) => (one.text.ok ? [] : [unreadable(`${name}/${one.name}`, one.text.error)])),
    ],
  };
}

/** The files of a side folder whose name has this form, in their order. A folder that is not there has none. */
async function namesIn(
  folder: string,
  name: string,
  form: RegExp,
): Promise<{ readonly names: readonly string[]; readonly mistakes: readonly Mistake[] }> {
  const entries = await readdir(join(folder, name), { withFileTypes: true }).catch((thrown: unknown) => codeOf(thrown));
  if (typeof entries === "string")
    return { names: [], mistakes: entries === "ENOENT" ? [] : [unreadable(name, entries)] };
  const files = entries.filter((entry) => !entry.isDirectory() && form.test(entry.name));
  return { names: files.map((entry) => entry.name).sort(), mistakes: [] };
}

const unreadable = (file: string, code: string): Mistake => ({
  file,
  path: "",
  says: `it cannot be read (${code}). Give this user the right to read it.`,
});

/** @returns the text, or the system's code such as "ENOENT". */
async function readText(file: string): Promise<Result<string, string>> {
  try {
    return ok(await readFile(file, "utf8"));
  } catch (thrown) {
    return err(codeOf(thrown));
  }
}

/** Errors of the file system carry a code; anything else is our own mistake. */
function codeOf(thrown: unknown): string {
  if (thrown instanceof Error && "code" in thrown && typeof thrown.code === "string") return thrown.code;
  throw thrown;
}
