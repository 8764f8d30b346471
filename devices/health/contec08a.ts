import { asked } from "../kit/asked.ts";
import { minutes, seconds } from "../kit/clock.ts";
import type { DriverDefinition } from "../kit/driver.ts";
import { openLine } from "../kit/exchange.ts";
import { fault } from "../kit/fault.ts";
import { watchMemory, type Look } from "../kit/memory.ts";
import { err, ok, type Result } from "../kit/result.ts";
import type { Meter, Reading } from "./capability.ts";
import {
  deviceType,
  dialect,
  patience,
  pingPatience,
  readingsOf,
  type Answer,
  type Question,
} from "./contec08a-wire.ts";

export interface ContecOptions {
  /** Whose records are read, as chosen on the monitor. */
  readonly user: number;
}

const users = [1, 2, 3];
/** The whole memory comes each time. */
const betweenLooks = seconds(2);
/** It does not speak while its cuff is pumped up. */
const busy = minutes(3);

function readOptions(raw: unknown): Result<ContecOptions, readonly string[]> {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) return err(["options: expected an object"]);
  const { user, ...others }: Readonly<Record<string, unknown>> = { user: 1, ...raw };
  const mistakes = Object.keys(others).map((name) => `${name}: a Contec08A has no such option; it has user`);
  const whose = users.find((one) => one === user);
  if (whose === undefined) mistakes.push("user: expected 1, 2 or 3, the number chosen on the monitor");
  return whose === undefined || mistakes.length > 0 ? err(mistakes) : ok({ user: whose });
}

const isSame = (one: Uint8Array, other: Uint8Array) => String(one) === String(other);

/** Contec's arm monitors on USB: the person starts them, and the result lies in the memory afterwards. */
const driver: DriverDefinition<ContecOptions, "reports"> = {
  id: "contec08a",
  provides: ["meter"],
  port: "reports",
  remembers: false,
  options: readOptions,

  async open({ port, clock, options: { user } }) {
    const line = openLine(port, clock, dialect);
    const ask = async (question: Question): Promise<Result<Answer>> => {
      const answer = await line.ask(question, question.is === "ping" ? pingPatience : patience);
      return answer.ok ? answer : err(fault(answer.error.kind, answer.error.detail));
    };

    const greet = async () => {
      // Twice, as the maker's program does; what the answer says is not known, nor whether there always is one.
      await ask({ is: "ping" });
      await ask({ is: "ping" });
      const answer = await ask({ is: "device" });
      if (!answer.ok) return answer;
      if (answer.value.is === "device" && answer.value.type === deviceType) return ok({ model: "Contec08A" });
      return err(fault("misconfigured", "an instrument with the same USB numbers answers: it is no Contec08A"));
    };
    const fetch = async (): Promise<Result<Look<Uint8Array>>> => {
      const answer = await ask({ is: "fetch", user });
      if (!answer.ok) return answer;
      if (answer.value.is !== "records") return err(fault("silent", "the monitor is switched off: press its button"));
      const { records } = answer.value;
      return ok({ count: records.length, newest: records.at(-1) });
    };

    let last: Look<Uint8Array> | undefined;
    const isLast = ({ count, newest }: Look<Uint8Array>) =>
      count === last?.count && String(newest) === String(last.newest);
    /** Records have no check: what is new counts once it was said twice. */
    const look = async () => {
      for (let tries = 3; ; tries -= 1) {
        const seen = await fetch();
        if (!seen.ok || isLast(seen.value)) return seen;
        last = seen.value;
        if (tries === 1) return err(fault("garbled", "the monitor's memory looks different each time"));
      }
    };

    const instrument = asked<readonly Reading[]>(port, {
      greet,
      close: () => line.close(),
      junk: () => line.junk(),
    });
    const meter: Meter = {
      items: ["systolic", "diastolic", "mean-arterial", "pulse"],
      starts: false,
      measure: ({ stop, heard }) =>
        instrument.measure(stop, (end) =>
          watchMemory(
            clock,
            "contec08a",
            { look, isSame, period: betweenLooks, patience: busy },
            {
              begun: () => heard({ is: "waiting" }),
              grown: (newest) => end(readingsOf(newest)),
              failed: (why) => end(err(why)),
            },
          ),
        ),
    };
    return ok({
      can: { meter },
      identify: () => instrument.identify(),
      selfTest: (level) => instrument.selfTest(level),
      close: () => instrument.close(),
    });
  },
};

export default driver;
