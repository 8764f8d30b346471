import { asked } from "../kit/asked.ts";
import { minutes, seconds } from "../kit/clock.ts";
import type { DriverDefinition } from "../kit/driver.ts";
import { openLine } from "../kit/exchange.ts";
import { fault } from "../kit/fault.ts";
import { watchMemory, type Look } from "../kit/memory.ts";
import type { BytePort, ReportPort } from "../kit/port.ts";
import { err, ok, type Result } from "../kit/result.ts";
import type { Meter, Reading } from "./capability.ts";
import {
  countOf,
  dialect,
  mode,
  patience,
  readingsOf,
  reportsOf,
  versionOf,
  type Answer,
  type Question,
} from "./omron-hid-wire.ts";

export interface OmronHidOptions {
  /** Whose records are read, as the switch on the monitor says. */
  readonly user: "A" | "B";
}

/** Perhaps seldom enough to let it measure; no source tells. */
const betweenLooks = seconds(3);
const busy = minutes(3);
/** "NO", silence and damage: asked again so often. */
const tries = 5;
const banks = { A: 0, B: 1 } as const;

function readOptions(raw: unknown): Result<OmronHidOptions, readonly string[]> {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) return err(["options: expected an object"]);
  const { user, ...others }: Readonly<Record<string, unknown>> = { user: "A", ...raw };
  const mistakes = Object.keys(others).map((name) => `${name}: this monitor has no such option; it has user`);
  if (user !== "A" && user !== "B") return err([...mistakes, 'user: expected "A" or "B", as its switch says']);
  return mistakes.length > 0 ? err(mistakes) : ok({ user });
}

/** An order goes out in as many reports as it takes. */
const inReports = (port: ReportPort): BytePort => ({
  label: port.label,
  async send(bytes) {
    for (const report of reportsOf(bytes)) {
      const sent = await port.send(report);
      if (!sent.ok) return sent;
    }
    return ok(undefined);
  },
  listen: (sink) => port.listen(sink),
});

const isSame = (one: Uint8Array, other: Uint8Array) => String(one) === String(other);

/** Omron's arm monitors on USB: the person starts them, and the result lies in the memory afterwards. */
const driver: DriverDefinition<OmronHidOptions, "reports"> = {
  id: "omron-hid",
  provides: ["meter"],
  port: "reports",
  remembers: false,
  options: readOptions,

  async open({ port, clock, options: { user } }) {
    const line = openLine(inReports(port), clock, dialect);
    const bank = banks[user];
    /** What it was set to last; it may forget that [S5, omron.c]. */
    let set: Uint8Array | undefined;
    let closed = false;
    let last: Promise<unknown> = Promise.resolve();
    /** A mode and the questions in it belong together. */
    const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
      const done = last.then(work);
      last = done;
      return done;
    };

    const ask = async (question: Question): Promise<Result<Answer>> => {
      let why = fault(
        "garbled",
        "the monitor answers no to what every one of its kind knows: is it another instrument?",
      );
      for (let left = tries; left > 0; left -= 1) {
        const answer = await line.ask(question, patience);
        if (answer.ok && answer.value.is !== "no") return answer;
        if (!answer.ok) why = fault(answer.error.kind, answer.error.detail);
        // Silence three times is enough.
        if (why.kind === "no-device" || (why.kind === "silent" && left <= tries - 2)) break;
      }
      set = undefined;
      return err(why);
    };
    const read = async (question: Question): Promise<Result<Uint8Array>> => {
      const answer = await ask(question);
      if (!answer.ok) return answer;
      return ok(answer.value.is === "data" ? answer.value.data : new Uint8Array());
    };
    const turnTo = async (wanted: Uint8Array): Promise<Result<unknown>> => {
      if (closed) return err(fault("no-device", "closed"));
      if (set === wanted) return ok(undefined);
      const turned = await port.feature(wanted);
      if (!turned.ok) return turned;
      const cleared = await ask({ is: "clear" });
      if (cleared.ok) set = wanted;
      return cleared;
    };

    const greet = () =>
      inTurn(async () => {
        const turned = await turnTo(mode.info);
        if (!turned.ok) return turned;
        const version = await read({ is: "version" });
        return version.ok ? ok({ model: `Omron ${versionOf(version.value)}` }) : version;
      });
    const look = () =>
      inTurn(async (): Promise<Result<Look<Uint8Array>>> => {
        const turned = await turnTo(mode.daily);
        if (!turned.ok) return turned;
        const told = await read({ is: "count", bank });
        if (!told.ok) return told;
        const count = countOf(told.value);
        if (count === 0) return ok({ count, newest: undefined });
        const newest = await read({ is: "record", bank, index: 0 });
        return newest.ok ? ok({ count, newest: newest.value }) : newest;
      });

    const instrument = asked<readonly Reading[]>(port, {
      greet,
      close() {
        closed = true;
        line.close();
      },
      junk: () => line.junk(),
    });
    const meter: Meter = {
      items: ["systolic", "diastolic", "pulse"],
      starts: false,
      measure: ({ stop, heard }) =>
        instrument.measure(stop, (end) =>
          watchMemory(
            clock,
            "omron-hid",
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
