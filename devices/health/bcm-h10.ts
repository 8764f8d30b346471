import type { Device, DriverDefinition } from "../kit/driver.ts";
import { openLine } from "../kit/exchange.ts";
import { hear } from "../kit/hearing.ts";
import { measuring } from "../kit/measuring.ts";
import { err, ok } from "../kit/result.ts";
import type { Meter, Reading } from "./capability.ts";
import { runCourse } from "./bcm-h10-course.ts";
import { readOptions, type BcmH10Options } from "./bcm-h10-options.ts";
import { dialect, framer, patienceOf } from "./bcm-h10-wire.ts";

// A board that weighs, measures height, and reckons the composition of a body from a small current [S25].

const driver: DriverDefinition<BcmH10Options, "bytes"> = {
  id: "bcm-h10",
  provides: ["meter"],
  port: "bytes",
  remembers: false,
  options: readOptions,

  async open({ port, clock, options }) {
    const line = openLine(port, clock, dialect);
    const frames = hear(port, clock, { framer, means: (frame) => frame });
    const measurement = measuring<readonly Reading[]>();
    frames.seen(() => {}, measurement.close);

    const meter: Meter = {
      items: [...options.sensors, ...options.results.map(({ item }) => item)],
      starts: true,
      measure: ({ stop, person, heard }) =>
        measurement.measure(stop, (end) => runCourse({ line, frames, clock, options, person, heard, end })),
    };

    const device: Device = {
      can: { meter },
      async identify() {
        const why = frames.gone();
        if (why) return err(why);
        // A measurement finds out for itself, and must not be talked into.
        const alive = measurement.underWay()
          ? ok(undefined)
          : await line.ask({ is: "test" }, patienceOf({ is: "test" }));
        return alive.ok ? ok({ model: "BCM-H10" }) : alive;
      },
      async selfTest() {
        const alive = await device.identify();
        if (!alive.ok) return alive;
        return ok(["it answers", `noise on the line: ${frames.junk()} bytes since it was opened`]);
      },
      async close() {
        frames.close();
        line.close();
      },
    };
    return ok(device);
  },
};

export default driver;
