import { readFileSync } from "node:fs";
import { release as kernel, type as system } from "node:os";
import type { LoadedStation } from "../../config/load.ts";
import type { Ability } from "../../protocol/sparkplug/metrics.ts";
import type { Release } from "../release.ts";
import type { Standing } from "./telemetry.ts";

const abilities: readonly Ability[] = ["vending", "board", "reader", "health"];

/** What a kiosk says of itself that does not change while it runs. */
export function standingOf({ station, devices }: LoadedStation, { version }: Release): Standing {
  return {
    code: station.station.id,
    name: station.station.name.zh,
    release: version,
    computer: computer(),
    devices: devices.map(({ id, driver }) => ({
      id,
      can: abilities.filter((ability) => driver.provides.some((provided) => provided === ability)),
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
