import { expect } from "vitest";
import { openOutbox, type Outbox } from "../../../controller/link/events.ts";
import { openDisk } from "../../../controller/store/disk.ts";
import type { Disk } from "../../../controller/world.ts";
import { millis } from "../../../devices/kit/clock.ts";
import { quickClock } from "../../kit/quick-clock.ts";
import { marks, noon, optionsFor } from "../../store/folder.ts";
import { note } from "./desk.ts";
import { fair, Wire, type Collecting } from "./wire.ts";

/** A kiosk on the card in `dir`, as far as the ledger and the outbox go. It begins a new life when it is told to. */
export class Kiosk {
  readonly disk: Disk;
  readonly outbox: Outbox;
  readonly wire: Wire;
  readonly told: string[] = [];
  readonly #clock = quickClock(20);

  /** Every kiosk starts a second later than the one before. */
  static #seconds = 0;

  static async on(dir: string, centre: Collecting, retained?: Uint8Array): Promise<Kiosk> {
    const now = () => ({ utc: millis(noon + 1000 * ++Kiosk.#seconds), trusted: true });
    const disk = await openDisk({ ...optionsFor(dir), now });
    if (!disk.ok) throw new Error(disk.error.says);
    return new Kiosk(disk.value, centre, retained);
  }

  private constructor(disk: Disk, centre: Collecting, retained: Uint8Array | undefined) {
    this.disk = disk;
    this.wire = new Wire(this.#clock, centre, fair);
    this.wire.retained = retained;
    this.outbox = openOutbox({
      disk,
      clock: this.#clock,
      log: { note() {}, fail() {} },
      mode: "central",
      topic: "yz/v1/320583/zp-001/up/ev",
      disagreed: (why) => {
        this.told.push(why);
        if (this.told.length === 1) void this.#reborn(why);
      },
    });
    this.wire.deliver = (ack) => this.outbox.heard(ack);
  }

  async #reborn(why: "rolled-back" | "forked"): Promise<void> {
    const done = await this.disk.newLife({ kind: "new-life", before: 0, why });
    if (done.ok) this.outbox.appended(done.value);
  }

  async write(first: number, count: number): Promise<void> {
    for (let n = first; n < first + count; n++) {
      const done = await this.disk.append(note(n));
      if (done.ok) this.outbox.appended(done.value);
    }
  }

  connect(): void {
    this.outbox.begin(this.wire.connect());
  }

  async drained(): Promise<void> {
    await expect.poll(() => this.outbox.depth().count, { timeout: 10_000, interval: 5 }).toBe(0);
  }

  async stop(): Promise<void> {
    this.wire.cut();
    await this.outbox.stop();
    await this.disk.close();
  }

  async hashes(): Promise<readonly string[]> {
    const all = await marks(this.disk);
    return Promise.all(all.map(async (mark) => `${mark.life}/${mark.seq} ${await this.disk.hashAt(mark)}`));
  }
}
