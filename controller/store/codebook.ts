import type { Day, Finding, Offer } from "../domain/credential.ts";

/** How codes are typed at this kiosk: so many digits, shown in these groups ([4, 4, 4]). */
export interface TypedForm {
  readonly length: number;
  readonly groups: readonly number[];
}

/** Both promises keep; neither ever rejects. */
export interface Preparation {
  /** Yesterday's and today's codes are known: workers can be served. */
  readonly open: Promise<void>;
  /** The days ahead and the past days that only explain are known too. */
  readonly all: Promise<void>;
}

/** What this kiosk recognises. It judges no clock and no use: that is the domain's. */
export interface Codebook {
  /** What was typed on the keypad: digits, without blanks. */
  find(typed: string): Finding;
  /** What a scanner read, as it came: a signed token, or a derived or imported code of any length. */
  scan(text: string): Finding;
  /** Everything that valid campaign and list files of this kiosk offer, ended and coming ones included. */
  readonly offers: readonly Offer[];
  /** Undefined while no valid file says what could be typed. */
  readonly typed: TypedForm | undefined;
  /** Derives what `today` needs, in slices of a few milliseconds. Call it at the start and whenever the day changes; what is known is not derived again. */
  prepare(today: Day): Preparation;
}
