import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  emptyBooks,
  fold,
  motionsOn,
  pruned,
  remembered,
  useOf,
  type Books,
} from "../../../controller/domain/books.ts";
import { lastDay } from "../../../controller/domain/almanac.ts";
import type { Credential, Member } from "../../../controller/domain/credential.ts";
import type { Entry, Stamped } from "../../../controller/domain/entry.ts";
import { visitsOf } from "../../../controller/domain/visits.ts";
import { foldLedger, writeCheckpoint } from "../../../controller/store/checkpoint.ts";
import type { Disk } from "../../../controller/world.ts";
import { millis } from "../../../devices/kit/clock.ts";
import { err, ok } from "../../../devices/kit/result.ts";
import { fault } from "../../../devices/kit/fault.ts";
import { ann, bob } from "./members.ts";
import { booksOf, day, derived, fullShelf, noon, refill, today, written } from "./on-paper.ts";

const code = (index: number): Credential => derived(index).credential;
const started: Entry = { kind: "started", release: "1.0.0" };
const stopped: Entry = { kind: "stopped", why: "SIGTERM" };
const attempt = (credential: Credential, slot = "1", until = today + 1): Extract<Entry, { kind: "attempt" }> => ({
  kind: "attempt",
  credential,
  device: "vend",
  slot,
  product: "water",
  until,
});
/** With the card, or with a digital one. */
const memberAttempt = (member: Member, byCard: boolean): Extract<Entry, { kind: "attempt" }> => ({
  ...attempt(byCard ? { kind: "member", ...member } : { kind: "token", kid: 3, id: member.pid }),
  ...(byCard ? {} : { member }),
});
type Outcome = Extract<Entry, { kind: "outcome" }>;
const outcome = (of: number, delivery: Outcome["delivery"], frees: boolean, started = true): Entry => ({
  kind: "outcome",
  of,
  delivery,
  started,
  why: delivery === "delivered" ? "drop-sensor" : "no-drop",
  frees,
});

describe("the fold of the ledger", () => {
  it("knows an attempt as open until its outcome comes, and then what became of it", () => {
    const open = booksOf(written([attempt(code(1))]));
    expect([...open.open.keys()]).toEqual([1]);
    expect(useOf(open, code(1))).toMatchObject({ state: "open", seq: 1, at: noon, motions: 1, until: today + 1 });
    const stateAfter = (delivery: Outcome["delivery"], frees: boolean) =>
      useOf(booksOf(written([attempt(code(1)), outcome(1, delivery, frees)])), code(1))?.state;
    expect(stateAfter("delivered", false)).toBe("used");
    expect(stateAfter("not-delivered", true)).toBe("free");
    expect(stateAfter("unknown", true)).toBe("free");
    expect(stateAfter("unknown", false)).toBe("used");
  });

  it("takes a second outcome of one attempt, or one of no attempt, for nothing", () => {
    const once = written([...fullShelf, attempt(code(1)), outcome(5, "delivered", false)]);
    const twice = written([
      ...fullShelf,
      attempt(code(1)),
      outcome(5, "delivered", false),
      outcome(5, "not-delivered", true),
      outcome(99, "delivered", false),
    ]);
    const { seq: _, ...known } = booksOf(once);
    expect(booksOf(twice)).toEqual({ ...known, seq: 8 });
  });

  it("counts motions only where a motor turned, day by day", () => {
    const use = (started: boolean) =>
      useOf(booksOf(written([attempt(code(1)), outcome(1, "not-delivered", true, started)])), code(1));
    expect(motionsOn(use(true), today)).toBe(1);
    expect(motionsOn(use(false), today)).toBe(0);
    expect(motionsOn(use(true), today + 1)).toBe(0);
    expect(motionsOn(undefined, today)).toBe(0);
  });

  it("counts the unknown outcomes of a code for ever and those of the machine for a day", () => {
    const first = written([attempt(code(1)), outcome(1, "unknown", true)]);
    const later = written([attempt(code(1)), outcome(3, "unknown", false)], noon + day).map((stamped, index) => ({
      ...stamped,
      seq: index + 3,
    }));
    const books = booksOf([...first, ...later]);
    expect(useOf(books, code(1))?.unknowns).toBe(2);
    expect(books.unknowns).toEqual({ day: today + 1, count: 1 });
  });

  it("marks a code used where the worker says that the good did fall", () => {
    const books = booksOf(
      written([attempt(code(1)), outcome(1, "unknown", true), { kind: "taken", of: 1, credential: code(1) }]),
    );
    expect(useOf(books, code(1))?.state).toBe("used");
  });

  it("takes goods out of the slot that gave, and out of one that perhaps gave", () => {
    const counts = (delivery: Outcome["delivery"]) =>
      booksOf(written([...fullShelf, attempt(code(1)), outcome(5, delivery, true)])).stock.slots.get("vend/1")?.count;
    expect(counts("delivered")).toBe(9);
    expect(counts("unknown")).toBe(9);
    expect(counts("not-delivered")).toBe(10);
  });

  it("counts a technician's test vend like any other motion of that slot", () => {
    const after = (delivery: Outcome["delivery"]) =>
      booksOf(
        written([
          refill("1"),
          { kind: "test-vend", device: "vend", slot: "1" },
          { kind: "test-outcome", of: 2, delivery, why: "jammed" },
        ]),
      );
    expect(after("delivered").stock.slots.get("vend/1")).toMatchObject({ count: 9, failures: 0 });
    expect(after("unknown").stock.slots.get("vend/1")).toMatchObject({ count: 9 });
    expect(after("not-delivered").stock.slots.get("vend/1")).toMatchObject({ count: 10, failures: 1 });
    expect(after("delivered").tests.size).toBe(0);
  });

  it("knows which device has an open fault, and where that is written", () => {
    const broken: Entry = { kind: "fault", device: "vend", fault: "jammed", detail: "five in a row" };
    expect(booksOf(written([broken])).faults.get("vend")).toBe(1);
    expect(booksOf(written([broken, { kind: "fault-cleared", device: "vend" }])).faults.size).toBe(0);
  });

  it("never takes a clock that nobody vouches for back behind what is written", () => {
    const trusted = written([refill("1")])[0] as Stamped;
    const astray: Stamped = { life: 1, seq: 2, at: millis(0), trusted: false, entry: attempt(code(1)) };
    const books = [trusted, astray].reduce(fold, emptyBooks);
    expect(books.at).toBe(noon);
    expect(motionsOn(useOf(books, code(1)), today)).toBe(1);
    const corrected = fold(books, { life: 1, seq: 3, at: millis(noon - day), trusted: true, entry: refill("1") });
    expect(corrected.at).toBe(noon - day);
  });
});

describe("forgetting", () => {
  const uses = (books: Books): number => [...books.uses.values()].reduce((sum, places) => sum + places.size, 0);

  it("lets go of what was accepted last long ago, and of nothing else", () => {
    const books = booksOf(written([attempt(code(1)), outcome(1, "delivered", false)]));
    expect(uses(pruned(books, today + 1 + remembered))).toBe(1);
    expect(uses(pruned(books, today + 2 + remembered))).toBe(0);
  });

  it("never lets go of a motion that is not settled", () => {
    const books = booksOf(written([attempt(code(1))]));
    expect(useOf(pruned(books, today + 5000), code(1))?.state).toBe("open");
  });

  it("never lets go of what may still be accepted, even where a wrong clock drove the floor to the last key held", () => {
    // Keys may be held 62 days ahead, and past ones explain for 30: config/schema.ts, delays.ts.
    fc.assert(
      fc.property(fc.integer({ min: -1, max: 62 }), fc.integer({ min: 1, max: 62 }), (ahead, keyDays) => {
        const candidate = derived(1, { validFrom: today + ahead, validTo: today + ahead });
        const books = booksOf(
          written([attempt(candidate.credential, "1", lastDay(candidate)), outcome(1, "delivered", false)]),
        );
        return useOf(pruned(books, today + keyDays), candidate.credential)?.state === "used";
      }),
    );
  });
});

/** A disk that only keeps. */
function shelfOf(entries: readonly Stamped[], hashes = entries.map(({ seq }) => `hash of ${seq}`)): Disk {
  const kept = new Map<string, Uint8Array>();
  const no = err(fault("refused", "read only"));
  return {
    async *read(after) {
      yield* entries.filter(({ life, seq }) => after === undefined || life > after.life || seq > after.seq);
    },
    append: async () => no,
    newLife: async () => no,
    outgoing: async () => no,
    keep: { get: (name) => kept.get(name), put: async (name, value) => (kept.set(name, value), ok(undefined)) },
    hashAt: async ({ seq }) => hashes[seq - 1],
    close: async () => {},
  };
}

const anyEntry: fc.Arbitrary<Entry> = fc.oneof(
  fc.integer({ min: 1, max: 6 }).map((index) => attempt(code(index), String(1 + (index % 4)))),
  fc
    .tuple(
      fc.integer({ min: 1, max: 40 }),
      fc.constantFrom<Outcome["delivery"]>("delivered", "not-delivered", "unknown"),
      fc.boolean(),
      fc.boolean(),
    )
    .map(([of, delivery, frees, started]) => outcome(of, delivery, frees, started)),
  fc
    .tuple(fc.constantFrom(ann, bob), fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 9 }))
    .map(([member, ahead, counter]): Entry => ({
      ...memberAttempt(member, ahead % 2 === 0),
      day: today + ahead,
      offline: true,
      counter,
    })),
  fc.integer({ min: 1, max: 40 }).map((of): Entry => ({ kind: "taken", of, credential: { kind: "member", ...ann } })),
  fc.integer({ min: 1, max: 4 }).map((slot) => refill(String(slot), 5, "2026-09-30")),
  fc.constantFrom<Entry>(
    { kind: "fault", device: "vend", fault: "jammed", detail: "" },
    { kind: "fault-cleared", device: "vend" },
    { kind: "lock-out" },
    { kind: "test-vend", device: "vend", slot: "2" },
    { kind: "taken", of: 1, credential: code(1) },
  ),
);

describe("goods given", () => {
  it("are counted for each machine, once delivered, and never for an unknown or a refusal", () => {
    const ends = [
      [attempt(code(1)), outcome(1, "delivered", false)],
      [attempt(code(2)), outcome(3, "unknown", true)],
      [attempt(code(3)), outcome(5, "not-delivered", true)],
      [attempt(code(4)), outcome(7, "delivered", false)],
    ];
    expect(booksOf(written(ends.flat())).given).toEqual(new Map([["vend", 2]]));
  });
});

describe("the visits of members", () => {
  const visits = (...entries: readonly Entry[]) => visitsOf(booksOf(written(entries)), ann);

  it("count what was given, what nobody knows a second time, and what the worker says that fell", () => {
    const tried = memberAttempt(ann, true);
    expect(visits(tried)?.counts.size).toBe(0);
    expect(visits(tried, outcome(1, "not-delivered", true))?.counts.size).toBe(0);
    expect(visits(tried, outcome(1, "unknown", true))?.counts.size).toBe(0);
    const once = new Map([["water", { days: new Map([[today, 1]]), ever: 1, last: noon }]]);
    expect(visits(tried, outcome(1, "delivered", false))?.counts).toEqual(once);
    expect(visits(tried, outcome(1, "unknown", false))?.counts).toEqual(once);
    const taken: Entry = { kind: "taken", of: 1, credential: { kind: "member", ...ann } };
    expect(visits(tried, outcome(1, "unknown", true), taken)?.counts).toEqual(once);
    expect(visits(tried, outcome(1, "unknown", true), taken, taken)?.counts).toEqual(once);
    expect(visits(tried, outcome(1, "delivered", false), taken)?.counts).toEqual(once);
  });

  it("count a member's token as the member's", () => {
    const token = memberAttempt(ann, false);
    const books = booksOf(written([token, outcome(1, "delivered", false)]));
    expect(visitsOf(books, ann)?.counts.get("water")?.ever).toBe(1);
    expect(useOf(books, token.credential)?.state).toBe("used");
  });

  it("are forgotten long after the campaign, and not sooner", () => {
    const books = booksOf(written([memberAttempt(ann, true), outcome(1, "delivered", false)]));
    expect(visitsOf(pruned(books, today + 1 + remembered), ann)).toBeDefined();
    expect(visitsOf(pruned(books, today + 2 + remembered), ann)).toBeUndefined();
  });
});

describe("a checkpoint", () => {
  it("and what came after it are the same as the whole ledger", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyEntry, { maxLength: 40 }), fc.nat(40), async (entries, cut) => {
        const ledger = written(entries);
        const disk = shelfOf(ledger);
        const before = ledger.slice(0, cut);
        if (before.length > 0) await writeCheckpoint(disk, booksOf(before));
        const { books, folded, believed } = await foldLedger(disk);
        expect(books).toEqual(booksOf(ledger));
        expect(folded).toBe(ledger.length - before.length);
        expect(believed).toBe(before.length > 0);
      }),
      { numRuns: 60 },
    );
  });

  it("of a release that did not count goods yet is believed, and counted on from there", async () => {
    const ledger = written([...fullShelf, attempt(code(1)), outcome(5, "delivered", false), attempt(code(2))]);
    const disk = shelfOf([...ledger, ...written([outcome(7, "delivered", false)]).map((end) => ({ ...end, seq: 8 }))]);
    const { given: _, ...older } = booksOf(ledger);
    await writeCheckpoint(disk, older as Books);
    const { books, believed } = await foldLedger(disk);
    expect(believed).toBe(true);
    expect(books.given).toEqual(new Map([["vend", 1]]));
  });

  it.each<[string, readonly Entry[], boolean, boolean]>([
    ["a new card", [], false, false],
    ["a run that was stopped", [started, stopped], false, false],
    ["goods that were counted after the stop", [started, stopped, refill("1", 9)], false, false],
    ["a run that just ended", [started, refill("1", 9)], false, true],
    ["a second run that just ended", [started, stopped, started], false, true],
    ["a checkpoint, and nothing after it", [started], true, true],
    ["a checkpoint, and a stop after it", [started, stopped], true, false],
  ])("tells %s from a cut", async (_, entries, checkpoint, cut) => {
    const ledger = written(entries);
    const disk = shelfOf(ledger);
    if (checkpoint) await writeCheckpoint(disk, booksOf(ledger.slice(0, 1)));
    expect((await foldLedger(disk)).cut).toBe(cut);
  });

  it("of another ledger is not believed", async () => {
    const ledger = written([...fullShelf, attempt(code(1)), outcome(5, "delivered", false)]);
    const disk = shelfOf(ledger);
    await writeCheckpoint(disk, booksOf(ledger));
    const other = shelfOf(written(fullShelf), ["a", "b", "c", "d", "e", "f"]);
    await other.keep.put("checkpoint", disk.keep.get("checkpoint") ?? new Uint8Array());
    const { books, believed } = await foldLedger(other);
    expect(believed).toBe(false);
    expect(books).toEqual(booksOf(written(fullShelf)));
  });

  it("with one changed byte is not believed", async () => {
    const ledger = written(fullShelf);
    const disk = shelfOf(ledger);
    await writeCheckpoint(disk, booksOf(ledger));
    const bytes = Uint8Array.from(disk.keep.get("checkpoint") ?? []);
    const at = new TextDecoder().decode(bytes).indexOf('"count":10');
    bytes[at + '"count":1'.length] = "9".charCodeAt(0);
    await disk.keep.put("checkpoint", bytes);
    const { books, believed } = await foldLedger(disk);
    expect(believed).toBe(false);
    expect(books).toEqual(booksOf(ledger));
  });
});
