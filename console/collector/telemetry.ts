import type { Clock } from "../host/clock.ts";
import type { Sighting } from "../host/sighting.ts";
import { isOurFault, type Store } from "../store/store.ts";
import { monthOf, makeMonth } from "../store/months.ts";
import { isKioskName } from "./names.ts";
import type { Refusals } from "./refusals.ts";
import { Seen, type Point } from "./seen.ts";
import { storeSeen } from "./storing.ts";

/** What a kiosk tells of a time further away is not believed. Milliseconds. */
const believed = { past: 400 * 86_400_000, future: 86_400_000 } as const;
/** While the database does not answer so many values of the history wait; then the oldest are dropped. */
const pointsWaiting = 200_000;
/** Between commits, so that a storm of births becomes few of them. Milliseconds. */
const gather = 100;
const nextTrial = 3000;

export interface TelemetryOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly acceptAll: boolean;
  readonly refusals: Refusals;
}

/** State and its history: the newest of each metric, who is there, and values by month. Best effort, unlike events. */
export class Telemetry {
  readonly #options: TelemetryOptions;
  readonly #months = new Set<string>();
  #seen = new Seen();
  #running: Promise<void> | undefined;
  #wait: { cancel(): void } | undefined;
  #closed = false;

  constructor(options: TelemetryOptions) {
    this.#options = options;
  }

  sighted(sighting: Sighting): void {
    if (this.#closed) return;
    const { clock, refusals } = this.#options;
    const now = clock.wall().utc;
    const fits = ({ at }: Point) => at >= now - believed.past && at <= now + believed.future;
    if (!isKioskName(sighting.node)) return refusals.count("", "sparkplug", "unknown-kiosk", now);
    const strange = this.#seen.take(sighting, fits);
    for (let n = 0; n < strange; n += 1) refusals.count(sighting.node, "sparkplug", "wrong-time", now);
    const dropped = this.#seen.shorten(pointsWaiting);
    for (let n = 0; n < dropped; n += 1) refusals.count("", "sparkplug", "dropped", now);
    this.#after(gather);
  }

  async stored(): Promise<void> {
    while (this.#wait !== undefined || this.#running !== undefined) {
      this.#wait?.cancel();
      this.#wait = undefined;
      this.#running ??= this.#store();
      await this.#running;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#wait?.cancel();
    this.#wait = undefined;
    await this.#running;
    // Once more, whatever comes of it: it is best effort.
    if (!this.#seen.isEmpty) await this.#store();
  }

  #after(span: number): void {
    if (this.#wait !== undefined || this.#running !== undefined) return;
    this.#wait = this.#options.clock.after(span, "collector: telemetry", () => {
      this.#wait = undefined;
      this.#running ??= this.#store();
    });
  }

  async #store(): Promise<void> {
    const { store, clock, acceptAll, refusals } = this.#options;
    const seen = this.#seen;
    this.#seen = new Seen();
    let next = gather;
    try {
      for (const month of seen.months(monthOf)) {
        if (!this.#months.has(month.name)) await makeMonth(store, month);
        this.#months.add(month.name);
      }
      const unknown = await store.transaction((within) => storeSeen(within, seen, clock.wall().utc, acceptAll));
      for (const reason of unknown) refusals.count("", "sparkplug", reason, clock.wall().utc);
    } catch (error) {
      if (isOurFault(error)) refusals.count("", "sparkplug", "database", clock.wall().utc, String(error));
      else {
        seen.follow(this.#seen);
        this.#seen = seen;
        next = nextTrial;
      }
    }
    this.#running = undefined;
    if (!this.#seen.isEmpty && !this.#closed) this.#after(next);
  }
}
