import type { Device, DriverDefinition } from "../kit/driver.ts";
import { hear } from "../kit/hearing.ts";
import { measuring } from "../kit/measuring.ts";
import { watchStream } from "../kit/oximetry.ts";
import { err, ok, type Result } from "../kit/result.ts";
import type { Meter, Reading } from "./capability.ts";
import { fingersOf, framer, samplesASecond } from "./nonin-wire.ts";

// A Nonin oximeter module that only speaks, in its data format 2 [S18].

const driver: DriverDefinition<object, "bytes"> = {
  id: "nonin",
  provides: ["meter"],
  port: "bytes",
  remembers: false,
  streams: true,
  options(raw): Result<object, readonly string[]> {
    if (typeof raw !== "object" || raw === null || Array.isArray(raw)) return err(["options: expected an object"]);
    const mistakes = Object.keys(raw).map((name) => `${name}: a Nonin module has no options`);
    return mistakes.length > 0 ? err(mistakes) : ok({});
  },

  async open({ port, clock }) {
    const packets = hear(port, clock, { framer, means: (packet) => packet });
    const measurement = measuring<readonly Reading[]>();
    packets.seen(() => {}, measurement.close);

    const meter: Meter = {
      items: ["spo2", "pulse"],
      starts: false,
      measure: ({ stop, heard }) =>
        measurement.measure(stop, (end) => {
          heard({ is: "waiting" });
          const stream = watchStream(clock, samplesASecond, {
            out: () => heard({ is: "waiting" }),
            wave: (samples) => heard({ is: "wave", samples, rate: samplesASecond }),
            steady: (readings) => end(ok(readings)),
          });
          const ear = packets.seen((packet) => {
            for (const finger of fingersOf(packet)) stream.see(finger);
          });
          return () => {
            ear.stop();
            stream.stop();
          };
        }),
    };

    const device: Device = {
      can: { meter },
      // It cannot be asked: it lives as long as its wire does.
      async identify() {
        const why = packets.gone();
        return why ? err(why) : ok({ model: "Nonin" });
      },
      async selfTest() {
        const why = packets.gone();
        if (why) return err(why);
        return ok([
          "the line is open; whether the oximeter lives shows only when it speaks: put a finger in it",
          `noise on the line: ${packets.junk()} bytes since it was opened`,
        ]);
      },
      async close() {
        packets.close();
      },
    };
    return ok(device);
  },
};

export default driver;
