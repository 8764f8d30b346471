import type { Item } from "../../devices/health/capability.ts";
import type { Millis } from "../../devices/kit/clock.ts";
import type { CabinPage } from "../../controller/screen/cabin-model.ts";
import type { Screen } from "../../controller/screen/model.ts";
import type { CabinRoom, Use } from "./cabin-room.ts";

/** A visit as somebody sees it who looks at the glass and at the keys, and knows nothing of how the kiosk is made. */
export interface SeenVisit {
  readonly number: number;
  readonly began: Millis;
  consent: "asked" | "given" | "refused";
  /** Measurements that ended by themselves. */
  tests: number;
  /** Of which items a number stood on the glass, … */
  readonly told: Set<Item>;
  /** … and of which one may have come. */
  readonly possible: Set<Item>;
  /** What was typed, and taken. */
  readonly typed: { readonly item: Item; readonly value: number }[];
  /** Uses of others that fell into a step of this visit, which nobody but the person can tell apart. */
  readonly borrowed: Set<Use>;
  /** How often it was agreed that results are sent. */
  letters: number;
  /** Numbers that stood on the glass, as the glass had them. */
  readonly shown: Set<number>;
  /** The newest of each item that a step told, and when. */
  readonly newest: Map<Item, { readonly value: number; readonly at: number }>;
  /** The newest height and weight of the glass. */
  height?: number;
  weight?: number;
  /** What was asked since the power came: between two keys lay a minute. */
  unsure: boolean;
}

const minute = 60_000;
const givenUpAfter = 120_000;

/** Pages with which a step begins, and pages from which another one is begun. */
const begins = ["prepare", "meal", "enter"];
const between = ["steps", "told", "results", "alert", "still-you"];

/** Follows the visits from page to page. */
export class Visits {
  readonly all: SeenVisit[] = [];
  present: SeenVisit | undefined;
  /** The page that is on the glass, and since when. */
  page: CabinPage | undefined;
  since = 0;
  /** The page before it. */
  before: CabinPage | undefined;
  keyAt = 0;
  /** When the present step was prepared, and when it was begun, with its repetitions. */
  stepBegan = 0;
  roundBegan = 0;
  /** Told of each visit that is over. */
  ended: (visit: SeenVisit) => void = () => {};
  /** The key that is being pressed. */
  #by: string | undefined;
  #typing: { readonly item: Item; readonly value: number } | undefined;
  readonly #room: CabinRoom;

  constructor(room: CabinRoom) {
    this.#room = room;
  }

  /** A key goes down. */
  hears(key: string): void {
    this.#by = key;
    const now = this.#room.clock.mono();
    const { present, page } = this;
    if (present && page && page.is !== "bye") {
      if (now - this.keyAt >= minute) present.unsure = true;
      if (page.is === "consent" && (key === "agree" || key === "refuse"))
        present.consent = key === "agree" ? "given" : "refused";
      if (page.is === "still-you" && key === "still-me") present.unsure = false;
      if (page.is === "send" && key === "agree") present.letters += 1;
    }
    this.keyAt = now;
    if (present === undefined || page?.is !== "enter" || key !== "next" || page.typed === "") return;
    this.#typing = { item: page.item, value: Number(page.typed) };
    present.typed.push(this.#typing);
  }

  /** … and up. */
  heard(): void {
    this.#by = undefined;
    const { present, page } = this;
    const typed = this.#typing;
    this.#typing = undefined;
    if (typed === undefined || present === undefined) return;
    if (page?.is === "enter" && page.item === typed.item && page.wrong) present.typed.pop();
    else present.told.add(typed.item);
  }

  /** What is on the glass now. */
  sees({ body }: Screen): void {
    const page = body.is === "cabin" ? body.page : undefined;
    const [before, now] = [this.page, this.#room.clock.mono()];
    if (before?.is === "measuring" && page?.is !== "measuring") this.#measured(page, now);
    this.page = page;
    // Another instrument is another page.
    const isAnother = page?.is === "prepare" && before?.is === "prepare" && page.instrument.zh !== before.instrument.zh;
    if (isAnother) this.since = now;
    if (page?.is === before?.is) return;
    this.before = before;
    this.since = now;
    if (page === undefined || page.is === "bye" || page.is === "consent") this.#over();
    if (page?.is === "consent") this.#begins(now);
    if (page?.is === "prepare") this.stepBegan = now;
    if (page && begins.includes(page.is) && before && between.includes(before.is)) this.roundBegan = now;
  }

  /** The power goes: who sat there is forgotten, and not counted. */
  cut(): void {
    this.present = undefined;
    this.page = undefined;
    this.before = undefined;
  }

  #begins(began: Millis): void {
    this.present = {
      number: this.all.length + 1,
      began,
      consent: "asked",
      tests: 0,
      told: new Set(),
      possible: new Set(),
      typed: [],
      borrowed: new Set(),
      letters: 0,
      shown: new Set(),
      newest: new Map(),
      unsure: false,
    };
    this.all.push(this.present);
  }

  #over(): void {
    const { present } = this;
    this.present = undefined;
    if (present) this.ended(present);
  }

  /** A measurement is over: by itself, or by a key. */
  #measured(page: CabinPage | undefined, now: Millis): void {
    const { present } = this;
    if (present === undefined || this.#by !== undefined) return;
    const gaveUp = page?.is === "again" && page.why === "nothing-came" && now - this.since >= givenUpAfter;
    if (!gaveUp) present.tests += 1;
    for (const use of this.#room.uses) {
      const slack = this.#room.at(use.device).usage.keeps?.slack ?? 0;
      if (use.finished === undefined || use.finished < Math.max(this.stepBegan - slack, present.began)) continue;
      if (use.visit === 0) present.borrowed.add(use);
      for (const item of use.values.keys()) present.possible.add(item);
    }
  }
}
