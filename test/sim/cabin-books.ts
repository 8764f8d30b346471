import { countsName } from "../../controller/beginning.ts";
import type { Counts } from "../../controller/domain/cabin/counts.ts";
import { decode } from "../../controller/store/json.ts";
import type { Eyes } from "./cabin-eyes.ts";
import type { CabinRoom } from "./cabin-room.ts";
import type { SeenVisit } from "./cabin-visits.ts";

/** Slack beside the time that the card takes for a write. */
const aMoment = 5;

/** Counts who agreed and was measured, and compares that with what the kiosk told and keeps. */
export class CountedBooks {
  /** Visits that count, of those that no power cut has taken. */
  expected = 0;
  /** Visits that a cut took before they were on the card. */
  lost = 0;
  /** Since the card last took what there was. */
  readonly #waiting: number[] = [];
  readonly #least = new Map<string, number>();
  readonly #most = new Map<string, number>();
  readonly #room: CabinRoom;
  readonly #eyes: Eyes;
  #told = 0;
  /** Entries of the card that were looked through. */
  #entries = 0;
  #mayTell = false;

  constructor(room: CabinRoom, eyes: Eyes) {
    this.#room = room;
    this.#eyes = eyes;
    eyes.visits.ended = (visit) => this.#over(visit);
    room.watches.add(() => this.#watches());
  }

  #over(visit: SeenVisit): void {
    if (visit.consent !== "given" || (visit.tests === 0 && visit.told.size === 0)) return;
    this.expected += 1;
    this.#mayTell = false;
    this.#waiting.push(this.#room.clock.mono());
    for (const item of visit.told) this.#least.set(item, (this.#least.get(item) ?? 0) + 1);
    for (const item of new Set([...visit.told, ...visit.possible]))
      this.#most.set(item, (this.#most.get(item) ?? 0) + 1);
  }

  /** A day is over: until somebody comes on the next one it may be told. */
  newDay(): void {
    this.#mayTell = true;
  }

  get #kept(): Counts | undefined {
    return decode<Counts>(this.#room.card.kept.get(countsName));
  }

  get tellings() {
    return this.#room.card.entries.flatMap(({ entry }) => (entry.kind === "checked" ? [entry] : []));
  }

  /** Told, and kept on the card. */
  get onCard(): number {
    return this.tellings.reduce((sum, { people }) => sum + people, 0) + (this.#kept?.people ?? 0);
  }

  /** The power goes: what is not on the card now may be lost, and that is one visit at the most. */
  cut(): void {
    const { card, clock } = this.#room;
    const late = this.#waiting.filter((ended) => clock.mono() - ended > card.latency + aMoment);
    if (this.expected - this.onCard > this.#waiting.length)
      this.#eyes.say(`${this.expected} visits are over, ${this.onCard} are told or kept`);
    if (late.length > 0 && !card.refused)
      this.#eyes.say(`a visit that ended long before the power went is not on the card`);
  }

  /** The kiosk has started anew: it believes what is on the card. */
  startsAnew(): void {
    const lost = this.expected - this.onCard;
    if (lost < 0) this.#eyes.say(`${-lost} people were counted twice`);
    if (lost > this.#waiting.length) this.#eyes.say(`${lost} visits were lost at one power cut`);
    this.lost += Math.max(0, lost);
    this.expected = this.onCard;
    this.#waiting.length = 0;
    this.#room.card.refused = false;
    // Of the items of a lost visit nobody knows which.
    for (const [item, count] of this.#least) this.#least.set(item, count - lost);
  }

  #watches(): void {
    if (this.#waiting.length > 0 && this.onCard === this.expected) {
      this.#waiting.length = 0;
      this.#room.card.refused = false;
    }
    const { entries } = this.#room.card;
    if (entries.length === this.#entries) return;
    this.#entries = entries.length;
    for (const { people, items } of this.tellings.slice(this.#told)) {
      for (const [what, count] of Object.entries({ people, ...items }))
        if (count < 10 || count % 10 !== 0) this.#eyes.say(`a telling speaks of ${count}: ${what}`);
      if (!this.#mayTell) this.#eyes.say("counts are told before the day is over");
    }
    this.#told = this.tellings.length;
  }

  /** Told and kept together are who came. */
  sums(): void {
    const { expected, onCard } = this;
    if (onCard !== expected) this.#eyes.say(`${expected} people agreed and were measured, ${onCard} are told or kept`);
    const items = (all: Counts["items"] | undefined, item: string) =>
      (all as Readonly<Record<string, number>>)?.[item] ?? 0;
    for (const item of new Set([...this.#most.keys(), ...Object.keys(this.#kept?.items ?? {})])) {
      const sum =
        this.tellings.reduce((all, telling) => all + items(telling.items, item), 0) + items(this.#kept?.items, item);
      const [least, most] = [this.#least.get(item) ?? 0, this.#most.get(item) ?? 0];
      if (sum < least || sum > most)
        this.#eyes.say(`${item} was measured by ${least} to ${most} people, ${sum} are told or kept`);
    }
  }
}
