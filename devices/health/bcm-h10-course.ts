import { seconds, type Clock, type Millis, type Timer } from "../kit/clock.ts";
import type { Line } from "../kit/exchange.ts";
import { fault } from "../kit/fault.ts";
import type { Hearing } from "../kit/hearing.ts";
import { err, ok, type Result } from "../kit/result.ts";
import type { Person, Progress, Reading } from "./capability.ts";
import { resultUnits, type BcmH10Options } from "./bcm-h10-options.ts";
import { numberOf, patienceOf, statusOf, well, type Frame, type Question } from "./bcm-h10-wire.ts";

// One measurement: weighed and measured till it is steady, then the current, then the numbers that the board keeps of it. They
// are read only behind a current of this very measurement: before it they are somebody else's.

export interface Course {
  readonly line: Line<Question, Frame>;
  readonly frames: Hearing<Frame>;
  readonly clock: Clock;
  readonly options: BcmH10Options;
  readonly person: Person;
  heard(progress: Progress): void;
  end(outcome: Result<readonly Reading[]>): void;
}

/** Asking harms nobody: noise may take a question or its answer. */
const attempts = 3;
const between = seconds(0.5);
/** Tenths of a kilogram: less is a bag. */
const lightest = 50;
/** Millimetres: less is nobody under the sensor. */
const shortest = 500;
/** How far two in a row may lie apart. */
const near = { weight: 1, height: 5 } as const;
/** A status that comes sooner says only that the command was heard: a composition takes longer. */
const soonest = seconds(2);

type Answer = Result<number>;

/** Begins at once; what it gives back ends it. */
export function runCourse({ line, frames, clock, options, person, heard, end }: Course): () => void {
  let over = false;
  let pausing: Timer | undefined;
  let goOn: (() => void) | undefined;

  const pause = (span: Millis, what: string) =>
    new Promise<void>((resolve) => {
      goOn = resolve;
      pausing = clock.after(span, `bcm-h10: ${what}`, resolve);
    });
  const ask = async (question: Question): Promise<Answer> => {
    for (let attempt = 1; ; attempt++) {
      const answer = await line.ask(question, patienceOf(question));
      const number = answer.ok ? numberOf(answer.value) : undefined;
      if (number !== undefined) return ok(number);
      const why = answer.ok ? fault("garbled", "the board told something else than was asked") : answer.error;
      if (over || attempt === attempts || why.kind === "no-device") return err(why);
    }
  };
  /** Asked until two numbers in a row are as good as the same, and somebody's. */
  const steady = async (is: "weigh" | "height", least: number, apart: number): Promise<Answer> => {
    let last = 0;
    heard({ is: "waiting" });
    for (;;) {
      const now = await ask({ is });
      if (over || !now.ok) return now;
      if (now.value >= least && last >= least && Math.abs(now.value - last) <= apart) return now;
      last = now.value;
      await pause(between, "until it is steady");
      if (over) return now;
    }
  };
  /** The next status, from `soonest` after `since` on. */
  const status = (since: Millis, patience: Millis): Promise<Answer> =>
    new Promise((resolve) => {
      const ear = frames.seen((frame) => {
        const code = statusOf(frame);
        if (code === undefined || clock.mono() - since < soonest) return;
        settle(ok(code));
      });
      const settle = (outcome: Answer) => {
        ear.stop();
        pausing?.cancel();
        resolve(outcome);
      };
      const late = fault("silent", "the board took the command, but never said that the composition is done");
      goOn = () => settle(err(late));
      pausing = clock.after(patience, "bcm-h10: composition", goOn);
    });
  /** Passes the current once. */
  const pass = async (question: Question): Promise<Result<void>> => {
    const since = clock.mono();
    const answer = await line.ask(question, patienceOf(question));
    if (!answer.ok) return answer;
    const soon = clock.mono() - since < soonest;
    const first = statusOf(answer.value) ?? 0;
    const last: Answer = soon && first === well && !over ? await status(since, patienceOf(question)) : ok(first);
    if (!last.ok) return last;
    const why = `the board ended with status ${last.value}: stand barefoot and still on the electrodes and repeat`;
    return last.value === well ? ok(undefined) : err(fault("refused", why));
  };

  const run = async (): Promise<Result<readonly Reading[]>> => {
    const readings: Reading[] = [];
    let { heightCm, weightKg } = person;
    if (options.sensors.includes("weight")) {
      const weight = await steady("weigh", lightest, near.weight);
      if (!weight.ok || over) return notNow(weight);
      weightKg = weight.value / 10;
      readings.push({ item: "weight", value: weightKg, unit: "kg", notes: [] });
    }
    if (options.sensors.includes("height")) {
      const height = await steady("height", shortest, near.height);
      if (!height.ok || over) return notNow(height);
      heightCm = height.value / 10;
      readings.push({ item: "height", value: heightCm, unit: "cm", notes: [] });
    }
    const { sex, age } = person;
    if (sex === undefined || age === undefined || heightCm === undefined || weightKg === undefined)
      return readings.length > 0 ? ok(readings) : err(fault("refused", needs));

    const passed = await pass({
      is: "compose",
      electrodes: options.electrodes,
      sex,
      age,
      height: Math.round(heightCm * 10),
      weight: Math.round(weightKg * 10),
    });
    if (!passed.ok || over) return notNow(passed);
    for (const { index, item, divide } of options.results) {
      const kept = await ask({ is: "result", index });
      if (!kept.ok || over) return notNow(kept);
      // Nothing was found out where it is 0 [instruments 1]; FFFF is what an empty memory has.
      if (kept.value === 0 || kept.value === 0xffff) continue;
      readings.push({ item, value: kept.value / divide, unit: resultUnits[item], notes: [] });
    }
    return readings.length > 0 ? ok(readings) : err(fault("refused", "the board found nothing out: repeat"));
  };
  const finish = async () => {
    const outcome = await run();
    if (!over) end(outcome);
  };
  void finish();

  return () => {
    over = true;
    pausing?.cancel();
    goOn?.();
  };
}

/** Where the measurement is over already nobody hears it. */
const notNow = (answer: Result<unknown>) =>
  answer.ok ? err(fault("interrupted", "the measurement was stopped")) : err(answer.error);

const needs = "a body composition needs sex, age, height and weight: ask the person for them first";
