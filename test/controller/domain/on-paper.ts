import { fresh, type Guesses } from "../../../controller/domain/guesses.ts";
import { emptyBooks, fold, type Books } from "../../../controller/domain/books.ts";
import { wakesAt } from "../../../controller/domain/chores.ts";
import type { Counts } from "../../../controller/domain/cabin/counts.ts";
import type { Candidate, Day, Finding, Offer } from "../../../controller/domain/credential.ts";
import type { Entry, Stamped } from "../../../controller/domain/entry.ts";
import type { Machine } from "../../../controller/domain/machine.ts";
import type { Moment } from "../../../controller/domain/moment.ts";
import { picture } from "../../../controller/domain/picture.ts";
import type { Effect, Event, Knowledge, Presence, Setting, State } from "../../../controller/domain/state.ts";
import { station, type Happening } from "../../../controller/domain/station.ts";
import type { Body, Refusal, Screen } from "../../../controller/screen/model.ts";
import { millis, type Millis } from "../../../devices/kit/clock.ts";
import { fault, type Fault, type FaultKind } from "../../../devices/kit/fault.ts";
import { Secret } from "../../../devices/kit/secret.ts";
import type { Reading } from "../../../devices/reader/capability.ts";
import type { Curtain, Delivery } from "../../../devices/vending/capability.ts";
import { dayOf } from "../../../protocol/pickup-code/calendar.ts";

// The pure kiosk with pencil and paper: every effect lies here until the test answers it.

/** 2026-07-15, noon in UTC+8. */
export const noon = millis(Date.UTC(2026, 6, 15, 4));
export const today: Day = dayOf(noon);
export const day = 86_400_000;
export const hour = 3_600_000;

export const offer = (over: Partial<Offer> = {}): Offer => ({
  id: "summer",
  products: ["water", "soda"],
  from: today - 20,
  to: today + 20,
  opens: 0,
  closes: 1440,
  ...over,
});

/** A code of a day, today's where nothing else is said. */
export const derived = (index = 1, over: Partial<Candidate> = {}): Candidate => ({
  credential: { kind: "derived", epoch: String(over.validFrom ?? today), index },
  offer: offer(),
  validFrom: today,
  validTo: over.validFrom ?? today,
  ...over,
});

export const found = (...candidates: readonly Candidate[]): Finding => ({ is: "found", candidates });

export const setting: Setting = {
  places: ["1", "2", "3", "4"].map((slot, index) => ({
    device: "vend",
    slot,
    product: index % 2 === 0 ? "water" : "soda",
  })),
  products: [
    { id: "water", name: { zh: "冰矿泉水", en: "Iced water" } },
    { id: "soda", name: { zh: "盐汽水", en: "Salt soda" } },
  ],
  machines: [{ id: "vend", remembers: false }],
  readers: [],
  opens: 0,
  closes: 1440,
  neighbours: [],
  escrow: 3,
};

export const knowledge: Knowledge = {
  typed: { length: 10, groups: [3, 3, 4] },
  offers: [offer()],
  ceiling: today + 14,
  signedAt: millis(0),
  elsewhere: new Map(),
  taken: new Map(),
};

/** Stamps entries one after the other and folds them. */
export function written(entries: readonly Entry[], at: number = noon, trusted = true): readonly Stamped[] {
  return entries.map((entry, index) => ({ life: 1, seq: index + 1, at: millis(at), trusted, entry }));
}
export const booksOf = (stamped: readonly Stamped[]): Books => stamped.reduce(fold, emptyBooks);

export const refill = (slot: string, count = 10, expires?: string): Entry => ({
  kind: "refill",
  device: "vend",
  slot,
  product: setting.places.find((place) => place.slot === slot)?.product ?? "water",
  count,
  ...(expires === undefined ? {} : { expires }),
  by: "keeper",
});
export const fullShelf: readonly Entry[] = ["1", "2", "3", "4"].map((slot) => refill(slot));

export interface Sheet {
  readonly setting: Setting;
  readonly knowledge: Knowledge;
  /** What the disk holds at the start. */
  readonly disk: readonly Stamped[];
  readonly guesses: Guesses;
  readonly numbers: Guesses;
  readonly floor: number;
  readonly counted: number;
  /** Of the health cabin. */
  readonly counts: Counts;
  /** The run before this one ended without a word. */
  readonly cut: boolean;
  readonly utc: number;
  readonly trusted: boolean;
  /** What the code book says of what is typed; everything else is unknown. */
  readonly codes: Readonly<Record<string, Finding>>;
  /** What the recogniser says of what is read, by UID or text; everything else is nobody's card, or no code of ours. */
  readonly cards: Readonly<Record<string, Finding>>;
  /** Presence of the machine from the start. */
  readonly presence: Presence;
}

export class Paper {
  readonly #setting: Setting;
  readonly #codes: Readonly<Record<string, Finding>>;
  readonly #cards: Readonly<Record<string, Finding>>;
  /** Conversations with cards wait for the test, as `recognise` among what waits. */
  slowCards = false;
  readonly #machine: Machine<State, Happening, Effect>;
  /** What is durable. */
  readonly disk: Stamped[];
  /** Effects in the order they were asked for, not answered yet; `find` is answered at once, chimes are only heard. */
  readonly waiting: Effect[] = [];
  /** Every effect there ever was. */
  readonly performed: Effect[] = [];
  mono = 1_000_000;
  utc: number;
  trusted: boolean;
  state: State;

  constructor(sheet: Partial<Sheet> = {}) {
    this.#setting = sheet.setting ?? setting;
    this.#codes = sheet.codes ?? { "1111111111": found(derived(1)), "2222222222": found(derived(2)) };
    this.#cards = sheet.cards ?? {};
    this.disk = [...(sheet.disk ?? written(fullShelf))];
    this.utc = sheet.utc ?? noon;
    this.trusted = sheet.trusted ?? true;
    this.#machine = station(this.#setting, {
      now: this.now,
      books: booksOf(this.disk),
      guesses: sheet.guesses ?? fresh(this.now),
      numbers: sheet.numbers ?? fresh(this.now, "numbers"),
      floor: millis(sheet.floor ?? noon),
      counted: millis(sheet.counted ?? sheet.floor ?? noon),
      knowledge: sheet.knowledge ?? knowledge,
      ...(sheet.counts && { counts: sheet.counts }),
      ...(sheet.cut && { cut: true }),
    });
    this.state = this.#machine.start;
    this.send({ kind: "tick" });
    if (sheet.presence !== "starting") this.device(sheet.presence ?? "working");
  }

  get now(): Moment {
    return { mono: millis(this.mono), utc: millis(this.utc), trusted: this.trusted };
  }

  send(event: Event): this {
    const step = this.#machine.step(this.state, { now: this.now, event });
    this.state = step.state;
    for (const effect of step.effects) {
      this.performed.push(effect);
      if (effect.kind === "find") this.send({ kind: "found", finding: this.#codes[effect.typed] ?? { is: "unknown" } });
      else if (effect.kind === "recognise" && !this.slowCards) this.recognised(effect);
      else if (effect.kind !== "chime") this.waiting.push(effect);
    }
    return this;
  }

  /** The recogniser answers the oldest question, or this one. */
  recognised(effect = this.take("recognise")): this {
    return this.send({ kind: "found", finding: this.#findingOf(effect.reading), asked: effect.asked });
  }

  #findingOf(reading: Reading): Finding {
    if (reading.is === "unread") return reading;
    const value = reading.is === "card" ? reading.uid.reveal() : reading.text.reveal();
    const unknown: Finding =
      reading.is === "card" ? { is: "unregistered", of: "card", guess: true } : { is: "mistyped" };
    return this.#cards[value] ?? unknown;
  }

  read(reading: Reading): this {
    return this.send({ kind: "read", device: "reader", reading });
  }

  /** A card with this UID is held before the reader. */
  tap(uid: string): this {
    return this.read({ is: "card", technology: "iso14443a", uid: new Secret(uid) });
  }

  scan(text: string): this {
    return this.read({ is: "text", text: new Secret(text) });
  }

  press(...keys: readonly string[]): this {
    for (const key of keys) this.send({ kind: "key", key });
    return this;
  }

  type(code: string): this {
    return this.press(...Array.from(code));
  }

  device(presence: Presence, why?: Fault, id = "vend"): this {
    return this.send({ kind: "device", id, presence, ...(why ? { fault: why } : {}) });
  }

  /** Time goes on, from one tick the machine asks for to the next. Gives how many there were. */
  pass(span: number): number {
    const until = this.mono + span;
    let ticks = 0;
    for (let next = wakesAt(this.state); next <= until; next = wakesAt(this.state)) {
      this.utc += next - this.mono;
      this.mono = next;
      this.send({ kind: "tick" });
      ticks += 1;
    }
    this.utc += until - this.mono;
    this.mono = until;
    return ticks;
  }

  /** Takes the oldest waiting effect of a kind off the sheet. */
  take<K extends Effect["kind"]>(kind: K): Extract<Effect, { kind: K }> {
    const at = this.waiting.findIndex((effect) => effect.kind === kind);
    const [effect] = at < 0 ? [] : this.waiting.splice(at, 1);
    if (effect === undefined) throw new Error(`nothing of the kind "${kind}" waits`);
    return effect as Extract<Effect, { kind: K }>;
  }

  waits(kind: Effect["kind"]): number {
    return this.waiting.filter((effect) => effect.kind === kind).length;
  }

  /** Puts an entry on the disk without telling anybody: what a power cut leaves. */
  write(entry: Entry): Stamped {
    const last = this.disk.at(-1);
    const stamped: Stamped = {
      life: last?.life ?? 1,
      seq: (last?.seq ?? 0) + 1,
      at: millis(this.utc),
      trusted: this.trusted,
      entry,
    };
    this.disk.push(stamped);
    return stamped;
  }

  /** The disk takes the oldest entry that waits. */
  save(): Stamped {
    const stamped = this.write(this.take("save").entry);
    this.send({ kind: "saved", stamped });
    return stamped;
  }

  /** … or begins the new life that waits. */
  beginLife(): Stamped {
    const { entry } = this.take("new-life");
    const stamped: Stamped = {
      life: (this.disk.at(-1)?.life ?? 0) + 1,
      seq: 1,
      at: millis(this.utc),
      trusted: this.trusted,
      entry,
    };
    this.disk.push(stamped);
    this.send({ kind: "saved", stamped });
    return stamped;
  }

  /** … or refuses it. */
  refuse(why: Fault = fault("refused", "the card is full")): Entry {
    const { entry } = this.take("save");
    this.send({ kind: "not-saved", entry, fault: why });
    return entry;
  }

  /** The disk takes everything. */
  saveAll(): this {
    while (this.waits("save") > 0) this.save();
    return this;
  }

  /** The motor that was told to move ends so. */
  moved(delivery: Delivery): this {
    const { seq } = this.take("release");
    return this.send({ kind: "delivery", seq, delivery });
  }

  drops(): this {
    return this.moved({ kind: "delivered", evidence: "drop-sensor" });
  }

  fails(kind: FaultKind = "no-drop", started = true): this {
    return this.moved({ kind: "not-delivered", started, fault: fault(kind, "as the test wants it") });
  }

  unclear(): this {
    return this.moved({ kind: "unknown", fault: fault("silent", "as the test wants it") });
  }

  curtain(curtain: Curtain | "cannot-tell" = "clear"): this {
    const { device } = this.take("curtain");
    return this.send({ kind: "curtain", device, curtain });
  }

  /** A code typed and a product chosen, up to the attempt on its way to the disk. */
  choose(code = "1111111111", product = "choose:1"): this {
    this.type(code);
    if (this.state.scene.is === "checking") this.pass(2000);
    return this.press(product);
  }

  /** … up to the motor that turns. */
  start(code = "1111111111", product = "choose:1"): this {
    return this.choose(code, product).saveAll();
  }

  get picture(): Screen {
    return picture(this.#setting, this.state);
  }

  get body(): Body {
    return this.picture.body;
  }

  get refusal(): Refusal | undefined {
    const { body } = this;
    if (body.is === "refused") return body.refusal;
    return body.is === "enter" || body.is === "choose" ? body.said : undefined;
  }

  /** What stands on the glass, as one word: the screen's name, or the refusal's id. */
  get shows(): string {
    return this.refusal?.id ?? this.body.is;
  }

  /** What the idle screen says of why nothing can be had. */
  get closed(): string | undefined {
    const { body } = this;
    return body.is === "idle" ? body.closed?.id : undefined;
  }

  saves(kind: Entry["kind"]): readonly Entry[] {
    return this.performed.flatMap((effect) =>
      effect.kind === "save" && effect.entry.kind === kind ? [effect.entry] : [],
    );
  }

  /** The power goes and comes back: only what is durable is known. */
  reboot(over: Partial<Sheet> = {}): Paper {
    return new Paper({
      setting: this.#setting,
      codes: this.#codes,
      cards: this.#cards,
      knowledge: this.state.knowledge,
      disk: this.disk,
      floor: this.state.floorKept,
      counted: this.state.countedKept,
      utc: this.utc,
      trusted: this.trusted,
      ...over,
    });
  }

  wakes(): Millis {
    return wakesAt(this.state);
  }
}
