import { minutes, seconds, type Clock, type Millis, type Timer } from "../kit/clock.ts";
import type { Line } from "../kit/exchange.ts";
import { fault } from "../kit/fault.ts";
import type { Hearing } from "../kit/hearing.ts";
import { err, ok, type Result } from "../kit/result.ts";
import type { Progress, Reading } from "./capability.ts";
import { failure, type Command, type Frame, type Told } from "./maibobo-wire.ts";

// One measurement, from the greeting to the result. The cuff is started once and never again; to stop it is said until it is
// acknowledged, since that can do no harm.

/** What a measurement is made with. */
export interface Cuff {
  readonly line: Line<Command, Frame>;
  readonly told: Hearing<Told>;
  readonly clock: Clock;
  connect(): Promise<Result<void>>;
  heard(progress: Progress): void;
  end(outcome: Result<readonly Reading[]>): void;
}

/** The instrument acknowledges within tenths of a second. */
const startPatience = seconds(3);
const stopPatience = seconds(1);
const stops = 3;
/** Live pressure comes several times a second [S8]; a cuff that says nothing so long is given up and let go. */
const longestSilence = seconds(10);
/** No arm is squeezed longer. */
const longest = minutes(3);

const pressureOf = (value: number, item: "systolic" | "diastolic"): Reading => ({
  item,
  value,
  unit: "mm[Hg]",
  notes: [],
});

/** Begins at once. What it gives back ends it: where the cuff may be under pressure it is let go. */
export function inflate({ line, told, clock, connect, heard, end }: Cuff): () => void {
  let over = false;
  let phase: "greeting" | "starting" | "pressing" | "done" = "greeting";
  /** A result counts only behind pressure of this very measurement: an older one may still be told. */
  let pressed = false;
  const timers = new Map<string, Timer>();

  const wait = (span: Millis, what: string, then: () => void) => {
    timers.get(what)?.cancel();
    timers.set(what, clock.after(span, `maibobo: ${what}`, then));
  };
  const finish = (outcome: Result<readonly Reading[]>) => {
    phase = "done";
    end(outcome);
  };
  const expectMore = () =>
    wait(longestSilence, "the cuff says nothing", () =>
      end(err(fault("silent", "the cuff said nothing for 10 s while it measured: it was told to let go"))),
    );
  const press = () => {
    phase = "pressing";
    expectMore();
    wait(longest, "the cuff takes too long", () =>
      end(err(fault("refused", "the measurement took longer than 3 minutes: the cuff was told to let go"))),
    );
  };
  const hear = (now: Told) => {
    if (phase === "greeting" || phase === "done") return;
    if (now.is === "cuff") {
      // The start's acknowledgement may be lost: pressure says as much.
      if (phase === "starting") press();
      pressed = true;
      expectMore();
      heard({ is: "cuff", pressure: now.pressure, unit: "mm[Hg]" });
    } else if (now.is === "error") {
      // Without pressure before it, it may be an older one, and the cuff goes on: then it is told to let go.
      if (pressed) phase = "done";
      end(err(fault("refused", failure(now.code))));
    } else if (now.is === "no-result" && pressed)
      finish(err(fault("refused", "the result is not where the option resultAt says: compare it with the instrument")));
    else if (now.is === "result" && pressed)
      finish(
        ok([
          pressureOf(now.systolic, "systolic"),
          pressureOf(now.diastolic, "diastolic"),
          { item: "pulse", value: now.pulse, unit: "/min", notes: [] },
        ]),
      );
  };
  const ear = told.seen(hear);

  const run = async () => {
    const greeted = await connect();
    if (over) return;
    if (!greeted.ok) return end(greeted);
    phase = "starting";
    const started = await line.ask("start", startPatience);
    if (over || phase !== "starting") return;
    if (started.ok) press();
    else end(err(fault(started.error.kind, `the cuff was told to start and to let go again: ${started.error.detail}`)));
  };
  void run();

  const letGo = async () => {
    for (let attempt = 1; attempt <= stops; attempt++) {
      const answer = await line.ask("stop", stopPatience);
      if (answer.ok || answer.error.kind === "no-device") return;
    }
  };
  return () => {
    over = true;
    ear.stop();
    for (const timer of timers.values()) timer.cancel();
    if (phase === "starting" || phase === "pressing") void letGo();
  };
}
