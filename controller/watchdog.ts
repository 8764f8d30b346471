import type { Clock, Timer } from "../devices/kit/clock.ts";
import type { Facts } from "../devices/kit/driver.ts";
import { delays } from "./delays.ts";
import type { Watched } from "./freshness.ts";

/**
 * Feeds the watchdog every `delays.heartbeat`, but only while everything watched is fresh. A blocked event loop cannot
 * feed it either: this is the loop's own turn. systemd restarts a kiosk that has not fed it for 30 s (WatchdogSec), so a
 * part that comes back within two looks costs nothing. What is stale is noted once, and once more when it is fresh again.
 */
export function openWatchdog(over: {
  readonly clock: Clock;
  readonly watched: readonly Watched[];
  readonly alive: () => void;
  readonly note: (event: string, facts?: Facts) => void;
}): { stop(): void } {
  const { clock, watched, note } = over;
  const noted = new Set<string>();

  const isFresh = (part: Watched) => {
    const fresh = part.fresh();
    if (!fresh && !noted.has(part.name)) {
      noted.add(part.name);
      note("watchdog.stale", { part: part.name });
    }
    if (fresh && noted.delete(part.name)) note("watchdog.fresh", { part: part.name });
    return fresh;
  };

  let timer: Timer;
  const look = () => {
    const stale = watched.filter((part) => !isFresh(part));
    if (stale.length === 0) over.alive();
    timer = clock.after(delays.heartbeat, "watchdog", look);
  };
  look();
  return { stop: () => timer.cancel() };
}
