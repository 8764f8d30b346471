import type { DriverDefinition } from "../kit/driver.ts";
import { fault } from "../kit/fault.ts";
import { hear } from "../kit/hearing.ts";
import { err, ok, type Result } from "../kit/result.ts";
import { awaiting, unasked } from "../kit/unasked.ts";
import { framer, headerLength, type TmSaid } from "./aandd-tm-wire.ts";
import type { Item, Note, Reading } from "./capability.ts";

// A tunnel that somebody puts an arm into and starts. It speaks only when it has measured, so that what is heard since
// the person sat down is that person's.

const items: readonly Item[] = ["systolic", "diastolic", "mean-arterial", "pulse", "irregular-beats"];

function outcome(said: TmSaid): Result<readonly Reading[]> {
  if (said.is === "damaged")
    return err(fault("garbled", "the result came damaged: measure again; if that repeats itself look at the cable"));
  if (said.is === "error")
    return err(fault("refused", `the instrument gave error E${said.code}: sit still, arm in the cuff, measure again`));
  const notes: readonly Note[] = [
    ...(said.moved ? (["moved"] as const) : []),
    ...(said.irregularPulse ? (["irregular-pulse"] as const) : []),
  ];
  const pressure = (item: Item, value: number): Reading => ({ item, value, unit: "mm[Hg]", notes });
  return ok([
    pressure("systolic", said.systolic),
    pressure("diastolic", said.diastolic),
    ...(said.mean === undefined ? [] : [pressure("mean-arterial", said.mean)]),
    { item: "pulse", value: said.pulse, unit: "/min", notes },
    ...(said.irregular === undefined
      ? []
      : [{ item: "irregular-beats" as const, value: said.irregular, unit: "1" as const, notes }]),
  ]);
}

const driver: DriverDefinition<object, "bytes"> = {
  id: "aandd-tm",
  provides: ["meter"],
  port: "bytes",
  remembers: false,
  options(raw): Result<object, readonly string[]> {
    if (typeof raw !== "object" || raw === null || Array.isArray(raw)) return err(["options: expected an object"]);
    const mistakes = Object.keys(raw).map((name) => `${name}: an A&D TM-2655/2657 has no options`);
    return mistakes.length > 0 ? err(mistakes) : ok({});
  },

  async open({ port, clock }) {
    const heard = hear<TmSaid, Uint8Array, TmSaid>(port, clock, {
      framer,
      means: (said) => said,
      // A result is sent once: whoever waits for the rest waits in vain.
      brokenOff: (half) => (half.length > headerLength ? { is: "damaged" } : undefined),
    });
    const results = awaiting<TmSaid, readonly Reading[]>(heard, clock);
    return ok({
      can: {
        meter: {
          items,
          starts: false,
          measure: (asked) => results.next(asked, outcome),
        },
      },
      ...unasked(heard, { model: "A&D TM-2655/2657" }, "measure somebody"),
    });
  },
};

export default driver;
