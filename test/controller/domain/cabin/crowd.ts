import type { Item, Reading } from "../../../../devices/health/capability.ts";
import { minutes, seconds } from "../../../../devices/kit/clock.ts";
import { ok } from "../../../../devices/kit/result.ts";
import type { Effect } from "../../../../controller/domain/state.ts";
import { codeOf, type CheckUpList } from "../../../../controller/domain/cabin/pass.ts";
import { delays } from "../../../../controller/delays.ts";
import { card, ann } from "../members.ts";
import { everyKey, keysOf, type Happening } from "./doings.ts";
import { cabin, gives, instrument, pressure, Seat } from "./seat.ts";

// One person after the other, who press, sit, unplug and go away as it comes; and somebody who keeps the books: which value
// was given to whom. The books are kept from effects and keys alone, and know nothing of how the visit is made.

const name = { zh: "x", en: "x" };
const list: CheckUpList = [
  { number: 11, group: "a", name, by: [["glucose"]] },
  { number: 12, group: "a", name },
];

const withValues = ["told", "results", "qr", "pass"];
/** Every measurement of these people gives a weight that nobody else has. */
const marker = /"figure":"weight","value":([\d.]+)/g;
const markersIn = (text: string): readonly number[] => [...text.matchAll(marker)].map(([, value]) => Number(value));

export class Crowd {
  readonly seat = new Seat(
    {
      instruments: [...cabin.instruments, instrument("second", ["temperature", "spo2"])],
      recipient: { name },
      pass: list,
    },
    { cards: { A1: card(ann) } },
  );
  readonly broken: string[] = [];
  readonly pages = new Set<string>();
  /** How often an instrument that was left gave something to the next person. */
  leftovers = 0;
  /** Instruments that a person started and left, and when: this one, and those before. */
  readonly #left = new Map<string, number>();
  readonly #leftBefore = new Map<string, number>();
  #looked = 0;
  /** What happened since then may have happened at once. */
  #lookedAt = 0;
  /** Given so far, and to the person who is there. */
  #given = 0;
  #own = new Set<number>();
  #refused = false;
  /** The measurement that goes on, and all there were. */
  #running: number | undefined;
  readonly #numbers: number[] = [];
  #began = 0;
  #pressedAt = 0;
  #unsure = false;
  #before = "idle";

  /** `pick`: any number; it chooses among what may be. */
  happens(what: Happening, pick: number): this {
    const choose = <T>(some: readonly T[]): T | undefined => some[pick % some.length];
    const device = choose(["cuff", "oximeter", "thermometer", "strips", "scale", "second", "printer"]) ?? "cuff";
    switch (what) {
      // From whatever page it is, as far as that leads.
      case "sits":
        for (const key of ["cabin", "agree", "male", "skip", "next"]) this.#press(key);
        break;
      case "measures":
        for (const key of [
          "next",
          "steps",
          `step:${choose(["pressure", "pressure", "oxygen", "body", "urate"])}`,
          "ready",
        ])
          this.#press(key);
        this.#press("skip-rest");
        this.#look(what);
        this.#answer(this.#running, this.#readings(pick));
        break;
      case "reads":
        for (const key of ["steps", "results", ...(choose([["pass", "new-pass"], ["send"], ["qr"], ["print"]]) ?? [])])
          this.#press(key);
        break;
      case "ends":
        this.#press("end");
        break;
      case "key":
        this.#press(choose(keysOf[this.seat.on] ?? ["x"]) ?? "x");
        break;
      case "any key":
        this.#press(choose(everyKey) ?? "x");
        break;
      case "answer":
        this.#answer(this.#running, this.#readings(pick));
        break;
      case "doubtful":
        this.#answer(this.#running, [gives("weight", 400 + pick), gives("spo2", 12), ...pressure(300, 20)]);
        break;
      case "late answer":
        this.#answer(choose(this.#numbers), this.#readings(pick));
        break;
      case "leftover":
        this.#leftover(pick);
        break;
      case "foreign answer":
        this.#answer(100_000 + pick, this.#readings(pick));
        break;
      case "fails":
        if (this.#running !== undefined) this.seat.fails(pick % 2 === 0 ? "refused" : "no-device", this.#running);
        this.#running = undefined;
        break;
      case "progress": {
        const number = choose(this.#numbers);
        if (number !== undefined) this.seat.shows({ is: "cuff", pressure: 111, unit: "mm[Hg]" }, number);
        break;
      }
      case "moment":
        this.#pass(seconds(1 + (pick % 20)));
        break;
      case "minute":
        this.#pass(seconds(50 + (pick % 30)));
        break;
      case "long":
        this.#pass(minutes(1 + (pick % 6)));
        break;
      case "unplug":
        this.seat.device(device, pick % 2 === 0 ? "broken" : "stale");
        break;
      case "plug":
        this.seat.device(device, "working");
        break;
      case "card":
        this.seat.paper.tap("A1");
        break;
      case "printed":
        this.#late("print", (number) => this.seat.paper.send({ kind: "printed", number, result: ok(undefined) }));
        break;
      case "sealed":
        this.#late("seal", (number) => this.seat.paper.send({ kind: "sealed", number, result: ok(undefined) }));
        break;
      case "pass":
        this.#late("pass", (number) => {
          const found = { is: "found", code: "123456789012", sex: "male", ticked: list.map(codeOf) } as const;
          this.seat.paper.send({ kind: "pass", number, pass: pick % 3 === 0 ? { is: "unknown" } : found });
        });
        break;
    }
    this.#look(what);
    return this;
  }

  /** Everybody goes home. Whoever chose a good meanwhile has gone too. */
  calm(): this {
    this.#pass(minutes(10));
    this.#look("calm");
    if (this.seat.on !== "idle") this.#say(`after ten quiet minutes the glass shows ${this.seat.on}`);
    const { memory } = this.seat;
    if (/"figure"|"symptoms"|"person"|123456789012/.test(memory))
      this.#say("something of a visit is left in the memory");
    return this;
  }

  #say(what: string): void {
    this.broken.push(what);
  }

  #readings(pick: number): readonly Reading[] {
    this.#given += 1;
    const weight = gives("weight", (200 + this.#given) / 10);
    const others: readonly (readonly Reading[])[] = [
      pressure(120 + (pick % 70), 70 + (pick % 45)),
      [gives("spo2", 84 + (pick % 15)), gives("pulse", 60 + (pick % 80))],
      [gives("temperature", 35.5 + (pick % 45) / 10)],
      [gives("glucose", 3 + (pick % 16))],
      [gives("cholesterol", 4.5)],
      [gives("height", 160)],
      [],
    ];
    return [weight, ...(others[pick % others.length] ?? [])];
  }

  #answer(number: number | undefined, readings: readonly Reading[]): void {
    if (number === undefined) return;
    const isOwn = number === this.#running;
    if (isOwn) {
      this.#running = undefined;
      for (const { item, value } of readings) if (isWeight(item)) this.#own.add(value);
    }
    const before = this.seat.memory;
    this.seat.answers(readings, number);
    if (!isOwn && markersIn(this.seat.memory).join() !== markersIn(before).join())
      this.#say(`the answer ${number} is nobody's, and something of it was taken`);
  }

  /** An instrument that somebody started and left gives that one's value to whoever sits there now. */
  #leftover(pick: number): void {
    const takes = ["next", "steps", "step:oxygen", "ready"];
    for (const key of [...takes, "end", "x", "cabin", "agree", "male", "skip", "next", ...takes]) {
      this.#press(key);
      this.#look("leftover");
    }
    const asked = this.seat.effects("measure").find(({ number }) => number === this.#running);
    const since = asked === undefined ? undefined : this.#leftBefore.get(asked.device);
    if (since === undefined || this.seat.now >= since + delays.instrumentLingers) return;
    this.leftovers += 1;
    this.seat.answers(this.#readings(pick), this.#running);
    this.#running = undefined;
  }

  #late(kind: "print" | "seal" | "pass", answer: (number: number) => void): void {
    const last = this.seat.effects(kind).at(-1);
    if (last !== undefined) answer(last.number);
  }

  #press(key: string): void {
    const { on } = this.seat;
    if (this.seat.now - this.#pressedAt >= minutes(1)) this.#unsure = true;
    this.#pressedAt = this.seat.now;
    if (on === "still-you" && key === "still-me") this.#unsure = false;
    if (on === "consent" && (key === "agree" || key === "refuse")) this.#refused = key === "refuse";
    if (on === "idle") this.#newcomer();
    this.seat.press(key);
    if (on !== "still-you" || key !== "new-person") return;
    // What is still done is done for the one before.
    this.#look(key);
    this.#newcomer();
  }

  #newcomer(): void {
    this.#own = new Set();
    for (const [device, since] of this.#left) this.#leftBefore.set(device, since);
    this.#left.clear();
    this.#unsure = false;
    this.#refused = true;
    this.#began = this.seat.now;
  }

  #leaves(number: number): void {
    const asked = this.seat.effects("measure").find((one) => one.number === number);
    const isStopped = cabin.instruments.some(({ id, starts }) => id === asked?.device && starts);
    if (asked !== undefined && !isStopped) this.#left.set(asked.device, this.#lookedAt);
  }

  /** The machine ticks for what changes: at most once a second, and once a minute beside. */
  #pass(span: number): void {
    const ticks = this.seat.paper.pass(span);
    if (ticks > span / 1000 + span / 60_000 + 6) this.#say(`${ticks} ticks in ${span / 1000} s`);
  }

  #look(what: string): void {
    const { seat } = this;
    const { on } = seat;
    this.pages.add(on);
    for (const effect of seat.paper.performed.slice(this.#looked)) this.#effect(effect, what);
    this.#looked = seat.paper.performed.length;
    this.#lookedAt = seat.now;
    if (seat.now - this.#pressedAt >= minutes(1)) this.#unsure = true;
    if (withValues.includes(on) && !withValues.includes(this.#before) && this.#unsure)
      this.#say(`${what}: ${on} is shown after a minute without a key, and nobody was asked who sits there`);
    if ((on === "idle" || on === "bye" || on === "consent") && this.#running !== undefined)
      this.#say(`${what}: ${on} is shown, and measurement ${this.#running} still goes on`);
    if ((on === "measuring") !== (this.#running !== undefined))
      this.#say(`${what}: the glass shows ${on}, and ${this.#running ?? "nothing"} measures`);
    this.#before = on;
    this.#mine(`${what} in the memory`, seat.memory);
    this.#mine(`${what} on the glass`, JSON.stringify(seat.paper.picture));
  }

  #mine(where: string, text: string): void {
    for (const value of markersIn(text))
      if (!this.#own.has(value)) this.#say(`${where}: ${value} is not this person's`);
  }

  #effect(effect: Effect, what: string): void {
    switch (effect.kind) {
      case "measure":
        if (this.#running !== undefined) this.#say(`${what}: two measurements at once`);
        if (effect.began < this.#began) this.#say(`${what}: a measurement reaches back to somebody before`);
        if (this.seat.paper.state.presence.get(effect.device) !== "working" && what !== "unplug")
          this.#say(`${what}: ${effect.device} is asked and does not answer`);
        this.#running = effect.number;
        this.#numbers.push(effect.number);
        break;
      case "stop-measuring":
        this.#leaves(effect.number);
        if (effect.number !== this.#running) this.#say(`${what}: ${effect.number} is stopped, and does not go on`);
        this.#running = undefined;
        break;
      case "print":
        this.#mine("on the slip", JSON.stringify(effect));
        break;
      case "seal":
      case "pass":
      case "keep-counts":
        if (this.#refused) this.#say(`${what}: ${effect.kind} for somebody who refused`);
        if (effect.kind === "seal") this.#mine("in the letter", JSON.stringify(effect));
        else if (JSON.stringify(effect).includes('"value"')) this.#say(`${effect.kind} holds a value`);
        break;
      default:
        if (JSON.stringify(effect).includes('"figure"')) this.#say(`${effect.kind} holds a figure`);
    }
  }
}

const isWeight = (item: Item): boolean => item === "weight";
