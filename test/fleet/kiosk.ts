import { randomBytes } from "node:crypto";
import { emptyBooks, fold, type Books } from "../../controller/domain/books.ts";
import type { Entry } from "../../controller/domain/entry.ts";
import { mqttUplink } from "../../controller/link/mqtt.ts";
import type { Credentials } from "../../controller/link/tls.ts";
import { release } from "../../controller/release.ts";
import { millis, type Clock } from "../../devices/kit/clock.ts";
import type { Fault } from "../../devices/kit/fault.ts";
import { err, type Result } from "../../devices/kit/result.ts";
import { kioskName } from "../../protocol/fleet/topics.ts";
import { dayOf } from "../../protocol/pickup-code/calendar.ts";
import { Card } from "./card.ts";
import { linkedKiosk } from "./linked.ts";
import { capacity, device, product, slots, type FleetLink } from "./station.ts";

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

/** Entries that a kiosk has written before anybody vends. */
export const entriesAtStart = 1 + slots.length;

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
  const card = new Card(clock);
  const known: Result<Credentials, string> = credentials
    ? { ok: true, value: credentials }
    : err("This kiosk has no certificate.");
  let books: Books = emptyBooks;
  const write = (entry: Entry) => {
    const stamped = card.write(entry);
    books = fold(books, stamped);
    return stamped;
  };
  write({ kind: "started", release: release.version });
  for (const slot of slots)
    write({ kind: "refill", device: device.id, slot, product, count: capacity, by: "station-file" });

  const { link, disagreed, saved } = linkedKiosk({
    id,
    number,
    to,
    clock,
    dice: { bytes: (n) => randomBytes(n) },
    disk: card,
    uplink: mqttUplink({ clock, credentials: () => known }),
    vitals: async () => ({ uptimeSeconds: 3600, bootId: "fleet", cpuPercent: 7, memoryMb: 90, diskPercent: 12 }),
    failed,
    books,
  });
  const saves = (entry: Entry): number => {
    const stamped = write(entry);
    saved(stamped, books);
    return stamped.seq;
  };

  const day = dayOf(clock.wall().utc);
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
