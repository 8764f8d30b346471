import { describe, expect, test } from "vitest";
import { noCounts, type Counts, type Telling } from "../../../../controller/domain/cabin/counts.ts";
import { visitCounted } from "../../../../controller/domain/cabin/telling.ts";
import type { Effect } from "../../../../controller/domain/state.ts";
import { fault } from "../../../../devices/kit/fault.ts";
import type { Item } from "../../../../devices/health/capability.ts";
import { dice } from "../../../kit/dice.ts";
import { day, Paper } from "../on-paper.ts";
import { beside } from "./instruments.ts";

const items: readonly Item[] = ["systolic", "glucose", "urate"];

/** A kiosk on paper with a disk that keeps counts as the real one does: beside an entry, or by themselves, in order. */
class Cabin {
  paper = new Paper({ setting: beside });
  kept: Counts = noCounts;
  /** What each person measured whom the disk knows, and all of this run. */
  #durable: readonly (readonly Item[])[] = [];
  #all: readonly (readonly Item[])[] = [];
  readonly #knows = new Map<Effect, number>();

  visit(measured: readonly Item[]): void {
    const { state, effects } = visitCounted(this.paper.state, measured, []);
    this.paper.state = state;
    this.paper.waiting.push(...effects);
    if (measured.length > 0) this.#all = [...this.#all, measured];
    this.#note();
  }

  night(days = 1): void {
    this.paper.mono += days * day;
    this.paper.utc += days * day;
    this.paper.send({ kind: "tick" });
    this.#note();
  }

  /** The disk answers the oldest of what waits. */
  answer(takes = true): void {
    const next = this.paper.waiting.shift();
    if (next === undefined) return;
    if (next.kind === "keep-counts" && takes) this.#keeps(next, next.counts);
    if (next.kind === "keep-counts" && !takes) this.paper.send({ kind: "counts-refused" });
    if (next.kind !== "save") return;
    if (!takes) {
      // A disk that refuses an entry refuses what stands behind it, too.
      this.paper.waiting.splice(0, Infinity, ...this.paper.waiting.filter(({ kind }) => kind !== "keep-counts"));
      this.paper.send({ kind: "not-saved", entry: next.entry, fault: fault("refused", "full") });
    } else {
      if (next.counts) this.#keeps(next, next.counts);
      this.paper.send({ kind: "saved", stamped: this.paper.write(next.entry) });
    }
    this.#note();
  }

  answerAll(): void {
    while (this.paper.waiting.length > 0) this.answer();
  }

  /** The power goes: what waits is lost. */
  cut(): void {
    this.paper = this.paper.reboot({ counts: this.kept });
    this.#all = this.#durable;
    this.#note();
  }

  get tellings(): readonly Telling[] {
    return this.paper.disk.flatMap(({ entry }) => (entry.kind === "checked" ? [entry] : []));
  }

  /** What the disk says of `name`, told and untold, and what it should say. */
  sums(name: "people" | Item): readonly [told: number, truth: number] {
    const of = ({ people, items: by }: Pick<Counts, "people" | "items">) =>
      name === "people" ? people : (by[name] ?? 0);
    const held = [this.kept, ...this.tellings].reduce((sum, one) => sum + of(one), 0);
    return [held, this.#durable.filter((measured) => name === "people" || measured.includes(name)).length];
  }

  #keeps(effect: Effect, counts: Counts): void {
    this.kept = counts;
    this.#durable = this.#all.slice(0, this.#knows.get(effect));
  }

  /** What an effect says of the counts is what was true when it was asked for. */
  #note(): void {
    for (const effect of this.paper.waiting) if (!this.#knows.has(effect)) this.#knows.set(effect, this.#all.length);
  }
}

/** So many come, and the disk keeps up. */
function come(cabin: Cabin, many: number): void {
  for (let n = 0; n < many; n++) {
    cabin.visit(items);
    cabin.answer();
  }
}

describe("the telling of a day", () => {
  test("is one entry in the first tick after it, with what stays untold beside it", () => {
    const cabin = new Cabin();
    come(cabin, 23);
    expect(cabin.paper.waits("save")).toBe(0);
    cabin.night();
    expect(cabin.paper.waiting.filter(({ kind }) => kind === "save")).toMatchObject([
      {
        kind: "save",
        entry: { kind: "checked", people: 20, items: { systolic: 20 } },
        counts: { people: 3, fresh: 0, items: { systolic: 3 } },
      },
    ]);
    cabin.answerAll();
    cabin.night();
    cabin.answerAll();
    expect(cabin.tellings).toHaveLength(1);
  });

  test("is neither lost nor repeated, whenever the power goes and whatever the disk refuses", () => {
    let cuts = 0;
    let told = 0;
    for (let seed = 1; seed <= 60; seed++) {
      const roll = dice(seed);
      const cabin = new Cabin();
      for (let step = 0; step < 120; step++) {
        const what = roll.between(0, 20);
        if (what < 9) cabin.visit(items.filter(() => roll.between(0, 3) > 0));
        else if (what < 16) cabin.answer(roll.between(0, 8) > 0);
        else if (what < 18) cabin.night();
        else {
          cabin.cut();
          cuts += 1;
        }
        for (const name of ["people", ...items] as const) {
          const [held, truth] = cabin.sums(name);
          expect(held, `seed ${seed}, step ${step}, ${name}`).toBe(truth);
        }
      }
      told += cabin.tellings.length;
    }
    expect(cuts).toBeGreaterThan(100);
    expect(told).toBeGreaterThan(60);
  });

  test("waits while the disk is sick", () => {
    const cabin = new Cabin();
    come(cabin, 12);
    cabin.night();
    cabin.answer(false);
    expect(cabin.paper.state.counts).toMatchObject({ people: 12 });
    cabin.paper.send({ kind: "tick" });
    expect(cabin.paper.saves("checked")).toHaveLength(1);
    for (const _ of ["the disk's own fault", "the telling"]) {
      cabin.answerAll();
      cabin.paper.pass(60_000);
    }
    cabin.answerAll();
    expect(cabin.tellings).toMatchObject([{ people: 10 }]);
  });

  test("loses nobody who came while the card was full: it is offered them again, and not only with the next visit", () => {
    const cabin = new Cabin();
    for (const takes of [false, false]) {
      cabin.visit(items);
      cabin.answer(takes);
    }
    expect(cabin.kept.people).toBe(0);
    cabin.paper.pass(4999);
    expect(cabin.paper.waits("keep-counts")).toBe(0);
    cabin.paper.pass(1);
    cabin.answer(false);
    cabin.paper.pass(5000);
    cabin.answer();
    expect(cabin.kept.people).toBe(2);
    cabin.paper.pass(60_000);
    expect(cabin.paper.waits("keep-counts")).toBe(0);
  });

  test("comes by counted time alone where no clock is trusted: a jump brings no new day", () => {
    const cabin = new Cabin();
    cabin.paper = new Paper({ setting: beside, trusted: false });
    come(cabin, 10);
    cabin.paper.utc += 400 * day;
    cabin.paper.send({ kind: "tick" });
    expect(cabin.paper.saves("checked")).toEqual([]);
    cabin.night();
    expect(cabin.paper.saves("checked")).toHaveLength(1);
  });

  test("nobody is told, and nothing kept, of a visit that measured nothing", () => {
    const cabin = new Cabin();
    cabin.visit([]);
    expect(cabin.paper.waiting).toEqual([]);
  });
});
