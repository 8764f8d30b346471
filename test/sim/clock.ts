import { hours, millis, type Clock, type Millis, type Timer } from "../../devices/kit/clock.ts";

interface Wait {
  readonly at: number;
  readonly turn: number;
  readonly label: string;
  readonly wake: () => void;
}

/** Lets every promise that can settle do so. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** One time for the whole simulated street: cabinets, wires and kiosks. It moves from timer to timer. */
export class StreetClock implements Clock {
  #now = 0;
  #turn = 0;
  readonly #waits: Wait[] = [];
  /** What the battery clock shows; it can jump and lie. */
  utcAtStart: number;
  trusted = true;
  /** Looked at after every wake. */
  watch: () => void = () => {};

  constructor(utc: number) {
    this.utcAtStart = utc;
  }

  mono(): Millis {
    return millis(this.#now);
  }

  wall(): { readonly utc: Millis; readonly trusted: boolean } {
    return { utc: millis(this.utcAtStart + this.#now), trusted: this.trusted };
  }

  after(delay: Millis, label: string, wake: () => void): Timer {
    const wait: Wait = { at: this.#now + Math.max(0, delay), turn: this.#turn++, label, wake };
    let at = this.#waits.length;
    while (at > 0 && (this.#waits[at - 1]?.at ?? 0) > wait.at) at -= 1;
    this.#waits.splice(at, 0, wait);
    return {
      cancel: () => {
        const found = this.#waits.indexOf(wait);
        if (found >= 0) this.#waits.splice(found, 1);
      },
    };
  }

  /** Goes on for `span`; between two wakes all that can run has run. */
  async pass(span: number): Promise<void> {
    const until = this.#now + span;
    for (;;) {
      await settled();
      const next = this.#waits[0];
      if (next === undefined || next.at > until) break;
      this.#waits.shift();
      this.#now = next.at;
      next.wake();
      this.watch();
    }
    this.#now = until;
  }

  /** Goes on until `done`, at most `limit`. True where it was reached. */
  async until(done: () => boolean, limit: number): Promise<boolean> {
    const end = this.#now + limit;
    for (;;) {
      await settled();
      if (done()) return true;
      const next = this.#waits[0];
      if (next === undefined || next.at > end) break;
      this.#waits.shift();
      this.#now = next.at;
      next.wake();
      this.watch();
    }
    this.#now = end;
    return false;
  }

  pending(): readonly string[] {
    return this.#waits.map((wait) => wait.label);
  }

  jump(hoursOn: number): void {
    this.utcAtStart += hours(hoursOn);
  }
}

/** The clock of one life of a kiosk: after a power cut nothing it asked for ever wakes. */
export function mortal(clock: Clock, alive: () => boolean): Clock {
  return {
    mono: () => clock.mono(),
    wall: () => clock.wall(),
    after: (delay, label, wake) =>
      clock.after(delay, label, () => {
        if (alive()) wake();
      }),
  };
}
