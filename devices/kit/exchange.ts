import type { Clock, Millis, Timer } from "./clock.ts";
import { fault, type Fault } from "./fault.ts";
import type { Framer } from "./framer.ts";
import type { BytePort } from "./port.ts";
import { err, ok, type Result } from "./result.ts";

/** What a question-and-answer protocol has to say about itself. */
export interface Dialect<Q, F, S> {
  readonly framer: Framer<F, S>;
  encode(question: Q): Uint8Array;
  answers(question: Q, frame: F): boolean;
}

export interface Line<Q, F> {
  /** One question at a time, in the order asked; "silent" after `patience`. Never repeats by itself: only the driver knows what is safe to repeat. */
  ask(question: Q, patience: Millis): Promise<Result<F>>;
  /** Settles the open question and those behind it. */
  close(): void;
}
