import { loadStation } from "../../config/load.ts";
import { mistakeLine, type Mistake } from "../../config/mistake.ts";

/**
 * Prints every mistake of the station's files, one a line.
 * @returns the exit code: 0 without a mistake, else 1.
 */
export async function check({ config }: { readonly config: string }): Promise<number> {
  const loaded = await loadStation(config);
  if (loaded.ok) {
    const { station, devices } = loaded.value;
    const names = devices.map((device) => `${device.id} (${device.profile.model})`).join(", ");
    console.log(`${station.station.id}: no mistake. Devices: ${names}. Slots: ${station.slots.length}.`);
    return 0;
  }
  return tellMistakes(loaded.error);
}

/** Every mistake on a line of its own. */
export function tellMistakes(mistakes: readonly Mistake[]): 1 {
  for (const mistake of mistakes) console.error(mistakeLine(mistake));
  console.error(mistakes.length === 1 ? "1 mistake." : `${mistakes.length} mistakes.`);
  return 1;
}
