import type { Device, DriverDefinition } from "../kit/driver.ts";
import { hear } from "../kit/hearing.ts";
import { measuring } from "../kit/measuring.ts";
import { watchStream } from "../kit/oximetry.ts";
import { err, ok } from "../kit/result.ts";
import type { Meter, Reading } from "./capability.ts";
import { framesASecond, readOptions, type Bci5Options } from "./bci5-options.ts";
import { fingerOf, framer } from "./bci5-wire.ts";

// A finger oximeter that only speaks, five bytes at a time [S15].

const driver: DriverDefinition<Bci5Options, "bytes"> = {
  id: "bci5",
  provides: ["meter"],
  port: "bytes",
  remembers: false,
  streams: true,
  options: readOptions,

  async open({ port, clock, options: { maker } }) {
    const rate = framesASecond[maker];
    const frames = hear(port, clock, { framer, means: (frame) => fingerOf(frame, maker) });
    const measurement = measuring<readonly Reading[]>();
    frames.seen(() => {}, measurement.close);

    const meter: Meter = {
      items: ["spo2", "pulse"],
      starts: false,
      measure: ({ stop, heard }) =>
        measurement.measure(stop, (end) => {
          heard({ is: "waiting" });
          const stream = watchStream(clock, rate, {
            out: () => heard({ is: "waiting" }),
            wave: (samples) => heard({ is: "wave", samples, rate }),
            steady: (readings) => end(ok(readings)),
          });
          const ear = frames.seen(stream.see);
          return () => {
            ear.stop();
            stream.stop();
          };
        }),
    };

    const device: Device = {
      can: { meter },
      // It cannot be asked, and is silent while it is off: it lives as long as its wire does.
      async identify() {
        const why = frames.gone();
        return why ? err(why) : ok({ model: maker === "berry" ? "Berry oximeter" : "Contec oximeter" });
      },
      async selfTest() {
        const why = frames.gone();
        if (why) return err(why);
        return ok([
          "the line is open; whether the oximeter lives shows only when it speaks: put a finger in it",
          `noise on the line: ${frames.junk()} bytes since it was opened`,
        ]);
      },
      async close() {
        frames.close();
      },
    };
    return ok(device);
  },
};

export default driver;
