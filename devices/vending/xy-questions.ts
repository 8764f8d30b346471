import { seconds, type Clock, type Millis } from "../kit/clock.ts";
import { fault, type Fault } from "../kit/fault.ts";
import { err, ok, type Result } from "../kit/result.ts";
import type { Order, XyLink } from "./xy-link.ts";
import type { Frame } from "./xy-wire.ts";

/** The document gives no time for an answer; it takes at least one poll to ask and one to answer (ours). */
export const answerPatience: Millis = seconds(5);

export interface Question {
  readonly command: number;
  readonly text: readonly number[];
  /** Whether this frame answers it. */
  answers(frame: Frame): boolean;
}

/** Questions that the board answers with a message of its own, some polls later. One at a time, in the order asked. */
export interface XyQuestions {
  ask(question: Question, patience?: Millis): Promise<Result<Frame>>;
  hear(frame: Frame): void;
  close(why: Fault): void;
}

export function openXyQuestions(link: XyLink, clock: Clock): XyQuestions {
  let present: { readonly question: Question; settle(result: Result<Frame>): void } | undefined;
  let gone: Fault | undefined;
  let turn: Promise<unknown> = Promise.resolve();

  const put = (question: Question, patience: Millis) =>
    new Promise<Result<Frame>>((resolve) => {
      if (gone) return resolve(err(gone));
      const settle = (result: Result<Frame>) => {
        if (present !== mine) return;
        present = undefined;
        timer.cancel();
        link.withdraw(order);
        resolve(result);
      };
      const mine = { question, settle };
      const order: Order = {
        command: question.command,
        text: question.text,
        rank: 2,
        ended(acknowledged) {
          if (!acknowledged) settle(err(fault("silent", "the board polls but acknowledges nothing")));
        },
      };
      const timer = clock.after(patience, "xy: an answer", () =>
        settle(err(fault("silent", `no answer in ${patience} ms`))),
      );
      present = mine;
      link.put(order);
    });

  return {
    ask(question, patience = answerPatience) {
      const answer = turn.then(() => put(question, patience));
      turn = answer;
      return answer;
    },
    hear(frame) {
      if (present?.question.answers(frame)) present.settle(ok(frame));
    },
    close(why) {
      gone ??= why;
      present?.settle(err(why));
    },
  };
}
