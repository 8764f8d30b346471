import { asType, type Value } from "../../protocol/sparkplug/datatype.ts";
import type { Metric } from "../../protocol/sparkplug/payload.ts";
import type { MetricSet, MetricSets } from "./metric-set.ts";
import type { Oddity } from "./oddity.ts";
import type { Observed } from "./sighting.ts";

export interface Known {
  readonly value: Value;
  /** UTC, milliseconds. */
  readonly at: number;
}

/** The current values of a node or a device. */
export interface Values {
  readonly set: MetricSet;
  /** By place in the set; undefined where only history was heard. */
  readonly known: readonly (Known | undefined)[];
}

/** Values after a message, and what is told of it. */
export interface Change {
  readonly values: Values;
  readonly observed: readonly Observed[];
  readonly oddities: readonly Oddity[];
}

/** All values anew from a birth; undefined where the birth is none. `at`: the payload's time. */
export function valuesFrom(metrics: readonly Metric[], at: number, sets: MetricSets): Change | undefined {
  const set = sets.of(metrics);
  return set === undefined ? undefined : changed({ set, known: set.definitions.map(() => undefined) }, metrics, at);
}

/** Values after data. History is told, but does not become the current value. */
export function changed(values: Values, metrics: readonly Metric[], at: number): Change {
  const { set } = values;
  const known = [...values.known];
  const observed: Observed[] = [];
  const oddities: Oddity[] = [];
  for (const metric of metrics) {
    const place = placeOf(set, metric);
    const definition = place === undefined ? undefined : set.definitions[place];
    if (place === undefined || definition === undefined) {
      oddities.push("unknown-metric");
      continue;
    }
    const { name, type } = definition;
    if (type === undefined) continue;
    const value = asType(metric.value, type);
    if (value === undefined) {
      oddities.push("wrong-type");
      continue;
    }
    const seen = { value, at: metric.at ?? at };
    const historical = metric.historical === true;
    if (!historical) known[place] = seen;
    observed.push({ name, type, ...seen, historical });
  }
  return { values: { set, known }, observed, oddities };
}

const placeOf = (set: MetricSet, { name, alias }: Metric): number | undefined =>
  name !== undefined ? set.byName.get(name) : alias === undefined ? undefined : set.byAlias.get(alias);
