import { hours, millis, type Clock, type Millis, type Timer } from "../../devices/kit/clock.ts";

interface Wait {
  readonly at: number;
  readonly turn: number;
  readonly label: string;
  readonly wake: () => void;
}

/**
 * Lets every promise that can settle do so: Node takes the next tick when no promise is left to take. In the street
 * nothing waits for the true world, so the event loop, which costs more than the kiosk, is asked only now and then,
 * for a test that never ends must be ended.
 */
const settled = (turn: number, held: boolean): Promise<void> =>
  new Promise((resolve) => {
    if (held || turn % 1000 === 0) setImmediate(resolve);
    else process.nextTick(resolve);
  });

/**
 * One time for the whole simulated street: cabinets, wires and kiosks. It moves from timer to timer. One at a time may
 * move it; whatever else happens in the street is a timer.
 */
export class StreetClock implements Clock {
  #now = 0;
  #turn = 0;
  readonly #waits: Wait[] = [];
  readonly #woken = new Map<string, number>();
  #settlings = 0;
  #moving = false;
  /** What the battery clock shows; it can jump and lie. */
  utcAtStart: number;
  trusted = true;
  /** Something of the true world is waited for, such as a cipher: time stands still. */
  held: () => boolean = () => false;
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
    await this.until(() => false, span);
  }

  /** Goes on until `done`, at most `limit`. True where it was reached. */
  async until(done: () => boolean, limit: number): Promise<boolean> {
    if (this.#moving) throw new Error("two at once move the clock of the street");
    this.#moving = true;
    const end = this.#now + limit;
    let reached = false;
    for (;;) {
      do await settled(++this.#settlings, this.held());
      while (this.held());
      reached = done();
      const next = this.#waits[0];
      if (reached || next === undefined || next.at > end) break;
      this.#waits.shift();
      this.#now = next.at;
      this.#woken.set(next.label, (this.#woken.get(next.label) ?? 0) + 1);
      next.wake();
      this.watch();
    }
    if (!reached) this.#now = end;
    this.#moving = false;
    return reached;
  }

  /** How often timers of that label have woken somebody. */
  woken(label: string): number {
    return this.#woken.get(label) ?? 0;
  }

  pending(): readonly string[] {
    return this.#waits.map((wait) => wait.label);
  }

  jump(hoursOn: number): void {
    this.utcAtStart += hours(hoursOn);
  }
}

/** The clock of one life of a kiosk. */
export interface MortalClock extends Clock {
  /** The power goes: nothing that this life asked for ever wakes. */
  dies(): void;
}

export function mortal(clock: Clock): MortalClock {
  const waits = new Set<Timer>();
  let alive = true;
  return {
    mono: () => clock.mono(),
    wall: () => clock.wall(),
    after(delay, label, wake) {
      if (!alive) return { cancel() {} };
      const timer = clock.after(delay, label, () => {
        waits.delete(timer);
        wake();
      });
      waits.add(timer);
      return {
        cancel() {
          waits.delete(timer);
          timer.cancel();
        },
      };
    },
    dies() {
      alive = false;
      for (const timer of waits) timer.cancel();
      waits.clear();
    },
  };
}
