import { seconds, type Timer } from "../kit/clock.ts";
import { asked } from "../kit/asked.ts";
import type { Device, DriverDefinition, Identity } from "../kit/driver.ts";
import { fault } from "../kit/fault.ts";
import { err, ok, type Result } from "../kit/result.ts";
import { watchSkin, type Skin } from "../kit/skin.ts";
import type { Meter, Reading } from "./capability.ts";
import { openProbe } from "./ds18b20-probe.ts";

// A steel probe on a wire that is held in the armpit or the hand, read through the kernel. No medical instrument: it tells the skin, and
// creeps up to it for a minute.

/** Its steps are 1/16 degree: steady is no more than two of them. What the last person left in the steel only cools. */
export const probeOnSkin: Skin = { rise: 1, spread: 0.125, settling: seconds(20), longestGap: seconds(10) };
const between = seconds(0.25);
/** A reading whose check fails is asked for again. */
const attempts = 3;

const driver: DriverDefinition<object, "files"> = {
  id: "ds18b20",
  provides: ["meter"],
  port: "files",
  remembers: false,
  options(raw): Result<object, readonly string[]> {
    if (typeof raw !== "object" || raw === null || Array.isArray(raw)) return err(["options: expected an object"]);
    const mistakes = Object.keys(raw).map((name) => `${name}: a DS18B20 has no options`);
    return mistakes.length > 0 ? err(mistakes) : ok({});
  },

  async open({ port, clock }) {
    const probe = openProbe(port, clock);
    const greet = async (): Promise<Result<Identity>> => {
      for (let attempt = 1; attempt <= attempts; attempt++) {
        const read = await probe.read();
        if (!read.ok) return read;
        if (read.value.is !== "unread") return ok({ model: "DS18B20" });
      }
      return err(
        fault("garbled", `${attempts} readings with a wrong check: is the cable too long, or its resistor missing?`),
      );
    };
    const turns = asked<readonly Reading[]>(port, { greet, close: probe.close, junk: probe.failed });

    const meter: Meter = {
      items: ["temperature"],
      starts: false,
      measure: ({ stop, heard }) =>
        turns.measure(stop, (end) => {
          heard({ is: "waiting" });
          const watch = watchSkin(clock, probeOnSkin, {
            gone: () => heard({ is: "waiting" }),
            steady: (value) => end(ok([{ item: "temperature", value, unit: "Cel", notes: [] }])),
          });
          let over = false;
          let timer: Timer | undefined;
          const look = async () => {
            const read = await probe.read();
            if (over) return;
            if (!read.ok) return end(read);
            // What it holds from its power-on, or what its check refuses, is no temperature: the next one is.
            if (read.value.is === "temperature") watch(read.value.degrees);
            timer = clock.after(between, "ds18b20: next reading", () => void look());
          };
          void look();
          return {
            stop() {
              over = true;
              timer?.cancel();
            },
          };
        }),
    };

    const device: Device = {
      can: { meter },
      identify: turns.identify,
      async selfTest() {
        const found = await turns.identify();
        // Somebody may hold it: its temperature is not told.
        return found.ok
          ? ok([`${found.value.model} at ${port.label}`, `wrong checks since it was opened: ${probe.failed()}`])
          : found;
      },
      close: turns.close,
    };
    return ok(device);
  },
};

export default driver;
