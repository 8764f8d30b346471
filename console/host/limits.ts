import type { Payload } from "../../protocol/sparkplug/payload.ts";

/** Metrics of one node with all its devices. A kiosk with the largest planogram has about 2,200. */
export const metricsPerNode = 8192;
export const devicesPerNode = 64;
/** Nodes of one host. The largest fleet of one broker has 4,072 kiosks. */
export const nodesPerHost = 20_000;
/** Characters, or bytes, of one value. */
const longestValue = 1024;
const longestName = 255;
/** 2100-01-01: a clock beyond it is none. UTC, milliseconds. */
const endOfTime = 4_102_444_800_000;

const isTime = (at: number | undefined): boolean => at === undefined || (at >= 0 && at < endOfTime);
const isText = (text: string, longest: number): boolean => text.length <= longest && !text.includes("\0");

/** Whether a payload could be a kiosk's: not too much of anything, and nothing that a database refuses. */
export const isWithinBounds = ({ at, seq, metrics }: Payload): boolean =>
  isTime(at) &&
  (seq === undefined || (seq >= 0 && seq <= 255)) &&
  metrics.length <= metricsPerNode &&
  metrics.every(
    ({ name, alias, at, value }) =>
      isTime(at) &&
      (name === undefined || isText(name, longestName)) &&
      (alias === undefined || Number.isSafeInteger(alias)) &&
      (typeof value !== "string" || isText(value, longestValue)) &&
      (!(value instanceof Uint8Array) || value.length <= longestValue),
  );
