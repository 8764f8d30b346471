import { openOutbox, type Outbox, type OutboxParts } from "../../../controller/link/events.ts";
import type { Entry, Stamped } from "../../../controller/domain/entry.ts";
import type { Disk } from "../../../controller/world.ts";
import { millis } from "../../../devices/kit/clock.ts";
import { manualClock, type ManualClock } from "../../kit/clock.ts";
import { dice } from "../../kit/dice.ts";
import { Card } from "../../sim/disk.ts";
import { Centre } from "./centre.ts";
import { fair, Wire, type Weather } from "./wire.ts";

export interface Setting {
  readonly weather: Weather;
  readonly mode: OutboxParts["mode"];
  readonly seed: number;
  readonly centre: Centre;
  readonly card: Card;
  /** Milliseconds until the disk answers what it read. */
  readonly diskTakes: number;
}

export const note = (n: number): Entry => ({ kind: "rating", of: n, face: "good" });

/** A kiosk's disk and outbox, a way, and a centre. The power may go, and the line may break, at any time. */
export class Desk {
  readonly clock: ManualClock = manualClock();
  readonly centre: Centre;
  readonly wire: Wire;
  readonly card: Card;
  readonly log: string[] = [];
  readonly disagreements: string[] = [];
  disk: Disk;
  outbox: Outbox;
  readonly #mode: OutboxParts["mode"];
  readonly #diskTakes: number;
  #power = 0;

  constructor(setting: Partial<Setting> = {}) {
    const { weather = fair, mode = "central", seed = 1, centre = new Centre(), card, diskTakes = 0 } = setting;
    this.#diskTakes = diskTakes;
    this.centre = centre;
    this.#mode = mode;
    this.card = card ?? new Card(dice(seed));
    this.wire = new Wire(this.clock, centre, weather, dice(seed + 1));
    if (this.card.entries.length === 0) this.card.write({ kind: "started", release: "1.0.0" }, this.clock.wall());
    [this.disk, this.outbox] = this.#open();
  }

  #open(): [Disk, Outbox] {
    const mine = ++this.#power;
    const alive = (): boolean => mine === this.#power;
    const disk = this.#slow(this.card.open(this.clock, this.clock, alive));
    const mortal = {
      ...this.clock,
      after: (delay: Parameters<ManualClock["after"]>[0], label: string, wake: () => void) =>
        this.clock.after(delay, label, () => alive() && wake()),
    };
    const outbox = openOutbox({
      disk,
      clock: mortal,
      log: {
        note: (event) => alive() && this.log.push(event),
        fail: (event, { detail }) => alive() && this.log.push(`${event}: ${detail}`),
      },
      mode: this.#mode,
      topic: "yz/v1/320583/zp-001/up/ev",
      disagreed: (why) => alive() && this.disagreements.push(why),
    });
    this.wire.deliver = (ack) => alive() && outbox.heard(ack);
    return [disk, outbox];
  }

  /** What it answers is how it was when it was asked. */
  #slow(disk: Disk): Disk {
    if (this.#diskTakes === 0) return disk;
    const outgoing: Disk["outgoing"] = async (...asked) => {
      const answer = await disk.outgoing(...asked);
      await new Promise<void>((resolve) => {
        this.clock.after(millis(this.#diskTakes), "card: read", resolve);
      });
      return answer;
    };
    return { ...disk, outgoing };
  }

  connect(limits: Parameters<Wire["connect"]>[0] = {}): this {
    this.outbox.begin(this.wire.connect(limits));
    return this;
  }

  cut(): this {
    this.wire.cut();
    this.outbox.ended();
    return this;
  }

  /** The power goes and comes back: what was not on the card never was. */
  reboot(): this {
    this.#power += 1;
    this.wire.cut();
    [this.disk, this.outbox] = this.#open();
    return this;
  }

  /** Saves an entry and tells the outbox, as the kiosk does. */
  async save(entry: Entry = note(this.card.entries.length)): Promise<Stamped | undefined> {
    const power = this.#power;
    const done = await this.disk.append(entry);
    if (!done.ok || power !== this.#power) return undefined;
    this.outbox.appended(done.value);
    return done.value;
  }

  async newLife(why: "rolled-back" | "forked"): Promise<void> {
    const power = this.#power;
    const before = this.card.entries.at(-1)?.life ?? 0;
    const done = await this.disk.newLife({ kind: "new-life", before, why });
    if (done.ok && power === this.#power) this.outbox.appended(done.value);
  }

  /** Entries that stand on the card already, and of which the outbox is not told. */
  fill(count: number): this {
    for (let n = 0; n < count; n++) this.card.write(note(n), this.clock.wall());
    return this;
  }

  /** What is wrong at the centre, as a sentence; undefined where it has the ledger, in order, each entry once. */
  wrong(): string | undefined {
    const [here, there] = [this.card.items, this.centre.entries()];
    const at = here.findIndex(({ life, seq, hash }, n) => there[n] !== `${life}/${seq} ${hash}`);
    const { count } = this.outbox.depth();
    if (at >= 0) return `at ${at} of ${here.length} the centre has ${there[at]}, ${there.length} in all; ${count} wait`;
    if (there.length > here.length) return `the centre has ${there.length - here.length} entries too many`;
    return count === 0 ? undefined : `${count} entries are delivered and still wait`;
  }
}
