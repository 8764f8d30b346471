import { withoutAim } from "../kit/aim.ts";
import { seconds } from "../kit/clock.ts";
import type { Device, DriverDefinition } from "../kit/driver.ts";
import { openLine } from "../kit/exchange.ts";
import { hear } from "../kit/hearing.ts";
import { err, ok, type Result } from "../kit/result.ts";
import { rounds } from "../kit/rounds.ts";
import { Secret } from "../kit/secret.ts";
import { isMoreThanNoise, type HalfLine, type Said } from "../kit/text-line.ts";
import type { Reading } from "./capability.ts";
import { dialect, encode, framer, patience, waking, type Question } from "./gm67-wire.ts";

// The Grow GM67 and GM72 on a serial line [B15]: the kiosk starts each reading, which is also how it is asked for life.

export interface Gm67Options {
  /** The module is set to put an AIM identifier such as "]Q1" before each text. */
  readonly aim: boolean;
}

/** Noise may take a question or its answer. None of them does harm when it is heard twice. */
const attempts = 3;
/** How long the module reads by itself is in no source: it is started again this often. */
const restart = seconds(3);

function readingOf(heard: Said<true>, aim: boolean): Reading | undefined {
  if (heard.is === "answer") return undefined;
  if (heard.is === "damaged") return { is: "unread", of: "code" };
  const { text, symbology } = aim ? withoutAim(heard.text) : { text: heard.text };
  return { is: "text", text: new Secret(text), ...(symbology ? { symbology } : {}) };
}

const driver: DriverDefinition<Gm67Options, "bytes"> = {
  id: "gm67",
  provides: ["reader"],
  port: "bytes",
  remembers: false,
  options(raw): Result<Gm67Options, readonly string[]> {
    if (typeof raw !== "object" || raw === null || Array.isArray(raw)) return err(["options: expected an object"]);
    const given: Readonly<Record<string, unknown>> = { aim: false, ...raw };
    const { aim } = given;
    const mistakes = Object.keys(given)
      .filter((name) => name !== "aim")
      .map((name) => `${name}: a GM67 has no such option; it has aim`);
    if (typeof aim !== "boolean") mistakes.push("aim: expected true or false");
    return mistakes.length > 0 || typeof aim !== "boolean" ? err(mistakes) : ok({ aim });
  },

  async open({ port, clock, options }) {
    const line = openLine(port, clock, dialect);
    const texts = hear<Said<true>, HalfLine, Reading>(port, clock, {
      framer,
      means: (heard) => readingOf(heard, options.aim),
      brokenOff: (half) => (isMoreThanNoise(half) ? { is: "unread", of: "code" } : undefined),
    });
    const ask = async (question: Question): Promise<Result<void>> => {
      for (let attempt = 1; ; attempt++) {
        await line.ask("wake", waking);
        const told = await line.ask(question, patience);
        if (told.ok) return ok(undefined);
        if (attempt === attempts || told.error.kind === "no-device") return told;
      }
    };
    const readings = rounds(clock, restart, "gm67: next reading", async () => {
      const started = await ask("start");
      return started.ok || started.error.kind !== "no-device";
    });
    const close = () => {
      readings.stop();
      texts.close();
      line.close();
    };

    const set = await ask("host-mode");
    if (!set.ok) {
      close();
      return set;
    }
    texts.seen(() => readings.now());
    readings.now();

    const device: Device = {
      can: { reader: { seen: (sink) => texts.seen(sink) } },
      async identify() {
        const alive = await ask("start");
        return alive.ok ? ok({ model: "GM67" }) : alive;
      },
      async selfTest() {
        const alive = await ask("start");
        if (!alive.ok) return alive;
        return ok([
          "a reading was started",
          "setup codes: switch them off with the code of the module's manual, or a printed code can change this scanner",
          `noise on the line: ${texts.junk()} bytes since it was opened`,
        ]);
      },
      async close() {
        // Its light goes out at once.
        if (texts.gone() === undefined) void port.send(encode("stop"));
        close();
      },
    };
    return ok(device);
  },
};

export default driver;
