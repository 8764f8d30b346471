import { readdir, readFile, realpath } from "node:fs/promises";
import { join } from "node:path";
import { fault } from "../kit/fault.ts";
import { err, ok, type Result } from "../kit/result.ts";
import { interfaceOf } from "./hid-interface.ts";

export interface HidWiring {
  readonly by: "hid" | "usb" | "path";
  /**
   * By hid: vendor and product, "0c2e:0b61", with the serial number behind them where two are alike, several with ","
   * between them, or nothing: the one that is there. By usb: a USB path such as "1-1.3". By path: a device file.
   */
  readonly match: string;
  /** Usage page and usage of the interface, "008c:0002": one plug may hold several. */
  readonly usage?: string;
}

/** Where the kernel shows HID devices; tests point elsewhere. */
export interface HidPlaces {
  readonly hidraws: string;
  readonly inputs: string;
  readonly dev: string;
}

export const hidPlaces: HidPlaces = { hidraws: "/sys/class/hidraw", inputs: "/sys/class/input", dev: "/dev" };

/** A HID interface that is plugged in now. */
export interface HidDevice {
  readonly path: string;
  /** Its folder in sysfs, another one at each plugging in. */
  readonly folder: string;
  /** Vendor and product, "0c2e:0b61". */
  readonly ids: string;
  /** Empty where the device has none. */
  readonly serial: string;
  /** What the device calls itself. */
  readonly name: string;
  /** The folders of the USB interface and of the device behind it, "1-1.3:1.0" and "1-1.3"; absent on other buses. */
  readonly usb?: { readonly interface: string; readonly device: string };
  readonly descriptor: Uint8Array;
  readonly usages: readonly string[];
  readonly numbered: boolean;
}

/** As a technician would point at it. */
export const labelOf = ({ path, name, ids, usb }: HidDevice): string =>
  `${path} (${name === "" ? "no name" : name}, ${ids}${usb === undefined ? "" : `, USB path ${usb.device}`})`;

/** Finds the one interface that is meant. The kernel's folders are read; no device is asked. */
export async function findHid(wiring: HidWiring, where: HidPlaces = hidPlaces): Promise<Result<HidDevice>> {
  const { usage } = wiring;
  const plugged = (await allHid(where)).filter((device) => isMeant(device, wiring));
  const found = usage === undefined ? plugged : plugged.filter(({ usages }) => usages.includes(usage));
  const [first, second] = found;
  if (second !== undefined) {
    const names = found.map(labelOf).join("; ");
    return err(fault("misconfigured", `${found.length} HID devices fit: ${names}. ${narrower(found)}`));
  }
  if (first !== undefined) return ok(first);
  const [other] = plugged;
  if (other === undefined || wiring.match === "") return err(fault("no-device", nobody(wiring)));
  const does = other.usages.join(" and ");
  return err(
    fault(
      "misconfigured",
      `${labelOf(other)} is plugged in and offers usage ${does}, not ${usage ?? ""}: switch its USB mode`,
    ),
  );
}

async function allHid(where: HidPlaces): Promise<readonly HidDevice[]> {
  const names = await readdir(where.hidraws).catch(() => []);
  const devices = await Promise.all(names.map((name) => read(name, where).catch(() => undefined)));
  return devices.filter((device) => device !== undefined).sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Throws where the device goes meanwhile. */
async function read(name: string, { hidraws, dev }: HidPlaces): Promise<HidDevice> {
  const folder = await realpath(join(hidraws, name, "device"));
  const facts = new Map(
    (await readFile(join(folder, "uevent"), "utf8")).split("\n").map((line) => {
      const [key = "", ...value] = line.split("=");
      return [key, value.join("=")] as const;
    }),
  );
  const descriptor = await readFile(join(folder, "report_descriptor"));
  // "0003:00000C2E:00000B61": bus, vendor, product.
  const [, vendor = "", product = ""] = (facts.get("HID_ID") ?? "").split(":");
  const parents = folder.split("/");
  const at = parents.findLastIndex((parent) => /^\d+-[\d.]+:\d+\.\d+$/.test(parent));
  const inter = parents[at];
  return {
    path: join(dev, name),
    folder,
    ids: `${vendor.slice(-4)}:${product.slice(-4)}`.toLowerCase(),
    serial: facts.get("HID_UNIQ") ?? "",
    name: facts.get("HID_NAME") ?? "",
    ...(inter === undefined ? {} : { usb: { interface: inter, device: inter.replace(/:.*/, "") } }),
    descriptor: Uint8Array.from(descriptor),
    ...interfaceOf(descriptor),
  };
}

function isMeant({ path, ids, serial, usb }: HidDevice, { by, match }: HidWiring): boolean {
  switch (by) {
    case "path":
      return path === match;
    case "usb":
      return usb !== undefined && (usb.interface === match || usb.device === match);
    case "hid":
      return (
        match === "" ||
        match.split(",").some((one) => {
          const [, wanted = "", asked] = /^([0-9a-f]{4}:[0-9a-f]{4})(?::(.*))?$/i.exec(one.trim()) ?? [];
          return wanted.toLowerCase() === ids && (asked === undefined || asked === serial);
        })
      );
  }
}

function nobody({ by, match, usage }: HidWiring): string {
  const of = usage === undefined ? "" : ` with usage ${usage}`;
  switch (by) {
    case "path":
      return `nobody at ${match}: is the cable plugged in?`;
    case "usb":
      return `no HID device at USB path ${match}: is the cable plugged in?`;
    case "hid":
      return `no HID device ${match === "" ? "" : match.replaceAll(",", " or ")}${of} is plugged in`.replace("  ", " ");
  }
}

/** How the station file can name one of several. */
function narrower(found: readonly HidDevice[]): string {
  const [one] = found;
  const serials = new Set(found.map(({ serial }) => serial).filter((serial) => serial !== ""));
  if (one !== undefined && serials.size === found.length)
    return `Name one by its serial number, such as "${one.ids}:${one.serial}"`;
  const plugs = new Set(found.map(({ usb }) => usb?.device));
  if (one?.usb !== undefined && plugs.size === found.length)
    return `Name one by its USB path, such as { "by": "usb", "match": "${one.usb.device}" }`;
  return 'Say which by vendor and product, or by its usage, such as "0001:0006"';
}
