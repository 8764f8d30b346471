import { err, ok } from "../../../../../devices/kit/result.ts";
import { fault } from "../../../../../devices/kit/fault.ts";
import type { DriverDefinition } from "../../../../../devices/kit/driver.ts";

interface Options {
  readonly slots: number;
  readonly lift: boolean;
}

/** A driver with two options, for the tests of the loader. */
const toy: DriverDefinition<Options> = {
  id: "vending/toy",
  provides: ["vending"],
  port: "bytes",
  remembers: true,
  options: (raw) => {
    const { slots, lift = false, ...others } = raw as Record<string, unknown>;
    const wrong = [
      ...(typeof slots === "number" ? [] : ["slots: expected a number"]),
      ...(typeof lift === "boolean" ? [] : ["lift: expected true or false"]),
      ...Object.keys(others).map((name) => `${name}: no such option`),
    ];
    return wrong.length === 0 && typeof slots === "number" && typeof lift === "boolean"
      ? ok({ slots, lift })
      : err(wrong);
  },
  open: () => Promise.resolve(err(fault("no-device", "a toy"))),
};
export default toy;
