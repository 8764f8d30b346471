import { expect, test } from "vitest";
import type { DigitalCards } from "../../controller/store/codebook.ts";
import { base45Text, mint, nobody, numericText, type Token } from "../../protocol/pickup-code/token.ts";
import { qr } from "./issuing.ts";
import { book, drivers, offer, scansNothing, token } from "./scanned.ts";

const text = (fields: Partial<Token> = {}): string => numericText(mint({ ...token, ...fields }, qr));

test("a member's token gives what the list offers, within the token's own life, against the member's quota", () => {
  const from = 1_784_044_800_000;
  expect(book([drivers]).scan(text())).toEqual({
    is: "found",
    candidates: [
      {
        credential: { kind: "token", kid: 7, id: "0102030405060708" },
        member: { list: "drivers", pid: "1111111111111111" },
        offer,
        validFrom: 20_649,
        validTo: 20_649,
        lifetime: { from, until: from + 7_200_000 },
        proof: "signed",
      },
    ],
  });
  expect(book([drivers]).scan(base45Text(mint(token, qr)))).toEqual(book([drivers]).scan(text()));
});

test("of the list's products it gives those that the token names, and nothing where the list has them not", () => {
  const goods = (productClass: number) => {
    const finding = book([drivers]).scan(text({ productClass }));
    return finding.is === "found" && finding.candidates.map((candidate) => candidate.offer.products);
  };
  expect(goods(2)).toEqual([["salt-soda"]]);
  expect(goods(3)).toEqual([[]]);
  expect(goods(9)).toEqual([[]]);
});

test("who is on the list no more gets nothing, and a well-signed card is no guess", () => {
  expect(book([drivers]).scan(text({ pid: "ffffffffffffffff" }))).toEqual({
    is: "unregistered",
    of: "code",
    guess: false,
  });
});

test("a token of nobody, and one of a key that no list names, are plain tokens", () => {
  for (const fields of [{ pid: nobody }, { kid: 8 }]) {
    const finding = book([drivers]).scan(text(fields));
    expect(finding).toMatchObject({ candidates: [{ offer: { products: ["water", "salt-soda", "tea"] } }] });
    expect(finding.is === "found" && finding.candidates.map(({ member }) => member)).toEqual([undefined]);
  }
});

test("a quota that counts at several stations makes a card of one station a matter of the centre too", () => {
  const area = (list: DigitalCards, scope: Token["scope"]) => {
    const finding = book([list]).scan(text({ scope }));
    return finding.is === "found" && finding.candidates.map((candidate) => candidate.area);
  };
  expect(area({ ...drivers, area: true }, { of: "station", number: 42 })).toEqual([true]);
  expect(area(drivers, { of: "area", number: 3 })).toEqual([true]);
  expect(area(drivers, { of: "station", number: 42 })).toEqual([undefined]);
});

test("a card of another kiosk is another kiosk's, whoever bears it", () => {
  expect(book([drivers]).scan(text({ scope: { of: "station", number: 43 } }))).toEqual({
    is: "other-site",
    site: "43",
  });
});

test("where two lists name the key, whoever is on both has what both offer", () => {
  const night = { ...drivers, id: "night", byPid: () => ({ list: "night", pid: "2222222222222222" }) };
  const finding = book([drivers, night]).scan(text());
  expect(finding.is === "found" && finding.candidates.map(({ member }) => member?.list)).toEqual(["drivers", "night"]);
});

test("20,000 scanned texts, mangled tokens and noise, give no card and no exception", () => {
  scansNothing(20_000);
});
