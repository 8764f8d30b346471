import type { LoadedStation } from "../../config/load.ts";
import type { Clock } from "../../devices/kit/clock.ts";
import { fault } from "../../devices/kit/fault.ts";
import { err, ok, type Result } from "../../devices/kit/result.ts";
import { delays } from "../delays.ts";
import { glass } from "../freshness.ts";
import { startKiosk, type Kiosk } from "../kiosk.ts";
import { release } from "../release.ts";
import { openScreen, type OpenScreen } from "../screen/server.ts";
import { openDisk } from "../store/disk.ts";
import { openKeys } from "../store/keys.ts";
import { openKioskKey } from "../store/kiosk-key.ts";
import { openWatchdog } from "../watchdog.ts";
import type { Disk, World } from "../world.ts";
import { machineWorld } from "../world.node.ts";

export interface Asked {
  readonly loaded: LoadedStation;
  /** The data folder. */
  readonly dir: string;
  readonly port: number;
  readonly clock: Clock;
  readonly log: World["log"];
  readonly simulated: boolean;
  /** Feeds systemd's watchdog. */
  alive(): void;
  /** Where wires are not the machine's own. */
  readonly wires?: World["wires"];
}

export interface Running {
  readonly kiosk: Kiosk;
  readonly screen: OpenScreen;
  readonly disk: Disk;
  stop(why: string): Promise<void>;
}

/** The worker's screen first: whatever else is wrong, it can say what a worker can do. */
export async function openGlass(asked: Asked): Promise<Result<OpenScreen>> {
  const { loaded, port, clock, simulated } = asked;
  return openScreen({ station: loaded.station, port, clock, simulated });
}

/**
 * Opens the data folder, again and again while it cannot be opened: a card may be full, or mounted late.
 * Meanwhile the screen says that nothing is given here, and that codes are kept. `give up` ends the waiting.
 */
export async function waitForDisk(asked: Asked, screen: OpenScreen, giveUp: AbortSignal): Promise<Disk | undefined> {
  const { dir, clock, log } = asked;
  for (let told = ""; !giveUp.aborted;) {
    const lifeFloorSeconds = Math.floor(release.releasedAt / 1000);
    const opened = await openDisk({ dir, pid: process.pid, lifeFloorSeconds, now: () => clock.wall() });
    if (opened.ok) return opened.value;
    if (opened.error !== told) {
      told = opened.error;
      log.fail("data.unusable", fault("refused", told));
      screen.stage.show({ language: "zh-CN", body: { is: "refused", refusal: { id: "E10" } } }, 1);
    }
    asked.alive();
    await new Promise<void>((resolve) => {
      const timer = clock.after(delays.diskRetried, "data folder", resolve);
      giveUp.addEventListener("abort", () => (timer.cancel(), resolve()), { once: true });
    });
  }
  return undefined;
}

/** The kiosk on an opened data folder. The error is a sentence for the technician. */
export async function startOn(asked: Asked, screen: OpenScreen, disk: Disk): Promise<Result<Running, string>> {
  const { loaded, dir, clock, log, alive } = asked;
  const own = machineWorld({ clock, log, disk, dir, stage: screen.stage, voice: screen.voice, alive });
  const world: World = asked.wires ? { ...own, wires: asked.wires } : own;
  const kioskKey = openKioskKey(dir, world.dice);
  if (!kioskKey.ok) return err(kioskKey.error);
  const keys = await openKeys({ loaded, keep: disk.keep, kioskKey: kioskKey.value, clock, dice: world.dice });
  const kiosk = await startKiosk({ world, loaded, keys, release });

  const pane = glass(clock);
  const painted = screen.stage.listen({ press() {}, painted: () => pane.painted() });
  const watched = loaded.station.screen.attached ? [...kiosk.watched, pane] : kiosk.watched;
  const watchdog = openWatchdog({ clock, watched, alive: () => world.host.alive(), note: log.note });
  return ok({
    kiosk,
    screen,
    disk,
    async stop(why) {
      painted.stop();
      await kiosk.stop(why);
      watchdog.stop();
      await disk.close();
      await screen.close();
    },
  });
}
