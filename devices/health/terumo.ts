import type { DriverDefinition } from "../kit/driver.ts";
import { fault } from "../kit/fault.ts";
import { hear } from "../kit/hearing.ts";
import { err, ok, type Result } from "../kit/result.ts";
import { awaiting, unasked } from "../kit/unasked.ts";
import type { Item, Reading } from "./capability.ts";
import { framer, type TerumoSaid } from "./terumo-wire.ts";

// An arm monitor that tells each measurement once, when it is done.

const items: readonly Item[] = ["systolic", "diastolic", "mean-arterial", "pulse"];

function outcome(said: TerumoSaid): Result<readonly Reading[]> {
  if (said.is === "damaged")
    return err(fault("garbled", "the result came damaged: measure again; if that repeats itself look at the cable"));
  if (said.is === "error")
    return err(fault("refused", "the monitor found no pressure: sit still, arm in the cuff, measure again"));
  const pressure = (item: Item, value: number): Reading => ({ item, value, unit: "mm[Hg]", notes: [] });
  return ok([
    pressure("systolic", said.systolic),
    pressure("diastolic", said.diastolic),
    pressure("mean-arterial", said.mean),
    { item: "pulse", value: said.pulse, unit: "/min", notes: [] },
  ]);
}

const driver: DriverDefinition<object, "bytes"> = {
  id: "terumo",
  provides: ["meter"],
  port: "bytes",
  remembers: false,
  options(raw): Result<object, readonly string[]> {
    if (typeof raw !== "object" || raw === null || Array.isArray(raw)) return err(["options: expected an object"]);
    const mistakes = Object.keys(raw).map((name) => `${name}: a Terumo ES-P2020 has no options`);
    return mistakes.length > 0 ? err(mistakes) : ok({});
  },

  async open({ port, clock }) {
    const heard = hear<TerumoSaid, Uint8Array, TerumoSaid>(port, clock, {
      framer,
      means: (said) => said,
      brokenOff: (half) => (half.length > 10 ? { is: "damaged" } : undefined),
    });
    const results = awaiting<TerumoSaid, readonly Reading[]>(heard, clock);
    return ok({
      can: { meter: { items, starts: false, measure: (asked) => results.next(asked, outcome) } },
      ...unasked(heard, { model: "Terumo ES-P2020/BP-500" }, "measure somebody"),
    });
  },
};

export default driver;
