import type { DriverDefinition } from "../kit/driver.ts";
import { fault } from "../kit/fault.ts";
import { hear } from "../kit/hearing.ts";
import { err, ok } from "../kit/result.ts";
import { standing, type Look } from "../kit/steady.ts";
import { unasked } from "../kit/unasked.ts";
import type { Item, Reading } from "./capability.ts";
import { readOptions, type ToledoOptions } from "./toledo-options.ts";
import { framerOf, type ToledoFrame } from "./toledo-wire.ts";

// A scale that says what stands on it now, all the time, and keeps nothing.

const items: readonly Item[] = ["weight"];

/** Below this nobody stands on it, in kilograms or pounds: the least that is taken for a person [instruments.md 1]. */
const least = 2;

function look({ value, unit, moving, overload, strange }: ToledoFrame): Look<readonly Reading[]> | undefined {
  if (strange) return undefined;
  if (overload)
    return {
      seen: "overload",
      outcome: err(fault("refused", "the scale is overloaded: one person alone, nothing in hand")),
    };
  if (value < least) return { seen: undefined, outcome: undefined };
  return { seen: moving ? undefined : `${value} ${unit}`, outcome: ok([{ item: "weight", value, unit, notes: [] }]) };
}

const driver: DriverDefinition<ToledoOptions, "bytes"> = {
  id: "toledo",
  provides: ["meter"],
  port: "bytes",
  remembers: false,
  options: readOptions,

  async open({ port, clock, options }) {
    const frames = hear<ToledoFrame, Uint8Array, ToledoFrame>(port, clock, {
      framer: framerOf(options),
      means: (frame) => frame,
    });
    const still = standing<ToledoFrame, readonly Reading[]>(frames, clock, { equal: 2, mustMove: false });
    return ok({
      can: {
        meter: {
          items,
          starts: false,
          measure: (asked) =>
            still.next(asked, look, ([reading]) => reading && asked.heard({ is: "preview", reading })),
        },
      },
      ...unasked(frames, { model: "Toledo continuous scale" }, "let somebody step on it"),
    });
  },
};

export default driver;
