import { startKiosk, type Kiosk } from "../../controller/kiosk.ts";
import type { Uplink } from "../../controller/link/uplink.ts";
import type { Screen } from "../../controller/screen/model.ts";
import type { Keys } from "../../controller/store/keys.ts";
import type { OpenWire, Wiring, World } from "../../controller/world.ts";
import type { LoadedStation } from "../../config/load.ts";
import { millis, type Clock } from "../../devices/kit/clock.ts";
import { fault } from "../../devices/kit/fault.ts";
import type { Port, Wires } from "../../devices/kit/port.ts";
import { err, ok, type Result } from "../../devices/kit/result.ts";
import type { Dice } from "../kit/dice.ts";
import type { OpenEnd } from "../kit/wire.ts";
import { mortal, StreetClock, type MortalClock } from "./clock.ts";
import { Card } from "./disk.ts";

/** What stands at a place: its station file with all that belongs to it. */
export interface Site {
  readonly loaded: LoadedStation;
  readonly keys: Keys;
  /** The kiosk's own key, where it has one. */
  readonly kioskKey?: Uint8Array;
}

type AnyPort = Wires[keyof Wires];
export type AnyEnd = OpenEnd<AnyPort>;

/** 2026-07-15, noon in UTC+8. */
export const noon = Date.UTC(2026, 6, 15, 4);
const starting: Screen = { language: "zh-CN", body: { is: "starting" } };

/** A kiosk whose power comes and goes. Its card and its clock go on; of a life that was cut nothing acts any more. */
export abstract class Powered {
  readonly clock = new StreetClock(noon);
  readonly card: Card;
  readonly log: string[] = [];
  screen: Screen = starting;
  /** Told of each screen that is another than the one before. */
  shown: (screen: Screen) => void = () => {};
  kiosk: Kiosk | undefined;
  /** Told of each start that came to its end. */
  started: (kiosk: Kiosk) => void = () => {};
  /** Seq of the card's last entry when the present life began; beyond all entries while the power is off. */
  bornAt = 0;
  #life = 0;
  #clock: MortalClock | undefined;
  readonly #ends = new Map<string, AnyEnd>();
  #press: (key: string) => void = () => {};
  readonly #chance: Dice;

  /** `chance`: what the kiosk throws its own dice with. */
  constructor(chance: Dice) {
    this.#chance = chance;
    this.card = new Card(chance);
  }

  protected abstract site(): Site;
  /** What is plugged in there. */
  protected abstract end(match: string): Promise<Result<AnyEnd>>;
  /** The way to the centre; there is none unless somebody lays it. */
  protected uplink(): Uplink {
    return { connect: async () => err({ why: "unreachable", detail: "no centre stands in this street" }) };
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
    this.screen = starting;
    const clock = mortal(this.clock);
    this.#clock = clock;
    const world = this.#world(clock, alive);
    const { loaded, keys, kioskKey } = this.site();
    void startKiosk({
      world,
      loaded,
      keys,
      release: { version: "sim", releasedAt: millis(noon - 86_400_000) },
      ...(kioskKey && { renewal: { kioskKey } }),
    }).then((kiosk) => {
      if (!alive()) return;
      this.kiosk = kiosk;
      this.started(kiosk);
    });
    return life;
  }

  /** Whether the kiosk has power: it may still be starting. */
  get on(): boolean {
    return this.bornAt !== Number.POSITIVE_INFINITY;
  }

  /** The power goes: the process is gone at once, whatever it was doing. What it is wired to may keep its own. */
  cut(): void {
    this.#life += 1;
    this.#clock?.dies();
    this.bornAt = Number.POSITIVE_INFINITY;
    this.kiosk = undefined;
    this.#press = () => {};
    for (const end of this.#ends.values()) void end.close();
    this.#ends.clear();
    this.screen = starting;
  }

  press(key: string): void {
    this.#press(key);
  }

  /** Told of each screen of the present life. */
  protected abstract looks(screen: Screen): void;

  async #plugged(match: string, alive: () => boolean): Promise<Result<AnyEnd>> {
    if (!alive()) return err(fault("no-device", "no power"));
    const end = await this.end(match);
    if (!end.ok) return end;
    this.#ends.set(match, end.value);
    const port = end.value.port as Port<unknown, unknown>;
    const mortalPort: Port<unknown, unknown> = {
      ...port,
      send: async (words) => (alive() ? port.send(words) : new Promise<never>(() => {})),
      listen: (sink) =>
        port.listen({
          heard: (words) => alive() && sink.heard(words),
          lost: (why) => alive() && sink.lost(why),
        }),
    };
    // Which words pass over which kind of wire no type can say: the driver's `port` does.
    return ok({ close: () => end.value.close(), port: mortalPort });
  }

  #world(clock: Clock, alive: () => boolean): World {
    return {
      clock,
      dice: { bytes: (n) => Uint8Array.from({ length: n }, () => this.#chance.between(0, 256)) },
      wires: {
        open: async <P extends keyof Wires>(_: P, { match }: Wiring) =>
          (await this.#plugged(match, alive)) as unknown as Result<OpenWire<P>>,
      },
      uplink: this.uplink(),
      disk: this.card.open(this.clock, clock, alive),
      stage: {
        show: (screen) => {
          if (!alive()) return;
          this.screen = screen;
          this.looks(screen);
          this.shown(screen);
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
