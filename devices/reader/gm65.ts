import { seconds } from "../kit/clock.ts";
import type { Device, DriverDefinition } from "../kit/driver.ts";
import { openLine } from "../kit/exchange.ts";
import { hear } from "../kit/hearing.ts";
import { ok, type Result } from "../kit/result.ts";
import { rounds } from "../kit/rounds.ts";
import { Secret } from "../kit/secret.ts";
import { isMoreThanNoise, type HalfLine, type Said } from "../kit/text-line.ts";
import type { Reading } from "./capability.ts";
import { readOptions, type Gm65Options } from "./gm65-options.ts";
import { readTimeSeconds, setUp } from "./gm65-settings.ts";
import { address, codeIds, dialect, framer, patience, type Question } from "./gm65-wire.ts";

// The Grow GM65 and GM805 QR modules on a serial line [B9]. Texts come unasked, also while a question is open: two ears
// listen to the same bytes, one for answers, one for texts.

/** Noise may take a question or its answer. None of them does harm when it is heard twice. */
const attempts = 3;

/** As the manual writes it: 6E is V1.10 [GM65 9.7, 00E2]. */
const version = (firmware: number) => `V${(firmware / 100).toFixed(2)}`;

function readingOf(heard: Said<number>, codeId: boolean): Reading | undefined {
  if (heard.is === "answer") return undefined;
  if (heard.is === "damaged") return { is: "unread", of: "code" };
  if (!codeId) return { is: "text", text: new Secret(heard.text) };
  return { is: "text", text: new Secret(heard.text.slice(1)), symbology: codeIds[heard.text.charAt(0)] ?? "other" };
}

const driver: DriverDefinition<Gm65Options, "bytes"> = {
  id: "gm65",
  provides: ["reader"],
  port: "bytes",
  remembers: false,
  options: readOptions,

  async open({ port, clock, options, note }) {
    const line = openLine(port, clock, dialect);
    const texts = hear<Said<number>, HalfLine, Reading>(port, clock, {
      framer,
      means: (heard) => readingOf(heard, options.codeId),
      brokenOff: (half) => (isMoreThanNoise(half) ? { is: "unread", of: "code" } : undefined),
    });
    const readings = rounds(clock, seconds(readTimeSeconds), "gm65: next reading", async () => {
      const told = await line.ask({ do: "write", address: address.trigger, value: 1 }, patience.quick);
      return told.ok || told.error.kind !== "no-device";
    });
    const close = () => {
      readings.stop();
      texts.close();
      line.close();
    };

    const ask = async (question: Question): Promise<Result<number>> => {
      for (let attempt = 1; ; attempt++) {
        const told = await line.ask(question, question.do === "save" ? patience.save : patience.quick);
        if (told.ok && told.value.is === "answer") return ok(told.value.answer);
        // A save that was not acknowledged has perhaps worn the flash already.
        const last = attempt === attempts || question.do === "save";
        if (!told.ok && (last || told.error.kind === "no-device")) return told;
      }
    };
    const askFirmware = () => ask({ do: "read", address: address.firmware });

    const firmware = await askFirmware();
    if (!firmware.ok) {
      close();
      return firmware;
    }
    const { refused, changed } = await setUp(ask, options, firmware.value);
    if (changed) note("gm65.set-up");
    for (const setting of refused) note("gm65.setting-not-taken", { setting });

    if (options.mode === "command") {
      texts.seen(() => readings.now());
      readings.now();
    }

    const device: Device = {
      can: { reader: { seen: (sink) => texts.seen(sink) } },
      async identify() {
        const alive = await askFirmware();
        return alive.ok ? ok({ model: "GM65", firmware: version(firmware.value) }) : alive;
      },
      async selfTest() {
        const alive = await askFirmware();
        if (!alive.ok) return alive;
        const codes = await ask({ do: "read", address: address.setupCodes });
        return ok([
          `firmware ${version(alive.value)}`,
          `mode: ${options.mode}`,
          codes.ok && (codes.value & 0x02) !== 0
            ? "setup codes: off"
            : "setup codes: ON: a printed code can change this scanner",
          ...refused.map((setting) => `not taken by the module: ${setting}`),
          `noise on the line: ${texts.junk()} bytes since it was opened`,
        ]);
      },
      async close() {
        close();
      },
    };
    return ok(device);
  },
};

export default driver;
