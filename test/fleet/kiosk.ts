import { randomBytes } from "node:crypto";
import { emptyBooks, fold, type Books } from "../../controller/domain/books.ts";
import type { Entry } from "../../controller/domain/entry.ts";
import { fresh } from "../../controller/domain/guesses.ts";
import type { Moment } from "../../controller/domain/moment.ts";
import type { Event, State } from "../../controller/domain/state.ts";
import { station as machineOf } from "../../controller/domain/station.ts";
import { startLink } from "../../controller/link/link.ts";
import { mqttUplink } from "../../controller/link/mqtt.ts";
import type { Credentials } from "../../controller/link/tls.ts";
import { release } from "../../controller/release.ts";
import { settingOf } from "../../controller/setting.ts";
import type { World } from "../../controller/world.ts";
import { millis, type Clock } from "../../devices/kit/clock.ts";
import { fault, type Fault } from "../../devices/kit/fault.ts";
import { err, type Result } from "../../devices/kit/result.ts";
import { kioskName } from "../../protocol/fleet/topics.ts";
import { dayOf } from "../../protocol/pickup-code/calendar.ts";
import { Card } from "./card.ts";
import { capacity, device, linkOf, loadedStation, product, slots, type FleetLink } from "./station.ts";

/** A kiosk of a fleet: the real link and the real rules of the ledger; cabinet, worker and card are made up. */
export interface FleetKiosk {
  readonly name: string;
  readonly card: Card;
  /** A worker takes a good: attempt and outcome. */
  vend(): void;
  report(): {
    readonly online: boolean;
    /** Events that the centre has not confirmed. */
    readonly waiting: number;
    /** What the centre said against the card. */
    readonly disagreed: readonly string[];
  };
  stop(): Promise<void>;
}

/** The time of this machine, believed. */
export const clock: Clock = {
  mono: () => millis(performance.now()),
  wall: () => ({ utc: millis(Date.now()), trusted: true }),
  after(delay, _label, wake) {
    const timer = setTimeout(wake, delay);
    return { cancel: () => clearTimeout(timer) };
  },
};

const moment = (): Moment => ({ mono: clock.mono(), ...clock.wall() });

/** Entries that a kiosk has written before anybody vends. */
export const entriesAtStart = 1 + slots.length;

function worldOf(card: Card, credentials: Result<Credentials, string>, failed: (event: string, why: Fault) => void) {
  const world: World = {
    clock,
    dice: { bytes: (n) => randomBytes(n) },
    wires: { open: async () => err(fault("no-device", "A kiosk of a fleet has no wires.")) },
    disk: card,
    uplink: mqttUplink({ clock, credentials: () => credentials }),
    stage: { show() {}, listen: () => ({ stop() {} }) },
    voice: { chime() {} },
    host: {
      alive() {},
      vitals: async () => ({ uptimeSeconds: 3600, bootId: "fleet", cpuPercent: 7, memoryMb: 90, diskPercent: 12 }),
    },
    log: { note() {}, fail: failed, newest: () => [] },
  };
  return world;
}

export interface FleetPart {
  readonly number: number;
  readonly link: FleetLink;
  /** Without them only mqtt:// brokers are reached. */
  readonly credentials?: Credentials;
  failed(event: string, why: Fault): void;
}

export const idOf = (number: number): string => `F-${String(number).padStart(5, "0")}`;

/** Switches one on. It calls its broker at once. */
export function startFleetKiosk({ number, link: to, credentials, failed }: FleetPart): FleetKiosk {
  const id = idOf(number);
  const loaded = loadedStation(id, number, to);
  const setting = settingOf(loaded);
  const card = new Card(clock);
  const known: Result<Credentials, string> = credentials
    ? { ok: true, value: credentials }
    : err("This kiosk has no certificate.");
  const disagreed: string[] = [];

  let books: Books = emptyBooks;
  const write = (entry: Entry) => {
    const stamped = card.write(entry);
    books = fold(books, stamped);
    return stamped;
  };
  write({ kind: "started", release: release.version });
  for (const slot of slots)
    write({ kind: "refill", device: device.id, slot, product, count: capacity, by: "station-file" });

  const now = moment();
  const day = dayOf(now.utc);
  const knowledge = { offers: [], ceiling: day + 5, signedAt: millis(0), elsewhere: new Map<string, never>() };
  const machine = machineOf(setting, { now, books, guesses: fresh(now), floor: now.utc, knowledge });
  let state: State = machine.start;
  // Of what the machine would do only its state is of interest: nobody presses a key here.
  const happens = (event: Event): void => {
    if (event.kind === "disagreed") disagreed.push(event.why);
    state = machine.step(state, { now: moment(), event }).state;
  };
  happens({ kind: "device", id: device.id, presence: "working" });

  const link = startLink({
    world: worldOf(card, known, failed),
    loaded,
    setting,
    release,
    link: linkOf(to),
    send: happens,
    used() {},
    desired() {},
  });
  link.turned(state);

  const saves = (entry: Entry): number => {
    const stamped = write(entry);
    state = { ...state, now: moment(), books };
    link.saved(stamped);
    link.turned(state);
    return stamped.seq;
  };

  let vends = 0;
  return {
    name: kioskName(id),
    card,
    vend() {
      const slot = slots[vends % slots.length] ?? "1";
      const token = (number * 2 ** 24 + vends).toString(16).padStart(16, "0");
      vends += 1;
      const of = saves({
        kind: "attempt",
        credential: { kind: "token", kid: 1, id: token },
        device: device.id,
        slot,
        product,
        until: day + 1,
      });
      saves({ kind: "outcome", of, delivery: "delivered", started: true, why: "drop-sensor", frees: false });
    },
    report() {
      const report = link.report();
      return { online: report.is === "online", waiting: report.is === "none" ? 0 : report.waiting, disagreed };
    },
    stop: () => link.stop(),
  };
}
