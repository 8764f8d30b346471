import { textAlphabets, type TextForm } from "./forms.ts";

/** Guesses a day at cards and printed numbers: a full bucket of 30, and one more a minute. */
export const memberGuessesADay = 30 + 1440;
const daysAYear = 365;
/** A bare UID counts for four bytes, whatever its length: longer ones begin with a maker's number. */
const uidSpace = 2 ** 32;

/** How the identifiers of a list can be guessed. */
export interface Guessable {
  readonly texts: readonly TextForm[];
  /** Bare UIDs. */
  readonly uids: number;
}

interface Target {
  readonly loss: number;
  readonly says: string;
}

const lossOf = (entries: number, space: number): number => (entries * memberGuessesADay * daysAYear) / space;

const targets = ({ texts, uids }: Guessable): readonly Target[] => [
  ...texts.map(({ alphabet, length, entries, guessed }) => ({
    loss: lossOf(entries, textAlphabets[alphabet].size ** guessed),
    says: `${entries} texts of ${length} characters${guessed < length ? `, ${guessed} of which differ,` : ""} out of ${textAlphabets[alphabet].size}`,
  })),
  ...(uids > 0 ? [{ loss: lossOf(uids, uidSpace), says: `${uids} bare UIDs of cards` }] : []),
];

const worst = (list: Guessable): Target | undefined => targets(list).toSorted((a, b) => b.loss - a.loss)[0];

/** Drinks a kiosk-year that guessing takes: that of the form which is guessed the easiest, for all share one bucket. */
export const memberLoss = (list: Guessable): number => worst(list)?.loss ?? 0;

const figure = (n: number): string => (n >= 100 ? n.toFixed(0) : n.toPrecision(2));

/** Undefined where the loss is bearable, else the sentence of refusal. */
export function memberLossTooHigh(list: Guessable, lossLimit: number): string | undefined {
  const found = worst(list);
  if (found === undefined || found.loss <= lossLimit) return undefined;
  return `Guessing would cost ${figure(found.loss)} drinks a kiosk-year with ${found.says}, and lossLimit is ${lossLimit}: leave that column out, give cards keys of their own, import fewer at a time, or raise lossLimit knowingly.`;
}
