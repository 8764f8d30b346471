import { seconds, type Millis } from "../../devices/kit/clock.ts";
import { asType, type Value } from "../../protocol/sparkplug/datatype.ts";
import type { Metered } from "./metric-set.ts";

/** A value of a metric, as the kiosk's parts report it. A part's name is absent for the kiosk itself. */
export interface Reading {
  readonly device?: string;
  readonly name: string;
  /** null: it cannot be known. */
  readonly value: Value;
}

/** A value, and the monotonic time since when it was so or at which it was told. */
export interface Timed {
  readonly value: Value;
  readonly at: Millis;
}

/** Report by exception: what is known of each metric, what was told of it, and since when that differs. By alias. */
export interface Tidings {
  readonly known: ReadonlyMap<number, Timed>;
  readonly told: ReadonlyMap<number, Timed>;
  readonly news: ReadonlyMap<number, Millis>;
}

export const noTidings: Tidings = { known: new Map(), told: new Map(), news: new Map() };

/** Changes within so long go out together: a batch of 20 costs a third of 20 messages. */
export const gathering = seconds(2);
/** A metric for which nobody waits is told at most so often. */
const atMostEvery = seconds(60);

export interface Learnt {
  readonly metric: Metered;
  readonly value: Value;
}

/** Takes in what was reported; what differs enough from what was told is news. */
export function learn(tidings: Tidings, learnt: readonly Learnt[], now: Millis): Tidings {
  const known = new Map(tidings.known);
  const news = new Map(tidings.news);
  for (const { metric, value: said } of learnt) {
    const { alias, type } = metric;
    // What is not of its type is not known.
    const value = asType(said, type) ?? null;
    if (known.get(alias)?.value === value) continue;
    known.set(alias, { value, at: now });
    const told = tidings.told.get(alias);
    if (told !== undefined && !differs(metric, told.value, value)) news.delete(alias);
    else news.set(alias, news.get(alias) ?? now);
  }
  return { ...tidings, known, news };
}

function differs({ deadBand }: Metered, told: Value, value: Value): boolean {
  if (deadBand === undefined || told === null || value === null) return told !== value;
  return Math.abs(Number(value) - Number(told)) >= deadBand;
}

/** When the news of this metric shall go out. */
function dueAt({ told, news }: Tidings, { alias, urgent }: Metered): number | undefined {
  const since = news.get(alias);
  if (since === undefined) return undefined;
  const soonest = since + gathering;
  const last = told.get(alias)?.at;
  return urgent || last === undefined ? soonest : Math.max(soonest, last + atMostEvery);
}

/** When the first news is due; undefined where there is none. */
export function firstDue(tidings: Tidings, metrics: Iterable<Metered>): number | undefined {
  let first: number | undefined;
  for (const metric of metrics) {
    const due = dueAt(tidings, metric);
    if (due !== undefined && (first === undefined || due < first)) first = due;
  }
  return first;
}

/** What may go out in a batch that is made now: also news that is younger than the gathering. */
export function sendable({ told, news }: Tidings, metrics: readonly Metered[], now: Millis): readonly Metered[] {
  return metrics.filter(({ alias, urgent }) => {
    const last = told.get(alias)?.at;
    return news.has(alias) && (urgent || last === undefined || last + atMostEvery <= now);
  });
}

/** These were told as they are known now. */
export function tell(tidings: Tidings, metrics: Iterable<Metered>, now: Millis): Tidings {
  const told = new Map(tidings.told);
  const news = new Map(tidings.news);
  for (const { alias } of metrics) {
    told.set(alias, { value: valueOf(tidings, alias), at: now });
    news.delete(alias);
  }
  return { ...tidings, told, news };
}

export const valueOf = ({ known }: Tidings, alias: number): Value => known.get(alias)?.value ?? null;
