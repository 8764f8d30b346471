import { seconds } from "../kit/clock.ts";
import { withoutAim } from "../kit/aim.ts";
import type { Device, DriverDefinition } from "../kit/driver.ts";
import { hear } from "../kit/hearing.ts";
import { err, ok } from "../kit/result.ts";
import { rounds } from "../kit/rounds.ts";
import { Secret } from "../kit/secret.ts";
import { isMoreThanNoise, type HalfLine, type Said } from "../kit/text-line.ts";
import type { Reading } from "./capability.ts";
import { readOptions, type LineScannerOptions } from "./line-scanner-options.ts";
import { framer, trigger } from "./line-scanner-wire.ts";

// A scanner that says each text as a line. It is asked nothing, so that only the loss of its wire shows that it is gone.

/** A Honeywell scanner gives up after a time of its own, 30 s as it leaves the factory; sooner than that it is started anew. */
const restart = seconds(20);

function readingOf(heard: Said<never>, aim: boolean): Reading | undefined {
  if (heard.is === "answer") return undefined;
  if (heard.is === "damaged") return { is: "unread", of: "code" };
  const { text, symbology } = aim ? withoutAim(heard.text) : { text: heard.text };
  return { is: "text", text: new Secret(text), ...(symbology ? { symbology } : {}) };
}

const driver: DriverDefinition<LineScannerOptions, "bytes"> = {
  id: "line-scanner",
  provides: ["reader"],
  port: "bytes",
  remembers: false,
  options: readOptions,

  async open({ port, clock, options }) {
    const texts = hear<Said<never>, HalfLine, Reading>(port, clock, {
      framer,
      means: (heard) => readingOf(heard, options.aim),
      brokenOff: (half) => (isMoreThanNoise(half) ? { is: "unread", of: "code" } : undefined),
    });

    const readings = rounds(
      clock,
      restart,
      "line-scanner: next reading",
      async () => (await port.send(trigger.start)).ok,
    );
    if (options.trigger === "honeywell") {
      texts.seen(() => readings.now());
      readings.now();
    }

    const device: Device = {
      can: { reader: { seen: (sink) => texts.seen(sink) } },
      async identify() {
        const why = texts.gone();
        return why ? err(why) : ok({ model: options.trigger === "honeywell" ? "Honeywell scanner" : "line scanner" });
      },
      async selfTest() {
        const why = texts.gone();
        if (why) return err(why);
        return ok([
          "the line is open; whether the scanner lives shows only when it reads: scan something",
          `noise on the line: ${texts.junk()} bytes since it was opened`,
        ]);
      },
      async close() {
        readings.stop();
        if (options.trigger === "honeywell" && texts.gone() === undefined) void port.send(trigger.stop);
        texts.close();
      },
    };
    return ok(device);
  },
};

export default driver;
