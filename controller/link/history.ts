import { millis } from "../../devices/kit/clock.ts";
import type { Moment } from "../domain/moment.ts";
import type { Disk } from "../world.ts";
import type { Change } from "./edge.ts";
import { BlockWriter, readHeader, readRecords, sumOf, type Header, type Remembered } from "./history-block.ts";
import type { MetricSet } from "./metric-set.ts";
import type { Past } from "./sayings.ts";

/**
 * Blocks in the ring. 4,096 of at most 960 bytes are 3.75 MiB: what is kept lies in memory too, so that this is also its
 * price there. It holds 30 days at 14 values a minute; a busy kiosk has three to six.
 */
export const ringLength = 4096;
/** Metrics in one message of the past. */
const atOnce = 50;
/** Blocks that the disk refused are tried again each minute; older ones than these are given up. */
const mostUnsaved = 16;

/** A block taken out to be told. */
export interface Portion {
  readonly messages: readonly { readonly device?: string; readonly values: readonly Past[] }[];
  readonly name: string;
  /** What of it may not be told yet, to be put back. */
  readonly rest: Uint8Array;
}

/** The telemetry of an outage, thinned to a value a metric a minute: a ring in which the oldest makes room. */
export interface History {
  /** One commit. Nothing is written while nothing changed. */
  keep(changes: readonly Change[], now: Moment): Promise<void>;
  /** From the oldest block on. */
  rewind(): void;
  /** The next block, or undefined behind the last. `tellable`: whether the host knows of this device now. */
  next(now: Moment, tellable: (device: string | undefined) => boolean): Portion | undefined;
  /** The broker has these: only what is left of them stays. */
  told(portions: readonly Portion[]): Promise<void>;
  /** Values that found no room, or no disk, since the start. */
  dropped(): number;
  /** Whether there is anything to tell. */
  empty(): boolean;
}

interface Parts {
  readonly keep: Disk["keep"];
  readonly metrics: MetricSet;
  /** Another in every process. */
  readonly run: number;
  readonly length?: number;
}

export function openHistory({ keep, metrics, run, length = ringLength }: Parts): History {
  const nameOf = (number: number): string => `history/${number % length}`;
  const unsaved = new Map<string, Uint8Array>();
  const blockAt = (number: number): Uint8Array | undefined => unsaved.get(nameOf(number)) ?? keep.get(nameOf(number));
  const numbers = numbersIn(keep, length);
  let writer: BlockWriter | undefined;
  let cursor = 0;
  let dropped = 0;

  const begin = (timed: boolean, at: number): BlockWriter => {
    const number = (numbers.at(-1) ?? -1) + 1;
    const victim = numbers[0];
    if (victim !== undefined && victim <= number - length) {
      dropped += readRecords(blockAt(victim) ?? new Uint8Array()).length;
      numbers.shift();
    }
    numbers.push(number);
    return new BlockWriter({ number, run, timed, from: Math.floor(at / 1000) });
  };

  const save = async (): Promise<void> => {
    const puts = [...unsaved].map(async ([name, block]) => {
      const done = await keep.put(name, block);
      if (done.ok && unsaved.get(name) === block) unsaved.delete(name);
    });
    await Promise.all(puts);
    for (const [name, block] of [...unsaved].slice(0, -mostUnsaved)) {
      dropped += readRecords(block).length;
      unsaved.delete(name);
    }
  };

  return {
    async keep(changes, now) {
      const timed = now.trusted;
      const written = new Set<BlockWriter>();
      const at = (since: number): number => (timed ? now.utc - (now.mono - since) : since);
      for (const { metric, value, since } of changes.toSorted((one, other) => one.since - other.since)) {
        const record: Remembered = { alias: metric.alias, sum: sumOf(metric), at: at(since), value };
        if (writer?.header.timed !== timed) writer = begin(timed, record.at);
        if (!writer.write(record)) {
          writer = begin(timed, record.at);
          // A text that fills a block by itself says nothing that the next birth would not.
          if (!writer.write(record)) dropped += 1;
        }
        written.add(writer);
      }
      for (const block of written) unsaved.set(nameOf(block.header.number), block.bytes());
      await save();
    },
    rewind() {
      writer = undefined;
      cursor = -1;
    },
    next(now, tellable) {
      const number = numbers.find((number) => number > cursor);
      if (number === undefined) return undefined;
      cursor = number;
      const block = blockAt(number);
      const header = readHeader(block);
      return header === undefined || block === undefined
        ? { messages: [], name: nameOf(number), rest: new Uint8Array() }
        : { name: nameOf(number), ...sorted(header, readRecords(block), now, tellable) };
    },
    async told(portions) {
      for (const { name, rest } of portions) {
        unsaved.set(name, rest);
        if (rest.length > 0) continue;
        const at = numbers.findIndex((number) => nameOf(number) === name);
        if (at >= 0) numbers.splice(at, 1);
      }
      await save();
    },
    dropped: () => dropped,
    empty: () => numbers.length === 0,
  };

  /** What may be told of a block, in messages of one part each, and what must wait for its device or for the clock. */
  function sorted(
    header: Header,
    records: readonly Remembered[],
    now: Moment,
    tellable: (device: string | undefined) => boolean,
  ): Pick<Portion, "messages" | "rest"> {
    const rest = new BlockWriter(header);
    const parts = new Map<string | undefined, Past[]>();
    for (const record of records) {
      const metric = metrics.byAlias.get(record.alias);
      // The alias is gone, or another metric's by now; or nobody will ever know when it was.
      if (metric === undefined || sumOf(metric) !== record.sum || (!header.timed && header.run !== run)) continue;
      if ((!header.timed && !now.trusted) || !tellable(metric.device)) {
        if (!rest.write(record)) dropped += 1;
        continue;
      }
      const at = millis(header.timed ? record.at : now.utc - Math.round(now.mono - record.at));
      const past = { metric, value: record.value, at };
      const others = parts.get(metric.device);
      if (others === undefined) parts.set(metric.device, [past]);
      else others.push(past);
    }
    const messages = [...parts].flatMap(([device, values]) =>
      chunks(values).map((values) => ({ ...(device === undefined ? {} : { device }), values })),
    );
    return { messages, rest: rest.count > 0 ? rest.bytes() : new Uint8Array() };
  }
}

function chunks(values: readonly Past[]): readonly (readonly Past[])[] {
  const count = Math.ceil(values.length / atOnce);
  return Array.from({ length: count }, (_, index) => values.slice(index * atOnce, (index + 1) * atOnce));
}

/** Numbers of the blocks that are kept, in order. */
function numbersIn(keep: Disk["keep"], length: number): number[] {
  const numbers: number[] = [];
  for (let place = 0; place < length; place += 1) {
    const header = readHeader(keep.get(`history/${place}`));
    if (header !== undefined && header.number % length === place) numbers.push(header.number);
  }
  return numbers.sort((one, other) => one - other);
}
