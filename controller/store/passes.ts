import { hkdfSync, type KeyObject } from "node:crypto";
import type { Clock } from "../../devices/kit/clock.ts";
import type { Result } from "../../devices/kit/result.ts";
import { civil, dayOf } from "../../protocol/pickup-code/calendar.ts";
import { damm } from "../../protocol/pickup-code/damm.ts";
import { ready, tagOf } from "../../protocol/pickup-code/derive.ts";
import { codeOf, isPassCode, numberIn, passDigits, type FoundPass } from "../domain/cabin/pass.ts";
import { fresh, rest, spend, type Guesses } from "../domain/guesses.ts";
import type { Sex } from "../domain/health/ranges.ts";
import type { Disk, World } from "../world.ts";
import { textUnderSum, withSum } from "./checked.ts";

/** A station of a hundred people a day hands out fewer in a year; all of them together are half a megabyte. */
export const passesKept = 5000;
/** Fifteen months by the calendar are never less than 400 days: then an unused pass makes room where there is none. */
const forgottenAfterMonths = 15;

export interface PassesAsked {
  readonly keep: Disk["keep"];
  /** The kiosk's X25519 private key, 32 bytes: see kiosk-key.ts. With another nobody is found. */
  readonly kioskKey: Uint8Array;
  readonly clock: Clock;
  readonly dice: World["dice"];
  note: World["log"]["note"];
}

export interface Passes {
  /**
   * Finds a pass by its code, or makes one where there is no code, and adds ticks. Whatever it answers as ticked is on
   * the disk. Rejects never. `sex` counts for a new one alone.
   * @param asked.ticks codes of items; what is no code ticks nothing.
   */
  ask(asked: { readonly code?: string; readonly sex: Sex; readonly ticks: readonly string[] }): Promise<FoundPass>;
}

/** All that is kept of a person. */
interface Pass {
  readonly sex: Sex;
  /** Of the last use, counted from year 0; 0 where nothing told it. */
  readonly month: number;
  /** Numbers of items. */
  readonly ticked: readonly number[];
}

/** Passes by their tag. One drawer is one small blob, so that a tick writes a page of the card and not a hundred. */
type Drawer = ReadonlyMap<string, Pass>;

const drawers: readonly string[] = Array.from({ length: 256 }, (_, at) => at.toString(16).padStart(2, "0"));
const drawerOf = (tag: string): string => tag.slice(0, 2);
const keptAs = (drawer: string): string => `passes-${drawer}`;

/** Reads the passes that are kept. A damaged drawer is put aside and begins anew. */
export async function openPasses({ keep, kioskKey, clock, dice, note }: PassesAsked): Promise<Passes> {
  const key = ready(new Uint8Array(hkdfSync("sha256", kioskKey, "yizhan/v1", "passes", 32)));
  const read = new Map<string, Drawer>();
  for (const drawer of drawers) {
    const bytes = keep.get(keptAs(drawer));
    if (bytes === undefined) continue;
    const text = textUnderSum(bytes);
    if (text !== undefined) {
      read.set(drawer, new Map(JSON.parse(text) as [string, Pass][]));
      continue;
    }
    await keep.put(`${keptAs(drawer)}-aside`, bytes);
    note("passes-set-aside", { drawer });
  }
  return new KeptPasses(keep, clock, dice, key, read);
}

class KeptPasses implements Passes {
  readonly #keep: Disk["keep"];
  readonly #clock: Clock;
  readonly #dice: World["dice"];
  readonly #key: KeyObject;
  readonly #drawers: Map<string, Drawer>;
  #guesses: Guesses;
  /** One question at a time: two that change a drawer must not lose each other's ticks. */
  #before: Promise<unknown> = Promise.resolve();

  constructor(
    keep: Disk["keep"],
    clock: Clock,
    dice: World["dice"],
    key: KeyObject,
    read: ReadonlyMap<string, Drawer>,
  ) {
    this.#keep = keep;
    this.#clock = clock;
    this.#dice = dice;
    this.#key = key;
    this.#drawers = new Map(read);
    this.#guesses = fresh({ mono: clock.mono(), ...clock.wall() });
  }

  ask({ code, sex, ticks }: Parameters<Passes["ask"]>[0]): Promise<FoundPass> {
    const numbers = ticks.flatMap((tick) => numberIn(tick) ?? []);
    const answer = this.#before.then(() => (code === undefined ? this.#make(sex, numbers) : this.#find(code, numbers)));
    this.#before = answer;
    return answer;
  }

  async #find(code: string, numbers: readonly number[]): Promise<FoundPass> {
    if (!isPassCode(code)) return { is: "unknown" };
    const mono = this.#clock.mono();
    if (rest(this.#guesses, mono) > 0) return { is: "failed" };
    const tag = tagOf(this.#key, code);
    const pass = this.#drawer(tag).get(tag);
    if (pass === undefined) {
      this.#guesses = spend(this.#guesses, mono, dayOf(this.#clock.wall().utc));
      return { is: "unknown" };
    }
    const ticked = [...new Set([...pass.ticked, ...numbers])].sort((a, b) => a - b);
    const month = Math.max(pass.month, this.#month());
    const isNew = ticked.length > pass.ticked.length || month > pass.month;
    const next: Pass = { sex: pass.sex, month, ticked };
    if (isNew && !(await this.#put(tag, next)).ok) return { is: "failed" };
    return found(code, next);
  }

  async #make(sex: Sex, numbers: readonly number[]): Promise<FoundPass> {
    const room = await this.#makeRoom();
    if (room !== "room") return { is: room };
    const code = this.#freeCode();
    const ticked = [...new Set(numbers)].sort((a, b) => a - b);
    const pass: Pass = { sex, month: this.#month(), ticked };
    return (await this.#put(tagOf(this.#key, code), pass)).ok ? found(code, pass) : { is: "failed" };
  }

  /** Eleven digits by chance, each code as likely as any other, and the check digit. */
  #freeCode(): string {
    for (;;) {
      const drawn = this.#dice.bytes(5).reduce((number, byte) => number * 256 + byte, 0);
      if (drawn >= 10 * codes) continue;
      const digits = String(drawn % codes).padStart(passDigits - 1, "0");
      const code = digits + damm(digits);
      const tag = tagOf(this.#key, code);
      if (!this.#drawer(tag).has(tag)) return code;
    }
  }

  /** Where all places are taken, the pass that nobody used for longest goes, if that is long enough. */
  async #makeRoom(): Promise<"room" | "full" | "failed"> {
    const taken = [...this.#drawers.values()].reduce((sum, drawer) => sum + drawer.size, 0);
    if (taken < passesKept) return "room";
    let oldest: { readonly tag: string; readonly month: number } | undefined;
    for (const [tag, { month }] of this.#all())
      if (month > 0 && month < (oldest?.month ?? Number.POSITIVE_INFINITY)) oldest = { tag, month };
    if (oldest === undefined || this.#month() - oldest.month < forgottenAfterMonths) return "full";
    return (await this.#put(oldest.tag, undefined)).ok ? "room" : "failed";
  }

  *#all(): Iterable<readonly [string, Pass]> {
    for (const drawer of this.#drawers.values()) yield* drawer;
  }

  #drawer(tag: string): Drawer {
    return this.#drawers.get(drawerOf(tag)) ?? new Map<string, Pass>();
  }

  /** What is in memory is what is on the disk: it changes only once the disk has it. */
  async #put(tag: string, pass: Pass | undefined): Promise<Result<void>> {
    const next = new Map(this.#drawer(tag));
    if (pass === undefined) next.delete(tag);
    else next.set(tag, pass);
    const done = await this.#keep.put(keptAs(drawerOf(tag)), withSum(JSON.stringify([...next])));
    if (done.ok) this.#drawers.set(drawerOf(tag), next);
    return done;
  }

  /** It is never earlier than the newest use that is known, so that much is sure without a clock too. */
  #month(): number {
    const { utc, trusted } = this.#clock.wall();
    if (!trusted) {
      let newest = 0;
      for (const [, { month }] of this.#all()) newest = Math.max(newest, month);
      return newest;
    }
    const { year, month } = civil(dayOf(utc));
    return year * 12 + month;
  }
}

const codes = 10 ** (passDigits - 1);

const found = (code: string, { sex, ticked }: Pass): FoundPass => ({
  is: "found",
  code,
  sex,
  ticked: ticked.map((number) => codeOf({ number })),
});
