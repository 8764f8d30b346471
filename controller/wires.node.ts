import type { Clock } from "../devices/kit/clock.ts";
import { fault } from "../devices/kit/fault.ts";
import type { Wires } from "../devices/kit/port.ts";
import { err, type Result } from "../devices/kit/result.ts";
import { openBle } from "../devices/port/ble.ts";
import { openFile } from "../devices/port/kernel-file.ts";
import { openCards } from "../devices/port/pcsc.ts";
import { openHid } from "../devices/port/hid.ts";
import { isLp, openLp } from "../devices/port/lp.ts";
import { whenPlugged } from "../devices/port/plugged.ts";
import { openSerial } from "../devices/port/serial.ts";
import type { OpenWire, Wiring, World } from "./world.ts";

type Openers = { readonly [P in keyof Wires]: (where: Wiring) => Promise<Result<OpenWire<P>>> };

/** config/profile.ts has refused such a wiring already, where it came from a station file. */
const misfit = (by: Wiring["by"], what: string) => err(fault("misconfigured", `${what} is not found by "${by}"`));

const openersOn = (clock: Clock): Openers => ({
  async bytes({ by, match, baud, parity, streams }) {
    if (by !== "path" && by !== "by-id" && by !== "usb") return misfit(by, "a serial line");
    if (by === "path" && (await isLp(match))) return openLp(match, clock);
    return openSerial({
      by,
      match,
      ...(baud === undefined ? {} : { baud }),
      ...(parity === undefined ? {} : { parity }),
      ...(streams ? { gathersBy: clock } : {}),
    });
  },
  async reports({ by, match, usage }) {
    if (by !== "path" && by !== "hid" && by !== "usb") return misfit(by, "a HID device");
    return openHid({ by, match, ...(usage === undefined ? {} : { usage }) });
  },
  async cards({ by, match }) {
    return by === "pcsc" ? openCards({ match }) : misfit(by, "a PC/SC reader");
  },
  async gatt({ by, match }) {
    return by === "ble" ? openBle({ match }) : misfit(by, "a Bluetooth instrument");
  },
  async files({ by, match }) {
    return by === "w1" || by === "path" ? openFile({ by, match }) : misfit(by, "a file of the kernel");
  },
});

/** The wires of this machine: serial ports, USB printers, HID devices, PC/SC, Bluetooth, files of the kernel. */
export function machineWires(clock: Clock): World["wires"] {
  const openers = openersOn(clock);
  return {
    open: (kind, where) => openers[kind](where),
    plugged: (heard) => whenPlugged(heard),
  };
}
