import { fault } from "../../../../../devices/kit/fault.ts";
import { err, ok } from "../../../../../devices/kit/result.ts";
import type { DriverDefinition } from "../../../../../devices/kit/driver.ts";

/** A driver that is no vending machine, for the tests of the loader. */
const bell: DriverDefinition<unknown> = {
  id: "reader/bell",
  provides: [],
  port: "bytes",
  remembers: false,
  options: (raw) => ok(raw),
  open: () => Promise.resolve(err(fault("no-device", "a bell"))),
};
export default bell;
