import type { DataType } from "../../protocol/sparkplug/datatype.ts";
import type { Metric } from "../../protocol/sparkplug/payload.ts";

/** What a birth says a metric is. */
export interface Definition {
  readonly name: string;
  readonly alias: number | undefined;
  /** Undefined where it is of a type that only foreign nodes use: its values are passed over. */
  readonly type: DataType | undefined;
}

/** The metrics of a node or a device, in the order of its birth. Kiosks of one make share one set. */
export interface MetricSet {
  readonly definitions: readonly Definition[];
  /** Places in `definitions`. */
  readonly byName: ReadonlyMap<string, number>;
  readonly byAlias: ReadonlyMap<number, number>;
}

/** Finds the set that a birth speaks of, or makes it: four thousand equal kiosks need one, not four thousand. */
export interface MetricSets {
  /** Undefined where a metric has no name or two have one alias. */
  of(metrics: readonly Metric[]): MetricSet | undefined;
}

const setsKept = 512;

export function metricSets(): MetricSets {
  const kept = new Map<string, MetricSet>();
  return {
    of(metrics) {
      const title = titleOf(metrics);
      const found = kept.get(title);
      if (found !== undefined && isOf(found, metrics)) return found;
      const made = setOf(metrics);
      if (made === undefined) return undefined;
      if (kept.size >= setsKept) kept.clear();
      kept.set(title, made);
      return made;
    },
  };
}

/** Differs for most sets that differ; `isOf` looks at all. */
function titleOf(metrics: readonly Metric[]): string {
  const first = metrics[0];
  const last = metrics.at(-1);
  return [metrics.length, first?.name, first?.alias, last?.name, last?.alias].join(" ");
}

const isOf = ({ definitions }: MetricSet, metrics: readonly Metric[]): boolean =>
  definitions.length === metrics.length &&
  definitions.every(({ name, alias, type }, place) => {
    const metric = metrics[place];
    return metric !== undefined && metric.name === name && metric.alias === alias && metric.type === type;
  });

function setOf(metrics: readonly Metric[]): MetricSet | undefined {
  const definitions: Definition[] = [];
  const byName = new Map<string, number>();
  const byAlias = new Map<number, number>();
  for (const { name, alias, type } of metrics) {
    if (name === undefined || name === "") return undefined;
    // A birth may say a metric twice, once as history.
    const place = byName.get(name) ?? definitions.length;
    const other = alias === undefined ? undefined : byAlias.get(alias);
    if (other !== undefined && other !== place) return undefined;
    byName.set(name, place);
    if (alias !== undefined) byAlias.set(alias, place);
    definitions[place] ??= { name, alias, type };
  }
  return { definitions, byName, byAlias };
}
