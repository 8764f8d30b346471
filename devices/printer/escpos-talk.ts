import { millis, type Clock, type Millis } from "../kit/clock.ts";
import { openLine } from "../kit/exchange.ts";
import { fault, type Fault } from "../kit/fault.ts";
import type { BytePort } from "../kit/port.ts";
import { err, ok, type Result } from "../kit/result.ts";
import { answered, dialect, forget, isNearEnd, troubleOf, type Question, type Trouble } from "./escpos-wire.ts";

const troubles: Readonly<Record<Trouble, Fault>> = {
  cover: fault("door-open", "the cover of the printer is open: shut it"),
  paper: fault("empty", "the printer has no paper: put in a new roll"),
  error: fault("self-test", "the printer reports an error: look at knife and paper path, then switch it off and on"),
};

/** So long it is waited for the word that the slip is printed, before the printer is asked how it is. */
const halfway: Millis = millis(2000);

/** What is said to a printer, and what it says. */
export interface Talk {
  /** Why it is gone, once it is. */
  gone(): Fault | undefined;
  /** Whether it can print. */
  look(): Promise<Result<{ readonly nearEnd: boolean }>>;
  /** `silent` where it does not take all within `limit`. */
  send(bytes: Uint8Array, limit: Millis): Promise<Result<void>>;
  /** Resolves when all that was sent has been printed, with what keeps it from printing, or `silent` after `limit`. */
  printed(limit: Millis): Promise<Result<void>>;
  /** Only lets time pass; ends early where the printer goes. */
  wait(span: Millis): Promise<void>;
  /** What was sent and is not printed yet shall never be. */
  forget(): void;
  /** Settles what is open; nothing is sent any more. */
  close(): void;
}

export function openTalk(port: BytePort, clock: Clock): Talk {
  const line = openLine(port, clock, dialect);
  const leaving = new Set<() => void>();
  let gone: Fault | undefined;

  const end = (why: Fault) => {
    gone ??= why;
    for (const leave of leaving) leave();
  };
  const ear = port.listen({ heard() {}, lost: end });

  /** What the work gives; undefined after `limit`, or where the printer goes first. */
  const within = <T>(limit: Millis, label: string, work?: Promise<T>): Promise<T | undefined> =>
    new Promise((resolve) => {
      const done = (value?: T) => {
        timer.cancel();
        leaving.delete(leave);
        resolve(value);
      };
      const leave = () => done();
      const timer = clock.after(limit, `${port.label}: ${label}`, leave);
      leaving.add(leave);
      const awaited = async () => done(await work);
      if (work) void awaited();
      if (gone) leave();
    });

  const ask = async (question: Question, patience: Millis): Promise<Result<number>> => {
    const answer = await line.ask(question, patience);
    if (!answer.ok) return answer;
    const trouble = troubleOf(question, answer.value);
    return trouble === undefined ? answer : err(troubles[trouble]);
  };

  const look = async (): Promise<Result<{ readonly nearEnd: boolean }>> => {
    const cover = await ask("cover", answered);
    if (!cover.ok) return cover;
    const paper = await ask("paper", answered);
    return paper.ok ? ok({ nearEnd: isNearEnd(paper.value) }) : paper;
  };

  return {
    gone: () => gone,
    look,
    async send(bytes, limit) {
      if (gone) return err(gone);
      const sent = await within(limit, "the slip is taken", port.send(bytes));
      if (sent) return sent;
      // What still waits to be written must never be: with the wire, which is opened anew, it is dropped.
      const why = fault("silent", "the printer takes no more bytes");
      end(why);
      return err(gone ?? why);
    },
    async printed(limit) {
      const end = clock.mono() + limit;
      for (;;) {
        const printed = await ask("printed", halfway);
        if (printed.ok) return ok(undefined);
        if (printed.error.kind !== "silent" && printed.error.kind !== "garbled") return printed;
        // A printer that stands still answers this all the same.
        const state = await look();
        if (!state.ok && state.error.kind !== "garbled") return state;
        if (clock.mono() >= end) return err(fault("silent", "the printer does not say that it has printed"));
      }
    },
    async wait(span) {
      await within(span, "it prints");
    },
    forget() {
      const told = async () => void (await port.send(forget));
      if (!gone) void told();
    },
    close() {
      ear.stop();
      line.close();
      end(fault("no-device", "closed"));
    },
  };
}
