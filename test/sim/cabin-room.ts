import type { Uplink } from "../../controller/link/uplink.ts";
import type { CabinPage } from "../../controller/screen/cabin-model.ts";
import type { Item } from "../../devices/health/capability.ts";
import type { Screen } from "../../controller/screen/model.ts";
import { millis, seconds, type Millis } from "../../devices/kit/clock.ts";
import type { Peer } from "../../devices/kit/driver.ts";
import { fault } from "../../devices/kit/fault.ts";
import type { Wires } from "../../devices/kit/port.ts";
import { err, type Result } from "../../devices/kit/result.ts";
import { signEnvelope, writeEnvelope } from "../../protocol/commands/envelope.ts";
import type { Order } from "../../protocol/commands/order.ts";
import { kioskName, topicsOf } from "../../protocol/fleet/topics.ts";
import { dayOf } from "../../protocol/pickup-code/calendar.ts";
import { lay } from "../contract/lay.ts";
import { dice as seeded, type Dice } from "../kit/dice.ts";
import type { Wire } from "../kit/wire.ts";
import { Way } from "../link/way.ts";
import { opsSecret } from "../protocol/commands/signing.ts";
import { printerId, type Layout, type Usage } from "./cabin-stands.ts";
import { issue } from "./codes.ts";
import { noon, Powered, type AnyEnd, type Site } from "./powered.ts";

/** What an instrument says of an item, in its own unit. */
export type Said = number | "HI" | "LO";

/** One go at an instrument. */
export interface Use {
  readonly device: string;
  /** In which visit of the person who uses it; 0: nobody who is being led. */
  readonly visit: number;
  readonly values: ReadonlyMap<Item, Said>;
  /** What must not be believed of it. */
  readonly doubted: readonly Item[];
  readonly began: Millis;
  /** When its own display had it. */
  finished?: Millis;
}

export interface Standing {
  readonly id: string;
  readonly usage: Usage;
  readonly wire: Wire<never, Wires[keyof Wires]>;
  readonly peer: Peer<never>;
  readonly kind: keyof Wires;
}

const station = kioskName("CABIN-1");
const topics = topicsOf("320583", station);

/** "systolic=124,glucose=HI", as peers write and read it. */
const valuesIn = (text: string): ReadonlyMap<Item, Said> =>
  new Map(
    text.split(",").map((part) => {
      const [item = "", value = ""] = part.split("=");
      return [item as Item, value === "HI" || value === "LO" ? value : Number(value)];
    }),
  );

/** A cabin with its kiosk, instruments and printer, the card, the way to the centre, and somebody or nobody in it. */
export class CabinRoom extends Powered {
  /** For what people do and what befalls them. */
  readonly dice: Dice;
  readonly layout: Layout;
  readonly standing: ReadonlyMap<string, Standing>;
  readonly way: Way;
  readonly uses: Use[] = [];
  /** Looked at after each wake. */
  readonly watches = new Set<() => void>();
  /** Which wire is in which socket. */
  readonly sockets: Map<string, string>;
  /** Told of each key before it is pressed. */
  pressing: (key: string) => void = () => {};
  /** … and after it. */
  pressed: () => void = () => {};
  readonly #site: Site;
  /** A letter is being sealed, which takes true time. */
  #sealing = false;
  /** One that is begun is not begun again by another look at it. */
  #wasSealing = false;
  #orders = 0;

  constructor(layout: Layout, seed: number) {
    super(seeded(seed));
    this.dice = seeded(seed + 0x5eed);
    this.layout = layout;
    this.standing = new Map(
      layout.stands.map(({ device, peer, usage }, n) => {
        const { driver, profile, id } = device;
        const laid = lay({ driver, peer, options: profile.options } as Parameters<typeof lay>[0], this.clock, seed + n);
        return [id, { id, usage, kind: driver.port, ...laid }];
      }),
    );
    this.sockets = new Map([...this.standing.keys()].map((id) => [`/${id}`, id]));
    this.way = new Way(this.clock, seconds(0.1), topics);
    this.way.comesBack();
    const { keys } = issue(dayOf(noon), []);
    this.#site = { loaded: layout.loaded, keys, kioskKey: new Uint8Array(32).fill(7) };
    this.clock.watch = () => {
      this.#look();
      for (const watch of this.watches) watch();
    };
    this.card.asked = ({ kind }) => {
      if (kind === "handed-over") this.#sealing = false;
    };
    this.clock.held = () => this.#sealing && this.on && this.log.at(-1)?.startsWith("letter.not-sealed") !== true;
  }

  protected override site(): Site {
    return this.#site;
  }

  protected override async end(match: string): Promise<Result<AnyEnd>> {
    const wire = this.standing.get(this.sockets.get(match) ?? "")?.wire;
    return wire === undefined ? err(fault("no-device", "nothing is plugged in there")) : wire.open();
  }

  protected override uplink(): Uplink {
    return this.way;
  }

  /** The page of the cabin. */
  get page(): CabinPage | undefined {
    const { body } = this.screen;
    return body.is === "cabin" ? body.page : undefined;
  }

  override press(key: string): void {
    this.pressing(key);
    super.press(key);
    this.pressed();
  }

  override cut(): void {
    super.cut();
    this.#sealing = false;
    this.#wasSealing = false;
  }

  at(id: string): Standing {
    const standing = this.standing.get(id);
    if (standing === undefined) throw new Error(`nothing here is called ${id}`);
    return standing;
  }

  get printer(): Standing {
    return this.at(printerId);
  }

  /** Of those that measure. */
  get instruments(): readonly Standing[] {
    return [...this.standing.values()].filter(({ id }) => id !== printerId);
  }

  turn(id: string, knob: string, to: string | number | boolean): void {
    const { peer } = this.at(id);
    if (peer.knobs.includes(knob)) peer.turn(knob, to);
  }

  /** Somebody uses an instrument. */
  use(id: string, visit: number, text: string, doubted: readonly Item[] = []): void {
    const began = this.clock.mono();
    const { atOnce, keeps } = this.at(id).usage;
    const use: Use = { device: id, visit, values: valuesIn(text), doubted, began };
    if (atOnce) use.finished = began;
    if (keeps) this.clock.after(millis(keeps.after), "peer: shows it", () => (use.finished = this.clock.mono()));
    this.uses.push(use);
    this.turn(id, "measure", text);
  }

  /** Whoever held still does so no longer. */
  letsGo(): void {
    for (const { id, usage } of this.instruments) {
      if (usage.letsGo !== true) continue;
      this.turn(id, "silent", true);
      this.turn(id, "silent", false);
    }
  }

  order(order: Order): void {
    const { utc } = this.clock.wall();
    const id = String(++this.#orders).padStart(16, "0");
    const head = { id, kid: "o1", aud: station, iat: Math.trunc(utc), exp: Math.trunc(utc) + 600_000 };
    this.way.tells(topics.commands, writeEnvelope(signEnvelope(order, head, opsSecret)));
  }

  protected override looks({ body }: Screen): void {
    const isSealing = body.is === "cabin" && body.page.is === "results" && body.page.send === "sealing";
    if (isSealing && !this.#wasSealing) this.#sealing = true;
    this.#wasSealing = isSealing;
  }

  /** What the instruments' own displays have since the last look. */
  readonly #seen = new Map<string, number>();
  #look(): void {
    for (const { id, peer } of this.standing.values()) {
      const truth = peer.truth();
      const seen = this.#seen.get(id) ?? 0;
      if (truth.length === seen) continue;
      this.#seen.set(id, truth.length);
      if (id === printerId) continue;
      for (const text of truth.slice(seen)) this.#finished(id, valuesIn(text));
    }
  }

  #finished(id: string, values: ReadonlyMap<Item, Said>): void {
    const use = this.uses.findLast(
      (one) =>
        one.device === id &&
        one.finished === undefined &&
        [...one.values].every(([item, value]) => values.get(item) === value),
    );
    if (use) use.finished = this.clock.mono();
  }
}
