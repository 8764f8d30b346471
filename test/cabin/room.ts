import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vi } from "vitest";
import { loadStation } from "../../config/load.ts";
import { mistakeLine } from "../../config/mistake.ts";
import { startKiosk, type Kiosk } from "../../controller/kiosk.ts";
import type { Uplink } from "../../controller/link/uplink.ts";
import type { CabinPage } from "../../controller/screen/cabin-model.ts";
import type { Screen } from "../../controller/screen/model.ts";
import type { OpenWire, Wiring, World } from "../../controller/world.ts";
import { millis } from "../../devices/kit/clock.ts";
import type { Peer, PeerDefinition } from "../../devices/kit/driver.ts";
import type { Wires } from "../../devices/kit/port.ts";
import { err, type Result } from "../../devices/kit/result.ts";
import { dayOf } from "../../protocol/pickup-code/calendar.ts";
import { manualClock, type ManualClock } from "../kit/clock.ts";
import { dice } from "../kit/dice.ts";
import { layWire, type Wire } from "../kit/wire.ts";
import { issue } from "../sim/codes.ts";
import { Card } from "../sim/disk.ts";

type Bytes = Uint8Array;

/** An instrument or printer on a line of bytes; its id is also its path. */
export interface Plugged {
  readonly id: string;
  readonly profile: string;
  /** In place of the profile's. */
  readonly measures?: readonly string[];
}

/** A centre that the room has a way to. */
export interface Centre {
  /** The link as the station file has it. */
  readonly link: object;
  readonly uplink: (clock: ManualClock) => Uplink;
}

const stationOf = (plugged: readonly Plugged[], cabin: object, centre?: Centre) => ({
  v: 1,
  station: {
    id: "ROOM-1",
    number: 1,
    site: "42",
    name: { zh: "小屋", en: "Cabin" },
    machine: "01",
    phone: "400 000 0000",
  },
  devices: plugged.map((one) => ({ ...one, wiring: { by: "path", match: `/${one.id}` } })),
  products: [],
  slots: [],
  trust: [],
  cabin,
  ...(centre && { link: centre.link }),
});

async function load(plugged: readonly Plugged[], cabin: object, centre?: Centre) {
  const folder = mkdtempSync(join(tmpdir(), "yizhan-room-"));
  try {
    writeFileSync(join(folder, "station.json"), JSON.stringify(stationOf(plugged, cabin, centre)));
    const loaded = await loadStation(folder);
    if (!loaded.ok) throw new Error(loaded.error.map(mistakeLine).join("\n"));
    return loaded.value;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const nowhere: Uplink = {
  connect: async () => err({ why: "unreachable", detail: "no centre stands in this room" }),
};

/** A cabin alone: the kiosk as it is, simulated instruments at its wires, and one time for all of them. */
export class Room {
  readonly clock = manualClock();
  readonly card = new Card(dice(1));
  readonly peers = new Map<string, Peer<Uint8Array>>();
  readonly wires = new Map<string, Wire>();
  readonly log: string[] = [];
  /** What is on the glass. What was there before is not kept, so that a test may ask who else keeps it. */
  screen: Screen = { language: "zh-CN", body: { is: "starting" } };
  /** Told of each screen. */
  shown: (screen: Screen) => void = () => {};
  #kiosk: Kiosk | undefined;
  #press: (key: string) => void = () => {};
  #start: () => Promise<void> = async () => {};

  static async open(plugged: readonly Plugged[], cabin: object = {}, centre?: Centre): Promise<Room> {
    const room = new Room();
    const uplink = centre?.uplink(room.clock);
    const loaded = await load(plugged, cabin, centre);
    for (const [index, { id, driver, options, profile }] of loaded.devices.entries()) {
      const peerFile = new URL(`../../devices/${profile.driver}.peer.ts`, import.meta.url).href;
      const { default: definition } = (await import(peerFile)) as { default: PeerDefinition<unknown, Bytes, Bytes> };
      const { wire, peer } = layWire(definition, options, room.clock, index + 1);
      room.peers.set(`/${id}`, peer);
      room.wires.set(`/${id}`, wire);
      if (driver.port !== "bytes") throw new Error(`${profile.model} hangs on no line of bytes`);
    }
    const release = { version: "room", releasedAt: millis(room.clock.wall().utc - 86_400_000) };
    const { keys } = issue(dayOf(room.clock.wall().utc), []);
    const kioskKey = new Uint8Array(32).fill(7);
    room.#start = async () => {
      const starting = startKiosk({ world: room.#world(uplink), loaded, keys, release, renewal: { kioskKey } });
      room.#kiosk = await room.clock.finish(starting);
      await room.until(() => plugged.every(({ id }) => room.kiosk.state().presence.get(id) === "working"));
    };
    await room.#start();
    return room;
  }

  /** The kiosk is stopped, and started anew on the same card. */
  async reboot(): Promise<void> {
    await this.clock.finish(this.kiosk.stop("the test wants it"));
    await this.#start();
  }

  get kiosk(): Kiosk {
    if (this.#kiosk === undefined) throw new Error("the kiosk has not started");
    return this.#kiosk;
  }

  /** The page of the cabin. */
  get page(): CabinPage | undefined {
    const { body } = this.screen;
    return body.is === "cabin" ? body.page : undefined;
  }

  press(...keys: readonly string[]): void {
    for (const key of keys) this.#press(key);
  }

  /** From the first screen to the list of steps. */
  sit(consent: "agree" | "refuse" = "agree"): void {
    this.press("cabin", consent, "male", "4", "5", "next", "next");
  }

  /** From the list of steps to the instrument. */
  take(step: string): void {
    this.press(`step:${step}`);
    if (this.page?.is === "meal") this.press("unknown");
    this.press("ready");
    if (this.page?.is === "rest") this.press("skip-rest");
  }

  turn(id: string, knob: string, to: string | number | boolean): void {
    this.peers.get(`/${id}`)?.turn(knob, to);
  }

  wire(id: string): Wire {
    const wire = this.wires.get(`/${id}`);
    if (wire === undefined) throw new Error(`nothing is plugged in as ${id}`);
    return wire;
  }

  /** Goes on until `so`, and complains where it does not come. */
  async until(so: () => boolean, limit = 180_000): Promise<void> {
    if (await this.clock.until(so, limit)) return;
    throw new Error(
      `not within ${limit} ms; the glass shows ${JSON.stringify(this.screen.body)}\n${this.log.join("\n")}`,
    );
  }

  /** Waits for what takes true time, such as a cipher, while the room's time hardly moves. */
  async settled(so: () => boolean): Promise<void> {
    const looked = async (): Promise<boolean> => {
      await this.clock.pass(1);
      return so();
    };
    await vi.waitUntil(looked, { timeout: 20_000, interval: 1 });
  }

  untilPage(...pages: readonly CabinPage["is"][]): Promise<void> {
    return this.until(() => this.page !== undefined && pages.includes(this.page.is));
  }

  /** Everything that was ever logged or written down, as text. */
  everything(): string {
    const kept = [...this.card.kept].map(([name, bytes]) => `${name} ${Buffer.from(bytes).toString("latin1")}`);
    return [JSON.stringify(this.card.entries), ...kept, ...this.log].join("\n");
  }

  async close(): Promise<void> {
    await this.clock.finish(this.kiosk.stop("the test is over"));
    for (const peer of this.peers.values()) peer.stop();
  }

  #world(uplink: Uplink = nowhere): World {
    const { clock, log } = this;
    const chance = dice(2);
    return {
      clock,
      dice: { bytes: (n) => Uint8Array.from({ length: n }, () => chance.between(0, 256)) },
      wires: {
        open: async <P extends keyof Wires>(_: P, { match }: Wiring) =>
          (await this.wires.get(match)?.open()) as unknown as Result<OpenWire<P>>,
      },
      uplink,
      disk: this.card.open(clock, clock, () => true),
      stage: {
        show: (screen) => {
          this.screen = screen;
          this.shown(screen);
        },
        listen: ({ press }) => {
          this.#press = press;
          return { stop() {} };
        },
      },
      voice: { chime() {} },
      host: { alive() {}, vitals: async () => ({ uptimeSeconds: 1, bootId: "room" }) },
      log: {
        note: (event, facts) => log.push(`${event} ${JSON.stringify(facts ?? {})}`),
        fail: (event, why) => log.push(`${event} ${JSON.stringify(why)}`),
        newest: (lines) => log.slice(-lines),
      },
    };
  }
}
