import type { Clock } from "../host/clock.ts";
import type { Standing } from "./taking.ts";

/** What was asked for is asked for again after so long: an acknowledgement may be lost too. Milliseconds. */
const again = 30_000;

interface Gap {
  readonly kiosk: string;
  readonly missing: number;
  readonly since: number;
  asked: number | undefined;
}

/** Which entries are missing, since when, and when the kiosk was asked for them. */
export class Gaps {
  readonly #clock: Clock;
  readonly #patience: number;
  readonly #revisit: (kiosks: readonly string[]) => Promise<void>;
  readonly #open = new Map<string, Gap>();
  #left: readonly string[] = [];
  #wait: { cancel(): void } | undefined;

  constructor(clock: Clock, patience: number, revisit: (kiosks: readonly string[]) => Promise<void>) {
    this.#clock = clock;
    this.#patience = patience;
    this.#revisit = revisit;
  }

  /** Kiosks of which something waited when the centre stopped. */
  expect(kiosks: readonly string[]): void {
    this.#left = kiosks;
    this.#watch();
  }

  /** The number from which this kiosk shall send again, if it shall be told now. */
  needOf({ kiosk, life, missing, need }: Standing): number | undefined {
    const key = `${kiosk} ${life}`;
    if (missing === undefined) {
      this.#open.delete(key);
      return need;
    }
    const now = this.#clock.mono();
    const known = this.#open.get(key);
    const gap = known?.missing === missing ? known : { kiosk, missing, since: now, asked: undefined };
    this.#open.set(key, gap);
    this.#watch();
    if (need !== undefined) return need;
    if (now - gap.since < this.#patience || (gap.asked !== undefined && now - gap.asked < again)) return undefined;
    gap.asked = now;
    return missing;
  }

  close(): void {
    this.#wait?.cancel();
    this.#open.clear();
    this.#left = [];
  }

  #watch(): void {
    if (this.#wait !== undefined || (this.#open.size === 0 && this.#left.length === 0)) return;
    this.#wait = this.#clock.after(Math.max(this.#patience, 50), "collector: gaps", () => {
      this.#wait = undefined;
      this.#look();
      this.#watch();
    });
  }

  #look(): void {
    const now = this.#clock.mono();
    const due = [...this.#open].filter(
      ([, { since, asked }]) => now - since >= this.#patience && (asked === undefined || now - asked >= again),
    );
    const kiosks = [...new Set([...due.map(([, { kiosk }]) => kiosk), ...this.#left])];
    this.#left = [];
    if (kiosks.length === 0) return;
    const asked = new Map(due.map(([key, gap]) => [key, gap.asked]));
    const seen = () => {
      // Those of which nothing was said are closed: another collector was quicker.
      for (const [key, before] of asked) if (this.#open.get(key)?.asked === before) this.#open.delete(key);
    };
    this.#revisit(kiosks).then(seen, () => {});
  }
}
