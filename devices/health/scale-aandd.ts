import type { DriverDefinition } from "../kit/driver.ts";
import { fault } from "../kit/fault.ts";
import { hear } from "../kit/hearing.ts";
import { err, ok } from "../kit/result.ts";
import { standing, type Look } from "../kit/steady.ts";
import type { HalfLine, Said } from "../kit/text-line.ts";
import { awaiting, unasked } from "../kit/unasked.ts";
import type { Item, Reading } from "./capability.ts";
import { readOptions, type ScaleAanddOptions } from "./scale-aandd-options.ts";
import { framerOf, weighedBy, type Weighed } from "./scale-aandd-wire.ts";

// A scale that says what stands on it now and keeps nothing.

const items: readonly Item[] = ["weight"];

/** Below this nobody stands on it, in kilograms or pounds: the least that is taken for a person [instruments.md 1]. */
const least = 2;

function look(weighed: Weighed): Look<readonly Reading[]> {
  if (weighed.is === "overload")
    return {
      seen: "overload",
      outcome: err(fault("refused", "the scale is overloaded: one person alone, nothing in hand")),
    };
  const { value, unit, stable } = weighed;
  if (value < least) return { seen: undefined, outcome: undefined };
  return { seen: stable ? `${value} ${unit}` : undefined, outcome: ok([{ item: "weight", value, unit, notes: [] }]) };
}

const driver: DriverDefinition<ScaleAanddOptions, "bytes"> = {
  id: "scale-aandd",
  provides: ["meter"],
  port: "bytes",
  remembers: false,
  options: readOptions,

  async open({ port, clock, options }) {
    const weights = hear<Said<never>, HalfLine, Weighed>(port, clock, { framer: framerOf(options), means: weighedBy });
    const once = awaiting<Weighed, readonly Reading[]>(weights, clock);
    // Two lines in a row: one alone may be damaged, and says so nowhere.
    const still = standing<Weighed, readonly Reading[]>(weights, clock, { equal: 2, mustMove: false });
    return ok({
      can: {
        meter: {
          items,
          starts: false,
          measure(asked) {
            if (options.output === "stream")
              return still.next(asked, look, ([reading]) => reading && asked.heard({ is: "preview", reading }));
            return once.next(asked, (weighed) => {
              const { seen, outcome } = look(weighed);
              return seen === undefined ? undefined : outcome;
            });
          },
        },
      },
      ...unasked(weights, { model: "A&D scale" }, "let somebody step on it"),
    });
  },
};

export default driver;
