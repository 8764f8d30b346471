import type { Refusal } from "../screen/model.ts";
import type { Candidate } from "./credential.ts";
import { stay, type State, type Stepped } from "./state.ts";

/** A refusal is told, heard and counted. With a candidate another product may still be taken. */
export function refuse(state: State, refusal: Refusal, candidate?: Candidate): Stepped {
  const scene = {
    is: "refused" as const,
    refusal,
    at: state.now.mono,
    ...(candidate === undefined ? {} : { candidate }),
  };
  return stay({ ...counted(state, refusal.id), scene }, { kind: "chime", sound: "sorry" });
}

/** Counted now, written down once a minute. */
export function counted(state: State, id: string): State {
  return { ...state, refusals: { ...state.refusals, [id]: (state.refusals[id] ?? 0) + 1 } };
}
