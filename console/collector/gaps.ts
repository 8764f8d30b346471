import type { Clock } from "../host/clock.ts";
import type { Standing } from "./taking.ts";

/** What was asked for is asked for again after so long: an acknowledgement may be lost too. Milliseconds. */
const again = 30_000;

interface Gap {
  readonly kiosk: string;
  readonly missing: number;
  readonly since: number;
  asked: number | undefined;
  /** The request is what stands retained on the broker. */
  stands: boolean;
}

export interface Answer {
  readonly need?: number;
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

  /** What to tell a kiosk of a life now, if anything: perhaps from which number on it shall send again. */
  answerTo(standing: Standing): Answer | undefined {
    const { kiosk, life, missing, need, fresh, forked } = standing;
    const key = `${kiosk} ${life}`;
    const wanted = need ?? this.#due(key, standing);
    const changed = missing === undefined || fresh + forked > 0;
    if (!changed && wanted === undefined) return undefined;
    // Only the last acknowledgement stands on the broker: where another took its place, a request is forgotten.
    for (const [other, gap] of this.#open) if (gap.kiosk === kiosk && other !== key) gap.stands = false;
    return wanted === undefined ? {} : { need: wanted };
  }

  #due(key: string, { kiosk, missing }: Standing): number | undefined {
    if (missing === undefined) {
      this.#open.delete(key);
      return undefined;
    }
    const now = this.#clock.mono();
    const known = this.#open.get(key);
    const gap: Gap =
      known?.missing === missing ? known : { kiosk, missing, since: now, asked: undefined, stands: false };
    this.#open.set(key, gap);
    this.#watch();
    if (now - gap.since < this.#patience || (gap.stands && gap.asked !== undefined && now - gap.asked < again))
      return undefined;
    gap.asked = now;
    gap.stands = true;
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
