import { startKiosk, type Kiosk } from "../../controller/kiosk.ts";
import type { Stamped } from "../../controller/domain/entry.ts";
import type { Screen } from "../../controller/screen/model.ts";
import type { OpenWire, Wiring, World } from "../../controller/world.ts";
import type { LoadedStation } from "../../config/load.ts";
import type { LoadedDevice } from "../../config/profile.ts";
import { millis } from "../../devices/kit/clock.ts";
import type { Peer, PeerDefinition } from "../../devices/kit/driver.ts";
import { fault } from "../../devices/kit/fault.ts";
import type { Wires } from "../../devices/kit/port.ts";
import { err, ok, type Result } from "../../devices/kit/result.ts";
import { dayOf } from "../../protocol/pickup-code/calendar.ts";
import { dice as seeded, type Dice } from "../kit/dice.ts";
import { layWire, type OpenEnd, type Wire } from "../kit/wire.ts";
import { mortal, StreetClock } from "./clock.ts";
import { issue, type IssuedCodes } from "./codes.ts";
import { Card } from "./disk.ts";
import type { IssuedMembers, Person } from "./members.ts";

/** A model of machine and how it stands in the simulated street. */
export interface Cabinet {
  readonly device: LoadedDevice;
  readonly peer: PeerDefinition<unknown, Uint8Array, Uint8Array>;
  readonly slots: readonly string[];
}

/** A reader of the same street, and the cards that are known there. */
export interface Lobby {
  readonly readers: readonly Omit<Cabinet, "slots">[];
  readonly members: IssuedMembers;
}

/** A good that fell, and what the kiosk knew at that moment. */
export interface Drop {
  readonly at: number;
  readonly slot: string;
  /** The attempt that was on the card for it; undefined is a broken promise. */
  readonly attempt: number | undefined;
  /** What the screen showed, and whether that kiosk had made the attempt itself. */
  readonly screen: string;
  readonly sameLife: boolean;
}

const noon = Date.UTC(2026, 6, 15, 4);
export const products = [
  { id: "water", name: { zh: "冰矿泉水", en: "Iced water" } },
  { id: "soda", name: { zh: "盐汽水", en: "Salt soda" } },
] as const;

/** One kiosk in a street: its cabinet, its card, its worker, and everything that can happen to them. Same seed, same day. */
export class Street {
  readonly dice: Dice;
  readonly clock = new StreetClock(noon);
  readonly card: Card;
  readonly codes: IssuedCodes;
  readonly wire: Wire;
  readonly peer: Peer<Uint8Array>;
  /** Readers and scanners, by the id of the device. */
  readonly readers: ReadonlyMap<string, { readonly wire: Wire; readonly peer: Peer<Uint8Array> }>;
  readonly log: string[] = [];
  readonly drops: Drop[] = [];
  readonly refs = new Set<string>();
  readonly people: readonly Person[];
  screen: Screen = { language: "zh-CN", body: { is: "starting" } };
  /** Told of each screen that is another than the one before. */
  shown: (screen: Screen) => void = () => {};
  kiosk: Kiosk | undefined;
  /** Seq of the card's last entry when the present life began; beyond all entries while the power is off. */
  bornAt = 0;
  #life = 0;
  readonly #ends = new Map<string, OpenEnd>();
  #press: (key: string) => void = () => {};
  #fallen = 0;
  readonly #cabinet: Cabinet;
  readonly #loaded: LoadedStation;

  constructor(cabinet: Cabinet, seed: number, lobby?: Lobby) {
    this.#cabinet = cabinet;
    this.dice = seeded(seed);
    this.card = new Card(this.dice);
    this.codes = issue(
      dayOf(noon),
      products.map(({ id }) => id),
      lobby?.members,
    );
    const { wire, peer } = layWire(cabinet.peer, cabinet.device.options, this.clock, seed + 1);
    this.wire = wire;
    this.peer = peer;
    this.people = lobby?.members.people ?? [];
    this.readers = new Map(
      (lobby?.readers ?? []).map(({ device, peer }, index) => [
        device.id,
        layWire(peer, device.options, this.clock, seed + 2 + index),
      ]),
    );
    this.#loaded = loaded(cabinet, lobby);
    this.clock.watch = () => this.#look();
  }

  /** Switches the kiosk on and waits until it serves. */
  async boot(): Promise<void> {
    const life = this.switchOn();
    await this.clock.until(() => this.kiosk !== undefined || life !== this.#life, 60_000);
  }

  /** Switches the kiosk on, and gives the number of its life. */
  switchOn(): number {
    const life = ++this.#life;
    const alive = (): boolean => life === this.#life;
    this.bornAt = this.card.entries.length;
    this.screen = { language: "zh-CN", body: { is: "starting" } };
    const world = this.#world(mortal(this.clock, alive), alive);
    const { keys } = this.codes;
    void startKiosk({
      world,
      loaded: this.#loaded,
      keys,
      release: { version: "sim", releasedAt: millis(noon - 86_400_000) },
    }).then((kiosk) => {
      if (alive()) this.kiosk = kiosk;
    });
    return life;
  }

  /** Whether the kiosk has power: it may still be starting. */
  get on(): boolean {
    return this.bornAt !== Number.POSITIVE_INFINITY;
  }

  /** The power goes: the process is gone at once, whatever it was doing. The cabinet may keep its own. */
  cut(): void {
    this.#life += 1;
    this.bornAt = Number.POSITIVE_INFINITY;
    this.kiosk = undefined;
    this.#press = () => {};
    for (const end of this.#ends.values()) void end.close();
    this.#ends.clear();
    this.screen = { language: "zh-CN", body: { is: "starting" } };
  }

  press(key: string): void {
    this.#press(key);
  }

  /** Types a code as a hand does. */
  async type(code: string, pace = 250): Promise<void> {
    for (const digit of code) {
      this.press(digit);
      await this.clock.pass(pace);
    }
  }

  get shows(): string {
    const { body } = this.screen;
    return body.is === "refused" ? body.refusal.id : body.is === "enter" && body.said ? body.said.id : body.is;
  }

  /** The planogram: which product a slot holds. */
  productOf(slot: string): string {
    return this.#loaded.station.slots.find((place) => place.slot === slot)?.product ?? "";
  }

  kioskSlots(): readonly string[] {
    return this.#cabinet.slots;
  }

  entries(): readonly Stamped[] {
    return this.card.entries;
  }

  /** Looked at after each wake: what fell, and what the kiosk had promised by then. */
  #look(): void {
    const truth = this.peer.truth();
    for (; this.#fallen < truth.length; this.#fallen++) {
      const slot = truth[this.#fallen] ?? "";
      const settled = new Set(this.card.entries.flatMap(({ entry }) => (entry.kind === "outcome" ? [entry.of] : [])));
      const explained = new Set(this.drops.map((drop) => drop.attempt));
      const open = this.card.entries.filter(
        ({ seq, entry }) => entry.kind === "attempt" && entry.slot === slot && !explained.has(seq),
      );
      // The newest unsettled attempt is the one that moves; one settled as unknown may still drop late.
      const attempt = (open.findLast(({ seq }) => !settled.has(seq)) ?? open.at(-1))?.seq;
      const sameLife = attempt !== undefined && attempt > this.bornAt && !settled.has(attempt);
      this.drops.push({ at: this.clock.mono(), slot, attempt, screen: this.screen.body.is, sameLife });
    }
  }

  async #plugged(match: string, alive: () => boolean): Promise<Result<OpenWire<"bytes">>> {
    if (!alive()) return err(fault("no-device", "no power"));
    const end = await (this.readers.get(match)?.wire ?? this.wire).open();
    if (!end.ok) return end;
    this.#ends.set(match, end.value);
    const { port } = end.value;
    return ok({
      close: () => end.value.close(),
      port: {
        label: port.label,
        send: async (bytes) => (alive() ? port.send(bytes) : new Promise<never>(() => {})),
        listen: (sink) =>
          port.listen({
            heard: (bytes) => alive() && sink.heard(bytes),
            lost: (why) => alive() && sink.lost(why),
          }),
      },
    });
  }

  #world(clock: ReturnType<typeof mortal>, alive: () => boolean): World {
    return {
      clock,
      dice: { bytes: (n) => Uint8Array.from({ length: n }, () => this.dice.between(0, 256)) },
      wires: {
        // Every device of this street hangs on a line of bytes.
        open: async <P extends keyof Wires>(_: P, { match }: Wiring) =>
          (await this.#plugged(match, alive)) as unknown as Result<OpenWire<P>>,
      },
      uplink: { connect: async () => err({ why: "unreachable", detail: "no centre stands in this street" }) },
      disk: this.card.open(this.clock, clock, alive),
      stage: {
        show: (screen) => {
          if (!alive()) return;
          this.screen = screen;
          this.shown(screen);
          if (screen.body.is === "refused" && "ref" in screen.body.refusal && screen.body.refusal.ref)
            this.refs.add(screen.body.refusal.ref);
        },
        listen: ({ press }) => {
          this.#press = (key) => alive() && press(key);
          return { stop: () => (this.#press = () => {}) };
        },
      },
      voice: { chime() {} },
      host: { alive() {}, vitals: async () => ({ uptimeSeconds: 1, bootId: "street" }) },
      log: {
        note: (event, facts) => alive() && this.log.push(`${event} ${JSON.stringify(facts ?? {})}`),
        fail: (event, why) => alive() && this.log.push(`${event} ${JSON.stringify(why)}`),
        newest: (lines) => this.log.slice(-lines),
      },
    };
  }
}

function loaded({ device, slots }: Cabinet, lobby: Lobby | undefined): LoadedStation {
  const readers = (lobby?.readers ?? []).map((reader) => reader.device);
  return {
    station: {
      v: 1,
      station: {
        id: "SIM-1",
        number: 42,
        site: "42",
        name: { zh: "模拟站", en: "Simulated station" },
        machine: "01",
        phone: "12351",
        opens: "00:00",
        closes: "24:00",
      },
      screen: { widthMm: 222, attached: true },
      devices: [device, ...readers].map(({ id, profile, wiring }) => ({
        id,
        profile: profile.model,
        wiring,
        options: {},
      })),
      products: products.map(({ id, name }) => ({ id, name: { ...name } })),
      slots: slots.map((slot, index) => ({
        device: device.id,
        slot,
        product: index % 2 === 0 ? "water" : "soda",
        capacity: 10,
        critical: 2,
      })),
      trust: [],
      keyDays: 14,
      escrow: 3,
      neighbours: [],
    },
    devices: [device, ...readers],
    campaignFiles: [],
    listFiles: [],
    keyFiles: [],
    memberFiles: [],
  };
}
