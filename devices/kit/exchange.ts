import { millis, type Clock, type Millis, type Timer } from "./clock.ts";
import { fault, type Fault } from "./fault.ts";
import type { Framer } from "./framer.ts";
import type { BytePort, Listening } from "./port.ts";
import { err, ok, type Result } from "./result.ts";

/** What a question-and-answer protocol has to say about itself. */
export interface Dialect<Q, F, S> {
  readonly framer: Framer<F, S>;
  encode(question: Q): Uint8Array;
  answers(question: Q, frame: F): boolean;
  /** Only for boards whose answers do not say what they answer. */
  readonly unnamed?: {
    /**
     * The maker's longest answer, counted from the sending. A question that was given up keeps the line
     * this long, so that its answer cannot come after the next question and be taken for its answer.
     */
    longest(question: Q): Millis;
    /** The line is listened to until it has been quiet this long; what came is dropped, then the next question goes. */
    readonly gap: Millis;
  };
}

/** Why there is no answer. `sent` is false only where no byte of the question was given to the wire. */
export interface Unanswered extends Fault {
  readonly sent: boolean;
}

export interface Line<Q, F> {
  /**
   * One question at a time, in the order asked; "silent" after `patience`, "garbled" if something came that was no answer to it.
   * Never repeats by itself: only the driver knows what is safe to repeat.
   */
  ask(question: Q, patience: Millis): Promise<Result<F, Unanswered>>;
  /** Bytes since opening that were no part of a frame: a measure of the cable. */
  junk(): number;
  /** Settles the open question and those behind it. */
  close(): void;
}

interface Asked<Q, F> {
  readonly question: Q;
  readonly bytes: Uint8Array;
  readonly patience: Millis;
  readonly settle: (result: Result<F, Unanswered>) => void;
}

export function openLine<Q, F, S>(port: BytePort, clock: Clock, dialect: Dialect<Q, F, S>): Line<Q, F> {
  const { framer, unnamed } = dialect;
  const behind: Asked<Q, F>[] = [];
  let state = framer.start;
  let junk = 0;
  let present: { hear(frame: F): void; noise(): void; fail(why: Fault): void } | undefined;
  let gone: Fault | undefined;
  let hush: Timer | undefined;
  let pause: Timer | undefined;
  /** Not before this time may the next question go. Only an unnamed dialect sets it. */
  let clear = clock.mono();

  // A wire that is lost already may say so while it is being listened to.
  let ear: Listening = { stop() {} };
  ear = port.listen({
    heard(chunk) {
      hush?.cancel();
      const pushed = framer.push(state, chunk);
      state = pushed.state;
      junk += pushed.junk;
      // Half a frame followed by silence is noise; the next byte starts afresh.
      if (framer.quiet !== null && state !== framer.start)
        hush = clock.after(framer.quiet, `${port.label}: half a frame`, () => (state = framer.start));
      if (unnamed) clear = later(clear, clock.mono(), unnamed.gap);
      present?.noise();
      for (const frame of pushed.frames) present?.hear(frame);
    },
    lost: end,
  });

  function end(why: Fault): void {
    gone ??= why;
    hush?.cancel();
    pause?.cancel();
    pause = undefined;
    ear.stop();
    present?.fail(gone);
    for (const asked of behind.splice(0)) asked.settle(unanswered(gone, false));
  }

  function next(): void {
    const asked = behind[0];
    if (asked === undefined || present || pause || gone) return;
    const wait = clear - clock.mono();
    if (wait > 0) {
      pause = clock.after(wait as Millis, `${port.label}: until the line is clear`, () => {
        pause = undefined;
        next();
      });
      return;
    }
    behind.shift();
    if (unnamed) state = framer.start;
    put(asked);
  }

  function put({ question, bytes, patience, settle }: Asked<Q, F>): void {
    const since = clock.mono();
    let heard = false;
    // Everything below speaks through `mine`, so that a write that fails late finds its own question or nothing.
    const done = (result: Result<F, Unanswered>) => {
      if (present !== mine) return;
      present = undefined;
      timer.cancel();
      if (unnamed && !result.ok) clear = later(clear, since, unnamed.longest(question));
      settle(result);
      next();
    };
    const mine = {
      hear(frame: F) {
        if (dialect.answers(question, frame)) done(ok(frame));
      },
      noise: () => (heard = true),
      fail: (why: Fault) => done(unanswered(why, true)),
    };
    const giveUp = () =>
      mine.fail(
        heard
          ? fault("garbled", `bytes came, but no answer in ${patience} ms: is this the right board, and its speed?`)
          : fault("silent", `no answer in ${patience} ms`),
      );
    // Patience has two halves: where the kiosk itself was held up, an answer that came meanwhile is heard between them.
    const label = `${port.label}: patience`;
    const half = millis(patience / 2);
    let timer = clock.after(half, label, () => (timer = clock.after(half, label, giveUp)));
    present = mine;
    const send = async () => {
      const sent = await port.send(bytes);
      if (!sent.ok) mine.fail(sent.error);
    };
    void send();
  }

  return {
    ask(question, patience) {
      if (gone) return Promise.resolve(unanswered(gone, false));
      const bytes = dialect.encode(question);
      return new Promise((settle) => {
        behind.push({ question, bytes, patience, settle });
        next();
      });
    },
    junk: () => junk,
    close: () => end(fault("no-device", "closed")),
  };
}

const later = (clear: Millis, since: Millis, span: Millis): Millis => Math.max(clear, since + span) as Millis;

const unanswered = (why: Fault, sent: boolean) => err({ kind: why.kind, detail: why.detail, sent });
