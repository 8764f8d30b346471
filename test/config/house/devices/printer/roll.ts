import { fault } from "../../../../../devices/kit/fault.ts";
import { err, ok } from "../../../../../devices/kit/result.ts";
import type { DriverDefinition } from "../../../../../devices/kit/driver.ts";

const roll: DriverDefinition<unknown, "bytes"> = {
  id: "printer/roll",
  provides: ["printer"],
  port: "bytes",
  remembers: false,
  options: (raw) => ok(raw),
  open: () => Promise.resolve(err(fault("no-device", "a roll"))),
};
export default roll;
