import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { LoadedStation } from "../../config/load.ts";
import { loadModel, type LoadedDevice } from "../../config/profile.ts";
import { openData, openGlass, startOn, type Asked, type Running } from "../../controller/cli/running.ts";
import { simCable } from "../../controller/cli/sim-cable.ts";
import { simWires, type AtCable } from "../../controller/cli/sim-wire.ts";
import type { State } from "../../controller/domain/state.ts";
import { openKioskKey, publicKioskKey } from "../../controller/store/kiosk-key.ts";
import { issueMembers, listedRows, type Identifier } from "../../protocol/members/issue.ts";
import { listKeys } from "../../protocol/members/secrets.ts";
import { dateOf, dayOf } from "../../protocol/pickup-code/calendar.ts";
import { issuer } from "../../protocol/pickup-code/issuer.ts";
import { hexOf, publicOf } from "../../protocol/pickup-code/sign.ts";
import { eventually } from "../kit/broker.ts";
import { quickClock } from "../kit/quick-clock.ts";

/** What an issuer has for all stations of an area. */
export interface Area {
  readonly release: Uint8Array;
  readonly qr: Uint8Array;
  readonly broker: string;
  readonly group: string;
  /** Given a day without the centre. */
  readonly escrow: number;
  readonly people: readonly Identifier[];
}

export const listId = "drivers";
export const secret = new Uint8Array(32).fill(77);
const slots = ["1", "2", "3"];
const patience = 30_000;

async function device(id: string, model: string, own: object): Promise<{ device: LoadedDevice; cable: AtCable }> {
  const loaded = await loadModel(model, { file: "test", path: "profile" });
  if (!loaded.ok) throw new Error(loaded.error.map(({ says }) => says).join(" "));
  const { profile, driver } = loaded.value;
  const options = driver.options({ ...profile.options, ...own });
  if (!options.ok) throw new Error(options.error.join(" "));
  const peer = fileURLToPath(new URL(`../../devices/${profile.driver}.peer.ts`, import.meta.url));
  const { default: definition }: { readonly default: AtCable["definition"] } = await import(peer);
  const wiring = { by: "path", match: id } as const;
  return {
    device: { id, profile, driver, options: options.value, wiring, remembers: driver.remembers },
    cable: { match: id, kind: driver.port, definition, options: options.value },
  };
}

/** A whole kiosk with its own ledger, a simulated cabinet and scanner, and a network cable. */
export class Stand {
  readonly #running: Running;
  readonly #cable: ReturnType<typeof simCable>;
  readonly #peers: ReturnType<typeof simWires>["peers"];

  private constructor(running: Running, cable: Stand["cable"], peers: ReturnType<typeof simWires>["peers"]) {
    this.#running = running;
    this.#cable = cable;
    this.#peers = peers;
  }

  static async open(dir: string, number: number, area: Area): Promise<Stand> {
    const clock = quickClock(4);
    const kioskKey = openKioskKey(dir, { bytes: (n) => crypto.getRandomValues(new Uint8Array(n)) });
    if (!kioskKey.ok) throw new Error(kioskKey.error);
    const parts = await Promise.all([
      device("vend", "xy-v3", { slots: slots.length, slotsPerTray: slots.length }),
      device("scanner", "gm65", {}),
    ]);
    const loaded = await stationOf(
      dir,
      number,
      area,
      kioskKey.value,
      parts.map((part) => part.device),
    );
    const { wires, peers } = simWires(
      parts.map((part) => part.cable),
      clock,
      Math.random,
    );
    peers.get("vend")?.turn("fast", true);
    let cable: ReturnType<typeof simCable> | undefined;
    const asked: Asked = {
      loaded,
      dir,
      port: 0,
      clock,
      log: { note() {}, fail() {}, newest: () => [] },
      simulated: true,
      serving: async () => {},
      alive() {},
      wires,
      uplink: (own) => (cable = simCable(own)).uplink,
    };
    const data = await openData(asked);
    if (!data.ok) throw new Error(data.error.says);
    const screen = await openGlass(asked);
    if (!screen.ok) throw new Error(screen.error.detail);
    const running = await startOn(asked, screen.value, data.value);
    if (!running.ok || cable === undefined) throw new Error("The kiosk does not start.");
    const stand = new Stand(running.value, cable, peers);
    await stand.until(
      ({ presence }) => ["vend", "scanner"].every((id) => presence.get(id) === "working"),
      "its devices",
    );
    return stand;
  }

  get cable(): ReturnType<typeof simCable> {
    return this.#cable;
  }

  get state(): State {
    return this.#running.kiosk.state();
  }

  until(so: (state: State) => boolean, what: string): Promise<void> {
    return eventually(() => so(this.state), what, patience);
  }

  async press(key: string): Promise<void> {
    await fetch(new URL("press", this.#running.screen.url), { method: "POST", body: JSON.stringify({ key }) });
  }

  /** Holds it before the scanner. Gives what the glass says then: "done", or the id of the refusal. */
  async scan(text: string): Promise<string> {
    await this.until(({ scene }) => scene.is === "idle" || scene.is === "refused" || scene.is === "done", "rest");
    await this.press("cancel");
    await this.until(({ scene }) => scene.is === "idle", "an idle machine");
    this.#peers.get("scanner")?.turn("scan", text);
    await this.until(({ scene }) => ["choose", "refused", "done"].includes(scene.is), `an answer to a scan`);
    if (this.state.scene.is === "choose") await this.press("choose:1");
    await this.until(({ scene }) => scene.is === "refused" || scene.is === "done", "the end of the vend");
    const { scene } = this.state;
    return scene.is === "refused" ? scene.refusal.id : scene.is;
  }

  async close(): Promise<void> {
    await this.#running.stop("the test is over");
    for (const peer of this.#peers.values()) peer.stop();
  }
}

async function stationOf(
  dir: string,
  number: number,
  { release, qr, broker, group, escrow, people }: Area,
  kioskKey: Uint8Array,
  devices: readonly LoadedDevice[],
): Promise<LoadedStation> {
  const id = `ZP-${number}`;
  const kiosk = publicKioskKey(kioskKey);
  const today = dayOf(Date.now());
  const issuedAt = new Date().toISOString();
  const centre = issuer({ root: new Uint8Array(32).fill(1), release, kid: "r1", station: id });
  const keys = listKeys(secret);
  const { bytes } = await issueMembers({
    fields: {
      id: listId,
      station: id,
      products: ["water"],
      from: dateOf(today - 1),
      to: dateOf(today + 30),
      hours: "00:00-24:00",
      allowances: [{ products: ["water"], perDay: 1 }],
      area: true,
      qr: 1,
      lossLimit: 1,
      issuedAt,
      kid: "r1",
    },
    keys,
    listed: listedRows(keys, people),
    release,
  });
  const path = join(dir, `${listId}.members`);
  writeFileSync(path, bytes);
  const bundle = await centre.keys({ epochs: [], secrets: new Map([[listId, secret]]), kiosk, issuedAt });
  return {
    station: {
      v: 1,
      station: {
        id,
        number,
        area: 5,
        site: "42",
        name: { zh: `${number}号站`, en: `Station ${number}` },
        machine: "01",
        phone: "12351",
        opens: "00:00",
        closes: "24:00",
      },
      screen: { widthMm: 222, attached: false },
      devices: devices.map(({ id, profile, wiring }) => ({ id, profile: profile.model, wiring, options: {} })),
      products: [{ id: "water", name: { zh: "冰矿泉水", en: "Iced water" } }],
      slots: slots.map((slot) => ({ device: "vend", slot, product: "water", capacity: 10, critical: 2 })),
      trust: [centre.trust, { kid: "1", role: "qr", key: hexOf(publicOf("ed25519", qr)) }],
      keyDays: 14,
      escrow,
      neighbours: [],
      link: { group, servers: [broker], acknowledged: "central", keepalive: 120, birthSpread: 0 },
    },
    devices: [...devices],
    campaignFiles: [],
    listFiles: [],
    keyFiles: [{ name: "k.json", text: JSON.stringify(bundle) }],
    memberFiles: [{ name: `${listId}.members`, path }],
  };
}
