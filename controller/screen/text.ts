import type { Millis } from "../../devices/kit/clock.ts";
import type { Html } from "./html.ts";
import type { Refused } from "../link/uplink.ts";
import type { Name, Readable, Refusal } from "./model.ts";
import type { InstrumentReport, ReaderReport, Report } from "./report.ts";
import type { CabinWords } from "./text-cabin.ts";

/** What the words of every screen may need to know of the station and the hour. */
export interface Place {
  /** The service phone, as the station file writes it. */
  readonly phone: string;
  /** When goods usually come, "16:00". */
  readonly refillAt?: string;
  /** Where workers get their codes. */
  readonly channel?: Name;
  /** Where drinking water can be had. */
  readonly dispenser?: Name;
  /** What can be read at this moment. */
  readonly reads: readonly Readable[];
  readonly now?: Millis;
  /** Whoever came with a card has no code to be spoken of, and taps again where another would type again. */
  readonly came?: Readable;
}

/** One reason and one next step: a headline of at most 24 Chinese characters, and short lines under it. */
export interface Told {
  readonly headline: string;
  readonly lines: readonly Html[];
}

export type RefusalWords = {
  readonly [Id in Refusal["id"]]: (refusal: Extract<Refusal, { readonly id: Id }>, place: Place) => Told;
};

/** What is said depends on what the readers read. */
export type ByReader = Readonly<Record<Readable | "both", string>>;

/** Nothing where nothing can be read. */
export const byReader = (words: ByReader, reads: readonly Readable[]): string | undefined => {
  const [one, other] = reads;
  return one && words[other === undefined ? one : "both"];
};

/** All that the screen ever says to a worker, in one language. */
export interface Words {
  readonly starting: string;
  readonly idle: {
    readonly free: string;
    readonly cue: string;
    /** Beside the cue where a reader works. */
    readonly orReader: ByReader;
    /** The cue where nothing can be typed. */
    readonly byReader: ByReader;
    digits(count: number): string;
    /** As the station file writes them: "00:00" to "24:00" is day and night. */
    hours(opens: string, closes: string): Html;
    season(from: Millis, until: Millis): Html;
  };
  readonly enter: { readonly title: string; readonly still: string; readonly goOn: string; readonly hint: string };
  readonly checking: string;
  /** Another worker's card or code was read, and its turn comes. */
  readonly waits: string;
  readonly choose: { title(place: Place): string; howTo(keys: readonly string[], place: Place): string };
  readonly dispensing: { readonly wait: string; readonly long: string };
  readonly done: {
    readonly title: string;
    readonly thanks: string;
    more(times: number): string;
    readonly rate: string;
    readonly rated: string;
  };
  readonly face: Readonly<Record<"good" | "fair" | "poor", string>>;
  readonly refusal: RefusalWords;
  readonly key: {
    readonly back: string;
    readonly clear: string;
    readonly cancel: string;
    readonly leave: string;
    readonly taken: string;
  };
  name(name: Name): string;
  left(count: number | null): string;
  /** In place of what is left, where the worker had the share of it. */
  readonly had: string;
  /** Stations nearby: the way there, and how old the news is. */
  readonly nearby: { way(metres: number, minutes: number): string; asOf(at: Millis): string };
  machine(number: string): string;
  /** For those who cannot see the phone sign. */
  readonly phone: string;
  readonly cabin: CabinWords;
  readonly technician: TechnicianWords;
}

/** What the technician's page says. */
export interface TechnicianWords {
  readonly kiosk: string;
  readonly link: string;
  readonly noLink: string;
  online(seconds: number): string;
  offline(seconds: number): string;
  /** Why the broker was not reached, and what to look at. */
  readonly refused: Readonly<Record<Refused["why"], string>>;
  readonly outbox: string;
  waiting(events: number): string;
  readonly certificate: string;
  days(left: number): string;
  readonly clock: string;
  readonly clocks: Readonly<Record<Report["clock"], string>>;
  readonly disk: string;
  readonly diskWell: string;
  readonly diskRefuses: string;
  /** A card reader or scanner: how it is, what it reads, what it saw last. */
  reader(how: string, reader: ReaderReport): string;
  /** A health instrument: how it is, what it measures, until when its calibration holds, how often it gave something. */
  instrument(how: string, instrument: InstrumentReport): string;
  printer(how: string): string;
  readonly members: string;
  /** Identifiers that anybody may know: UIDs of cards, and printed numbers. */
  readonly bare: Readonly<Record<Readable, string>>;
  readonly presence: Readonly<Record<Report["devices"][number]["presence"], string>>;
}

/** The words of one refusal. The id chooses the sentence; the type says that it fits. */
export function told(words: Words, refusal: Refusal, place: Place): Told {
  const say = words.refusal[refusal.id] as (refusal: Refusal, place: Place) => Told;
  return say(refusal, place);
}
