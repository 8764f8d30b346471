import { describe, expect, it } from "vitest";
import { emptyBooks, type Books } from "../../../controller/domain/books.ts";
import type { Candidate, Credential, Finding, Offer } from "../../../controller/domain/credential.ts";
import type { Entry } from "../../../controller/domain/entry.ts";
import { judge, type Verdict } from "../../../controller/domain/verdict.ts";
import { millis, minutes } from "../../../devices/kit/clock.ts";
import { startOf } from "../../../protocol/pickup-code/calendar.ts";
import { booksOf, day, derived, found, hour, noon, offer, today, written } from "./on-paper.ts";

const always = { opens: 0, closes: 1440 };
type Clock = "trusted" | "coasting" | "floor-only";
const at = (offset = 0, state: Clock = "trusted") => ({ state, utc: millis(noon + offset * day), day: today + offset });
const asked = (candidate: Candidate, books = emptyBooks, now = at(), host = always): Verdict =>
  judge(found(candidate), books, now, host);

const attempt = (credential: Credential, until = today + 1): Entry => ({
  kind: "attempt",
  credential,
  device: "vend",
  slot: "1",
  product: "water",
  until,
});
type Outcome = Extract<Entry, { kind: "outcome" }>;
const outcome = (of: number, over: Partial<Outcome> = {}): Entry => ({
  kind: "outcome",
  of,
  delivery: "delivered",
  started: true,
  why: "drop-sensor",
  frees: false,
  ...over,
});
const missed = (of: number, started = true): Entry =>
  outcome(of, { delivery: "not-delivered", started, why: "no-drop", frees: true });

const { credential } = derived(1);
const used = booksOf(written([attempt(credential), outcome(1)]));

const tag: Credential = { kind: "list", list: "union", tag: "0011223344556677" };
const listed = derived(1, { credential: tag, validFrom: today - 3, validTo: today + 3 });
const token = (hours: number, from = noon - hour): Candidate =>
  derived(1, {
    credential: { kind: "token", kid: 1, id: "00112233445566aa" },
    lifetime: { from: millis(from), until: millis(from + hours * hour) },
  });

describe("a code that is ours", () => {
  it.each([
    ["a day code on its day", derived(), at()],
    ["a day code on the day after, for shifts that end after midnight", derived(), at(1)],
    ["a week code on its Sunday", derived(1, { validFrom: today - 6, validTo: today }), at()],
    ["a week code on the Monday after", derived(1, { validFrom: today - 7, validTo: today - 1 }), at()],
    ["a batch code", derived(1, { validFrom: today - 20, validTo: today + 20 }), at()],
    ["a code of an imported list on its last day", { ...listed, validTo: today }, at()],
    ["a token within its hours", token(4), at()],
    ["a day code a day early, with a clock that was sure", derived(), at(-1, "coasting")],
    ["a day code two days late, with a clock that was sure", derived(), at(2, "coasting")],
    ["a code of next month, where only a floor is known", derived(), at(-30, "floor-only")],
    ["a code of the floor's yesterday, where only a floor is known", derived(), at(1, "floor-only")],
    ["a token of a day, where only a floor is known", token(24), at(0, "floor-only")],
  ] as const)("is good: %s", (_, candidate, now) => {
    expect(asked(candidate, emptyBooks, now)).toEqual({ is: "ok", candidate });
  });

  it.each([
    ["a day code two days late", derived(), at(2)],
    ["a week code two days late", derived(1, { validFrom: today - 8, validTo: today - 2 }), at()],
    ["a code of an imported list on the day after its last", { ...listed, validTo: today - 1 }, at()],
    ["a token whose hours are over", token(1, noon - 2 * hour), at()],
    ["a day code three days late, with a clock that was sure", derived(), at(3, "coasting")],
    ["a day code of the floor's day before yesterday", derived(), at(2, "floor-only")],
  ] as const)("is expired, and the campaign goes on: %s", (_, candidate, now) => {
    expect(asked(candidate, emptyBooks, now)).toMatchObject({ is: "expired", campaignOn: true });
  });

  it("is expired at the very end that was promised", () => {
    expect(asked(derived(), emptyBooks, at(2))).toMatchObject({ until: startOf(today + 2) });
    expect(asked({ ...listed, validTo: today - 1 })).toMatchObject({ until: startOf(today) });
    expect(asked(token(1, noon - 2 * hour))).toMatchObject({ until: noon - hour });
  });

  it("is answered not-yet for the next epoch only; a later one is unknown, so that nobody learns codes of the future", () => {
    const from = startOf(today + 1);
    const ahead = (days: number): Candidate => derived(1, { validFrom: today + days, validTo: today + days });
    expect(asked(ahead(1))).toEqual({ is: "not-yet", from, until: startOf(today + 3) });
    expect(asked(ahead(2))).toEqual({ is: "unknown" });
    expect(asked(derived(1, { validFrom: today + 5, validTo: today + 11 }))).toMatchObject({ is: "not-yet" });
    expect(asked(derived(1, { validFrom: today + 8, validTo: today + 14 }))).toEqual({ is: "unknown" });
    expect(asked(ahead(2), emptyBooks, at(0, "coasting"))).toEqual({ is: "unknown" });
  });

  it("is not yet good as a token before its first second", () => {
    expect(asked(token(4, noon + hour))).toEqual({ is: "not-yet", from: noon + hour, until: noon + 5 * hour });
  });

  it("needs a clock as a token of less than a day, where only a floor is known", () => {
    expect(asked(token(23), emptyBooks, at(0, "floor-only"))).toEqual({ is: "needs-clock" });
    expect(asked(token(23), emptyBooks, at(0, "coasting"))).toMatchObject({ is: "ok" });
  });
});

describe("a code that was used", () => {
  it.each([
    ["on its day", at()],
    ["when it would be expired", at(9)],
    ["with only a floor", at(0, "floor-only")],
  ])("stays used, with when and which attempt: %s", (_, now) => {
    expect(asked(derived(1), used, now)).toEqual({ is: "used", seq: 1, at: noon });
  });

  it("is known by list and tag, and by key and token id", () => {
    const books = booksOf(
      written([attempt(tag), outcome(1), attempt(token(4).credential), outcome(3), attempt(credential), missed(5)]),
    );
    expect(asked(listed, books)).toMatchObject({ is: "used", seq: 1 });
    expect(asked(token(4), books)).toMatchObject({ is: "used", seq: 3 });
    expect(asked(derived(1), books)).toMatchObject({ is: "ok" });
    expect(asked({ ...listed, credential: { ...tag, tag: "0011223344556678" } }, books)).toMatchObject({ is: "ok" });
  });

  it("is waited for while its motion is not settled", () => {
    expect(asked(derived(1), booksOf(written([attempt(credential)])))).toEqual({ is: "settling", seq: 1 });
  });

  it("is free again after a proven failure, three motions a day", () => {
    const failures = (n: number, started = true): Books =>
      booksOf(written(Array.from({ length: n }, (_, i) => [attempt(credential), missed(2 * i + 1, started)]).flat()));
    expect(asked(derived(1), failures(2))).toMatchObject({ is: "ok" });
    expect(asked(derived(1), failures(3))).toEqual({ is: "enough-motions", seq: 5, candidate: derived(1) });
    expect(asked(derived(1), failures(3), at(1))).toMatchObject({ is: "ok" });
  });

  it("has not moved anything where the board refused before a motor turned", () => {
    const refused = Array.from({ length: 4 }, (_, i) => [attempt(credential), missed(2 * i + 1, false)]).flat();
    expect(asked(derived(1), booksOf(written(refused)))).toMatchObject({ is: "ok" });
  });

  it("counts its motions on the ledger's day, whatever the floor's day is", () => {
    const three = [attempt(credential), missed(1), attempt(credential), missed(3), attempt(credential), missed(5)];
    const verdict = judge(found(derived(1)), booksOf(written(three)), at(-1, "floor-only"), always, today);
    expect(verdict).toMatchObject({ is: "enough-motions" });
  });
});

describe("hours", () => {
  const between = (opens: number, closes: number): Offer => offer({ opens: opens * 60, closes: closes * 60 });
  const give = (own: Offer, host = always, now = at()) => asked(derived(1, { offer: own }), emptyBooks, now, host);

  it("are those in which both the campaign and the host are open, in UTC+8", () => {
    expect(give(between(12, 13))).toMatchObject({ is: "ok" });
    expect(give(between(6, 12))).toEqual({ is: "closed", opens: 360, closes: 720 });
    expect(give(between(13, 20))).toEqual({ is: "closed", opens: 780, closes: 1200 });
    expect(give(between(0, 24), { opens: 780, closes: 1320 })).toEqual({ is: "closed", opens: 780, closes: 1320 });
    expect(give(between(10, 24), { opens: 0, closes: 660 })).toEqual({ is: "closed", opens: 600, closes: 660 });
  });

  it("are told only of a code that is still good: a used one is used at any hour", () => {
    expect(asked(derived(1, { offer: between(1, 2) }), used)).toMatchObject({ is: "used" });
  });

  it("are held against nobody where only a floor is known", () => {
    expect(give(between(1, 2), always, at(0, "floor-only"))).toMatchObject({ is: "ok" });
    expect(give(between(1, 2), always, at(0, "coasting"))).toMatchObject({ is: "closed" });
  });
});

describe("the season", () => {
  const batch = (over: Partial<Offer>): Candidate =>
    derived(1, { offer: offer(over), validFrom: today - 30, validTo: today + 30 });

  it("is over after the campaign's last day and the day that its last codes still have", () => {
    expect(asked(batch({ to: today - 1 }))).toMatchObject({ is: "ok" });
    expect(asked(batch({ to: today - 2 }))).toMatchObject({ is: "over" });
    expect(asked(derived(1, { offer: offer({ to: today }) }), emptyBooks, at(2))).toMatchObject({ is: "over" });
  });

  it("has not begun on the day before its first, and the worker hears when it does", () => {
    const early = batch({ from: today + 1 });
    expect(asked(early)).toEqual({ is: "not-yet", from: startOf(today + 1), until: startOf(today + 32) });
    expect(asked(early, emptyBooks, at(0, "coasting"))).toMatchObject({ is: "ok" });
    expect(asked(batch({ from: today + 2 }), emptyBooks, at(0, "coasting"))).toMatchObject({ is: "not-yet" });
  });

  it("is never over by a clock that nobody vouches for", () => {
    expect(asked(batch({ to: today - 9 }), emptyBooks, at(0, "floor-only"))).toMatchObject({ is: "ok" });
    expect(asked(batch({ from: today + 9 }), emptyBooks, at(0, "floor-only"))).toMatchObject({ is: "ok" });
  });
});

describe("what no epoch explains", () => {
  it.each<[string, Finding, Verdict]>([
    ["a slip of the finger", { is: "mistyped" }, { is: "mistyped" }],
    ["another machine's code", { is: "other-site", site: "77" }, { is: "other-site" }],
    ["nobody's code", { is: "unknown" }, { is: "unknown" }],
    [
      "nobody's code, beside a list of a while ago",
      { is: "unknown", lag: minutes(20) },
      { is: "unknown", lag: minutes(20) },
    ],
    ["a code of no epoch at all", { is: "found", candidates: [] }, { is: "unknown" }],
  ])("is called what it is: %s", (_, finding, verdict) => {
    expect(judge(finding, emptyBooks, at(), always)).toEqual(verdict);
  });
});

describe("a body that two open epochs share", () => {
  const yesterday = derived(7, { validFrom: today - 1, validTo: today - 1 });
  const todays = derived(3);
  const settle = (...entries: readonly Entry[]): Books => booksOf(written(entries));

  it("is taken for the older while that is good, then for the younger, and then it is used", () => {
    expect(judge(found(yesterday, todays), emptyBooks, at(), always)).toEqual({ is: "ok", candidate: yesterday });
    const first = settle(attempt(yesterday.credential), outcome(1));
    expect(judge(found(yesterday, todays), first, at(), always)).toEqual({ is: "ok", candidate: todays });
    const both = settle(attempt(yesterday.credential), outcome(1), attempt(todays.credential), outcome(3));
    expect(judge(found(yesterday, todays), both, at(), always)).toMatchObject({ is: "used", seq: 1 });
  });

  it("is never a future code's while another meaning says more", () => {
    const future = derived(3, { validFrom: today + 5, validTo: today + 5 });
    const past = derived(3, { validFrom: today - 5, validTo: today - 5 });
    expect(judge(found(past, future), emptyBooks, at(), always)).toMatchObject({ is: "expired" });
    expect(judge(found(future), emptyBooks, at(), always)).toEqual({ is: "unknown" });
  });
});
