import { stay, type Command, type Setting, type State, type Stepped } from "./state.ts";

/** A signed command has come. */
export function ordered(_setting: Setting, state: State, command: Command): Stepped {
  return stay(state, { kind: "answer", answer: { id: command.id, state: "refused", why: "not obeyed" } });
}

/** Counted now, written down once a minute. */
export function orderRefused(state: State, _why: string): State {
  return state;
}

/** A command that takes its time has ended. */
export function ended(state: State, _id: string, _as: "done" | "failed"): Stepped {
  return stay(state);
}
