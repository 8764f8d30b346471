import type { DriverDefinition } from "../kit/driver.ts";
import { fault } from "../kit/fault.ts";
import { hear } from "../kit/hearing.ts";
import { err, ok, type Result } from "../kit/result.ts";
import type { HalfLine, Said } from "../kit/text-line.ts";
import { awaiting, unasked } from "../kit/unasked.ts";
import type { Item, Note, Reading } from "./capability.ts";
import { readOptions, type HbpOptions } from "./omron-hbp-options.ts";
import { brokenOff, framer, meaningOf, type HbpSaid } from "./omron-hbp-wire.ts";

// A tunnel that somebody puts an arm into and starts. It tells each measurement once, when it is done.

const items: Readonly<Record<HbpOptions["model"], readonly Item[]>> = {
  "hbp-9030": ["systolic", "diastolic", "pulse"],
  "hbp-9020": ["systolic", "diastolic", "mean-arterial", "pulse"],
};

function outcome(said: HbpSaid): Result<readonly Reading[]> {
  switch (said.is) {
    case "damaged":
      return err(fault("garbled", "the result came damaged: measure again; if that repeats itself look at the cable"));
    case "wrong-format":
      return err(
        fault("misconfigured", "the tunnel sends another output format: set function item 32 to format 5 (HBP-9030)"),
      );
    case "error":
      return err(fault("refused", `the tunnel gave error ${said.code}: sit still, arm in the cuff, measure again`));
    case "result": {
      const notes: readonly Note[] = said.moved ? ["moved"] : [];
      const pressure = (item: Item, value: number): Reading => ({ item, value, unit: "mm[Hg]", notes });
      return ok([
        pressure("systolic", said.systolic),
        pressure("diastolic", said.diastolic),
        ...(said.mean === undefined ? [] : [pressure("mean-arterial", said.mean)]),
        { item: "pulse", value: said.pulse, unit: "/min", notes },
      ]);
    }
  }
}

const driver: DriverDefinition<HbpOptions, "bytes"> = {
  id: "omron-hbp",
  provides: ["meter"],
  port: "bytes",
  remembers: false,
  options: readOptions,

  async open({ port, clock, options: { model } }) {
    const heard = hear<Said<never>, HalfLine, HbpSaid>(port, clock, {
      framer,
      means: (said) => meaningOf(said, model),
      brokenOff,
    });
    const results = awaiting<HbpSaid, readonly Reading[]>(heard, clock);
    return ok({
      can: { meter: { items: items[model], starts: false, measure: (asked) => results.next(asked, outcome) } },
      ...unasked(heard, { model: `Omron ${model.toUpperCase()}` }, "measure somebody"),
    });
  },
};

export default driver;
