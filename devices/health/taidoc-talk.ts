import { utcOf } from "../kit/civil.ts";
import { minutes, seconds, type Clock, type Millis } from "../kit/clock.ts";
import { openLine } from "../kit/exchange.ts";
import { fault } from "../kit/fault.ts";
import type { Look } from "../kit/memory.ts";
import type { BytePort } from "../kit/port.ts";
import { err, ok, type Result } from "../kit/result.ts";
import type { Kind, TaiDocOptions } from "./taidoc-options.ts";
import { bytesOfTime, command, countOf, dialect, modelOf, numberOf, timeOf, type Message } from "./taidoc-wire.ts";

// What the kiosk asks of a TaiDoc instrument. Every question can be repeated: none changes a record.

/** A record as it lies in the memory. A scale's has its time within. */
export interface TaiDocRecord {
  readonly time: Uint8Array;
  readonly value: Uint8Array;
}

/** Which instrument it is. */
export interface Greeted {
  /** "4277" */
  readonly model: string;
  /** Nothing where it told none. */
  readonly number: string | undefined;
}

export interface TaiDoc {
  /** Wakes it and asks which one it is; `misconfigured` where that is another kind of instrument. */
  greet(): Promise<Result<Greeted>>;
  /** Whether it is the one that was greeted: by its model, and by its number where that one told it. */
  isStill(): Promise<Result<boolean>>;
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
/**
 * That all models know the question for their number no source says. One that leaves it open in so many greetings in a
 * row, 2 s each, is not asked again until its cable is plugged in anew, and then only another model is noticed.
 */
const numberTries = 2;
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
  let owner: Greeted | undefined;
  /** Greetings in a row in which a model left the question for its number open. */
  const leftOpen = new Map<string, number>();

  const ask = async (what: number, data?: readonly number[]): Promise<Result<Message>> => {
    for (let left = tries; ; left -= 1) {
      const answer = await line.ask({ command: what, ...(data && { data }) }, patience);
      if (answer.ok) return answer;
      if (left === 1 || answer.error.kind === "no-device") return err(fault(answer.error.kind, answer.error.detail));
    }
  };

  const askModel = async (): Promise<Result<string>> => {
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
    return ok(found);
  };
  const wake = async (): Promise<Result<string>> => {
    model = undefined;
    // One that sleeps is woken by the first and answers the second.
    const awake = await ask(command.connect);
    if (!awake.ok) return awake;
    const found = await askModel();
    if (found.ok) model = found.value;
    return found;
  };
  /** Not repeated: a question that stays open keeps the line for 2 s. */
  const askNumber = async (): Promise<Result<string | undefined>> => {
    const later = await line.ask({ command: command.laterNumber }, patience);
    if (!later.ok) return later;
    const former = await line.ask({ command: command.formerNumber }, patience);
    return former.ok ? ok(numberOf(former.value, later.value)) : former;
  };
  const numberIfTold = async (of: string): Promise<string | undefined> => {
    const open = leftOpen.get(of) ?? 0;
    // An oximeter is asked for nothing that it keeps.
    if (kind === "oximeter" || open >= numberTries) return undefined;
    const told = await askNumber();
    leftOpen.set(of, told.ok ? 0 : open + 1);
    return told.ok ? told.value : undefined;
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
      const greeted = await wake();
      if (!greeted.ok) return greeted;
    }
    const answer = await question();
    if (!answer.ok) model = undefined;
    return answer;
  };

  return {
    async greet() {
      const woken = await wake();
      if (!woken.ok) return woken;
      owner = { model: woken.value, number: await numberIfTold(woken.value) };
      return ok(owner);
    },
    async isStill() {
      const found = await askModel();
      if (!found.ok) return found;
      if (found.value !== owner?.model) return ok(false);
      if (owner.number === undefined) return ok(true);
      const told = await askNumber();
      return told.ok ? ok(told.value === owner.number) : told;
    },
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
