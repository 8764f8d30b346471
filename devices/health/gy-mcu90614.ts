import { seconds, type Timer } from "../kit/clock.ts";
import type { Device, DriverDefinition } from "../kit/driver.ts";
import { openLine } from "../kit/exchange.ts";
import { fault } from "../kit/fault.ts";
import { hear } from "../kit/hearing.ts";
import { measuring } from "../kit/measuring.ts";
import { err, ok, type Result } from "../kit/result.ts";
import { watchSkin, type Skin } from "../kit/skin.ts";
import type { Meter, Reading } from "./capability.ts";
import { dialect, framer, speak } from "./gy-mcu90614-wire.ts";

// A bare infrared sensor that is held before the forehead [S24]. No medical instrument: what it tells is the skin.

const patience = seconds(1.5);
/** Two lost commands are not yet a silent module. */
const attempts = 2;

/** It speaks ten times a second. */
export const forehead: Skin = { rise: 0.5, spread: 0.3, settling: seconds(2), longestGap: seconds(1) };

const driver: DriverDefinition<object, "bytes"> = {
  id: "gy-mcu90614",
  provides: ["meter"],
  port: "bytes",
  remembers: false,
  options(raw): Result<object, readonly string[]> {
    if (typeof raw !== "object" || raw === null || Array.isArray(raw)) return err(["options: expected an object"]);
    const mistakes = Object.keys(raw).map((name) => `${name}: a GY-MCU90614 has no options`);
    return mistakes.length > 0 ? err(mistakes) : ok({});
  },

  async open({ port, clock }) {
    const line = openLine(port, clock, dialect);
    const temperatures = hear(port, clock, { framer, means: (frame) => frame });
    const measurement = measuring<readonly Reading[]>();
    temperatures.seen(() => {}, measurement.close);

    const meter: Meter = {
      items: ["temperature"],
      starts: false,
      measure: ({ stop, heard }) =>
        measurement.measure(stop, (end) => {
          heard({ is: "waiting" });
          const watch = watchSkin(clock, forehead, {
            gone: () => heard({ is: "waiting" }),
            steady: (value) => end(ok([{ item: "temperature", value, unit: "Cel", notes: [] }])),
          });
          let hush: Timer | undefined;
          const wake = (attempt: number) => {
            void port.send(speak);
            hush = clock.after(patience, "gy-mcu90614: first temperature", () => {
              if (attempt < attempts) wake(attempt + 1);
              else end(err(fault("silent", "no temperature came: is this the right speed? It can be 9600 or 115200")));
            });
          };
          const ear = temperatures.seen(({ object }) => {
            hush?.cancel();
            hush = clock.after(patience, "gy-mcu90614: next temperature", () => wake(1));
            watch(object);
          });
          wake(1);
          return () => {
            ear.stop();
            hush?.cancel();
          };
        }),
    };

    const alive = () => line.ask("speak", patience);
    const device: Device = {
      can: { meter },
      async identify() {
        const heard = await alive();
        return heard.ok ? ok({ model: "GY-MCU90614" }) : heard;
      },
      async selfTest() {
        const heard = await alive();
        if (!heard.ok) return heard;
        // What stands before it may be somebody: only the sensor's own temperature is told.
        return ok([
          `the sensor itself has ${heard.value.ambience.toFixed(1)} °C`,
          `noise on the line: ${temperatures.junk()} bytes since it was opened`,
        ]);
      },
      async close() {
        temperatures.close();
        line.close();
      },
    };
    return ok(device);
  },
};

export default driver;
