import { millis, type Millis } from "../../devices/kit/clock.ts";
import type { Fault } from "../../devices/kit/fault.ts";
import type { Person, Progress, Reading as Measurement } from "../../devices/health/capability.ts";
import type { Result } from "../../devices/kit/result.ts";
import type { Reading } from "../../devices/reader/capability.ts";
import type { Curtain, Delivery, SlotReport } from "../../devices/vending/capability.ts";
import type { Order } from "../../protocol/commands/order.ts";
import type { Stock as StockLeft } from "../../protocol/fleet/stock.ts";
import type { Language, Name, Readable, Refusal } from "../screen/model.ts";
import { dayOf } from "../../protocol/pickup-code/calendar.ts";
import { memberDay, type Almanac } from "./almanac.ts";
import type { Books } from "./books.ts";
import type { Counts } from "./cabin/counts.ts";
import type { Results } from "./cabin/results.ts";
import type { RollCall } from "./cabin/roll-call.ts";
import type { Lingering } from "./cabin/lingering.ts";
import type { CabinSetting } from "./cabin/setting.ts";
import type { Visit } from "./cabin/visit.ts";
import type { Candidate, Credential, Day, Finding, Offer } from "./credential.ts";
import type { Entry, Stamped } from "./entry.ts";
import type { Bucket, Guesses, KeptGuesses } from "./guesses.ts";
import type { Step } from "./machine.ts";
import type { Moment } from "./moment.ts";
import type { FoundPass } from "./cabin/pass.ts";
import type { Place, Reports } from "./stock.ts";

/** What the station file says of this kiosk; it does not change while the kiosk runs. */
export interface Setting {
  readonly places: readonly Place[];
  readonly products: readonly { readonly id: string; readonly name: Name }[];
  /** Vending machines, and whether their board can be asked for an outcome after a restart. */
  readonly machines: readonly { readonly id: string; readonly remembers: boolean }[];
  /** Card readers and scanners, and what each can read. Without them the machine still serves. */
  readonly readers: readonly { readonly id: string; readonly reads: readonly Readable[] }[];
  /** Daily hours of the host, in minutes after midnight UTC+8. */
  readonly opens: number;
  readonly closes: number;
  /** Stations within walking distance, the nearest first. */
  readonly neighbours: readonly Neighbour[];
  /** Credentials of several stations that are given a day while the centre cannot be asked. */
  readonly escrow: number;
  /** Health instruments, and what is done with what they measure; absent where the station has none. */
  readonly cabin?: CabinSetting;
  /** There is a way to the centre; where it is down, the screen has its small mark. */
  readonly linked?: true;
}

/** A station nearby, as the station file has it. */
export interface Neighbour {
  /** Name of the kiosk on the wire. */
  readonly kiosk: string;
  readonly name: Name;
  readonly metres: number;
  readonly minutes: number;
}

/** Where and when a credential of several stations was used, by the centre's signed list. */
export interface Elsewhere {
  readonly station: Name;
  readonly at: Millis;
  /** It was this kiosk. What its own ledger says of it is newer. */
  readonly here?: true;
}

/** What another station gave to a member, by the centre's signed list. */
export interface Taking {
  readonly station: Name;
  readonly at: Millis;
  readonly product: string;
}

/** A command whose signature, addressee and form are good; whether it is obeyed is the domain's to say. */
export interface Command {
  readonly id: string;
  readonly kid: string;
  readonly role: "release" | "ops";
  readonly order: Order;
  readonly issued: Millis;
  readonly expires: Millis;
}

/** How far a command has come. */
export type Obeying =
  /** On its way to the disk. */
  | { readonly is: "saving"; readonly order: Order }
  /** Until nobody is served. */
  | { readonly is: "waiting" }
  | { readonly is: "acting" }
  /** Its end is on its way to the disk. */
  | { readonly is: "ending" }
  /** A start found it so. */
  | { readonly is: "left" };

/** What became of a command, for the centre. */
export interface Answer {
  readonly id: string;
  readonly state: "accepted" | "running" | "done" | "failed" | "expired" | "refused";
  readonly why?: string;
}

/** What the code book holds now: no codes, only what they are like. */
export interface Knowledge {
  /** The one typed format of this kiosk; absent where no valid campaign or list is left. */
  readonly typed?: { readonly length: number; readonly groups: readonly number[] };
  readonly offers: readonly Offer[];
  /** Last day for which an epoch key is held. */
  readonly ceiling: Day;
  /** Newest time that a signed file vouches for. */
  readonly signedAt: Millis;
  /** By token id, 16 hex digits: what the centre says was used, here or elsewhere. */
  readonly elsewhere: Pick<ReadonlyMap<string, Elsewhere>, "get">;
  /** By memberKey: what other stations gave, which counts like our own. */
  readonly taken: Pick<ReadonlyMap<string, readonly Taking[]>, "get">;
}

/** How a device is; the list is closed. */
export type Presence = "working" | "starting" | "stale" | "broken" | "absent" | "off";

/** A promise to a worker while a good is on its way. */
export interface Vend {
  readonly candidate: Candidate;
  readonly place: Place;
  /** Places that this visit has tried. */
  readonly tried: ReadonlySet<string>;
  readonly since: Millis;
  /** The attempt's entry, once it is on the disk. */
  readonly seq?: number;
  /** How it ended, on its way to the disk. */
  readonly outcome?: Extract<Entry, { kind: "outcome" }>;
}

/** Where the conversation with the worker stands. `at` is the monotonic time of the last thing said or pressed. */
export type Scene =
  /** `at`: somebody chose a language there. */
  | { readonly is: "idle"; readonly at?: Millis }
  | { readonly is: "enter"; readonly typed: string; readonly at: Millis; readonly said?: Refusal }
  /** The last digit is there; judged when `at` has come, for two seconds lie between refused tries. */
  | { readonly is: "checking"; readonly typed: string; readonly at: Millis }
  /** Something was read; judged like a typed code. due: as `checking`. asked: recognised since `at`. found: asked again at `at`. */
  | { readonly is: "reading"; readonly phase: "due" | "asked"; readonly reading: Reading; readonly at: Millis }
  | {
      readonly is: "reading";
      readonly phase: "found";
      readonly reading: Reading;
      readonly finding: Finding;
      readonly at: Millis;
    }
  /** A try was spent: nothing is told before that is on the disk. */
  | { readonly is: "spending"; readonly refusal: Refusal; readonly at: Millis }
  | { readonly is: "choose"; readonly candidate: Candidate; readonly at: Millis; readonly said?: Refusal }
  /** `at`: when this phase began. */
  | {
      readonly is: "vending";
      readonly vend: Vend;
      readonly phase: "saving" | "moving" | "settling" | "asking-curtain";
      readonly at: Millis;
    }
  | {
      readonly is: "done";
      readonly seq: number;
      readonly product: string;
      readonly at: Millis;
      readonly rated?: "good" | "fair" | "poor";
      /** What the member may still take today, where that is limited. */
      readonly more?: number;
    }
  /** `candidate`: another product may be taken instead. */
  | { readonly is: "refused"; readonly refusal: Refusal; readonly at: Millis; readonly candidate?: Candidate }
  /** Somebody is being measured. With this scene all that was measured goes. */
  | { readonly is: "cabin"; readonly visit: Visit; readonly at: Millis }
  | {
      readonly is: "after-cut";
      readonly seq: number;
      readonly credential: Credential;
      readonly frees: boolean;
      readonly at: Millis;
    };

export interface State {
  readonly now: Moment;
  readonly books: Books;
  readonly guesses: Guesses;
  /** The second bucket: cards and printed numbers that are nobody's. */
  readonly numbers: Guesses;
  readonly almanac: Almanac;
  readonly knowledge: Knowledge;
  readonly presence: ReadonlyMap<string, Presence>;
  /** How the instruments of the health cabin are, as the centre may know it. */
  readonly roll: RollCall;
  /** Devices with a fault in the ledger, or on its way there, that was not called mended since. */
  readonly alarmed: ReadonlySet<string>;
  /** Since when a device of these works again. */
  readonly recovering: ReadonlyMap<string, Millis>;
  /** Machines closed because their drop curtain is blocked or dead, and when it was last asked. */
  readonly shut: ReadonlyMap<string, Millis>;
  readonly reports: Reports;
  /** Whether a cabinet's door is open, where its board tells. */
  readonly doors: ReadonlyMap<string, boolean>;
  readonly scene: Scene;
  readonly language: Language;
  /** Something that was read while another is served: its turn comes when the scene is free. */
  readonly next?: { readonly reading: Reading; readonly at: Millis };
  /** How the worker came who is served or answered now; absent: by typing, or nobody is there. */
  readonly came?: Readable;
  /** What the present turn was read from: the same thing, read again before the turn is over, says nothing new. */
  readonly serving?: Reading;
  /** Readings that were handed to the recogniser: an answer names the one it is about. */
  readonly asked: number;
  /** Visits, measurements, slips and sealings that were begun since the start: an answer names the one it is about. */
  readonly begun: number;
  /** Instruments that somebody who has left may still be measured by: what they give is nobody's. */
  readonly lingering: ReadonlyMap<string, readonly Lingering[]>;
  /** When the kiosk started, where the run before ended without a word: who sat there then may have left any instrument. */
  readonly cutAt?: Millis;
  /** People and items measured that were not told yet. */
  readonly counts: Counts;
  /** When the disk refused to keep them, if it did: they are offered to it again. */
  readonly countsRefused?: Millis;
  /** By instrument: the newest word on its calibration, in the ledger or on its way there. */
  readonly warned: Books["calibrations"];
  /** When the last refused try was. */
  readonly refusedAt: Millis;
  /** Attempts of before the start that wait for a board which may remember. */
  readonly settlingSince: Millis;
  /** … and which they are. An attempt leaves this set when its outcome goes to the disk. */
  readonly orphans: ReadonlySet<number>;
  /** Outcomes that the disk did not take; while there are any nothing more is given. */
  readonly unsaved: readonly Entry[];
  readonly diskTriedAt: Millis;
  /** An attempt was called off because the disk did not answer; if the disk takes it after all, nothing moves. */
  readonly abandoned: boolean;
  /** Why the disk refused, while it does. */
  readonly diskFault?: Fault;
  /** Refusals not yet written down, by the id of their screen. */
  readonly refusals: Readonly<Record<string, number>>;
  readonly countedAt: Millis;
  /** The floor as it was last kept, … */
  readonly floorKept: Millis;
  /** … and the time counted on from it while nothing else is known. */
  readonly countedKept: Millis;
  /** Entries since the last checkpoint. */
  readonly sinceCheckpoint: number;
  /** Whether the centre can be reached, and since when it is so. */
  readonly link: { readonly online: boolean; readonly since: Millis };
  /** What the neighbours last said they have, by kiosk. */
  readonly nearby: ReadonlyMap<string, StockLeft>;
  /** Commands that are not ended, and how far each has come in this run. */
  readonly obeying: ReadonlyMap<string, Obeying>;
  /** Commands that were refused and not yet written down, by reason, and when that was last done. */
  readonly ordersRefused: Readonly<Record<string, number>>;
  readonly ordersCountedAt: Millis;
  /** The centre's past of this kiosk is another than this card's; a new life begins when nothing moves. */
  readonly disagreed?: "rolled-back" | "forked";
  /** A new life is on its way to the disk. */
  readonly beginsLife: boolean;
}

export type Event =
  | { readonly kind: "key"; readonly key: string }
  | { readonly kind: "tick" }
  | { readonly kind: "knowledge"; readonly knowledge: Knowledge }
  /** Something was read by a card reader or scanner: each thing once, however long it is held. */
  | { readonly kind: "read"; readonly device: string; readonly reading: Reading }
  /** `asked`: the number of the reading; absent for what was typed. */
  | { readonly kind: "found"; readonly finding: Finding; readonly asked?: number }
  | { readonly kind: "saved"; readonly stamped: Stamped }
  | { readonly kind: "not-saved"; readonly entry: Entry; readonly fault: Fault }
  /** A guess bucket is on the disk, or the disk refused it. */
  | { readonly kind: "guesses-kept" }
  /** The disk did not take the counts of the health cabin. */
  | { readonly kind: "counts-refused" }
  | { readonly kind: "device"; readonly id: string; readonly presence: Presence; readonly fault?: Fault }
  | { readonly kind: "slot"; readonly device: string; readonly report: SlotReport }
  | { readonly kind: "delivery"; readonly seq: number; readonly delivery: Delivery }
  | { readonly kind: "curtain"; readonly device: string; readonly curtain: Curtain | "cannot-tell" }
  | { readonly kind: "door"; readonly device: string; readonly open: boolean }
  | { readonly kind: "link"; readonly online: boolean }
  | { readonly kind: "nearby"; readonly kiosk: string; readonly stock: StockLeft }
  | { readonly kind: "command"; readonly command: Command }
  /** Commands that were not obeyed because of their form, signature or addressee: how many, by reason. */
  | { readonly kind: "command-refused"; readonly counts: Readonly<Record<string, number>> }
  /** The log lines of a command were handed to the link. */
  | { readonly kind: "log-pulled"; readonly id: string }
  | { readonly kind: "disagreed"; readonly why: "rolled-back" | "forked" }
  /** What comes while a measurement goes on, and how it ended. */
  | { readonly kind: "progress"; readonly number: number; readonly progress: Progress }
  | { readonly kind: "measured"; readonly number: number; readonly result: Result<readonly Measurement[]> }
  | { readonly kind: "printed"; readonly number: number; readonly result: Result<void> }
  /** The results are sealed and on the disk, on their way to the recipient, or they are not. */
  | { readonly kind: "sealed"; readonly number: number; readonly result: Result<void> }
  /** The passes that are kept here have answered. */
  | { readonly kind: "pass"; readonly number: number; readonly pass: FoundPass };

export type Effect =
  /** What is kept beside an entry is written with it, or neither is. */
  | {
      readonly kind: "save";
      readonly entry: Entry;
      readonly guesses?: KeptGuesses;
      readonly bucket?: Bucket;
      readonly counts?: Counts;
    }
  | { readonly kind: "keep-guesses"; readonly guesses: KeptGuesses; readonly bucket?: Bucket }
  | { readonly kind: "keep-floor"; readonly floor: Millis }
  | { readonly kind: "keep-counted"; readonly utc: Millis }
  | { readonly kind: "checkpoint"; readonly books: Books }
  | { readonly kind: "find"; readonly typed: string }
  /** Answered by `found` with the same number; the recogniser may have to talk with the card. */
  | { readonly kind: "recognise"; readonly reading: Reading; readonly asked: number }
  | { readonly kind: "release"; readonly device: string; readonly slot: string; readonly seq: number }
  | { readonly kind: "recall"; readonly device: string; readonly slot: string; readonly seq: number }
  | { readonly kind: "settled"; readonly device: string; readonly seq: number }
  | { readonly kind: "curtain"; readonly device: string }
  | { readonly kind: "chime"; readonly sound: "good" | "sorry" }
  | { readonly kind: "answer"; readonly answer: Answer }
  | { readonly kind: "restart"; readonly why: string }
  | { readonly kind: "pull-log"; readonly id: string; readonly lines: number }
  | { readonly kind: "new-life"; readonly entry: Extract<Entry, { kind: "new-life" }> }
  /** Answered by `progress` and `measured`. `began`: nothing that was measured before then is this person's. */
  | {
      readonly kind: "measure";
      readonly number: number;
      readonly device: string;
      readonly began: Millis;
      readonly person: Person;
    }
  /** The instrument is told to stop; its answer is nobody's any more. */
  | { readonly kind: "stop-measuring"; readonly number: number }
  | {
      readonly kind: "print";
      readonly number: number;
      readonly device: string;
      readonly results: Results;
      readonly language: Language;
    }
  | { readonly kind: "seal"; readonly number: number; readonly results: Results }
  | { readonly kind: "keep-counts"; readonly counts: Counts }
  /** Finds a pass by its code, or makes one; ticks are added to it. Answered by `pass`. */
  | {
      readonly kind: "pass";
      readonly number: number;
      /** Digits; absent: a new one. */
      readonly code?: string;
      readonly sex: "female" | "male";
      /** Codes of items. */
      readonly ticks: readonly string[];
    };

export type Stepped = Step<State, Effect>;

/** The day by which the ledger's limits count: never one before its newest entry. */
export const ledgerDay = ({ now, books }: State): Day =>
  dayOf(now.trusted ? now.utc : millis(Math.max(now.utc, books.at)));

/** The day against whose allowance a member takes something now. */
export const shareDay = ({ almanac, now, books }: State): Day => memberDay(almanac, now, books.memberDay);

export const stay = (state: State, ...effects: readonly Effect[]): Stepped => ({ state, effects });

/** Goes on from a step with another, keeping the effects of both in order. */
export function andThen(step: Stepped, next: (state: State) => Stepped): Stepped {
  const further = next(step.state);
  return { state: further.state, effects: [...step.effects, ...further.effects] };
}
