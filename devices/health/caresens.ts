import { openUart } from "../kit/cp2110.ts";
import type { DriverDefinition } from "../kit/driver.ts";
import { ok } from "../kit/result.ts";
import { openCareSens, readOptions } from "./caresens-meter.ts";
import { baud } from "./caresens-wire.ts";

/** i-SENS's CareSens meters with a USB socket of their own, a CP2110. */
const driver: DriverDefinition<object, "reports"> = {
  id: "caresens",
  provides: ["meter"],
  port: "reports",
  remembers: false,
  options: readOptions,
  async open({ port, clock, note }) {
    const uart = await openUart(port, baud);
    return uart.ok ? ok(openCareSens(uart.value, { clock, note })) : uart;
  },
};

export default driver;
