import { seconds } from "../kit/clock.ts";
import type { Device, DriverDefinition, Identity } from "../kit/driver.ts";
import { openLine } from "../kit/exchange.ts";
import { fault } from "../kit/fault.ts";
import { hear } from "../kit/hearing.ts";
import { measuring } from "../kit/measuring.ts";
import { err, ok, type Result } from "../kit/result.ts";
import type { Meter, Reading } from "./capability.ts";
import { inflate } from "./maibobo-cuff.ts";
import { readOptions, type MaiboboOptions } from "./maibobo-options.ts";
import { dialect, encode, framer, meaning } from "./maibobo-wire.ts";

// A blood pressure cuff that the kiosk starts and stops, and that tells its pressure meanwhile [S8].

const patience = seconds(1.5);
const attempts = 3;
/** Whoever was heard so lately lives, and is not asked while it measures. */
const lately = seconds(5);

const driver: DriverDefinition<MaiboboOptions, "bytes"> = {
  id: "maibobo",
  provides: ["meter"],
  port: "bytes",
  remembers: false,
  options: readOptions,

  async open({ port, clock, options: { resultAt } }) {
    const line = openLine(port, clock, dialect);
    const told = hear(port, clock, { framer, means: (frame) => meaning(frame, resultAt) });
    const measurement = measuring<readonly Reading[]>();
    let heardAt = clock.mono() - 2 * lately;
    told.seen(() => (heardAt = clock.mono()), measurement.close);

    /** Only a greeting: it may be said again. */
    const connect = async (): Promise<Result<void>> => {
      for (let attempt = 1; ; attempt++) {
        const answer = await line.ask("connect", patience);
        if (answer.ok) return ok(undefined);
        if (attempt === attempts || answer.error.kind === "no-device") return answer;
      }
    };

    const meter: Meter = {
      items: ["systolic", "diastolic", "pulse"],
      starts: true,
      measure: ({ stop, heard }) =>
        measurement.measure(stop, (end) => inflate({ line, told, clock, connect, heard, end })),
    };

    const device: Device = {
      can: { meter },
      async identify(): Promise<Result<Identity>> {
        const why = told.gone();
        if (why) return err(why);
        const isBusy = measurement.underWay() && clock.mono() - heardAt < lately;
        const alive = isBusy ? ok(undefined) : await connect();
        return alive.ok ? ok({ model: "Maibobo RBP" }) : alive;
      },
      async selfTest() {
        const alive = await device.identify();
        if (!alive.ok) return alive;
        return ok(["it answers", `noise on the line: ${told.junk()} bytes since it was opened`]);
      },
      async close() {
        // Not through the line, which is closed before its answer could come.
        if (measurement.underWay()) void port.send(encode("stop"));
        measurement.close(fault("no-device", "closed"));
        told.close();
        line.close();
      },
    };
    return ok(device);
  },
};

export default driver;
