import { createHash } from "node:crypto";
import { millis, type Clock, type Millis } from "../../devices/kit/clock.ts";
import { fault } from "../../devices/kit/fault.ts";
import { err, ok } from "../../devices/kit/result.ts";
import type { Entry, Stamped } from "../../controller/domain/entry.ts";
import type { Disk, Kept } from "../../controller/world.ts";
import type { Dice } from "../kit/dice.ts";

/** A memory card: what is on it survives, what was on its way does not. */
export class Card {
  readonly entries: Stamped[] = [];
  readonly kept = new Map<string, Uint8Array>();
  readonly hashes: string[] = [];
  /** Refuses every write while true. */
  full = false;
  /** Milliseconds a write takes, at most. */
  latency = 25;
  readonly #dice: Dice;

  constructor(dice: Dice) {
    this.#dice = dice;
  }

  /** An entry as it stands on the card, also from another hand while the kiosk is off. */
  write(entry: Entry, { utc, trusted }: { readonly utc: Millis; readonly trusted: boolean }): Stamped {
    const stamped: Stamped = { life: 1, seq: this.entries.length + 1, at: utc, trusted, entry };
    this.entries.push(stamped);
    const before = this.hashes.at(-1) ?? "";
    this.hashes.push(createHash("sha256").update(before).update(JSON.stringify(stamped)).digest("hex"));
    return stamped;
  }

  /** One life of the disk. After a power cut a write on its way is on the card or not, and nobody is told. */
  open(clock: Clock, mine: Clock, alive: () => boolean): Disk {
    const take = (entry: Entry | undefined, keep: Kept): Stamped | undefined => {
      for (const [name, value] of Object.entries(keep)) this.kept.set(name, value);
      return entry && this.write(entry, mine.wall());
    };
    let last = 0;
    const write = <T>(
      entry: Entry | undefined,
      keep: Kept,
      done: (stamped: Stamped | undefined) => T,
      refused: () => T,
    ) =>
      new Promise<T>((resolve) => {
        if (!alive()) return;
        // Commits are served in order, however long each takes.
        const at = Math.max(last, clock.mono() + this.#dice.between(1, this.latency));
        last = at;
        const rolled = this.#dice.roll();
        clock.after(millis(at - clock.mono()), "card", () => {
          if (!alive()) {
            // The power went while the sector was being written.
            if (rolled < 0.3 && !this.full) take(entry, keep);
            return;
          }
          if (this.full) return resolve(refused());
          resolve(done(take(entry, keep)));
        });
      });
    const no = err(fault("refused", "the card is full"));
    return {
      read: (after) => Card.#stream(this.entries.slice(after)),
      append: (entry, keep = {}) =>
        write<Awaited<ReturnType<Disk["append"]>>>(
          entry,
          keep,
          (stamped) => (stamped ? ok(stamped) : no),
          () => no,
        ),
      keep: {
        get: (name) => this.kept.get(name),
        put: (name, value) =>
          write<Awaited<ReturnType<Disk["keep"]["put"]>>>(
            undefined,
            { [name]: value },
            () => ok(undefined),
            () => no,
          ),
      },
      hashAt: async (seq) => this.hashes[seq - 1],
      close: async () => {},
    };
  }

  static async *#stream(entries: readonly Stamped[]): AsyncIterable<Stamped> {
    yield* entries;
  }
}
