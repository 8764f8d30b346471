import { seconds, type Clock, type Millis, type Timer } from "../kit/clock.ts";
import { fault, type Fault } from "../kit/fault.ts";
import type { Listening, Port } from "../kit/port.ts";
import { err, ok, type Result } from "../kit/result.ts";
import { control, tokens, type Token } from "./contour-astm.ts";
import { headerOf, resultOf, type ContourResult, type Header } from "./contour-record.ts";

// The conversation with a Contour meter: it is woken, asks to send, and sends record by record as each is acknowledged.

export interface Told {
  readonly header: Header;
  /** All results, in the order in which the meter tells them. */
  readonly results: readonly ContourResult[];
}

export interface Contour {
  /** Only as far as its header: product, and how many results it keeps. */
  header(): Promise<Result<Header>>;
  /** Its whole memory. */
  all(): Promise<Result<Told>>;
  junk(): number;
  close(): void;
}

const patience: Readonly<Record<"waking" | "telling", Millis>> = { waking: seconds(1.5), telling: seconds(0.6) };
const tries: Readonly<Record<"waking" | "telling", number>> = { waking: 3, telling: 6 };

export function openContour(port: Port<Uint8Array, Uint8Array>, clock: Clock): Contour {
  let held = tokens.start;
  let junk = 0;
  let gone: Fault | undefined;
  let present: { hear(token: Token): void; fail(why: Fault): void } | undefined;
  /** Conversations are held one after the other. */
  let last: Promise<unknown> = Promise.resolve();

  const end = (why: Fault) => {
    gone ??= why;
    ear.stop();
    present?.fail(gone);
  };
  let ear: Listening = { stop() {} };
  ear = port.listen({
    heard(bytes) {
      const pushed = tokens.push(held, bytes);
      held = pushed.state;
      junk += pushed.junk;
      for (const token of pushed.frames) present?.hear(token);
    },
    lost: end,
  });

  const converse = (whole: boolean) =>
    new Promise<Result<Told>>((settle) => {
      if (gone) return settle(err(gone));
      let phase: "waking" | "telling" = "waking";
      let left = tries.waking;
      let timer: Timer | undefined;
      let header: Header | undefined;
      let results: ContourResult[] = [];
      let number: number | undefined;
      let isEnded = false;
      let heard = false;

      const done = (outcome: Result<Told>) => {
        timer?.cancel();
        present = undefined;
        settle(outcome);
      };
      const say = (sign: number) => {
        timer?.cancel();
        timer = clock.after(patience[phase], "contour: patience", again);
        void port.send(Uint8Array.of(sign));
      };
      /** What came damaged, or did not come, is asked for once more. */
      const again = () => {
        held = tokens.start;
        left -= 1;
        if (left > 0) return say(phase === "waking" ? control.eot : control.nak);
        done(
          err(
            heard
              ? fault("garbled", "the meter speaks, and cannot be understood: is it a Contour?")
              : fault("silent", "the meter does not answer: switch it on, and plug it in anew"),
          ),
        );
      };
      const restart = () => {
        phase = "telling";
        left = tries.telling;
        results = [];
        number = undefined;
        isEnded = false;
        say(control.ack);
      };
      const take = (text: string) => {
        header = headerOf(text) ?? header;
        const result = resultOf(text);
        if (result) results.push(result);
        isEnded ||= text.startsWith("L|");
      };
      const hear = (token: Token) => {
        heard = true;
        if (token.is === "enq") return header && !whole ? done(ok({ header, results })) : restart();
        if (phase === "waking") {
          // The header may come before it asks to send, and once more after.
          if (token.is === "frame") header = headerOf(token.text) ?? header;
          return;
        }
        if (token.is === "eot" && isEnded && header) return done(ok({ header, results }));
        if (token.is !== "frame") return;
        left = tries.telling;
        // A frame that is said again was acknowledged already.
        if (token.number === number) return say(control.ack);
        if (number !== undefined && token.number !== (number + 1) % 8)
          return done(err(fault("garbled", "the meter left out a part of its memory")));
        number = token.number;
        take(token.text);
        if (header && !whole) return done(ok({ header, results }));
        say(control.ack);
      };
      present = { hear, fail: (why) => done(err(why)) };
      held = tokens.start;
      say(control.eot);
    });

  const next = (whole: boolean): Promise<Result<Told>> => {
    const told = last.then(() => converse(whole));
    last = told;
    return told;
  };

  return {
    async header() {
      const told = await next(false);
      return told.ok ? ok(told.value.header) : told;
    },
    all: () => next(true),
    junk: () => junk,
    close: () => end(fault("no-device", "closed")),
  };
}
