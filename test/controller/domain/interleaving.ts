import { delays } from "../../../controller/delays.ts";
import { credentialKey, type Credential, type Finding } from "../../../controller/domain/credential.ts";
import type { Entry } from "../../../controller/domain/entry.ts";
import { motionsADay } from "../../../controller/domain/verdict.ts";
import { fault } from "../../../devices/kit/fault.ts";
import type { Delivery } from "../../../devices/vending/capability.ts";
import { dice as seeded, type Dice } from "../../kit/dice.ts";
import { aDay, ann, bob, card, digital } from "./members.ts";
import { booksOf, derived, found, fullShelf, hour, noon, offer, Paper, setting, written } from "./on-paper.ts";

// One kiosk on paper, whose disk, board, workers and power come in any order that a seed gives.

const codes = {
  "1111111111": found(derived(1)),
  "2222222222": found(derived(2)),
  "3333333333": found(derived(3, { offer: offer({ products: ["water"] }) })),
};
/** What readers see: members with a card, one with a token beside it, a tag that counts, and a card of nobody. */
const cards = {
  A1: card(ann, { offer: offer({ products: ["water"] }) }),
  A7: found(digital(ann, "7", { offer: offer({ products: ["water"] }) })),
  B2: card(bob, { allowances: [aDay(2), aDay(1, "soda")] }),
  B5: card(bob, { allowances: [aDay(2), aDay(1, "soda")], proof: "tag", counter: 5 }),
  D0: { is: "unregistered", of: "card", guess: true },
} as const satisfies Readonly<Record<string, Finding>>;
const shares: Readonly<Record<string, { readonly all: number; readonly soda: number }>> = {
  [ann.pid]: { all: 1, soda: 1 },
  [bob.pid]: { all: 2, soda: 1 },
};
const workers = [...Object.keys(codes), "4444444444"];
const remembering = { ...setting, machines: [{ id: "vend", remembers: true }] };

type Attempt = Extract<Entry, { kind: "attempt" }>;

/** What the machine really did with a motion. */
interface Motion {
  readonly seq: number;
  readonly code: string;
  readonly falls: boolean;
  readonly since: number;
  /** The kiosk that asked for it has not heard of it yet. */
  open: boolean;
}

export interface Interleaving {
  /** Promises that were broken, as sentences. */
  readonly broken: readonly string[];
  readonly fell: number;
  readonly cuts: number;
  /** Screens that were seen. */
  readonly seen: ReadonlySet<string>;
}

class Tale {
  readonly #dice: Dice;
  readonly #broken: string[] = [];
  readonly #motions: Motion[] = [];
  readonly #seen = new Set<string>();
  /** How many of the present kiosk's effects were looked at. */
  #looked = 0;
  #cuts = 0;
  #paper: Paper;

  constructor(seed: number) {
    this.#dice = seeded(seed);
    this.#paper = new Paper({
      codes,
      cards,
      disk: written(fullShelf),
      setting: seed % 3 === 0 ? remembering : setting,
    });
  }

  tell(steps: number): Interleaving {
    for (let step = 0; step < steps; step++) {
      this.#step();
      this.#look();
    }
    this.#calm();
    this.#accounts();
    return {
      broken: this.#broken,
      fell: this.#motions.filter(({ falls }) => falls).length,
      cuts: this.#cuts,
      seen: this.#seen,
    };
  }

  #pick<T>(from: readonly T[]): T {
    return from[this.#dice.between(0, from.length)] as T;
  }

  #step(): void {
    const paper = this.#paper;
    const dice = this.#dice;
    const roll = dice.roll();
    if (roll < 0.13) return this.#worker();
    if (roll < 0.2) return this.#card();
    if (roll < 0.22 && paper.waits("recognise") > 0) return void paper.recognised();
    if (roll < 0.25) return this.#press(this.#pick(["choose:1", "choose:2", "taken", "2", "cancel", "face:good"]));
    if (roll < 0.57) return this.#disk();
    if (roll < 0.75) return this.#board();
    if (roll < 0.92)
      return void paper.pass(this.#pick([1, 300, 1000, 2100, 2100, 9000, 16_000, 21_000, 65_000, 200_000]));
    if (roll < 0.95) return this.#cut();
    if (roll < 0.97) return void paper.device(this.#pick(["absent", "working", "working", "stale"] as const));
    if (roll < 0.98) return void (paper.utc += this.#pick([-30, -1, 1, 30]) * hour);
    paper.trusted = !paper.trusted;
  }

  /** Somebody types a code and mostly goes on to choose. */
  #worker(): void {
    const paper = this.#paper.press("clear").type(this.#pick(workers));
    if (this.#dice.chance(0.5)) paper.pass(2000);
    if (this.#dice.chance(0.8)) this.#press(this.#pick(["choose:1", "choose:2"]));
  }

  /** Somebody holds a card there, perhaps while another is served, and mostly goes on to choose. */
  #card(): void {
    const paper = this.#paper;
    paper.slowCards = this.#dice.chance(0.3);
    const uid = this.#pick(Object.keys(cards));
    for (let times = this.#dice.between(1, 3); times > 0; times--) paper.tap(uid);
    if (this.#dice.chance(0.2)) paper.read({ is: "unread", of: "card" });
    if (this.#dice.chance(0.5)) paper.pass(2000);
    if (this.#dice.chance(0.8)) this.#press(this.#pick(["choose:1", "choose:2"]));
  }

  #press(key: string): void {
    this.#paper.press(key);
    if (this.#dice.chance(0.3)) this.#paper.press(key);
  }

  /** The disk answers what was asked first, with yes or with no. */
  #disk(): void {
    const paper = this.#paper;
    if (paper.waits("keep-guesses") > 0 && this.#dice.chance(0.4)) {
      paper.take("keep-guesses");
      return void paper.send({ kind: "guesses-kept" });
    }
    if (paper.waits("save") === 0) return;
    if (this.#dice.chance(0.1)) paper.refuse();
    else paper.save();
  }

  /** The board ends a motion, answers about its curtain, or says something a second time. */
  #board(): void {
    const paper = this.#paper;
    const roll = this.#dice.roll();
    if (roll < 0.3 && paper.waits("curtain") > 0)
      return void paper.curtain(this.#pick(["clear", "clear", "clear", "blocked", "cannot-tell"] as const));
    if (roll < 0.4 && paper.waits("recall") > 0) {
      const { seq } = paper.take("recall");
      return this.#ends(this.#motions.find((motion) => motion.seq === seq) ?? { seq, falls: false });
    }
    if (roll < 0.5 && this.#motions.length > 0) return this.#ends(this.#pick(this.#motions));
    const moving = this.#motions.find(({ open }) => open);
    if (moving) this.#ends(moving);
  }

  #ends(motion: Pick<Motion, "seq" | "falls"> & { open?: boolean }): void {
    const { seq, falls } = motion;
    // A board speaks of a motion when it has heard of it: not of one that died with the power on its way.
    motion.open = false;
    const delivery: Delivery = this.#dice.chance(0.15)
      ? { kind: "unknown", fault: fault("silent", "") }
      : falls
        ? { kind: "delivered", evidence: "drop-sensor" }
        : { kind: "not-delivered", started: true, fault: fault(this.#pick(["no-drop", "jammed"]), "") };
    this.#paper.send({ kind: "delivery", seq, delivery });
  }

  /** The power goes: of what was on its way to the disk, the first few are there and nobody was told. */
  #cut(): void {
    this.#cuts += 1;
    const paper = this.#paper;
    const waiting = paper.waiting.flatMap((effect) => (effect.kind === "save" ? [effect.entry] : []));
    for (const entry of waiting.slice(0, this.#dice.between(0, waiting.length + 1))) paper.write(entry);
    for (const motion of this.#motions) motion.open = false;
    this.#paper = paper.reboot({ presence: this.#pick(["working", "starting"] as const) });
    this.#paper.mono = paper.mono;
    this.#looked = 0;
    this.#look();
    if (this.#dice.chance(0.5)) this.#paper.device("working");
  }

  /** What the machine was told to do, and whether it may. */
  #look(): void {
    const paper = this.#paper;
    const { scene } = paper.state;
    this.#seen.add(scene.is === "refused" ? scene.refusal.id : scene.is);
    for (const effect of paper.performed.slice(this.#looked)) {
      if (effect.kind !== "release") continue;
      paper.take("release");
      const attempt = paper.disk.find(({ seq }) => seq === effect.seq)?.entry;
      if (attempt?.kind !== "attempt" || attempt.slot !== effect.slot) {
        this.#broken.push(`slot ${effect.slot} moves for ${effect.seq}, and no attempt on the disk says so`);
        continue;
      }
      this.#mayMove(effect.seq, attempt.credential);
      this.#shareLeft(effect.seq, attempt);
      const code = credentialKey(attempt.credential);
      this.#motions.push({ seq: effect.seq, code, falls: this.#dice.chance(0.6), since: paper.mono, open: true });
    }
    this.#looked = paper.performed.length;
    const moving = this.#motions.some(({ open, since }) => open && paper.mono < since + delays.vendGivenUp);
    if (moving && scene.is === "idle") this.#broken.push("the screen is idle while something moves");
  }

  #mayMove(seq: number, credential: Credential): void {
    const code = credentialKey(credential);
    const { attempts, outcomes, taken } = this.#ledger();
    const say = (what: string) => this.#broken.push(`${what}: attempt ${seq} of ${code}`);
    if (outcomes.has(seq)) say("moves although it has an outcome");
    if (this.#motions.some((motion) => motion.seq === seq)) say("moves twice");
    // A member comes again: see #shareLeft.
    if (credential.kind === "member") return;
    if (taken.has(code)) say("moves although the worker said that the good was taken");
    for (const earlier of attempts.filter((attempt) => attempt.code === code && attempt.seq < seq)) {
      const outcome = outcomes.get(earlier.seq);
      if (!outcome?.frees) say(`moves although ${earlier.seq} is ${outcome?.delivery ?? "not settled"}`);
    }
  }

  /** By the ledger alone: what a member took on the attempt's day, and may have taken, is less than the share. */
  #shareLeft(seq: number, { credential, member, product, day }: Attempt): void {
    const who = credential.kind === "member" ? credential : member;
    if (who === undefined) return;
    if (day === undefined) return void this.#broken.push(`attempt ${seq} of ${who.pid} counts on no day`);
    const { outcomes, taken } = this.#ledger();
    const earlier = this.#paper.disk.flatMap(({ seq: of, entry }) => {
      if (entry.kind !== "attempt" || of >= seq || entry.day !== day) return [];
      const own = entry.credential.kind === "member" ? entry.credential : entry.member;
      if (own?.pid !== who.pid) return [];
      const outcome = outcomes.get(of);
      const favour = outcome?.delivery === "unknown" && outcome.frees;
      const nothing = outcome?.delivery === "not-delivered" || (favour && !taken.has(`${of}`));
      return nothing ? [] : [entry.product];
    });
    const share = shares[who.pid] ?? { all: 0, soda: 0 };
    const sodas = earlier.filter((other) => other === "soda").length;
    if (earlier.length >= share.all || (product === "soda" && sodas >= share.soda))
      this.#broken.push(`attempt ${seq} moves though ${who.pid} had ${earlier.length} that day`);
  }

  #ledger() {
    const attempts: { readonly seq: number; readonly code: string }[] = [];
    const outcomes = new Map<number, Extract<Entry, { kind: "outcome" }>>();
    const taken = new Set<string>();
    for (const { seq, entry } of this.#paper.disk) {
      if (entry.kind === "attempt") attempts.push({ seq, code: credentialKey(entry.credential) });
      if (entry.kind === "taken") taken.add(credentialKey(entry.credential)).add(`${entry.of}`);
      if (entry.kind !== "outcome") continue;
      if (outcomes.has(entry.of)) this.#broken.push(`attempt ${entry.of} has two outcomes`);
      outcomes.set(entry.of, entry);
    }
    return { attempts, outcomes, taken };
  }

  /** Everybody goes home, the disk and the board are well, and time passes. */
  #calm(): void {
    const paper = this.#paper;
    paper.trusted = true;
    paper.utc = Math.max(noon, paper.utc);
    const rests = (): boolean =>
      paper.state.scene.is === "idle" && paper.state.unsaved.length === 0 && paper.waits("save") === 0;
    for (let round = 0; round < 60 && (round < 7 || !rests()); round++) {
      while (paper.waits("save") > 0) paper.save();
      while (paper.waits("curtain") > 0) paper.curtain("clear");
      if (paper.waits("keep-guesses") > 0) {
        paper.take("keep-guesses");
        paper.send({ kind: "guesses-kept" });
      }
      while (paper.waits("recognise") > 0) paper.recognised();
      this.#look();
      for (const motion of this.#motions) if (motion.open) this.#ends(motion);
      // A kiosk that is at rest asks for few ticks; one that asks again and again keeps the processor busy.
      if (paper.pass(12_000) > 200) return void this.#broken.push("the kiosk ticks without end");
    }
  }

  #accounts(): void {
    const paper = this.#paper;
    const { attempts, outcomes } = this.#ledger();
    if (paper.state.scene.is !== "idle") this.#broken.push(`at the end the screen shows ${paper.shows}`);
    if (paper.state.unsaved.length > 0) this.#broken.push("at the end something is not saved");
    for (const { seq } of attempts) if (!outcomes.has(seq)) this.#broken.push(`attempt ${seq} was never settled`);
    for (const [seq, { delivery }] of outcomes) {
      const motion = this.#motions.find((motion) => motion.seq === seq);
      if (delivery !== "unknown" && (motion?.falls ?? false) !== (delivery === "delivered"))
        this.#broken.push(`attempt ${seq} is called ${delivery}, and that is not so`);
    }
    if (paper.state.next !== undefined) this.#broken.push("at the end a card still waits its turn");
    for (const code of new Set(attempts.map((attempt) => attempt.code).filter((key) => !key.startsWith("m:")))) {
      const own = attempts.flatMap((attempt) => (attempt.code === code ? [outcomes.get(attempt.seq)] : []));
      const given = own.filter((outcome) => outcome?.delivery === "delivered").length;
      const favours = own.filter((outcome) => outcome?.delivery === "unknown" && outcome.frees).length;
      const fell = this.#motions.filter((motion) => motion.code === code && motion.falls).length;
      if (given > 1) this.#broken.push(`${code} was delivered ${given} times`);
      if (favours > 1) this.#broken.push(`${code} was given back ${favours} times`);
      if (fell > 1 + favours) this.#broken.push(`${code} dropped ${fell} goods with ${favours} marks`);
      const started = own.filter((outcome) => outcome?.started).length;
      if (started > 3 * motionsADay) this.#broken.push(`${code} moved the machine ${started} times`);
    }
    const text = (value: unknown): string =>
      JSON.stringify(value, (_, inner: unknown) => (inner instanceof Map ? [...inner] : inner));
    if (text(paper.state.books) !== text(booksOf(paper.disk))) this.#broken.push("a restart would tell another story");
  }
}

/** The same seed is the same tale. */
export const interleaving = (seed: number, steps = 60): Interleaving => new Tale(seed).tell(steps);
