import type { Store } from "./store.ts";

/** What is asked for of the letters that kiosks sealed. */
export interface LettersAsked {
  /** Fingerprint of the recipient's key. */
  readonly to: string;
  /** Those that came from then on, UTC, milliseconds. */
  readonly since: number;
  /** The last that was given already. */
  readonly after?: LetterMark;
}

/** An entry of a ledger. */
export interface LetterMark {
  readonly kiosk: string;
  readonly life: number;
  readonly seq: number;
}

export interface StoredLetter extends LetterMark {
  /** As a kiosk that need not mean well sent it: read it with `readLetter`. */
  readonly letter: object;
}

/** Some megabytes at most. */
const atOnce = 200;

/** The next letters of a recipient, in the order of the ledgers; none: there are no more. */
export const letters = (store: Store, { to, since, after }: LettersAsked): Promise<readonly StoredLetter[]> =>
  store.query<StoredLetter>(
    `SELECT kiosk, life, seq, letter FROM read.letters
     WHERE recipient = $1 AND received_at >= read.time_of($2) AND (kiosk, life, seq) > ($3, $4, $5)
     ORDER BY kiosk, life, seq LIMIT ${atOnce}`,
    [to, since, after?.kiosk ?? "", after?.life ?? 0, after?.seq ?? 0],
  );
