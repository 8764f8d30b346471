import { fault } from "../../../../../devices/kit/fault.ts";
import { err, ok } from "../../../../../devices/kit/result.ts";
import type { DriverDefinition } from "../../../../../devices/kit/driver.ts";

const plate: DriverDefinition<unknown, "cards"> = {
  id: "reader/plate",
  provides: [],
  port: "cards",
  remembers: false,
  options: (raw) => ok(raw),
  open: () => Promise.resolve(err(fault("no-device", "a plate"))),
};
export default plate;
