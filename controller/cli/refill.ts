import { loadStation } from "../../config/load.ts";
import { release } from "../release.ts";
import { openDisk } from "../store/disk.ts";
import { machineClock } from "../world.node.ts";
import { tellMistakes } from "./check.ts";

/** `yizhan refill`: writes down by hand that slots were filled, at a kiosk that is not running. */
export async function refill(options: {
  config: string;
  data: string;
  slot?: string;
  count?: number;
}): Promise<number> {
  const loaded = await loadStation(options.config);
  if (!loaded.ok) return tellMistakes(loaded.error);
  const { slots } = loaded.value.station;
  const filled = options.slot === undefined ? slots : slots.filter(({ slot }) => slot === options.slot);
  if (filled.length === 0)
    return complain(
      `The station file has no slot ${options.slot ?? ""}. It has ${slots.map(({ slot }) => slot).join(", ")}.`,
    );

  const clock = machineClock(release.releasedAt);
  const lifeFloorSeconds = Math.floor(release.releasedAt / 1000);
  const disk = await openDisk({ dir: options.data, pid: process.pid, lifeFloorSeconds, now: () => clock.wall() });
  if (!disk.ok) return complain(disk.error.says);
  for (const { device, slot, product, capacity, refillTo } of filled) {
    const count = options.count ?? refillTo ?? capacity;
    if (count > capacity) {
      await disk.value.close();
      return complain(`Slot ${slot} holds ${capacity}, not ${count}: nothing more was written.`);
    }
    const done = await disk.value.append({ kind: "refill", device, slot, product, count, by: "keeper" });
    if (!done.ok) {
      await disk.value.close();
      return complain(done.error.detail);
    }
    console.log(`Slot ${slot}: ${count} of ${product}.`);
  }
  await disk.value.close();
  return 0;
}

function complain(sentence: string): number {
  console.error(sentence);
  return 1;
}
