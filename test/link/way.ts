import type { Heard, Message, Session, Uplink } from "../../controller/link/uplink.ts";
import { millis, type Clock, type Millis } from "../../devices/kit/clock.ts";
import { fault, type Fault } from "../../devices/kit/fault.ts";
import { err, ok } from "../../devices/kit/result.ts";
import type { topicsOf } from "../../protocol/fleet/topics.ts";
import { Centre } from "./outbox/centre.ts";

/** What went to the broker, and when. */
export interface Went extends Message {
  readonly at: Millis;
}

type Topics = ReturnType<typeof topicsOf>;

/** The way to a centre that is there when it is told so, `roundTrip` away. */
export class Way implements Uplink {
  readonly centre = new Centre();
  readonly went: Went[] = [];
  calls = 0;
  readonly #clock: Clock;
  readonly #roundTrip: Millis;
  readonly #topics: Topics;
  #isThere = false;
  #hear: (message: Heard) => Promise<void> = async () => {};

  constructor(clock: Clock, roundTrip: Millis, topics: Topics) {
    this.#clock = clock;
    this.#roundTrip = roundTrip;
    this.#topics = topics;
  }

  comesBack(): void {
    this.#isThere = true;
  }

  /** The centre says something to whoever listens now. */
  tells(topic: string, payload: Uint8Array): void {
    void this.#hear({ topic, payload, qos: 1, retain: false, retained: false });
  }

  connect: Uplink["connect"] = async () => {
    this.calls += 1;
    return this.#isThere
      ? ok(this.#session())
      : err({ why: "unreachable", detail: "There is no network at the site." });
  };

  #session(): Session {
    let ended: (why: Fault) => void = () => {};
    const later = (span: Millis) =>
      new Promise<void>((resolve) => {
        this.#clock.after(span, "the way", resolve);
      });
    const half = millis(this.#roundTrip / 2);
    return {
      limits: { version: 5, receiveMaximum: 20, maximumPacketSize: 1 << 20 },
      publish: async (message) => {
        this.went.push({ ...message, at: this.#clock.mono() });
        if (message.qos === 0) return ok(undefined);
        await later(half);
        const payload = message.topic === this.#topics.events ? this.centre.hear(message.payload) : undefined;
        await later(half);
        if (payload) this.tells(this.#topics.ack, payload);
        return ok(undefined);
      },
      subscribe: () => later(this.#roundTrip).then(() => ok(undefined)),
      listen: (sink) => {
        this.#hear = (message) => sink.heard(message);
        ended = (why) => sink.ended(why);
        return { stop() {} };
      },
      end: async () => ended(fault("interrupted", "The test is over.")),
    };
  }
}
