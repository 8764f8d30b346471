import { millis, type Clock } from "../../../devices/kit/clock.ts";
import { fault } from "../../../devices/kit/fault.ts";
import { err, ok, type Result } from "../../../devices/kit/result.ts";
import type { Session } from "../../../controller/link/uplink.ts";
import { dice, type Dice } from "../../kit/dice.ts";

/** How bad the way is: probabilities, and milliseconds to the broker and back. */
export interface Weather {
  readonly rtt: number;
  /** A batch that the broker has never comes to the centre. */
  readonly batchLost: number;
  readonly batchTwice: number;
  readonly ackLost: number;
  readonly ackTwice: number;
  /** An acknowledgement comes so much later, at most. */
  readonly ackLate: number;
  /** Bytes a second up to the broker; 0: as many as there are. */
  readonly bytesASecond: number;
}

export const fair: Weather = {
  rtt: 0,
  batchLost: 0,
  batchTwice: 0,
  ackLost: 0,
  ackTwice: 0,
  ackLate: 0,
  bytesASecond: 0,
};

/** Whoever takes batches. An acknowledgement may be the answer, or come later by `told`. */
export interface Collecting {
  hear(batch: Uint8Array): Uint8Array | undefined;
}

/** The way from a kiosk to a centre, as the outbox sees it: a session, and acknowledgements that come back. */
export class Wire {
  weather: Weather;
  /** When each batch went. */
  readonly went: number[] = [];
  widest = 0;
  bytes = 0;
  largest = 0;
  #underWay = 0;
  #free = 0;
  #session = 0;
  readonly #clock: Clock;
  readonly #centre: Collecting | undefined;
  readonly #dice: Dice;
  readonly #pending = new Set<(result: Result<void>) => void>();
  /** Where acknowledgements arrive. */
  deliver: (ack: Uint8Array) => void = () => {};
  /** The last one, retained. */
  retained: Uint8Array | undefined;

  constructor(clock: Clock, centre: Collecting | undefined, weather: Weather = fair, chance: Dice = dice(1)) {
    this.#clock = clock;
    this.#centre = centre;
    this.weather = weather;
    this.#dice = chance;
  }

  /** A new connection. What stands retained comes at once. */
  connect(limits: Partial<Session["limits"]> = {}): Session {
    const mine = ++this.#session;
    this.#underWay = 0;
    this.#free = this.#clock.mono();
    if (this.retained !== undefined) this.deliver(this.retained);
    return {
      limits: { version: 5, receiveMaximum: 20, maximumPacketSize: 268_435_460, ...limits },
      publish: ({ payload }) =>
        new Promise((resolve) => {
          this.went.push(this.#clock.mono());
          this.bytes += payload.length;
          this.largest = Math.max(this.largest, payload.length);
          this.#underWay += 1;
          this.widest = Math.max(this.widest, this.#underWay);
          this.#pending.add(resolve);
          const { rtt, bytesASecond } = this.weather;
          const start = Math.max(this.#free, this.#clock.mono());
          this.#free = start + (bytesASecond === 0 ? 0 : (payload.length * 1000) / bytesASecond);
          this.#clock.after(
            millis(Math.max(0, this.#free - this.#clock.mono()) + rtt / 2),
            "wire: to the broker",
            () => {
              if (mine !== this.#session) return;
              this.#toCentre(payload);
              this.#clock.after(millis(rtt / 2), "wire: the broker has it", () => {
                if (mine !== this.#session) return;
                this.#underWay -= 1;
                this.#pending.delete(resolve);
                resolve(ok(undefined));
              });
            },
          );
        }),
      subscribe: async () => ok(undefined),
      listen: () => ({ stop() {} }),
      end: async () => {},
    };
  }

  /** How long whatever is said now would wait for the line, in milliseconds. */
  queued(): number {
    return Math.max(0, this.#free - this.#clock.mono());
  }

  /** The connection breaks; whatever is under way may have arrived all the same. */
  cut(): void {
    this.#session += 1;
    for (const settle of this.#pending) settle(err(fault("interrupted", "the connection broke")));
    this.#pending.clear();
  }

  /** An acknowledgement stands on the broker, and goes down. */
  told(ack: Uint8Array): void {
    this.retained = ack;
    this.#later(ack);
  }

  #toCentre(payload: Uint8Array): void {
    if (this.#centre === undefined || this.#dice.chance(this.weather.batchLost)) return;
    const times = this.#dice.chance(this.weather.batchTwice) ? 2 : 1;
    for (let n = 0; n < times; n++) {
      const ack = this.#centre.hear(payload);
      if (ack === undefined) continue;
      this.retained = ack;
      if (this.#dice.chance(this.weather.ackLost)) continue;
      const copies = this.#dice.chance(this.weather.ackTwice) ? 2 : 1;
      for (let copy = 0; copy < copies; copy++) this.#later(ack);
    }
  }

  #later(ack: Uint8Array): void {
    const span = this.weather.rtt / 2 + this.#dice.roll() * this.weather.ackLate;
    this.#clock.after(millis(span), "wire: an acknowledgement", () => this.deliver(ack));
  }
}
