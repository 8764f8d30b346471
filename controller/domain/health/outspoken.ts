import type { Flag } from "./findings.ts";
import type { RuleId } from "./ranges.ts";

/** Of one matter: what is not said beside something worse. */
const silences: Partial<Readonly<Record<RuleId, readonly RuleId[]>>> = {
  "pressure-emergency": ["pressure-very-high", "pressure-high"],
  "pressure-very-high": ["pressure-high", "pressure-apart"],
  "spo2-low": ["spo2-recheck"],
  "heat-r2": ["heat-r1", "heat-r4", "heat-early", "heat-work", "temperature-high"],
  "heat-r1": ["heat-r4", "heat-early", "heat-work", "temperature-high"],
  "heat-early": ["heat-work"],
  "heat-r4": ["heat-work"],
};

/**
 * What is told of all flags. Whoever is to call 120 is not told to rest and to measure again, whoever has collapsed not to
 * drink, and whoever is to see a doctor today not to see one some day. An amber flag silences only advice.
 */
export const outspoken = (flags: readonly Flag[]): readonly Flag[] =>
  flags.filter(({ rule, level }) => {
    const over = flags.filter((other) => silences[other.rule]?.includes(rule));
    return !over.some((other) => level === "advice" || other.level === "emergency" || other.level === "red");
  });
