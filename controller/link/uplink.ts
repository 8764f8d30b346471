import type { Fault } from "../../devices/kit/fault.ts";
import type { Millis } from "../../devices/kit/clock.ts";
import type { Listening } from "../../devices/kit/port.ts";
import type { Result } from "../../devices/kit/result.ts";

export interface Message {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: 0 | 1;
  readonly retain: boolean;
}

/** What one attempt to reach a broker needs. A fresh connection is made each time, with a will of its own. */
export interface Call {
  /** "mqtt://host:1883", or "mqtts://host:8883" with the certificates of the station. */
  readonly server: string;
  readonly clientId: string;
  readonly will: Message;
  readonly keepalive: Millis;
  /** MQTT 5 where absent; 3.1.1 after a broker refused it. */
  readonly version?: 4 | 5;
  /** Aborted when the answer is no longer wanted: the call then ends at once, as unreachable. */
  readonly abandoned?: AbortSignal;
}

/** Why a broker was not reached. The detail is a sentence for the technician. */
export interface Refused {
  readonly why:
    | "unreachable"
    | "certificate"
    | "clock"
    | "version"
    | "not-authorised"
    | "banned"
    | "quota"
    | "busy"
    | "refused";
  readonly detail: string;
  /** The call did not get so far that a broker could have heard of the will. */
  readonly unheard?: true;
}

/** What the broker allows on this connection. */
export interface Limits {
  readonly version: 4 | 5;
  /** QoS 1 messages that may be under way at once. */
  readonly receiveMaximum: number;
  /** Bytes of the largest packet it takes. */
  readonly maximumPacketSize: number;
}

/** One connection to a broker. It ends once, and never comes back by itself. */
export interface Session {
  readonly limits: Limits;
  /** QoS 0: when it is on its way. QoS 1: when the broker has it. Settles with a fault when the connection ends before. */
  publish(message: Message): Promise<Result<void>>;
  subscribe(topics: readonly { readonly topic: string; readonly qos: 0 | 1 }[]): Promise<Result<void>>;
  /**
   * One listener; messages are held back until there is one, and come one after another: the next when `heard` has
   * settled, which is also when one of QoS 1 is acknowledged. A message of QoS 0 for which there is no more room is lost.
   * `ended` is the last call, also after `end`.
   */
  listen(sink: { heard(message: Heard): Promise<void>; ended(why: Fault): void }): Listening;
  /** `withWill`: MQTT 5 asks the broker to publish the will too (reason 0x04). */
  end(withWill: boolean): Promise<void>;
}

export interface Heard extends Message {
  /** Stood on the broker before we subscribed. */
  readonly retained: boolean;
}

export interface Uplink {
  /** When the certificate ends by which brokers know this kiosk; undefined while none was shown. UTC. */
  certificateEnds?(): Millis | undefined;
  connect(call: Call): Promise<Result<Session, Refused>>;
}
