import { expect, test } from "vitest";
import { openCards, sealCards } from "../../../protocol/members/card-keys.ts";
import { memberTag } from "../../../protocol/members/secrets.ts";
import { hexOf, publicOf } from "../../../protocol/pickup-code/sign.ts";
import { keys, pidOf, union } from "./making.ts";

const kioskKey = new Uint8Array(32).fill(23);
const kiosk = hexOf(publicOf("x25519", kioskKey));
const uid = (n: number): string => `04${String(n).padStart(12, "0")}`;
const cards = Array.from({ length: 50 }, (_, n) => ({
  tag: memberTag(keys, "uid", uid(n)),
  pid: pidOf(n),
  scheme: n % 2 === 0 ? ("ntag424" as const) : ("desfire" as const),
  key: new Uint8Array(16).fill(n),
}));

test("the kiosk finds the key of each card by its UID, and of no other card", async () => {
  const opened = await openCards(union, await sealCards(union, cards, kiosk), kioskKey);
  if (!opened.ok) throw new Error(opened.error.join());
  for (const card of cards) {
    const found = opened.value.find(card.tag);
    expect(found && { ...found, tag: hexOf(found.tag), pid: hexOf(found.pid) }).toEqual({
      ...card,
      tag: hexOf(card.tag),
      pid: hexOf(card.pid),
    });
  }
  expect(opened.value.find(memberTag(keys, "uid", uid(50)))).toBeUndefined();
});

test("card keys open for no other kiosk, no other list, and not once anything was changed", async () => {
  const sealed = await sealCards(union, cards, kiosk);
  const refused = [
    openCards(union, sealed, new Uint8Array(32).fill(24)),
    openCards({ ...union, id: "drivers" }, sealed, kioskKey),
    openCards({ ...union, station: "ZP-001" }, sealed, kioskKey),
    openCards({ ...union, issuedAt: "2026-07-14T04:00:01Z" }, sealed, kioskKey),
    openCards(
      union,
      {
        ...sealed,
        sealed:
          `A${sealed.sealed.slice(1)}` === sealed.sealed ? `B${sealed.sealed.slice(1)}` : `A${sealed.sealed.slice(1)}`,
      },
      kioskKey,
    ),
  ];
  for (const opened of await Promise.all(refused))
    expect(opened).toEqual({
      ok: false,
      error: [
        "The keys of its cards do not open with this kiosk's key: import the list again with --for and the kiosk.pub of this kiosk.",
      ],
    });
  expect(await openCards(union, { ...sealed, count: 49 }, kioskKey)).toEqual({
    ok: false,
    error: ["cards: expected the keys of 49 cards, found 1650 bytes."],
  });
});
