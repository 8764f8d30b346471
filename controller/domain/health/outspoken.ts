import type { Flag } from "./findings.ts";
import type { RuleId } from "./ranges.ts";

/** Of one matter: what is not said beside something worse. */
const silences: Partial<Readonly<Record<RuleId, readonly RuleId[]>>> = {
  "pressure-emergency": ["pressure-very-high", "pressure-high"],
  "pressure-very-high": ["pressure-high"],
  "spo2-low": ["spo2-recheck"],
  "heat-r2": ["heat-r1", "heat-r4", "temperature-high"],
  "heat-r1": ["heat-r4", "temperature-high"],
};

/**
 * What is told of all flags. Whoever is to call 120 is not told to rest and to measure again, whoever has collapsed not to
 * drink, and whoever is to see a doctor today not to see one some day. An amber flag silences nobody.
 */
export function outspoken(flags: readonly Flag[]): readonly Flag[] {
  const loud = flags.filter(({ level }) => level === "emergency" || level === "red");
  const silent = new Set(loud.flatMap(({ rule }) => silences[rule] ?? []));
  return flags.filter(({ rule }) => !silent.has(rule));
}
