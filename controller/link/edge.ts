import { millis, type Millis } from "../../devices/kit/clock.ts";
import type { Names, Past } from "./sayings.ts";
import type { HostWord } from "./host-word.ts";
import type { Metered, MetricSet } from "./metric-set.ts";
import { noTidings, type Reading, type Tidings } from "./tidings.ts";
import type { Value } from "../../protocol/sparkplug/datatype.ts";
import type { Heard, Message } from "./uplink.ts";

/** What does not change while the kiosk runs. */
export interface EdgeSetting extends Names {
  readonly metrics: MetricSet;
  /** The metric that is told once a minute whether it changed or not: by its age the centre sees that we live. */
  readonly heartbeat: Metered;
  /** The host without which nothing is told. */
  readonly primaryHost?: string;
  /** How many brokers there are to choose from. */
  readonly servers: number;
  /** Births wait a random time up to this, so that a fleet that comes back together does not drown its host. */
  readonly birthSpread: Millis;
}

/** Where the conversation with a broker stands. */
export type Phase =
  /** No connection: an outage. */
  | { readonly is: "away" }
  /** Connected; subscriptions are under way. `chance`: from 0 to 1, its share of the birth spread. */
  | { readonly is: "subscribing"; readonly chance: number }
  /** For the primary host. */
  | { readonly is: "waiting"; readonly since: Millis; readonly chance: number }
  | { readonly is: "spreading"; readonly until: Millis; readonly chance: number }
  /** Births are out. */
  | { readonly is: "live" }
  /** A rebirth was asked too soon after the last: silence until then. */
  | { readonly is: "asked-again"; readonly until: Millis }
  /** Its last word is said. */
  | { readonly is: "leaving" };

export interface Edge {
  readonly phase: Phase;
  /** Number of the connection. */
  readonly bdSeq: number;
  /** Of the next message. */
  readonly seq: number;
  readonly tidings: Tidings;
  /** Devices that are there, and of these the ones that the host was told of in this session. */
  readonly there: ReadonlySet<string>;
  readonly born: ReadonlySet<string>;
  /** When births or news were last told, UTC: nothing told later is older. */
  readonly toldUntil: Millis;
  readonly rebornAt?: Millis;
  readonly host?: HostWord;
  /** Messages, and parts of messages, that were not obeyed. */
  readonly ignored: number;
}

export type EdgeEvent =
  | { readonly kind: "connected"; readonly bdSeq: number; readonly chance: number }
  | { readonly kind: "subscribed" }
  /** What is so now, and which devices answer. */
  | { readonly kind: "report"; readonly readings: readonly Reading[]; readonly there: ReadonlySet<string> }
  | { readonly kind: "heard"; readonly message: Heard }
  | { readonly kind: "tick" }
  /** A minute of an outage is over. */
  | { readonly kind: "minute" }
  /** Values of one part from an outage: at most 50. */
  | { readonly kind: "past"; readonly device?: string; readonly values: readonly Past[] }
  | { readonly kind: "stop" }
  | { readonly kind: "lost" };

export type EdgeEffect =
  | { readonly kind: "publish"; readonly message: Message }
  /** Births are out. */
  | { readonly kind: "born" }
  /** To be remembered: what changed in this minute of an outage. */
  | { readonly kind: "keep"; readonly changes: readonly Change[] }
  /** To end the connection. With the will where the host knows of us. */
  | { readonly kind: "leave"; readonly withWill: boolean; readonly why: "stop" | "host-offline" | "next-server" };

/** A value, and the monotonic time since when it is so. */
export interface Change {
  readonly metric: Metered;
  readonly value: Value;
  readonly since: Millis;
}

export interface EdgeStep {
  readonly edge: Edge;
  readonly effects: readonly EdgeEffect[];
}

export const away: Edge = {
  phase: { is: "away" },
  bdSeq: 0,
  seq: 0,
  tidings: noTidings,
  there: new Set(),
  born: new Set(),
  toldUntil: millis(0),
  ignored: 0,
};

export const stay = (edge: Edge, ...effects: readonly EdgeEffect[]): EdgeStep => ({ edge, effects });
export const publish = (message: Message): EdgeEffect => ({ kind: "publish", message });
/** From 0 to 255, over the node and all its devices [Sparkplug 3.0, payloads-sequence-num-incrementing]. */
export const nextSeq = (seq: number): number => (seq + 1) % 256;

/** The metrics of all that is born. */
export const toldMetrics = ({ metrics }: EdgeSetting, born: ReadonlySet<string>): readonly Metered[] => [
  ...metrics.node,
  ...[...born].flatMap((id) => metrics.devices.get(id) ?? []),
];
