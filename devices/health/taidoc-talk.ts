import { utcOf } from "../kit/civil.ts";
import { minutes, seconds, type Clock, type Millis } from "../kit/clock.ts";
import { openLine } from "../kit/exchange.ts";
import { fault } from "../kit/fault.ts";
import type { Look } from "../kit/memory.ts";
import type { BytePort } from "../kit/port.ts";
import { err, ok, type Result } from "../kit/result.ts";
import type { Kind, TaiDocOptions } from "./taidoc-options.ts";
import { bytesOfTime, command, countOf, dialect, modelOf, timeOf, type Message } from "./taidoc-wire.ts";

// What the kiosk asks of a TaiDoc instrument. Every question can be repeated: none changes a record.

/** A record as it lies in the memory. A scale's has its time within. */
export interface TaiDocRecord {
  readonly time: Uint8Array;
  readonly value: Uint8Array;
}

export interface TaiDoc {
  /** Wakes it and asks for its model, such as "4277"; `misconfigured` where that is another kind of instrument. */
  greet(): Promise<Result<string>>;
  /** Sets its clock where it is more than a minute off and the kiosk knows the time. */
  setClock(): Promise<Result<void>>;
  look(): Promise<Result<Look<TaiDocRecord>>>;
  /** What an oximeter sees now. */
  live(): Promise<Result<Message>>;
  /** Lets it sleep. */
  off(): void;
  junk(): number;
  close(): void;
}

const patience = seconds(1);
const tries = 3;
/** The clock has no seconds. */
const mayBeOff = minutes(1);

/** What the first digit of a model says. */
const families: Readonly<Record<Kind, string>> = {
  strips: "4",
  pressure: "3",
  thermometer: "1",
  oximeter: "8",
  scale: "2",
  "body-scale": "2",
};
const newestIndex = [0, 0];
/** The only scale with a question of its own [S21]. */
const scale2555 = "2555";

export function openTaiDoc(port: BytePort, clock: Clock, { kind, user }: TaiDocOptions): TaiDoc {
  const line = openLine(port, clock, dialect);
  let model: string | undefined;

  const ask = async (what: number, data?: readonly number[]): Promise<Result<Message>> => {
    for (let left = tries; ; left -= 1) {
      const answer = await line.ask({ command: what, ...(data && { data }) }, patience);
      if (answer.ok) return answer;
      if (left === 1 || answer.error.kind === "no-device") return err(fault(answer.error.kind, answer.error.detail));
    }
  };

  const greet = async (): Promise<Result<string>> => {
    model = undefined;
    // One that sleeps is woken by the first and answers the second.
    const awake = await ask(command.connect);
    if (!awake.ok) return awake;
    const answer = await ask(command.model);
    if (!answer.ok) return answer;
    const found = modelOf(answer.value);
    if (found?.startsWith(families[kind]) !== true)
      return err(
        fault(
          "misconfigured",
          `the instrument is a TD-${found ?? "????"}, and the station expects one of kind "${kind}"`,
        ),
      );
    model = found;
    return ok(found);
  };

  const isRight = (shown: Uint8Array, now: Millis) => Math.abs(utcOf(timeOf(shown)) - now) <= mayBeOff;

  const lookAt = async (): Promise<Result<Look<TaiDocRecord>>> => {
    const count = await ask(command.count);
    if (!count.ok) return count;
    if (countOf(count.value) === 0) return ok({ count: 0, newest: undefined });
    const time = await ask(command.recordTime, [...newestIndex, 0, user]);
    if (!time.ok) return time;
    const value = await ask(command.recordValue, [...newestIndex, 0, user]);
    if (!value.ok) return value;
    return ok({ count: countOf(count.value), newest: { time: time.value.data, value: value.value.data } });
  };
  /** A scale tells its newest record whole; how many it keeps is not asked. */
  const lookAtScale = async (): Promise<Result<Look<TaiDocRecord>>> => {
    const record = await ask(model === scale2555 ? command.weight2555 : command.weight, newestIndex);
    if (!record.ok) return record;
    const { data } = record.value;
    const isEmpty = data.every((byte) => byte === 0);
    return ok({ count: isEmpty ? 0 : 1, newest: isEmpty ? undefined : { time: new Uint8Array(), value: data } });
  };
  /** A silent one may have gone to sleep meanwhile: it is woken before the next question. */
  const awake = async <T>(question: () => Promise<Result<T>>): Promise<Result<T>> => {
    if (model === undefined) {
      const greeted = await greet();
      if (!greeted.ok) return greeted;
    }
    const answer = await question();
    if (!answer.ok) model = undefined;
    return answer;
  };

  return {
    greet,
    look: () => awake(kind === "scale" || kind === "body-scale" ? lookAtScale : lookAt),
    live: () => awake(() => ask(command.liveOxygen)),
    async setClock() {
      const { utc, trusted } = clock.wall();
      if (!trusted) return ok(undefined);
      const shown = await ask(command.readClock);
      if (!shown.ok) return shown;
      if (isRight(shown.value.data, utc)) return ok(undefined);
      const set = await ask(command.setClock, bytesOfTime(clock.wall().utc));
      return set.ok ? ok(undefined) : set;
    },
    off() {
      model = undefined;
      void line.ask({ command: command.off }, patience);
    },
    junk: () => line.junk(),
    close: () => line.close(),
  };
}
