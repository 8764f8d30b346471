import type { Refusal } from "../screen/model.ts";
import { delays } from "../delays.ts";
import { standing, useOf, type Books } from "./books.ts";
import type { Candidate, Day } from "./credential.ts";
import { affords } from "./escrow.ts";
import { ledgerDay, type Elsewhere, type Knowledge, type Setting, type State } from "./state.ts";

// Credentials that are valid at several stations: what the other stations have to do with a verdict here.

export interface Beyond {
  /** What the centre says was used. */
  readonly elsewhere: Knowledge["elsewhere"];
  /** … and what it says that other stations gave to members. */
  readonly taken: Knowledge["taken"];
  /** The centre hears of what is given here, and we hear of what was given elsewhere. */
  readonly heard: boolean;
  /** How many are given a day while it does not. */
  readonly escrow: number;
}

/** A kiosk without a centre. */
export const alone: Beyond = { elsewhere: new Map(), taken: new Map(), heard: false, escrow: 0 };

/** The retained lists come with the connection, not before it: a kiosk is online when they have had their time. */
export const hearsCentre = ({ link, now }: State): boolean =>
  link.online && now.mono >= link.since + delays.listsArrive;

export const beyond = (setting: Setting, state: State): Beyond => ({
  elsewhere: state.knowledge.elsewhere,
  taken: state.knowledge.taken,
  heard: hearsCentre(state),
  escrow: setting.escrow,
});

/**
 * Where and when the centre says that it was used. An attempt of ours is on that list too, from its first report until
 * its failure is reported: of what our own ledger knows, it is the judge.
 */
export function usedElsewhere(
  { area, credential }: Candidate,
  books: Books,
  { elsewhere }: Beyond,
): Elsewhere | undefined {
  if (!area || credential.kind !== "token") return undefined;
  const used = elsewhere.get(credential.id);
  return used?.here && useOf(books, credential) !== undefined ? undefined : used;
}

export const toldElsewhere = ({ station, at }: Elsewhere): Refusal => ({ id: "E5", station, at });

/** Whether only the centre could still say yes. `day`: the day by which the ledger's limits count. */
export function beyondEscrow(
  { area, credential }: Candidate,
  books: Books,
  { heard, escrow }: Beyond,
  day: Day,
): boolean {
  return area === true && !heard && !affords(books.escrow, standing(books, credential), escrow, day);
}

/** E12b of a credential that the centre would have to be asked about. */
export const needsCentre: Refusal = { id: "E12b", minutes: delays.listFresh / delays.minute };

/** Why a credential that was judged good is not given after all: since then the link went, or the centre's list came. */
export function withheld(setting: Setting, state: State, candidate: Candidate): Refusal | undefined {
  const others = beyond(setting, state);
  const used = usedElsewhere(candidate, state.books, others);
  if (used !== undefined) return toldElsewhere(used);
  return beyondEscrow(candidate, state.books, others, ledgerDay(state)) ? needsCentre : undefined;
}
