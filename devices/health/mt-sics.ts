import { millis, seconds, type Timer } from "../kit/clock.ts";
import type { Device, DriverDefinition } from "../kit/driver.ts";
import { openLine } from "../kit/exchange.ts";
import { fault, type Fault } from "../kit/fault.ts";
import { measuring } from "../kit/measuring.ts";
import { err, ok, type Result } from "../kit/result.ts";
import { steadiness } from "../kit/steady.ts";
import type { Item, Progress, Reading } from "./capability.ts";
import { answerIn, dialect, weightNow, type Answer } from "./mt-sics-wire.ts";

// A scale that is asked again and again what stands on it, until that stands still.

const items: readonly Item[] = ["weight"];

/** Below this nobody stands on it, in kilograms or pounds: the least that is taken for a person [instruments.md 1]. */
const least = 2;
const patience = seconds(1);
const pause = millis(250);
/** So many questions in a row without an answer are a fault. */
const tries = 3;
/** An overload or a wrong protocol is told when it was answered so often in a row: somebody may jump on. */
const sure = 3;

const refusals: Readonly<Partial<Record<Answer["is"], Fault>>> = {
  overload: fault("refused", "the scale is overloaded: one person alone, nothing in hand"),
  "unknown-command": fault("misconfigured", "the scale does not know SI: choose MT-SICS in its menu"),
};

const driver: DriverDefinition<object, "bytes"> = {
  id: "mt-sics",
  provides: ["meter"],
  port: "bytes",
  remembers: false,
  options(raw): Result<object, readonly string[]> {
    if (typeof raw !== "object" || raw === null || Array.isArray(raw)) return err(["options: expected an object"]);
    const mistakes = Object.keys(raw).map((name) => `${name}: an MT-SICS scale has no options`);
    return mistakes.length > 0 ? err(mistakes) : ok({});
  },

  async open({ port, clock }) {
    const line = openLine(port, clock, dialect);
    const turns = measuring<readonly Reading[]>();

    const ask = async (): Promise<Result<Answer>> => {
      const said = await line.ask(weightNow, patience);
      if (!said.ok) return err(fault(said.error.kind, said.error.detail));
      const answer = said.value.is === "text" ? answerIn(said.value.text) : undefined;
      return answer ? ok(answer) : err(fault("garbled", "an answer that is none"));
    };

    const weigh = (tell: (progress: Progress) => void, end: (outcome: Result<readonly Reading[]>) => void) => {
      const still = steadiness({ equal: 2 });
      const wrong = steadiness({ equal: sure });
      let missed = 0;
      let next: Timer | undefined;
      let over = false;

      const consider = (answer: Answer): void => {
        const refusal = refusals[answer.is];
        if (wrong.see(refusal && answer.is, clock.mono()) && refusal) return end(err(refusal));
        const stands = answer.is === "weight" && answer.value >= least;
        const seen = stands && answer.stable ? `${answer.value} ${answer.unit}` : undefined;
        const isStill = still.see(seen, clock.mono());
        if (!stands) return;
        const reading: Reading = { item: "weight", value: answer.value, unit: answer.unit, notes: [] };
        if (isStill) end(ok([reading]));
        else tell({ is: "preview", reading });
      };
      const poll = async (): Promise<void> => {
        const answer = await ask();
        if (over) return;
        if (answer.ok) {
          missed = 0;
          consider(answer.value);
        } else {
          missed += 1;
          if (answer.error.kind === "no-device" || missed === tries) return end(answer);
        }
        if (!over) next = clock.after(pause, "mt-sics: the next question", () => void poll());
      };
      void poll();
      return () => {
        over = true;
        next?.cancel();
      };
    };

    const device: Device = {
      can: {
        meter: {
          items,
          starts: false,
          measure: ({ stop, heard: tell }) =>
            turns.measure(stop, (end) => {
              tell({ is: "waiting" });
              return weigh(tell, end);
            }),
        },
      },
      async identify() {
        const answer = await ask();
        return answer.ok ? ok({ model: "MT-SICS scale" }) : answer;
      },
      async selfTest() {
        const answer = await ask();
        if (!answer.ok) return answer;
        const refusal = refusals[answer.value.is];
        return ok([
          refusal ? refusal.detail : "the scale answers",
          `noise on the line: ${line.junk()} bytes since it was opened`,
        ]);
      },
      async close() {
        turns.close(fault("no-device", "closed"));
        line.close();
      },
    };
    return ok(device);
  },
};

export default driver;
