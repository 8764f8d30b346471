import { expect, test } from "vitest";
import "../../controller/store/proofs.ts";
import { delays } from "../../controller/delays.ts";
import type { Finding } from "../../controller/domain/credential.ts";
import { openCodebook } from "../../controller/store/codebook.ts";
import type { MemberBook } from "../../controller/store/member-book.ts";
import { recogniser } from "../../controller/store/recognise.ts";
import { millis } from "../../devices/kit/clock.ts";
import { fault } from "../../devices/kit/fault.ts";
import { err, ok, type Result } from "../../devices/kit/result.ts";
import { Secret } from "../../devices/kit/secret.ts";
import type { Card } from "../../devices/reader/cards/card.ts";
import { desfire } from "../../devices/reader/cards/desfire.ts";
import { ntag424 } from "../../devices/reader/cards/ntag424.ts";
import { bareCard, strangeCard } from "../../devices/reader/cards/plain.ts";
import { manualClock } from "../kit/clock.ts";
import { bytesOf, hexOf } from "../protocol/cards/hex.ts";
import { byNumber, listOf, member } from "./lists-of-members.ts";

const tagUid = "04A1B2C3D4E5F6";
const cardUid = "04112233445566";
const key = bytesOf("000102030405060708090A0B0C0D0E0F");
const otherKey = bytesOf("FF0102030405060708090A0B0C0D0E0F");
const application = bytesOf("015A59");

let drawn = 0;
/** Never the same twice. */
const chance = (count: number) => Uint8Array.from({ length: count }, (_, at) => (at * 7 + ++drawn) & 0xff);

const tag = (uid = tagUid, fileKey = key) =>
  ntag424({ uid: bytesOf(uid), url: "https://yz.example/t?u={uid}&c={ctr}&m={cmac}", fileKey, counter: 60, chance });
const sealedTag = () =>
  ntag424({
    uid: bytesOf(tagUid),
    url: "https://yz.example/t?p={picc}&m={cmac}",
    fileKey: key,
    metaKey: key,
    counter: 60,
    chance,
  });
const strong = (uid = cardUid, first = key) => desfire({ uid: bytesOf(uid), application, keys: [first], chance });

type Exchange = (command: Uint8Array) => Promise<Result<Uint8Array>>;
const over = ({ apdu }: Card): Exchange | undefined => apdu && (async (command) => ok(apdu(command)));
const went = err(fault("no-device", "the card went"));

const unionList = listOf("union", {
  cards: { [tagUid]: { pid: "a1", scheme: "ntag424", key }, [cardUid]: { pid: "b2", scheme: "desfire", key } },
  uids: { "0BE20EFB": "c3", [tagUid]: "a1", [cardUid]: "b2" },
});
/** Another list, which knows the same cards by nothing but their number. */
const numbersOnly = listOf("numbers", { uids: { "0BE20EFB": "x1", [tagUid]: "x2" }, from: 20_500 });

function tap(
  uid: string,
  exchange: Exchange | undefined,
  members: readonly MemberBook[] = [unionList],
  clock = manualClock(),
): Promise<Finding> {
  const codebook = openCodebook({
    campaigns: [],
    epochKeys: new Map(),
    lists: [],
    members: [],
    qrKeys: new Map(),
    site: "42",
    number: 42,
    products: [],
    keyDays: 14,
    clock,
  });
  const kiosk = recogniser({ codebook: () => codebook, members: () => members, dice: { bytes: chance }, clock });
  const card = { is: "card", technology: "iso14443a", uid: new Secret(uid) } as const;
  return kiosk.recognise(exchange === undefined ? card : { ...card, exchange });
}

const held = (card: Card, members?: readonly MemberBook[]) => tap(hexOf(card.uid), over(card), members);
const copy = { is: "unregistered", of: "card", guess: true };

test("an NTAG 424 proves the tag and tells its counter, with its number in plain sight or sealed", async () => {
  for (const card of [tag(), sealedTag()])
    expect(await held(card)).toEqual({
      is: "found",
      candidates: [{ ...member("union", "a1"), proof: "tag", counter: 61 }],
    });
});

test("a tag's next reading has a higher counter, an old reading played again the old one", async () => {
  const card = tag();
  const said: Uint8Array[] = [];
  const recording: Exchange = async (command) => {
    const answer = card.apdu?.(command) ?? new Uint8Array();
    said.push(answer);
    return ok(answer);
  };
  const counter = async (exchange: Exchange | undefined) => {
    const finding = await tap(tagUid, exchange);
    return finding.is === "found" ? finding.candidates[0]?.counter : finding;
  };
  expect(await counter(recording)).toBe(61);
  expect(await counter(over(card))).toBe(62);
  expect(await counter(async () => ok(said.shift() ?? new Uint8Array()))).toBe(61);
});

test("a DESFire card proves that it is here", async () => {
  expect(await held(strong())).toEqual({ is: "found", candidates: [{ ...member("union", "b2"), proof: "present" }] });
});

test("a conversation that was recorded proves nothing the next time", async () => {
  const card = strong();
  const said: Uint8Array[] = [];
  const finding = await tap(cardUid, async (command) => {
    const answer = card.apdu?.(command) ?? new Uint8Array();
    said.push(answer);
    return ok(answer);
  });
  expect(finding.is).toBe("found");
  expect(await tap(cardUid, async () => ok(said.shift() ?? new Uint8Array()))).toEqual(copy);
});

test("a card that cannot prove what a list knows of it is a copy, and its bare number is taken by no list", async () => {
  const lists = [unionList, numbersOnly];
  const copies: readonly (readonly [string, Card])[] = [
    [tagUid, tag(tagUid, otherKey)],
    // The right seal of another tag's number, before whose UID a copy pretends to be.
    [tagUid, tag("04FFFFFFFFFFFF")],
    [tagUid, strangeCard(bytesOf(tagUid))],
    [tagUid, strong(tagUid)],
    [cardUid, strong(cardUid, otherKey)],
    [cardUid, strangeCard(bytesOf(cardUid))],
    [cardUid, tag(cardUid)],
  ];
  for (const [uid, card] of copies) expect(await tap(uid, over(card), lists)).toEqual(copy);
});

test("a card that is taken away at any word of its conversation was not read, and costs no guess", async () => {
  for (const [uid, card, words] of [
    [tagUid, tag(), 5],
    [cardUid, strong(), 3],
  ] as const)
    for (let at = 0; at < words; at++) {
      let word = 0;
      const leaving: Exchange = async (command) =>
        word++ === at ? went : ok(card.apdu?.(command) ?? new Uint8Array());
      expect(await tap(uid, leaving, [unionList, numbersOnly])).toEqual({ is: "unread", of: "card" });
    }
});

test("of a card with a key, a reader that brings only its number has not read it", async () => {
  for (const uid of [tagUid, cardUid])
    expect(await tap(uid, undefined, [unionList, numbersOnly])).toEqual({ is: "unread", of: "card" });
});

test("a reader that never answers is waited for three seconds, and nothing more is said to the card", async () => {
  const clock = manualClock();
  const card = strong();
  let asked = 0;
  let answerLate: (() => void) | undefined;
  const hanging: Exchange = (command) => {
    asked += 1;
    return new Promise((resolve) => (answerLate = () => resolve(ok(card.apdu?.(command) ?? new Uint8Array()))));
  };
  const finding = tap(cardUid, hanging, [unionList], clock);
  let settled = false;
  void finding.then(() => (settled = true));
  await clock.run(delays.cardTalks - 1);
  expect(settled).toBe(false);
  expect(await clock.finish(finding, 1)).toEqual({ is: "unread", of: "card" });
  answerLate?.();
  await clock.pass(10_000);
  expect(asked).toBe(1);
});

test("a card that answers slowly has three seconds for its whole conversation, not for each word", async () => {
  const clock = manualClock();
  const card = tag();
  const slow: Exchange = (command) =>
    new Promise((resolve) => {
      clock.after(millis(delays.cardTalks / 4), "slow", () => resolve(ok(card.apdu?.(command) ?? new Uint8Array())));
    });
  expect(await clock.finish(tap(tagUid, slow, [unionList], clock))).toEqual({ is: "unread", of: "card" });
  expect(clock.mono()).toBe(delays.cardTalks);
});

test("no wait is left behind by a conversation that came to its end", async () => {
  const clock = manualClock();
  expect((await tap(cardUid, over(strong()), [unionList], clock)).is).toBe("found");
  expect(clock.pending()).toEqual([]);
});

test("a driver that fails costs its reading, not the kiosk", async () => {
  const failing: Exchange = () => Promise.reject(new Error("a mistake"));
  expect(await tap(cardUid, failing)).toEqual({ is: "unread", of: "card" });
});

test("a bare number is found by its UID, and vouched for as a number", async () => {
  const bare = bareCard(bytesOf("0BE20EFB"));
  expect(await held(bare)).toEqual({ is: "found", candidates: [byNumber("union", "c3")] });
  expect(await held(bare, [unionList, numbersOnly])).toEqual({
    is: "found",
    candidates: [byNumber("numbers", "x1", 20_500), byNumber("union", "c3")],
  });
});

test("a card that proves itself to one list is that, and to an older list what its number is there", async () => {
  expect(await held(tag(), [numbersOnly, unionList])).toEqual({
    is: "found",
    candidates: [{ ...member("union", "a1"), proof: "tag", counter: 61 }, byNumber("numbers", "x2", 20_500)],
  });
});

test("where two lists have keys of a card, the one whose key it has is believed", async () => {
  const stale = listOf("stale", { cards: { [cardUid]: { pid: "s1", scheme: "desfire", key: otherKey } }, uids: {} });
  expect(await held(strong(), [stale, unionList])).toEqual({
    is: "found",
    candidates: [{ ...member("union", "b2"), proof: "present" }],
  });
});

test("nobody's card costs a guess where some list knows UIDs, and none where none does", async () => {
  const bank = strangeCard(bytesOf("04999999999999"));
  expect(await held(bank)).toEqual(copy);
  expect(await held(bank, [listOf("texts", { texts: {}, form: /^\d+$/ })])).toEqual({ ...copy, guess: false });
  expect(await held(bank, [])).toEqual({ ...copy, guess: false });
});

test("a card that nobody's list has a key of is not spoken to", async () => {
  let asked = 0;
  const curious: Exchange = async () => {
    asked += 1;
    return went;
  };
  expect((await tap("0BE20EFB", curious)).is).toBe("found");
  expect(asked).toBe(0);
});
