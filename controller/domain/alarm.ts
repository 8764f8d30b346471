import { fault, type Fault } from "../../devices/kit/fault.ts";
import { stay, type State, type Stepped } from "./state.ts";
import { machineRests } from "./stock.ts";

/** A fault is written down once until it is mended, however often it is noticed: the screen's reference leads there. */
export function alarm(state: State, device: string, { kind, detail }: Fault): Stepped {
  if (state.alarmed.has(device)) return stay(state);
  return stay(
    { ...state, alarmed: new Set(state.alarmed).add(device) },
    { kind: "save", entry: { kind: "fault", device, fault: kind, detail } },
  );
}

/** From now on it is well; where it stays so for a minute, its fault is called mended. */
export function recovers(state: State, device: string): State {
  if (!state.alarmed.has(device)) return state;
  return { ...state, recovering: new Map(state.recovering).set(device, state.now.mono) };
}

/** It is not well any more. */
export function relapses(state: State, device: string): State {
  if (!state.recovering.has(device)) return state;
  const recovering = new Map(state.recovering);
  recovering.delete(device);
  return { ...state, recovering };
}

/** Five failures in a row: the machine rests, and somebody is told. */
export function restsNow(state: State, device: string): Stepped {
  const failures = state.books.stock.failures.get(device) ?? 0;
  if (failures < machineRests) return stay(state);
  const detail = `${failures} vends in a row failed: look for a jam, then refill or make a test vend`;
  return alarm(state, device, fault("jammed", detail));
}

/** Something lies in the curtain, or it cannot see: nobody could tell any more whether a good fell. */
export function shut(state: State, device: string, curtain: "blocked" | "dead"): Stepped {
  const closed = { ...state, shut: new Map(state.shut).set(device, state.now.mono) };
  const detail =
    curtain === "blocked"
      ? "something lies in the drop curtain: empty the tray"
      : "the drop curtain cannot see: clean or replace it";
  return alarm(closed, device, fault("self-test", detail));
}

/** The tray is empty again. */
export function opened(state: State, device: string): Stepped {
  if (!state.shut.has(device)) return stay(state);
  const rest = new Map(state.shut);
  rest.delete(device);
  return stay(recovers({ ...state, shut: rest }, device));
}
