import { withoutAim } from "../kit/aim.ts";
import { seconds } from "../kit/clock.ts";
import type { Device, DriverDefinition } from "../kit/driver.ts";
import { openLine } from "../kit/exchange.ts";
import { fault } from "../kit/fault.ts";
import { hear } from "../kit/hearing.ts";
import { err, ok, type Result } from "../kit/result.ts";
import { rounds } from "../kit/rounds.ts";
import { Secret } from "../kit/secret.ts";
import { isMoreThanNoise, type HalfLine, type Said } from "../kit/text-line.ts";
import type { Reading } from "./capability.ts";
import { readOptions, type NewlandOptions } from "./newland-options.ts";
import { dialect, framer, patience, type Answer, type Question } from "./newland-wire.ts";

// Newland scanners on a serial line [B16]. Texts come unasked, also while a question is open: two ears listen to the
// same bytes, one for answers, one for texts.

/** Noise may take a question or its answer. None of them does harm when it is heard twice. */
const attempts = 3;
/** One reading is waited for so long; then the kiosk starts the next. In the published form of ORTSET, milliseconds. */
const session = seconds(30);

/** What the scanner shall be set to: trigger or sense mode, the time of a reading, the same code again after 1 s. */
const wanted = ({ mode }: NewlandOptions): readonly Question[] => [
  { command: "SCNMOD", data: mode === "trigger" ? "0" : "2" },
  ...(mode === "trigger" ? [{ command: "ORTSET", data: `${session}` } as const] : []),
  { command: "RRDDUR", data: "1000" },
];

function readingOf(heard: Said<Answer>, aim: boolean): Reading | undefined {
  if (heard.is === "answer") return undefined;
  if (heard.is === "damaged") return { is: "unread", of: "code" };
  const { text, symbology } = aim ? withoutAim(heard.text) : { text: heard.text };
  return { is: "text", text: new Secret(text), ...(symbology ? { symbology } : {}) };
}

const driver: DriverDefinition<NewlandOptions, "bytes"> = {
  id: "newland",
  provides: ["reader"],
  port: "bytes",
  remembers: false,
  options: readOptions,

  async open({ port, clock, options, note }) {
    const line = openLine(port, clock, dialect);
    const texts = hear<Said<Answer>, HalfLine, Reading>(port, clock, {
      framer,
      means: (heard) => readingOf(heard, options.aim),
      brokenOff: (half) => (isMoreThanNoise(half) ? { is: "unread", of: "code" } : undefined),
    });
    const readings = rounds(clock, session, "newland: next reading", async () => {
      const told = await line.ask({ command: "SCNTRG", data: "1" }, patience);
      return told.ok || told.error.kind !== "no-device";
    });
    const close = () => {
      readings.stop();
      texts.close();
      line.close();
    };

    /** The value that the scanner tells; "refused" where it knows no such command or value. */
    const ask = async (question: Question): Promise<Result<string>> => {
      for (let attempt = 1; ; attempt++) {
        const told = await line.ask(question, patience);
        if (told.ok && told.value.is === "answer") {
          const { said, is } = told.value.answer;
          if (is === "taken") return ok(said.slice(question.command.length));
          return err(fault("refused", `${question.command}: the scanner answered ${is}`));
        }
        if (!told.ok && (attempt === attempts || told.error.kind === "no-device")) return told;
      }
    };
    const modeNow = () => ask({ command: "SCNMOD", data: "*" });

    const alive = await modeNow();
    if (!alive.ok) {
      close();
      return alive;
    }
    const refused: string[] = [];
    for (const setting of wanted(options)) {
      const { command, data } = setting;
      const before = await ask({ command, data: "*" });
      if (before.ok && before.value === data) continue;
      await ask(setting);
      const after = await ask({ command, data: "*" });
      if (!after.ok || after.value !== data) refused.push(command);
    }
    for (const setting of refused) note("newland.setting-not-taken", { setting });

    if (options.mode === "trigger") {
      texts.seen(() => readings.now());
      readings.now();
    }

    const device: Device = {
      can: { reader: { seen: (sink) => texts.seen(sink) } },
      async identify() {
        const now = await modeNow();
        return now.ok ? ok({ model: "Newland scanner" }) : now;
      },
      async selfTest() {
        const now = await modeNow();
        if (!now.ok) return now;
        return ok([
          `mode: ${now.value === "0" ? "trigger" : now.value === "2" ? "sense" : now.value}`,
          "setup codes: switch them off with the code of the scanner's manual, or a printed code can change this scanner",
          ...refused.map((setting) => `not taken by the scanner: ${setting}`),
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
