import { readFileSync } from "node:fs";
import { release as kernel, type as system } from "node:os";
import type { LoadedStation } from "../../config/load.ts";
import type { Capabilities } from "../../devices/kit/driver.ts";
import type { Ability } from "../../protocol/sparkplug/metrics.ts";
import type { Release } from "../release.ts";
import type { Standing } from "./telemetry.ts";

/** What a driver provides that has each ability. */
const providing: Readonly<Record<Ability, keyof Capabilities>> = {
  vending: "vending",
  board: "board",
  reader: "reader",
  health: "meter",
};
const abilities = Object.keys(providing) as readonly Ability[];

/** What a kiosk says of itself that does not change while it runs. */
export function standingOf({ station, devices }: LoadedStation, { version }: Release): Standing {
  return {
    code: station.station.id,
    name: station.station.name.zh,
    release: version,
    computer: computer(),
    devices: devices.map(({ id, driver }) => ({
      id,
      can: abilities.filter((ability) => driver.provides.includes(providing[ability])),
      slots: station.slots
        .filter(({ device }) => device === id)
        .map(({ slot, capacity, refillTo }) => ({ slot, par: refillTo ?? capacity })),
    })),
  };
}

/** Of the computer: the device tree names a Raspberry Pi, DMI a PC. */
function computer(): NonNullable<Standing["computer"]> {
  const tree = firstLine("/proc/device-tree/model");
  const make = tree?.split(" Model ")[0] ?? firstLine("/sys/class/dmi/id/sys_vendor");
  const model = tree ?? firstLine("/sys/class/dmi/id/product_name");
  return {
    ...(make ? { make } : {}),
    ...(model ? { model } : {}),
    os: system(),
    osVersion: kernel(),
  };
}

function firstLine(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").split(/[\0\n]/)[0];
  } catch {
    return undefined;
  }
}
