import { describe, expect, it } from "vitest";
import { fold } from "../../../controller/domain/books.ts";
import {
  countAt,
  failed,
  filled,
  gave,
  left,
  machineRests,
  mayHaveGiven,
  noStock,
  pick,
  sells,
  slotRests,
  type Place,
  type Shelf,
  type Stock,
} from "../../../controller/domain/stock.ts";
import { booksOf, noon, refill, setting, today, written } from "./on-paper.ts";
import { dateOf } from "../../../protocol/pickup-code/calendar.ts";

const [one, two, three, four] = setting.places as readonly [Place, Place, Place, Place];
const stocked = (...counts: readonly (readonly [Place, number, number?])[]): Stock =>
  counts.reduce((stock, [place, count, expires]) => filled(stock, place, count, expires), noStock);
const shelf = (stock: Stock, over: Partial<Shelf> = {}): Shelf => ({
  off: new Set(),
  places: setting.places,
  stock,
  reports: new Map(),
  working: new Set(["vend"]),
  day: today,
  ...over,
});
const times = (n: number, stock: Stock, change: (stock: Stock) => Stock): Stock =>
  Array.from({ length: n }).reduce<Stock>((now) => change(now), stock);

describe("the slot that is taken from", () => {
  it("holds the batch that expires first", () => {
    const stock = stocked([one, 9, today + 30], [three, 2, today + 3]);
    expect(pick(shelf(stock), "water", new Set())).toEqual(three);
  });

  it("is one with a date before one without, and the fuller of two alike", () => {
    expect(pick(shelf(stocked([one, 9], [three, 1, today + 300])), "water", new Set())).toEqual(three);
    expect(pick(shelf(stocked([one, 3], [three, 4])), "water", new Set())).toEqual(three);
    expect(pick(shelf(stocked([one, 4], [three, 3])), "water", new Set())).toEqual(one);
  });

  it("is none that was tried, empty, of another product, or of a machine that does not work", () => {
    const stock = stocked([one, 5], [two, 5], [three, 0]);
    expect(pick(shelf(stock), "water", new Set())).toEqual(one);
    expect(pick(shelf(stock), "water", new Set(["vend/1"]))).toBeUndefined();
    expect(pick(shelf(stock, { working: new Set() }), "water", new Set())).toBeUndefined();
    expect(left(shelf(stock), "soda")).toBe(5);
    expect(left(shelf(stock), "water")).toBe(5);
  });
});

describe("an expired batch", () => {
  it("is given on its last day and not on the day after", () => {
    const stock = stocked([one, 5, today]);
    expect(sells(shelf(stock), one)).toBe(true);
    expect(sells(shelf(stock, { day: today + 1 }), one)).toBe(false);
    expect(left(shelf(stock, { day: today + 1 }), "water")).toBe(0);
  });
});

describe("failures in a row", () => {
  const full = stocked([one, 9], [two, 9], [three, 9], [four, 9]);

  it("rest a slot after two, and only that slot", () => {
    const once = failed(full, one, "jammed");
    expect(sells(shelf(once), one)).toBe(true);
    const twice = failed(once, one, "no-drop");
    expect(sells(shelf(twice), one)).toBe(false);
    expect(sells(shelf(twice), three)).toBe(true);
    expect(slotRests).toBe(2);
  });

  it("are forgotten by a good that falls", () => {
    const stock = failed(gave(failed(full, one, "jammed"), one), one, "jammed");
    expect(sells(shelf(stock), one)).toBe(true);
  });

  it("rest the machine after five, whichever slots they were", () => {
    const four4 = [one, two, three, four].reduce((stock, place) => failed(stock, place, "jammed"), full);
    expect(sells(shelf(four4), one)).toBe(true);
    expect(setting.places.some((place) => sells(shelf(failed(four4, one, "jammed")), place))).toBe(false);
    expect(machineRests).toBe(5);
  });

  it("blame no slot for what the machine around it did", () => {
    const stock = times(2, full, (now) => failed(now, one, "self-test"));
    expect(sells(shelf(stock), one)).toBe(true);
    expect(stock.failures.get("vend")).toBe(2);
  });

  it("are none where the machine was away, busy or its door open: nothing was tried", () => {
    for (const why of ["no-device", "busy", "door-open", "interrupted"])
      expect(times(9, full, (now) => failed(now, one, why)).failures.get("vend") ?? 0).toBe(0);
  });

  it("are forgotten by a refill, of the slot and of the machine", () => {
    const stock = filled(
      times(5, full, (now) => failed(now, one, "jammed")),
      one,
      10,
    );
    expect(sells(shelf(stock), one)).toBe(true);
    expect(sells(shelf(stock), two)).toBe(true);
  });
});

describe("the count", () => {
  it("falls with a good given and with one perhaps given, never below nothing", () => {
    expect(countAt(shelf(gave(stocked([one, 2]), one)), one)).toBe(1);
    expect(countAt(shelf(mayHaveGiven(stocked([one, 2]), one)), one)).toBe(1);
    expect(countAt(shelf(gave(stocked([one, 0]), one)), one)).toBe(0);
  });

  it("is none in a slot that its board calls empty", () => {
    expect(countAt(shelf(failed(stocked([one, 7]), one, "empty")), one)).toBe(0);
  });

  it("is the board's where the board counts, and its word decides whether the slot sells", () => {
    const stock = stocked([one, 2]);
    const told = (report: { sells: boolean; stock?: number }) =>
      shelf(stock, { reports: new Map([["vend/1", { slot: "1", ...report }]]) });
    expect(countAt(told({ sells: true, stock: 6 }), one)).toBe(6);
    expect(countAt(told({ sells: true, stock: 0 }), one)).toBe(0);
    expect(countAt(told({ sells: true }), one)).toBe(2);
    expect(sells(told({ sells: false, stock: 6 }), one)).toBe(false);
  });
});

describe("a refill that the board noticed", () => {
  const last = dateOf(today + 3);
  const byBoard = { ...refill("1", 8), by: "board" } as const;

  it("keeps the date of the goods that were there: nobody said that the old ones are gone", () => {
    const books = booksOf(written([refill("1", 5, last), byBoard]));
    expect(books.stock.slots.get("vend/1")).toEqual({ count: 8, failures: 0, expires: today + 3 });
  });

  it("has no date where the slot was empty before", () => {
    const books = booksOf(written([refill("1", 0, last), byBoard]));
    expect(books.stock.slots.get("vend/1")).toEqual({ count: 8, failures: 0 });
  });

  it("has the date that a keeper gives it, or none", () => {
    const books = booksOf(written([refill("1", 5, last)]));
    const after = fold(books, { life: 1, seq: 2, at: noon, trusted: true, entry: refill("1", 8) });
    expect(after.stock.slots.get("vend/1")).toEqual({ count: 8, failures: 0 });
  });
});
