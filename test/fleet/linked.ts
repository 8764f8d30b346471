import type { Books } from "../../controller/domain/books.ts";
import type { Stamped } from "../../controller/domain/entry.ts";
import { fresh } from "../../controller/domain/guesses.ts";
import type { Event, State } from "../../controller/domain/state.ts";
import { station as machineOf } from "../../controller/domain/station.ts";
import { startLink, type Link } from "../../controller/link/link.ts";
import { release } from "../../controller/release.ts";
import { settingOf } from "../../controller/setting.ts";
import type { World } from "../../controller/world.ts";
import { millis } from "../../devices/kit/clock.ts";
import { fault } from "../../devices/kit/fault.ts";
import { err } from "../../devices/kit/result.ts";
import { dayOf } from "../../protocol/pickup-code/calendar.ts";
import { device, linkOf, loadedStation, type FleetLink } from "./station.ts";

/** What of the world the link uses; the rest of a kiosk stands still. */
export interface LinkedParts extends Pick<World, "clock" | "dice" | "disk" | "uplink"> {
  readonly id: string;
  readonly number: number;
  readonly to: FleetLink;
  readonly vitals: World["host"]["vitals"];
  readonly failed: World["log"]["fail"];
  /** The fold of what is on the disk. */
  readonly books: Books;
  /** What the link tells the kiosk, beside what the kiosk makes of it. */
  readonly told?: (event: Event) => void;
}

/** The real link of a kiosk whose cabinet works and where nobody presses a key. */
export interface Linked {
  readonly link: Link;
  /** What the centre said against the ledger. */
  readonly disagreed: readonly string[];
  /** An entry is on the disk, and these are the books with it. */
  saved(stamped: Stamped, books: Books): void;
}

export function linkedKiosk(parts: LinkedParts): Linked {
  const { id, number, to, clock, dice, disk, uplink, vitals, failed, books, told = () => {} } = parts;
  const loaded = loadedStation(id, number, to);
  const setting = settingOf(loaded);
  const now = () => ({ mono: clock.mono(), ...clock.wall() });
  const machine = machineOf(setting, {
    now: now(),
    books,
    guesses: fresh(now()),
    numbers: fresh(now(), "numbers"),
    floor: clock.wall().utc,
    counted: clock.wall().utc,
    knowledge: {
      offers: [],
      ceiling: dayOf(clock.wall().utc) + 60,
      signedAt: millis(0),
      elsewhere: new Map(),
      taken: new Map(),
    },
  });
  const disagreed: string[] = [];
  let state: State = machine.start;
  const happens = (event: Event): void => {
    if (event.kind === "disagreed") disagreed.push(event.why);
    state = machine.step(state, { now: now(), event }).state;
    told(event);
  };
  happens({ kind: "device", id: device.id, presence: "working" });
  const world: World = {
    clock,
    dice,
    disk,
    uplink,
    wires: { open: async () => err(fault("no-device", "This kiosk has no wires.")) },
    stage: { show() {}, listen: () => ({ stop() {} }) },
    voice: { chime() {} },
    host: { alive() {}, vitals },
    log: { note() {}, fail: failed, newest: () => [] },
  };
  const link = startLink({
    world,
    loaded,
    setting,
    release,
    link: linkOf(to),
    send: happens,
    given() {},
    desired() {},
  });
  link.turned(state);
  return {
    link,
    disagreed,
    saved(stamped, after) {
      state = { ...state, now: now(), books: after };
      link.saved(stamped);
      link.turned(state);
    },
  };
}
