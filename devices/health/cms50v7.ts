import { seconds } from "../kit/clock.ts";
import type { Device, DriverDefinition } from "../kit/driver.ts";
import { openLine } from "../kit/exchange.ts";
import { hear } from "../kit/hearing.ts";
import { measuring } from "../kit/measuring.ts";
import { watchStream, type Finger } from "../kit/oximetry.ts";
import { err, ok, type Result } from "../kit/result.ts";
import { rounds } from "../kit/rounds.ts";
import type { Meter, Reading } from "./capability.ts";
import { fingerOf, framer, say } from "./cms50v7-wire.ts";

// A Contec finger oximeter on its USB lead [S13]. It is off until somebody presses its button, and then answers nothing: so
// only its wire is asked for, and the live stream is started again and again until frames come.

const framesASecond = 60;
const patience = seconds(1);

const driver: DriverDefinition<object, "bytes"> = {
  id: "cms50v7",
  provides: ["meter"],
  port: "bytes",
  remembers: false,
  streams: true,
  options(raw): Result<object, readonly string[]> {
    if (typeof raw !== "object" || raw === null || Array.isArray(raw)) return err(["options: expected an object"]);
    const mistakes = Object.keys(raw).map((name) => `${name}: a CMS50 has no options`);
    return mistakes.length > 0 ? err(mistakes) : ok({});
  },

  async open({ port, clock }) {
    const frames = hear(port, clock, {
      framer,
      means: (frame): Finger | undefined => (frame.is === "live" ? fingerOf(frame) : undefined),
    });
    const line = openLine(port, clock, {
      framer,
      encode: () => say.askModel,
      // The name comes in two parts; the first says enough.
      answers: (_question: "model", frame) => frame.is === "model" && frame.part === 0,
    });
    const measurement = measuring<readonly Reading[]>();
    frames.seen(() => {}, measurement.close);

    const meter: Meter = {
      items: ["spo2", "pulse", "perfusion"],
      starts: false,
      measure: ({ stop, heard }) =>
        measurement.measure(stop, (end) => {
          heard({ is: "waiting" });
          let isLive = false;
          const stream = watchStream(clock, framesASecond, {
            out: () => heard({ is: "waiting" }),
            wave: (samples) => heard({ is: "wave", samples, rate: framesASecond }),
            steady: (readings) => end(ok(readings)),
          });
          const ear = frames.seen((finger) => {
            isLive = true;
            stream.see(finger);
          });
          const alive = rounds(clock, seconds(1), "cms50v7: keep alive", async () => {
            const sent = port.send(isLive ? say.keepAlive : say.startLive);
            isLive = false;
            return (await sent).ok;
          });
          alive.now();
          return () => {
            alive.stop();
            ear.stop();
            stream.stop();
            if (frames.gone() === undefined) void port.send(say.stopLive);
          };
        }),
    };

    const device: Device = {
      can: { meter },
      async identify() {
        const why = frames.gone();
        return why ? err(why) : ok({ model: "CMS50" });
      },
      async selfTest() {
        const why = frames.gone();
        if (why) return err(why);
        const told = await line.ask("model", patience);
        return ok([
          told.ok && told.value.is === "model"
            ? `model ${told.value.text}`
            : "the line is open, but the oximeter says nothing: switch it on with its button",
          `noise on the line: ${frames.junk()} bytes since it was opened`,
        ]);
      },
      async close() {
        // Before the ears are gone: a measurement under way stops the stream.
        measurement.close({ kind: "no-device", detail: "closed" });
        frames.close();
        line.close();
      },
    };
    return ok(device);
  },
};

export default driver;
