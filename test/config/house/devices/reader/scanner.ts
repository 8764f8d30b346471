import { fault } from "../../../../../devices/kit/fault.ts";
import { err, ok } from "../../../../../devices/kit/result.ts";
import type { DriverDefinition } from "../../../../../devices/kit/driver.ts";

const scanner: DriverDefinition<unknown, "reports"> = {
  id: "reader/scanner",
  provides: [],
  port: "reports",
  remembers: false,
  options: (raw) => ok(raw),
  open: () => Promise.resolve(err(fault("no-device", "a scanner"))),
};
export default scanner;
