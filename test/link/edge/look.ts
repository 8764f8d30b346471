import { expect } from "vitest";
import type { Metric, Payload } from "../../../protocol/sparkplug/payload.ts";
import type { Metric as WireMetric, Payload as Wire } from "../../../protocol/sparkplug/sparkplug_b_pb.ts";
import type { Conversations, Name } from "./conversations.ts";
import { names } from "./conversations.ts";
import { read, type Publish, type Step } from "./step.ts";

/** How an assertion is proved: throws where the conversations break it, or do not touch on it. */
export type Judge = (all: Conversations) => void;

export type Type = "NBIRTH" | "NDATA" | "NDEATH" | "DBIRTH" | "DDATA" | "DDEATH";
const types: readonly string[] = ["NBIRTH", "NDATA", "NDEATH", "DBIRTH", "DDATA", "DDEATH"] satisfies readonly Type[];

/** A message of the kiosk: its topic by level, and what is in it. */
export interface Said extends Publish {
  readonly levels: readonly string[];
  readonly type: string;
  readonly sparkplug: Payload;
  readonly wire: Wire;
  readonly in: Talk;
  /** Its place among the steps of its connection. */
  readonly place: number;
}

/** One connection, from CONNECT to its end, with what was said to the kiosk meanwhile. */
export interface Talk {
  readonly name: Name;
  readonly connection: string;
  readonly connect: Extract<Step, { is: "connect" }>;
  readonly steps: readonly Step[];
  readonly said: readonly Said[];
}

/** All of a list, of which there must be something. */
export function some<T>(list: readonly T[], what = "something to judge"): readonly T[] {
  expect(list.length, what).toBeGreaterThan(0);
  return list;
}

/** Read once for all judges. */
const looked = new WeakMap<readonly Step[], readonly Talk[]>();

export function talksOf(name: Name, steps: readonly Step[]): readonly Talk[] {
  const known = looked.get(steps) ?? talksIn(name, steps);
  looked.set(steps, known);
  return known;
}

function talksIn(name: Name, steps: readonly Step[]): readonly Talk[] {
  const connects = steps.filter((step) => step.is === "connect");
  return connects.map((connect, index) => {
    const { connection } = connect;
    const next = connects[index + 1];
    const end = next === undefined ? steps.length : steps.indexOf(next);
    const own = steps.filter(
      (step, place) =>
        step.connection === connection || (step.connection === "host" && place > steps.indexOf(connect) && place < end),
    );
    const said: Said[] = [];
    const talk: Talk = { name, connection, connect, steps: own, said };
    said.push(...own.flatMap((step, place) => saidIn(talk, step, place)));
    return talk;
  });
}

function saidIn(talk: Talk, step: Step, place: number): readonly Said[] {
  if (step.is !== "publish") return [];
  const levels = step.topic.split("/");
  // A payload that cannot be read is judged where payloads are: here it has nothing in it.
  const { sparkplug = { metrics: [] }, wire = nothing } = read(step) ?? {};
  return [{ ...step, levels, type: levels[2] ?? "", sparkplug, wire, in: talk, place }];
}

const nothing = { metrics: [] } as unknown as Wire;

export const talks = (all: Conversations): readonly Talk[] => some(names.flatMap((name) => talksOf(name, all[name])));

export const everything = (all: Conversations): readonly Said[] => some(talks(all).flatMap(({ said }) => said));

/** All messages of these types; there is one at least of each. */
export function said(all: Conversations, ...wanted: readonly Type[]): readonly Said[] {
  const found = everything(all).filter(({ type }) => wanted.some((one) => one === type));
  for (const one of wanted)
    some(
      found.filter(({ type }) => type === one),
      one,
    );
  return found;
}

export const isKnownType = (type: string): boolean => types.includes(type);

export const wills = (all: Conversations): readonly { readonly will: Said; readonly talk: Talk }[] =>
  talks(all).map((talk) => {
    const { will } = talk.connect;
    expect(will, "a will").toBeDefined();
    const [read] = will === undefined ? [] : saidIn(talk, { ...will, connection: talk.connection }, 0);
    if (read === undefined) throw new Error("there is no will");
    return { will: read, talk };
  });

export function metric({ sparkplug }: Said, name: string): Metric {
  const found = sparkplug.metrics.filter((one) => one.name === name);
  expect(found, name).toHaveLength(1);
  const [one] = found;
  if (one === undefined) throw new Error(`there is no ${name}`);
  return one;
}

/** The metrics of messages, as our codec reads them and as they stand on the wire. */
export const metrics = (messages: readonly Said[]): readonly { readonly metric: Metric; readonly wire: WireMetric }[] =>
  some(
    messages.flatMap(({ sparkplug, wire }) =>
      sparkplug.metrics.flatMap((metric, index) => {
        const on = wire.metrics[index];
        return on === undefined ? [] : [{ metric, wire: on }];
      }),
    ),
    "metrics",
  );

/** Every message after the first of its connection follows the one before it in number, NDEATH aside. */
export function numbered(all: Conversations, ...wanted: readonly Type[]): void {
  said(all, ...wanted);
  for (const { said } of talks(all)) {
    const counted = said.filter(({ type }) => type !== "NDEATH");
    counted.forEach(({ type, sparkplug }, index) => {
      if (!wanted.some((one) => one === type)) return;
      const before = counted[index - 1]?.sparkplug.seq;
      expect(sparkplug.seq, `${type} after ${before}`).toBe(before === undefined ? undefined : (before + 1) % 256);
    });
  }
}
