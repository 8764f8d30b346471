import { beginning, itemInBatch, link } from "../../protocol/events/chain.ts";
import { draftOf } from "../../controller/store/ledger.ts";
import { millis, type Clock, type Millis } from "../../devices/kit/clock.ts";
import { fault } from "../../devices/kit/fault.ts";
import { err, ok } from "../../devices/kit/result.ts";
import type { Entry, Mark, Stamped } from "../../controller/domain/entry.ts";
import type { Disk, Kept, Outgoing } from "../../controller/world.ts";
import type { Dice } from "../kit/dice.ts";

/** A memory card: what is on it survives, what was on its way does not. */
export class Card {
  readonly entries: Stamped[] = [];
  readonly kept = new Map<string, Uint8Array>();
  /** The same entries as they go to the centre. */
  readonly items: Outgoing[] = [];
  /** Refuses every write while true. */
  full = false;
  /** It has refused since somebody last asked. */
  refused = false;
  /** Told of each entry that somebody wants written. */
  asked: (entry: Entry) => void = () => {};
  /** Milliseconds a write takes, at most. */
  latency = 25;
  readonly #dice: Dice;

  constructor(dice: Dice) {
    this.#dice = dice;
  }

  /** An entry as it stands on the card, also from another hand while the kiosk is off. */
  write(given: Entry, { utc, trusted }: { readonly utc: Millis; readonly trusted: boolean }, begins?: number): Stamped {
    const last = this.entries.at(-1);
    const life = begins === undefined ? (last?.life ?? 1) : Math.max((last?.life ?? 0) + 1, begins);
    const seq = last?.life === life ? last.seq + 1 : 1;
    const end = this.items.at(-1);
    const entry: Entry =
      given.kind === "new-life" && end !== undefined ? { ...given, end: { seq: end.seq, hash: end.hash } } : given;
    const stamped: Stamped = { life, seq, at: millis(Math.trunc(utc)), trusted, entry };
    this.entries.push(stamped);
    const item = { ...draftOf(entry, utc, trusted), life, seq };
    const before = seq === 1 ? hex(beginning) : (this.items.at(-1)?.hash ?? "");
    this.items.push({
      life,
      seq,
      at: stamped.at,
      text: itemInBatch(item),
      before,
      hash: hex(link(Buffer.from(before, "hex"), item)),
    });
    return stamped;
  }

  /** Where the first entry after `mark` stands. */
  #after(mark: Mark | undefined): number {
    if (mark === undefined) return 0;
    const found = this.entries.findIndex(({ life, seq }) => life > mark.life || (life === mark.life && seq > mark.seq));
    return found === -1 ? this.entries.length : found;
  }

  /** One life of the disk. After a power cut a write on its way is on the card or not, and nobody is told. */
  open(clock: Clock, mine: Clock, alive: () => boolean): Disk {
    const take = (entry: Entry | undefined, keep: Kept, begins?: number): Stamped | undefined => {
      for (const [name, value] of Object.entries(keep)) this.kept.set(name, value);
      return entry && this.write(entry, mine.wall(), begins);
    };
    let last = 0;
    const write = <T>(
      entry: Entry | undefined,
      keep: Kept,
      done: (stamped: Stamped | undefined) => T,
      refused: () => T,
      begins?: number,
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
            if (rolled < 0.3 && !this.full) take(entry, keep, begins);
            return;
          }
          if (this.full) {
            this.refused = true;
            return resolve(refused());
          }
          resolve(done(take(entry, keep, begins)));
        });
      });
    const no = err(fault("refused", "the card is full"));
    const save = (entry: Entry, keep: Kept, begins?: number) => {
      this.asked(entry);
      return write<Awaited<ReturnType<Disk["append"]>>>(
        entry,
        keep,
        (stamped) => (stamped ? ok(stamped) : no),
        () => no,
        begins,
      );
    };
    return {
      read: (after) => Card.#stream(this.entries.slice(this.#after(after))),
      outgoing: async (after, limit) => {
        const first = this.#after(after);
        const items = this.items.slice(first, first + limit);
        return ok(items.filter(({ life }) => life === items[0]?.life));
      },
      append: (entry, keep = {}) => save(entry, keep),
      newLife: (first) => save(first, {}, Math.trunc(mine.wall().utc / 1000)),
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
      hashAt: async (mark) => this.items.find(({ life, seq }) => life === mark.life && seq === mark.seq)?.hash,
      close: async () => {},
    };
  }

  static async *#stream(entries: readonly Stamped[]): AsyncIterable<Stamped> {
    yield* entries;
  }
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
