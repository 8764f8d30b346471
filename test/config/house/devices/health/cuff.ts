import { fault } from "../../../../../devices/kit/fault.ts";
import { err, ok } from "../../../../../devices/kit/result.ts";
import type { DriverDefinition } from "../../../../../devices/kit/driver.ts";

const cuff: DriverDefinition<unknown, "gatt"> = {
  id: "health/cuff",
  provides: ["meter"],
  port: "gatt",
  remembers: false,
  options: (raw) => ok(raw),
  open: () => Promise.resolve(err(fault("no-device", "a cuff"))),
};
export default cuff;
