import { access, readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { DriverDefinition } from "../devices/kit/driver.ts";
import type { Wires } from "../devices/kit/port.ts";
import { err, ok, type Result } from "../devices/kit/result.ts";
import { examine } from "./examine.ts";
import { parseJson } from "./json.ts";
import type { Mistake } from "./mistake.ts";
import { suggestion } from "./nearest.ts";
import { profileSchema, type Profile, type Station } from "./schema.ts";

/** The two folders in which models and drivers are found. Tests bring their own. */
export interface House {
  readonly profiles: URL;
  readonly devices: URL;
}

export const thisHouse: House = {
  profiles: new URL("./profiles/", import.meta.url),
  devices: new URL("../devices/", import.meta.url),
};

/** A driver whose options the loader has judged; what they are is the driver's own business. */
export type AnyDriver = DriverDefinition<unknown>;

/** A model of machine, and the driver that speaks to it. */
export interface Model {
  readonly profile: Profile;
  readonly driver: AnyDriver;
}

type Wiring = Station["devices"][number]["wiring"];

/** How each kind of wire can be found, the usual way first. */
export const ways: { readonly [P in keyof Wires]: readonly [Wiring["by"], ...Wiring["by"][]] } = {
  bytes: ["path", "by-id", "usb"],
  reports: ["hid", "usb", "path"],
  cards: ["pcsc"],
  gatt: ["ble"],
  files: ["w1", "path"],
};
/** A keyboard, as HID calls it: the station's own number pad is one too. */
const keyboard = "0001:0006";

/** A device as the station has it: the model with the station's own wiring and options laid over the profile's. */
export interface LoadedDevice extends Model {
  readonly id: string;
  /** As `driver.options` returned them. */
  readonly options: unknown;
  /** `match` is empty where any device that fits is meant. */
  readonly wiring: Wiring & { readonly match: string } & Pick<AnyDriver, "streams">;
  readonly remembers: boolean;
}

/** The names of all models, in order. */
export async function profileNames(house: House = thisHouse): Promise<readonly string[]> {
  const files = await readdir(house.profiles);
  return files
    .filter((file) => file.endsWith(".json"))
    .map((file) => file.slice(0, -".json".length))
    .sort();
}

export const profileFile = (model: string): string => `config/profiles/${model}.json`;

/**
 * Reads a profile and imports its driver.
 * @param asked where the name was given: an unknown model is a mistake there, all others are in the profile's file.
 */
export async function loadModel(
  name: string,
  asked: Pick<Mistake, "file" | "path">,
  house: House = thisHouse,
): Promise<Result<Model, readonly Mistake[]>> {
  const file = profileFile(name);
  const mistake = (path: string, says: string): Mistake => ({ file, path, says });
  const known = await profileNames(house);
  if (!known.includes(name))
    return err([{ ...asked, says: `there is no model "${name}"; ${suggestion(name, known)}` }]);

  const parsed = parseJson(await readFile(new URL(`${name}.json`, house.profiles), "utf8"));
  if (!parsed.ok)
    return err([mistake("", `line ${parsed.error.line}, column ${parsed.error.column}: ${parsed.error.says}`)]);
  const { value: profile, findings } = examine(profileSchema, parsed.value);
  if (profile === undefined) return err(findings.map(({ path, says }) => mistake(path, says)));
  if (profile.model !== name) return err([mistake("model", `expected "${name}", the name of the file`)]);

  // The schema's strict pattern keeps the path inside the devices folder.
  const source = new URL(`${profile.driver}.ts`, house.devices);
  const there = await access(source).then(
    () => true,
    () => false,
  );
  if (!there) return err([mistake("driver", `there is no file devices/${profile.driver}.ts`)]);
  const imported: { readonly default?: unknown } = await import(fileURLToPath(source));
  if (!isDriver(imported.default))
    return err([mistake("driver", `expected a driver as the default export of devices/${profile.driver}.ts`)]);
  return ok({ profile, driver: imported.default });
}

/**
 * Lays the station's wiring and options over the model's, and lets the driver judge the options.
 * @returns mistakes whose paths begin with "options" or "wiring"; `inProfile` where the profile set the option.
 */
export function fitDevice(
  { profile, driver }: Model,
  own: { readonly id: string; readonly wiring: Wiring; readonly options: Readonly<Record<string, unknown>> },
): Result<LoadedDevice, readonly { readonly path: string; readonly says: string; readonly inProfile: boolean }[]> {
  const match = own.wiring.match || usualMatch(profile, own.wiring);
  const wiring = { ...profile.wiring, ...own.wiring, match, ...(driver.streams && { streams: driver.streams }) };
  const options = driver.options({ ...profile.options, ...own.options });
  const miswired = miswiring(profile, driver, wiring).map((one) => ({ ...one, inProfile: false }));
  if (options.ok && miswired.length === 0)
    return ok({ id: own.id, profile, driver, options: options.value, wiring, remembers: driver.remembers });
  const wrong = options.ok
    ? []
    : options.error.map((sentence) => {
        const [, path = "", says = sentence] = /^([A-Za-z_][\w.[\]-]*):? (.*)$/s.exec(sentence) ?? [];
        const name = /^\w+/.exec(path)?.[0] ?? "";
        return {
          path: path === "" || path === "options" ? "options" : `options.${path.replace(/\.(\d+)/g, "[$1]")}`,
          says,
          inProfile: Object.hasOwn(profile.options, name) && !Object.hasOwn(own.options, name),
        };
      });
  return err([...miswired, ...wrong]);
}

/** A HID device is known by the USB numbers of its model. */
const usualMatch = ({ usb = [] }: Profile, { by }: Wiring): string =>
  by === "hid" ? usb.map(({ vendor, product }) => `${vendor}:${product}`).join(",") : "";

/** Device files of the other kind: a meter with a USB plug may be either, and its profile knows which. */
const foreign: { readonly [P in keyof Wires]?: RegExp } = {
  bytes: /^\/dev\/hidraw/,
  reports: /^\/dev\/(tty|serial\/)/,
};
const spoken: { readonly [P in keyof Wires]?: string } = {
  bytes: 'a serial line such as "/dev/ttyUSB0"',
  reports: 'a USB HID device: { "by": "hid" }, or its file such as "/dev/hidraw0"',
};

/** What keeps the driver's kind of wire from being found so. */
function miswiring(
  { model, driver: name }: Profile,
  { port }: AnyDriver,
  { by, match, baud, usage }: LoadedDevice["wiring"],
): readonly { readonly path: string; readonly says: string }[] {
  if (!ways[port].includes(by)) {
    const fit = ways[port].map((way) => `"${way}"`).join(", ");
    return [{ path: "wiring.by", says: `expected one of ${fit} for ${name}, found "${by}"` }];
  }
  const other = by === "path" ? foreign[port] : undefined;
  if (other?.test(match) === true)
    return [{ path: "wiring.match", says: `${name} is not spoken to through ${match}: expected ${spoken[port]}` }];
  if (port === "bytes" && baud === undefined)
    return [{ path: "wiring.baud", says: `is missing: the profile "${model}" sets no speed` }];
  if (by === "hid" && match === "" && (usage === undefined || usage === keyboard)) {
    const why = `the profile "${model}" knows no USB numbers, and a number pad is a keyboard too`;
    return [{ path: "wiring.match", says: `is missing: ${why}. Say which by its numbers, such as "08ff:0009"` }];
  }
  return [];
}

function isDriver(value: unknown): value is AnyDriver {
  if (typeof value !== "object" || value === null) return false;
  const { id, provides, port, options, open } = value as Partial<Record<keyof AnyDriver, unknown>>;
  return (
    typeof id === "string" &&
    Array.isArray(provides) &&
    typeof port === "string" &&
    typeof options === "function" &&
    typeof open === "function"
  );
}
