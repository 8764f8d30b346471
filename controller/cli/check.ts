import { randomBytes } from "node:crypto";
import { loadStation, type LoadedStation } from "../../config/load.ts";
import { mistakeLine, type Mistake } from "../../config/mistake.ts";
import { ok } from "../../devices/kit/result.ts";
import { dayOf } from "../../protocol/pickup-code/calendar.ts";
import { release } from "../release.ts";
import { openKeys } from "../store/keys.ts";
import { openMemberLists } from "../store/member-lists.ts";
import { machineClock } from "../world.node.ts";
import { readerRules } from "./udev.ts";

/**
 * Prints every mistake of the station's files, one a line.
 * @returns the exit code: 0 without a mistake, else 1.
 */
export async function check({
  config,
  udev = false,
}: {
  readonly config: string;
  /** Rules for udev are printed instead. */
  readonly udev?: boolean;
}): Promise<number> {
  const loaded = await loadStation(config);
  if (!loaded.ok) return tellMistakes(loaded.error);
  const refused = await notObeyed(loaded.value);
  if (refused.length > 0) return tellMistakes(refused);
  const { station, devices } = loaded.value;
  if (udev) {
    console.log(readerRules(devices));
    return 0;
  }
  const names = devices.map((device) => `${device.id} (${device.profile.model})`).join(", ");
  console.log(`${station.station.id}: no mistake. Devices: ${names}. Slots: ${station.slots.length}.`);
  // A start loads this file for its mistakes alone, and nothing that seals results.
  const { remarks } = await import("./remarks.ts");
  for (const remark of remarks(loaded.value, dayOf(Date.now()))) console.log(remark);
  return 0;
}

/**
 * Campaign and list files that the kiosk would not obey, and why. Key bundles and the keys of members' cards are not
 * judged: they open with the kiosk's own key alone, which lies in its data folder.
 */
async function notObeyed(loaded: LoadedStation): Promise<readonly Mistake[]> {
  const random = (n: number): Uint8Array => randomBytes(n);
  const { refused } = await openKeys({
    loaded: { ...loaded, keyFiles: [] },
    keep: { get: () => undefined, put: async () => ok(undefined) },
    kioskKey: random(32),
    memberLists: await openMemberLists({ station: loaded.station, files: loaded.memberFiles, damaged() {} }),
    clock: machineClock(release.releasedAt),
    dice: { bytes: random },
  });
  return refused
    .filter(({ file }) => /^(campaigns|lists|members)\//.test(file))
    .map(({ file, why }) => ({ file, path: "", says: why }));
}

/** Every mistake on a line of its own. */
export function tellMistakes(mistakes: readonly Mistake[]): 1 {
  for (const mistake of mistakes) console.error(mistakeLine(mistake));
  console.error(mistakes.length === 1 ? "1 mistake." : `${mistakes.length} mistakes.`);
  return 1;
}
