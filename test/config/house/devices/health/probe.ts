import { fault } from "../../../../../devices/kit/fault.ts";
import { err, ok } from "../../../../../devices/kit/result.ts";
import type { DriverDefinition } from "../../../../../devices/kit/driver.ts";

const probe: DriverDefinition<unknown, "files"> = {
  id: "health/probe",
  provides: ["meter"],
  port: "files",
  remembers: false,
  options: (raw) => ok(raw),
  open: () => Promise.resolve(err(fault("no-device", "a probe"))),
};
export default probe;
