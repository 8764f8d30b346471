import type { DriverDefinition } from "../kit/driver.ts";
import { ok } from "../kit/result.ts";
import { openCareSens, readOptions } from "./caresens-meter.ts";

/** i-SENS's CareSens meters on a serial cable. */
const driver: DriverDefinition<object, "bytes"> = {
  id: "caresens-serial",
  provides: ["meter"],
  port: "bytes",
  remembers: false,
  options: readOptions,
  async open({ port, clock, note }) {
    return ok(openCareSens(port, { clock, note }));
  },
};

export default driver;
