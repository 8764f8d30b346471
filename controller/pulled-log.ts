import type { CabinSetting } from "./domain/cabin/setting.ts";
import type { World } from "./world.ts";

/**
 * The newest lines of the log for whoever asks from afar, and none about an instrument or a printer of the health cabin: a
 * meter that wakes up shows that somebody is measured now, and what. Older lines take their place, so that their number
 * does not show it either. Of those devices the centre hears when a day is over (domain/cabin/roll-call.ts); the journal
 * of the machine has every line.
 */
export function pulledLog(
  log: Pick<World["log"], "newest">,
  lines: number,
  cabin: Pick<CabinSetting, "instruments" | "printers"> | undefined,
): readonly string[] {
  const ids = cabin === undefined ? [] : [...cabin.instruments.map(({ id }) => id), ...cabin.printers];
  // As a fact of a note, {"device":"cuff"}, and as the beginning of a fault's detail, "cuff: no answer".
  const marks = ids.flatMap((id) => [`:"${id}"`, `:"${id}: `]);
  const others = log.newest(Number.POSITIVE_INFINITY).filter((line) => !marks.some((mark) => line.includes(mark)));
  return others.slice(-lines);
}
