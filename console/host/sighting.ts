import type { DataType, Value } from "../../protocol/sparkplug/datatype.ts";

/** One value of one metric, as a birth or its data said it. */
export interface Observed {
  readonly name: string;
  readonly type: DataType;
  readonly value: Value;
  /** When it was so, by the clock of the kiosk; by ours where it did not say. UTC, milliseconds. */
  readonly at: number;
  /** Kept from an outage: belongs to the history and is not the current value. */
  readonly historical: boolean;
}

/**
 * Why what was known is not to be relied on, though nobody said that the kiosk is gone:
 * "lost-order" messages are missing, and all was asked for again;
 * "reborn" the node told all anew, and this device was not told of yet.
 */
export type Doubt = "lost-order" | "reborn";

/**
 * What the rest of the centre hears of one node or, with `device`, of one of its devices. The death of a node is followed
 * by the deaths of its devices, one sighting each; so is its staleness.
 *
 * "born": everything there is to know, with current values; metrics that it does not name are no more.
 * "data": what changed. "died": nobody is there any more; all its metrics are stale. "stale": see Doubt.
 * That the centre itself lost its broker is no sighting: see Loss.
 */
export interface Sighting {
  readonly is: "born" | "data" | "died" | "stale";
  readonly group: string;
  readonly node: string;
  readonly device?: string;
  /** When it was so. Births, data and deaths of devices: as the kiosk says it; all else by our clock. UTC, milliseconds. */
  readonly at: number;
  /** When we heard it, by our clock, by which age is judged. UTC, milliseconds. */
  readonly heard: number;
  /** Empty for "died" and "stale". */
  readonly metrics: readonly Observed[];
  /** Of "stale". */
  readonly why?: Doubt;
}

/** The centre lost a broker: nothing is known of these kiosks any more, and nothing is said against them. */
export interface Loss {
  readonly server: string;
  /** By our clock. UTC, milliseconds. */
  readonly at: number;
  /** A sentence for the staff of the centre. */
  readonly reason: string;
  /** Those that were known through this broker. All their metrics are stale. */
  readonly nodes: readonly { readonly group: string; readonly node: string }[];
}
