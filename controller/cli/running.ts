import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import type { LoadedStation } from "../../config/load.ts";
import type { InForce } from "../store/in-force.ts";
import type { Clock } from "../../devices/kit/clock.ts";
import { fault } from "../../devices/kit/fault.ts";
import { err, ok, type Result } from "../../devices/kit/result.ts";
import { kioskName } from "../../protocol/fleet/topics.ts";
import { delays } from "../delays.ts";
import { glass } from "../freshness.ts";
import { startKiosk, type Kiosk } from "../kiosk.ts";
import { release } from "../release.ts";
import { openScreen, type OpenScreen } from "../screen/server.ts";
import { openDisk, Unreadable } from "../store/disk.ts";
import { openKeys } from "../store/keys.ts";
import { openMemberLists } from "../store/member-lists.ts";
import { MemberShelf } from "../store/member-shelf.ts";
import { openKioskKey } from "../store/kiosk-key.ts";
import { openWatchdog } from "../watchdog.ts";
import type { Disk, World } from "../world.ts";
import { machineWorld } from "../world.node.ts";

export interface Asked {
  readonly loaded: LoadedStation;
  /** The station's folder, and how its station file came into force; the simulation has none. */
  readonly station?: { readonly folder: string; readonly inForce: InForce };
  /** The data folder. */
  readonly dir: string;
  readonly port: number;
  readonly clock: Clock;
  readonly log: World["log"];
  readonly simulated: boolean;
  /** Tells systemd that workers are served, or are told why not. */
  serving(status: string): Promise<void>;
  /** Feeds systemd's watchdog. */
  alive(): void;
  /** Where wires are not the machine's own. */
  readonly wires?: World["wires"];
  /** Where the way to the centre has something in between. */
  readonly uplink?: (own: World["uplink"]) => World["uplink"];
}

/** What a data folder holds, opened. */
export interface Data {
  readonly disk: Disk;
  readonly kioskKey: Uint8Array;
}

export interface Running {
  readonly kiosk: Kiosk;
  readonly screen: OpenScreen;
  stop(why: string): Promise<void>;
}

/** Aborted when the kiosk is told to stop, with the name of the signal as the reason. Heard from now on, also while it starts. */
export function orderToStop(): AbortController {
  const order = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => order.abort(signal));
  return order;
}

/** Waits for the order. The answer is its reason. */
export async function given(order: AbortSignal): Promise<string> {
  if (!order.aborted) await once(order, "abort");
  return String(order.reason);
}

/** The worker's screen first: whatever else is wrong, it can say what a worker can do. */
export async function openGlass(asked: Asked): Promise<Result<OpenScreen>> {
  const { loaded, port, clock, simulated } = asked;
  return openScreen({ station: loaded.station, port, clock, simulated });
}

/** Why a data folder did not open: the sentence for the technician. `held`: another kiosk has it, so that waiting is of no use. */
interface Unopened {
  readonly held: boolean;
  readonly says: string;
}

/** The ledger, and the kiosk's own key beside it. */
export async function openData({ dir, clock }: Asked): Promise<Result<Data, Unopened>> {
  const lifeFloorSeconds = Math.floor(release.releasedAt / 1000);
  const disk = await openDisk({ dir, pid: process.pid, lifeFloorSeconds, now: () => clock.wall() });
  if (!disk.ok) return disk;
  const kioskKey = openKioskKey(dir, { bytes: (n) => randomBytes(n) });
  if (kioskKey.ok) return ok({ disk: disk.value, kioskKey: kioskKey.value });
  await disk.value.close();
  return err({ held: false, says: kioskKey.error });
}

/**
 * The kiosk on its data folder, which is opened again and again while it cannot be used: a card may be full, or mounted
 * late. Meanwhile the screen says that nothing is given here, and that codes are kept.
 * @returns nothing where the order to stop came first.
 */
export async function startOnceUsable(
  asked: Asked,
  first: Result<Data, Unopened>,
  screen: OpenScreen,
  order: AbortSignal,
): Promise<Running | undefined> {
  let told = "";
  for (let data = first; ; data = await openData(asked)) {
    const started = data.ok ? await startOn(asked, screen, data.value) : data;
    if (started.ok) return started.value;
    const { says } = started.error;
    if (says !== told) {
      asked.log.fail("data.unusable", fault("refused", says));
      screen.stage.show({ language: "zh-CN", body: { is: "refused", refusal: { id: "E10" } } }, 1);
      // A kiosk that waits for its card must not be taken for one that does not start.
      await asked.serving(says);
    }
    told = says;
    asked.alive();
    await pause(asked.clock, order);
    if (order.aborted) return undefined;
  }
}

/** Until the data folder is tried again, or the order to stop comes. */
const pause = (clock: Clock, order: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const over = (): void => {
      timer.cancel();
      order.removeEventListener("abort", over);
      resolve();
    };
    const timer = clock.after(delays.diskRetried, "data folder", over);
    order.addEventListener("abort", over);
  });

/** The kiosk on an opened data folder, which is closed again where its ledger cannot be read. */
export async function startOn(
  asked: Asked,
  screen: OpenScreen,
  { disk, kioskKey }: Data,
): Promise<Result<Running, Unopened>> {
  const { loaded, clock, log, alive } = asked;
  const link = {
    folder: join(asked.station?.folder ?? asked.dir, "link"),
    kiosk: kioskName(loaded.station.station.id),
  };
  const { stage, voice } = screen;
  const own = machineWorld({ clock, log, disk, stage, voice, alive, data: asked.dir, link });
  const world: World = {
    ...own,
    ...(asked.wires && { wires: asked.wires }),
    ...(asked.uplink && { uplink: asked.uplink(own.uplink) }),
  };
  const memberLists = await openMemberLists({
    station: loaded.station,
    files: loaded.memberFiles,
    kiosk: { shelf: new MemberShelf(asked.dir, kioskKey, "writes"), key: kioskKey },
    damaged: ({ file, why }) => log.fail("members.damaged", fault("refused", `${file}: ${why}`)),
  });
  const keys = await openKeys({ loaded, memberLists, keep: disk.keep, kioskKey, clock, dice: world.dice });
  const configuration = asked.station && { ...asked.station, dataFolder: asked.dir };
  const renewal = { kioskKey, ...(configuration && { configuration }) };
  const kiosk = await startKiosk({ world, loaded, keys, release, renewal }).catch(unreadable);
  if (kiosk instanceof Unreadable) {
    await disk.close();
    return err({ held: false, says: kiosk.message });
  }

  screen.tellTechnicians(() => kiosk.report());
  const pane = glass(clock);
  const painted = screen.stage.listen({ press() {}, painted: () => pane.painted() });
  const watched = loaded.station.screen.attached ? [...kiosk.watched, pane] : kiosk.watched;
  const watchdog = openWatchdog({ clock, watched, alive: () => world.host.alive(), note: log.note });
  return ok({
    kiosk,
    screen,
    async stop(why) {
      painted.stop();
      await kiosk.stop(why);
      watchdog.stop();
      memberLists.close();
      await disk.close();
      await screen.close();
    },
  });
}

/** Everything else that is thrown is our own mistake and ends the process. */
function unreadable(thrown: unknown): Unreadable {
  if (thrown instanceof Unreadable) return thrown;
  throw thrown;
}
