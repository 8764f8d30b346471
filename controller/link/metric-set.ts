import { nextServer, rebirth, bdSeq, type Definition } from "../../protocol/sparkplug/metrics.ts";

/** A metric of this kiosk: of the node, or of the device it names. */
export interface Metered extends Definition {
  readonly alias: number;
  readonly device?: string;
}

/** A Sparkplug device: a part of the kiosk that can be lost while the rest goes on. */
export interface Part {
  /** Its id in the station file. */
  readonly id: string;
  readonly metrics: readonly Definition[];
}

/** All metrics of this kiosk, found by alias or by name. They do not change while it runs. */
export interface MetricSet {
  readonly node: readonly Metered[];
  readonly devices: ReadonlyMap<string, readonly Metered[]>;
  readonly byAlias: ReadonlyMap<number, Metered>;
  /** Throws where there is no such metric: our own mistake. */
  named(name: string, device?: string): Metered;
}

/** Sparkplug's own have values of their own, which nobody reports. */
const own: readonly string[] = [bdSeq.name, rebirth.name, nextServer.name];

export function metricSet(node: readonly Definition[], parts: readonly Part[]): MetricSet {
  const metered = (definition: Definition, device?: string): Metered => {
    const { alias } = definition;
    if (alias === undefined) throw new Error(`The metric ${definition.name} has no alias.`);
    return { ...definition, alias, ...(device === undefined ? {} : { device }) };
  };
  const ofNode = node.filter(({ name }) => !own.includes(name)).map((one) => metered(one));
  const devices = new Map(parts.map(({ id, metrics }) => [id, metrics.map((one) => metered(one, id))] as const));
  const all = [...ofNode, ...[...devices.values()].flat()];
  const byAlias = new Map(all.map((one) => [one.alias, one] as const));
  if (byAlias.size < all.length || byAlias.has(nextServer.alias ?? 0)) throw new Error("Two metrics share an alias.");
  const byName = new Map(all.map((one) => [nameKey(one.name, one.device), one] as const));
  return {
    node: ofNode,
    devices,
    byAlias,
    named(name, device) {
      const found = byName.get(nameKey(name, device));
      if (found === undefined) throw new Error(`There is no metric ${name} of ${device ?? "the node"}.`);
      return found;
    },
  };
}

const nameKey = (name: string, device = ""): string => `${device}\n${name}`;
