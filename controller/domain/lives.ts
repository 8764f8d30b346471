import { delays } from "../delays.ts";
import { stay, type State, type Stepped } from "./state.ts";

// The centre holds another past of this kiosk than this card does: an older copy of the card was put back, or two copies
// run. Nobody can say here whose entries are the right ones, so both are kept, and this card goes on under a new number.

/** The centre, or somebody who speaks in its name, showed another past. */
export const disagreed = (state: State, why: "rolled-back" | "forked"): Stepped =>
  newLife({ ...state, disagreed: why });

/**
 * Begins a new life as soon as nothing is open that an entry of it would have to speak of, and nobody stands there.
 * An acknowledgement is not signed: at most one life a day, so that a forged one can drive nothing.
 */
export function newLife(state: State): Stepped {
  const { disagreed: why, books } = state;
  if (why === undefined || state.beginsLife || !nothingOpen(state) || !longSinceTheLast(state)) return stay(state);
  return stay(
    { ...state, beginsLife: true },
    { kind: "new-life", entry: { kind: "new-life", before: books.life, why } },
  );
}

const nothingOpen = ({ scene, books, unsaved, abandoned, diskFault }: State): boolean =>
  scene.is === "idle" && books.open.size === 0 && unsaved.length === 0 && !abandoned && diskFault === undefined;

/** A clock that was set back in between counts as long, or it might lock this for years. */
function longSinceTheLast({ books, now }: State): boolean {
  if (books.rebornAt === undefined) return true;
  const today = now.trusted ? now.utc : Math.max(now.utc, books.at);
  return Math.abs(today - books.rebornAt) >= delays.betweenLives;
}

/** It has begun: what the centre says of the lives before is history. */
export function lifeBegun(state: State): State {
  const { disagreed: _, ...rest } = state;
  return { ...rest, beginsLife: false };
}

/** The disk refused: it is tried again when the disk works. */
export const lifeNotBegun = (state: State): State => ({ ...state, beginsLife: false });
