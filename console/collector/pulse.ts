import type { Clock } from "../host/clock.ts";
import type { Loss } from "../host/sighting.ts";
import type { Store } from "../store/store.ts";
import type { Refusals } from "./refusals.ts";

/** The centre writes that it works, and what it refused, so often. Milliseconds. */
export const pulseEvery = 10_000;

export interface PulseOptions {
  /** Of this centre among those that share a database. */
  readonly name: string;
  readonly store: Store;
  readonly clock: Clock;
  readonly refusals: Refusals;
}

/** What the centre says of itself in its database. */
export class Pulse {
  readonly #name: string;
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #refusals: Refusals;
  /** Brokers that are lost: what is to be written. */
  readonly #news = new Map<string, { readonly at: number; readonly said: string } | undefined>();
  #wait: { cancel(): void } | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor({ name, store, clock, refusals }: PulseOptions) {
    this.#name = name;
    this.#store = store;
    this.#clock = clock;
    this.#refusals = refusals;
  }

  /** What an earlier run of this centre lacked is history. */
  async start(): Promise<void> {
    await this.#store.query("DELETE FROM centre WHERE name = $1", [this.#name]);
    await this.#say("listens", { at: this.#clock.wall().utc, said: "" });
    await this.#write();
    this.#beat();
  }

  lost({ server, at, reason }: Loss): void {
    this.#tell(server, { at, said: reason });
  }

  regained(server: string): void {
    this.#tell(server, undefined);
  }

  async close(): Promise<void> {
    this.#wait?.cancel();
    await this.#writing;
    await this.#write().catch(() => {});
  }

  #tell(server: string, news: { readonly at: number; readonly said: string } | undefined): void {
    this.#news.set(`broker ${server}`, news);
    this.#writing = this.#writing.then(() => this.#write()).catch(() => {});
  }

  #beat(): void {
    this.#wait = this.#clock.after(pulseEvery, "collector: pulse", () => {
      // A database that does not answer is told by the queue; the next beat writes what this one could not.
      this.#writing = this.#writing.then(() => this.#write()).catch(() => {});
      this.#beat();
    });
  }

  async #write(): Promise<void> {
    await this.#refusals.write(this.#store);
    await this.#say("works", { at: this.#clock.wall().utc, said: "" });
    for (const [what, news] of this.#news) {
      if (news !== undefined) await this.#say(what, news);
      else {
        await this.#store.query("DELETE FROM centre WHERE name = $1 AND what = $2", [this.#name, what]);
        // Silence before this moment was ours, not the kiosks'.
        await this.#say("listens", { at: this.#clock.wall().utc, said: "" });
      }
      if (this.#news.get(what) === news) this.#news.delete(what);
    }
  }

  async #say(what: string, { at, said }: { readonly at: number; readonly said: string }): Promise<void> {
    await this.#store.query(
      `INSERT INTO centre (name, what, at, said) VALUES ($1, $2, $3, $4)
       ON CONFLICT (name, what) DO UPDATE SET at = excluded.at, said = excluded.said`,
      [this.#name, what, at, said],
    );
  }
}
