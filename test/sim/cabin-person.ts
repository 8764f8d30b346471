import type { CabinPage } from "../../controller/screen/cabin-model.ts";
import type { Item } from "../../devices/health/capability.ts";
import { seconds } from "../../devices/kit/clock.ts";
import type { CabinRoom } from "./cabin-room.ts";
import type { DayValues } from "./cabin-values.ts";
import type { Eyes } from "./cabin-eyes.ts";
import { useOf } from "./cabin-uses.ts";

/** What people are like, as chances. */
export interface Nature {
  /** Agrees that visits are counted. */
  readonly agrees: number;
  /** Walks off, at each page. */
  readonly walksOff: number;
  /** Does something else with an instrument than what is asked. */
  readonly strays: number;
  /** Presses what nobody would think of. */
  readonly odd: number;
}

const strayKeys = [
  "end-",
  "0",
  "7",
  "next",
  "language",
  "cancel",
  "skip",
  "begin",
  "results",
  "go-on",
  "leaf:2",
  "cabin",
];
const longest = 60;
/** What steps are called that are not called like what they measure. */
const also: Readonly<Record<string, readonly Item[]>> = { pressure: ["systolic"], oxygen: ["spo2"], body: ["weight"] };

/** Somebody who sits down, is led, measures, and goes; with values that nobody else has on that day. */
export class Visitor {
  readonly #room: CabinRoom;
  readonly #eyes: Eyes;
  readonly #values: DayValues;
  readonly #nature: Nature;
  readonly #pressure: ReturnType<DayValues["pressures"]>;
  #instrument: string | undefined;
  /** Goes to this step at once, as quickly as keys can be pressed. */
  readonly #aim: string | undefined;
  /** The step whose instrument was left while it worked. */
  leaves: string | undefined;
  /** The step at which this person measures now. */
  #at: string | undefined;
  /** A pass made here, to be found again. */
  pass: string | undefined;
  left: "ended" | "walked off" | "cut" = "ended";

  constructor(room: CabinRoom, eyes: Eyes, values: DayValues, nature: Nature, aim?: string) {
    this.#aim = aim;
    this.#room = room;
    this.#eyes = eyes;
    this.#values = values;
    this.#nature = nature;
    this.#pressure = values.pressures();
  }

  /** Whoever finds somebody else's visit ends it. */
  async arrives(): Promise<void> {
    const room = this.#room;
    for (let tries = 0; tries < 3 && room.page !== undefined; tries++) {
      await this.#thinks(0.5, 3);
      if (room.page?.is === "still-you" && room.dice.chance(0.7)) this.#press("new-person");
      else this.#press("end");
      if (room.page?.is === "consent") return;
    }
    await room.clock.until(() => room.screen.body.is === "idle", seconds(30));
    await this.#thinks(0.3, 2);
    this.#press("cabin");
  }

  /** From the page that is there to the end, or to where the person has gone. */
  async goesOn(): Promise<void> {
    await this.#acts();
    this.#room.letsGo();
  }

  async #acts(): Promise<void> {
    const room = this.#room;
    const { dice, clock } = room;
    for (let acts = 0; acts < longest; acts++) {
      const { page } = room;
      if (page === undefined) {
        this.left = room.on ? "ended" : "cut";
        if (!room.on) this.leaves = this.#at;
        return;
      }
      if (page.is !== "consent" && dice.chance(this.#nature.walksOff)) {
        this.left = "walked off";
        return;
      }
      if (page.is === "bye") {
        if (dice.chance(0.5)) await clock.until(() => room.page === undefined, seconds(10));
        else this.#press("end");
        continue;
      }
      this.#at = page.is === "measuring" ? page.step : undefined;
      if (page.is === "measuring") await this.#measures(page);
      else if (page.is === "between" || (page.is === "rest" && !dice.chance(0.6))) await this.#waits(page);
      else {
        await this.#thinks(0.25, dice.chance(0.1) ? 20 : 3);
        if (room.page === page) await this.#answers(page, acts);
      }
    }
    this.#press("end");
  }

  #press(key: string): void {
    const { dice } = this.#room;
    const was = this.#room.page;
    this.#room.press(key);
    this.#heard(key, was);
    if (dice.chance(0.02)) this.#room.press(key);
  }

  /** No key waits for anything. */
  #heard(key: string, was: CabinPage | undefined): void {
    const { page, on } = this.#room;
    if (!on || was === undefined || was.is === "bye" || page === undefined) return;
    const stays = (key === "end" && page.is !== "bye") || (key === "stop" && page.is === was.is);
    if (stays) this.#eyes.say(`the key ${key} on the page ${was.is} leads to the page ${page.is}`);
  }

  #thinks(least: number, most: number): Promise<void> {
    const hurry = this.#aim === undefined ? 1 : 0.1;
    return this.#room.clock.pass(this.#room.dice.between(least * 1000 * hurry, most * 1000 * hurry));
  }

  /** Until the page is another, or the person has waited long enough. */
  async #waits(page: CabinPage): Promise<void> {
    const room = this.#room;
    const patience = seconds(room.dice.chance(0.1) ? room.dice.between(5, 60) : 305);
    const changed = await room.clock.until(() => room.page?.is !== page.is, patience);
    if (!changed && room.dice.chance(0.5)) this.#press(page.is === "rest" ? "steps" : "stop");
  }

  async #answers(page: CabinPage, acts: number): Promise<void> {
    const { dice } = this.#room;
    if (dice.chance(this.#nature.odd)) return this.#press(this.#pick(strayKeys));
    // Whoever has seen enough.
    if (acts > 30 && dice.chance(0.1)) return this.#press("end");
    switch (page.is) {
      case "consent":
        return this.#press(dice.chance(this.#nature.agrees) ? "agree" : "refuse");
      case "sex":
        return this.#press(this.#pick(["female", "male", "male", "skip"]));
      case "age":
        for (const key of dice.chance(0.8) ? ["4", String(dice.between(0, 10)), "next"] : ["skip"]) {
          this.#press(key);
          await this.#thinks(0.1, 0.4);
        }
        return;
      case "symptoms":
        if (dice.chance(0.08)) this.#press(`tick:${this.#pick(page.all)}`);
        if (dice.chance(0.2)) this.#press("tick:hot-work");
        return this.#press("next");
      case "steps": {
        if (await this.#lets(page)) return;
        if (this.#aim !== undefined && acts < 9) return this.#press(`step:${this.#aim}`);
        const ready = page.steps.filter(({ state }) => state === "ready" || state === "skipped");
        if (page.any && (ready.length === 0 || dice.chance(0.35))) return this.#press("results");
        if (ready.length === 0 && dice.chance(0.5)) return this.#press("end");
        if (dice.chance(0.4)) return this.#press("begin");
        return this.#press(`step:${this.#pick(page.steps).step}`);
      }
      case "meal":
        return this.#press(this.#pick(["fasting", "after-meal", "unknown"]));
      case "prepare":
        this.#instrument = this.#named(page.instrument.zh);
        if (dice.chance(0.05)) this.#uses(this.#instrument, page.items);
        return this.#press(dice.chance(0.85) ? "ready" : "skip");
      case "rest":
        return this.#press(dice.chance(0.8) ? "skip-rest" : "steps");
      case "again":
        if (page.instrument) this.#instrument = this.#named(page.instrument.zh);
        return this.#press(page.instrument && dice.chance(0.7) ? "again" : "skip");
      case "told":
        return this.#press(this.#pick(["next", "next", "next", "next", "again", "steps"]));
      case "enter":
        return this.#types(page.item);
      case "alert":
        return this.#press("understood");
      case "still-you":
        return this.#press("still-me");
      case "results":
        return this.#takesHome(page);
      case "qr":
        return this.#press(dice.chance(0.7) ? "results" : "end");
      case "send":
        return this.#press(dice.chance(0.75) ? "agree" : "refuse");
      case "pass-code":
        return this.#finds();
      case "pass":
        this.pass = page.pass.code.replaceAll(/\D/g, "");
        if (dice.chance(0.2)) for (const key of ["0", "1", "2", "next"]) this.#press(key);
        return this.#press("results");
      case "measuring":
      case "between":
      case "bye":
        return;
    }
  }

  #takesHome(page: Extract<CabinPage, { is: "results" }>): void {
    const { dice } = this.#room;
    const offered = [
      "qr",
      "steps",
      ...(page.leaves > 1 ? ["leaf:2"] : []),
      ...(page.print && page.print !== "printing" ? ["print", "print"] : []),
      ...(page.send === "ready" || page.send === "failed" ? ["send", "send"] : []),
      ...(page.pass ? ["pass"] : []),
    ];
    this.#press(dice.chance(0.35) ? "end" : this.#pick(offered));
  }

  async #finds(): Promise<void> {
    const { dice } = this.#room;
    if (this.pass !== undefined && dice.chance(0.7)) {
      for (const key of [...this.pass.split(""), "next"]) this.#press(key);
      await this.#thinks(0.3, 1);
      return;
    }
    this.#press(dice.chance(0.7) ? "new-pass" : "results");
    await this.#thinks(0.3, 1);
  }

  #types(item: Item): void {
    const { dice } = this.#room;
    if (dice.chance(0.15)) return this.#press("skip");
    const [low, high] = item.startsWith("grip") ? [15, 70] : [60, 140];
    const wrong = dice.chance(0.1);
    const whole = wrong ? 990 : dice.between(low, high);
    for (const key of [...String(whole).split(""), "dot", String(dice.between(0, 10)), "next"]) this.#press(key);
  }

  async #measures(page: Extract<CabinPage, { is: "measuring" }>): Promise<void> {
    const room = this.#room;
    const { dice, clock } = room;
    const left = (): boolean => room.page?.is !== "measuring";
    const mine = this.#lit() ?? this.#instrument;
    await this.#thinks(0.5, dice.chance(0.05) ? 118 : 5);
    if (left()) return;
    if (dice.chance(0.05)) return this.#leaves(page.step, mine);
    if (dice.chance(this.#nature.strays)) {
      switch (dice.between(0, 5)) {
        case 0:
          // Uses nothing.
          break;
        case 1:
          this.#uses(this.#pick(room.instruments).id, []);
          break;
        case 2:
          this.#uses(mine, this.#itemsOf(page.step));
          await this.#thinks(0.1, 8);
          this.#uses(mine, this.#itemsOf(page.step));
          break;
        case 3:
          this.#uses(mine, this.#itemsOf(page.step));
          await this.#thinks(0.5, 30);
          if (!left()) this.#press(this.#pick(["stop", "stop", "end"]));
          return;
        default:
          // Another strip than the one asked for.
          this.#uses(mine, []);
      }
    } else this.#uses(mine, this.#itemsOf(page.step));
    const gone = dice.chance(0.04);
    const done = await clock.until(left, seconds(gone ? dice.between(1, 40) : 130));
    if (!done && gone) {
      room.letsGo();
      this.#press(dice.chance(0.5) ? "stop" : "end");
    }
  }

  /** Starts it, and is gone while it works. */
  async #leaves(step: string, mine: string | undefined): Promise<void> {
    const { dice } = this.#room;
    this.#uses(mine, this.#itemsOf(step));
    await this.#thinks(0.1, dice.chance(0.5) ? 3 : 25);
    if (this.#room.page?.is !== "measuring") return;
    this.leaves = step;
    this.#press("end");
  }

  /** Somebody else is let at an instrument first, and this person goes to it next. */
  async #lets(page: Extract<CabinPage, { is: "steps" }>): Promise<boolean> {
    const { dice, instruments, clock } = this.#room;
    if (!dice.chance(this.#nature.strays / 3)) return false;
    const { id, usage } = this.#pick(instruments);
    if (usage.letsGo) return false;
    const use = useOf(this.#room, this.#room.at(id), this.#values, this.#values.pressures(), []);
    if (use) this.#room.use(id, 0, ...use);
    await clock.pass(seconds(dice.between(10, 44)));
    const step = page.steps.find((one) =>
      [...this.#itemsOf(one.step), ...(also[one.step] ?? [])].some((item) => item in usage.gives),
    );
    if (step) this.#press(`step:${step.step}`);
    return step !== undefined;
  }

  /** The instrument beside which a lamp is lit: whoever sits there sees which one it is. */
  #lit(): string | undefined {
    const scene = this.#room.kiosk?.state().scene;
    return scene?.is === "cabin" && scene.visit.page.is === "measuring" ? scene.visit.page.device : undefined;
  }

  #named(name: string): string | undefined {
    return this.#room.layout.stands.find(({ device }) => device.profile.name.zh === name)?.device.id;
  }

  #itemsOf(step: string): readonly Item[] {
    const ofStep: Readonly<Record<string, readonly Item[]>> = {
      lipids: ["cholesterol", "triglyceride"],
      haemoglobin: ["haemoglobin", "haematocrit"],
    };
    return ofStep[step] ?? [step as Item];
  }

  /** `asked`: which strip, where it takes strips; with none any. */
  #uses(id: string | undefined, asked: readonly Item[]): void {
    const room = this.#room;
    if (id === undefined || !room.standing.has(id)) return;
    const use = useOf(room, room.at(id), this.#values, this.#pressure, asked);
    if (use) room.use(id, this.#eyes.visits.present?.number ?? 0, ...use);
  }

  #pick<T>(from: readonly T[]): T {
    return from[this.#room.dice.between(0, from.length)] as T;
  }
}
