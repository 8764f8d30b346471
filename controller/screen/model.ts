import type { Millis } from "../../devices/kit/clock.ts";
import type { CabinBody } from "./cabin-model.ts";

export type Language = "zh-CN" | "en";

/** A name in both languages, as the station file and the campaign file give them. */
export interface Name {
  readonly zh: string;
  readonly en: string;
}

/** What a reader can read. */
export type Readable = "card" | "code";

/** What the worker sees. The whole screen is a function of this. */
export interface Screen {
  readonly language: Language;
  /** The clock of the bottom strip; absent while nothing is known of the time. */
  readonly time?: Millis;
  /** There is a way to the centre, and it is down: a small mark, for whoever looks after the kiosk. */
  readonly offline?: true;
  /** What can be read here at this moment; without it nothing but typing is spoken of. */
  readonly reads?: readonly Readable[];
  /** Something was read while another worker is served: it waits its turn. */
  readonly waits?: true;
  /** How the worker came who is served or answered now; absent: by typing, or nobody is there. */
  readonly came?: Readable;
  readonly body: Body;
}

/** Stations that have what the worker's credential gives, the nearest first, for a credential that is valid there. */
export interface Nearby {
  /** When the oldest of them said so. */
  readonly asOf: Millis;
  readonly stations: readonly {
    readonly name: Name;
    readonly metres: number;
    /** On foot. */
    readonly minutes: number;
    readonly left: number;
  }[];
}

export interface Product {
  /** The key that chooses it: "1", "2", … */
  readonly key: string;
  readonly name: Name;
  /** Goods left; null where the machine does not know how many, only that there are some. */
  readonly left: number | null;
  /** The worker had the share of it that the card or member code gives. */
  readonly had?: true;
}

/** Ids as in the table of refusals, docs/screens.md. */
export type Refusal =
  | { readonly id: "E1" }
  | { readonly id: "E2"; readonly triesLeft: number; readonly newCodeMinutes?: number }
  /** `of`: cards and printed numbers rest, not the keypad. */
  | { readonly id: "E3"; readonly until: Millis; readonly left: Millis; readonly of?: "numbers" }
  /** `of`: this reading of a card that counts its readings, or a newer one. */
  | { readonly id: "E4"; readonly at: Millis; readonly ref: string; readonly of?: "card" }
  /** Used at another station, by the centre's list. */
  | { readonly id: "E5"; readonly at: Millis; readonly station: Name }
  | { readonly id: "E6" }
  | { readonly id: "E7a"; readonly from: Millis; readonly until: Millis }
  | { readonly id: "E7b"; readonly until: Millis; readonly campaignOn: boolean }
  | { readonly id: "E7c"; readonly opens: number; readonly closes: number }
  /** `had`: not sold out, but the worker had the share of it. */
  | { readonly id: "E8a"; readonly out: Name; readonly instead: Product; readonly until?: Millis; readonly had?: true }
  | { readonly id: "E8b"; readonly until?: Millis; readonly nearby?: Nearby }
  | {
      readonly id: "E9";
      readonly ref: string;
      readonly instead?: Product;
      readonly until?: Millis;
      readonly nearby?: Nearby;
    }
  | { readonly id: "E10"; readonly ref?: string; readonly until?: Millis; readonly nearby?: Nearby }
  | { readonly id: "E11"; readonly ref: string }
  | { readonly id: "E12b"; readonly minutes: number }
  /** The member had `had` today. `again`: when the next day's share is there; absent where no clock tells. */
  | { readonly id: "E13"; readonly per: "day"; readonly had: number; readonly again?: Millis }
  /** … or in this campaign, and nothing is left of it. */
  | { readonly id: "E13"; readonly per: "campaign"; readonly had: number }
  | { readonly id: "E14"; readonly minutes: number; readonly last: Millis }
  /** Nobody's card, number or code. */
  | { readonly id: "E15"; readonly of: Readable }
  | { readonly id: "E16"; readonly of: Readable }
  /** `month`: when the next season may begin, 1 to 12. */
  | { readonly id: "E20"; readonly month: number }
  /** `ref`: where the centre has locked the kiosk, the entry that says so. */
  | { readonly id: "E21"; readonly ref?: string; readonly until?: Millis }
  | { readonly id: "E23"; readonly ref: string }
  | { readonly id: "E23b"; readonly ref: string };

export type Body =
  | { readonly is: "starting" }
  /** S0. `closed`: why nothing can be given now, whatever code is typed. `season`: its first moment and its end. */
  | {
      readonly is: "idle";
      readonly products: readonly Product[];
      readonly closed?: Refusal;
      readonly digits: number;
      readonly season?: { readonly from: Millis; readonly until: Millis };
      /** Health checks are to be had here, beside goods or alone. The key "cabin" begins one. */
      readonly cabin?: "beside" | "alone";
    }
  /** S1. `groups`: how the boxes stand together, 3-3-4 or 4-4-4. `still`: "are you still there?" `said`: E1 keeps the digits. */
  | {
      readonly is: "enter";
      readonly typed: string;
      readonly groups: readonly number[];
      readonly still: boolean;
      readonly said?: Refusal;
    }
  | { readonly is: "checking" }
  /** S2; with `said` it is E8a. */
  | { readonly is: "choose"; readonly products: readonly Product[]; readonly said?: Refusal }
  /** S3. `long`: after 8 s. */
  | { readonly is: "dispensing"; readonly product: Name; readonly long: boolean }
  /** S4 and S5. `more`: how many the credential still gives today. */
  | { readonly is: "done"; readonly product: Name; readonly rated?: "good" | "fair" | "poor"; readonly more?: number }
  | { readonly is: "refused"; readonly refusal: Refusal }
  | CabinBody;

/**
 * The keys of the page and of a USB number pad:
 * "0" to "9", "back" (⌫), "clear", "language", "cancel" (leave a choice), "go-on" (any key while asked),
 * "choose:1" … (a product tile), "taken" (E11), "face:good", "face:fair", "face:poor",
 * "cabin" (the health cabin, whose pages have keys of their own: cabin-model.ts).
 */
export type Key = string;
