import { expect, test } from "vitest";
import type { Finding } from "../../controller/domain/credential.ts";
import type { Codebook } from "../../controller/store/codebook.ts";
import type { MemberBook } from "../../controller/store/member-book.ts";
import { recogniser } from "../../controller/store/recognise.ts";
import { Secret } from "../../devices/kit/secret.ts";
import { parseDate } from "../../protocol/pickup-code/calendar.ts";
import { base45Text, mint, nobody, numericText, type Token } from "../../protocol/pickup-code/token.ts";
import { manualClock } from "../kit/clock.ts";
import { bundle, coupons, opened, own, qr, summer } from "./issuing.ts";
import { byNumber, listOf } from "./lists-of-members.ts";

const today = parseDate("2026-07-15") ?? Number.NaN;
const token: Token = {
  kid: 7,
  id: "0102030405060708",
  notBefore: 1_784_044_800,
  quarters: 96,
  scope: { of: "station", number: 42 },
  productClass: 0,
  pid: nobody,
};
const stranger = new Uint8Array(32).fill(99);

async function codes(fields: Partial<typeof summer> = {}, imported?: readonly string[]): Promise<Codebook> {
  const { codebook, refused } = await opened({
    campaigns: { "a.json": own.campaign({ ...summer, ...fields }) },
    lists: imported ? { "l.json": own.list(coupons, imported) } : {},
    keys: { "k.json": await bundle(["20260715"], undefined, imported ? [coupons.id] : []) },
  });
  expect(refused).toEqual([]);
  await codebook.prepare(today).all;
  return codebook;
}

function scan(text: string, codebook: Codebook, members: readonly MemberBook[] = []): Promise<Finding> {
  const dice = { bytes: (n: number) => new Uint8Array(n) };
  const kiosk = recogniser({ codebook: () => codebook, members: () => members, dice, clock: manualClock() });
  return kiosk.recognise({ is: "text", text: new Secret(text), symbology: "qr" });
}

const drivers = listOf("drivers", { texts: { "6901234567890": "a1" }, form: /^\d{13}$/ });
const notRegistered = { is: "unregistered", of: "code", guess: false };
const guessed = { is: "unregistered", of: "code", guess: true };

test("a scanned code of the day, an imported code and a signed token are found as the code book finds them", async () => {
  const book = await codes({}, ["400000000001"]);
  const [code = ""] = own.codes("20260715", 1, "42");
  for (const text of [code, "400000000001", numericText(mint(token, qr)), base45Text(mint(token, qr))]) {
    const finding = await scan(text, book, [drivers]);
    expect(finding).toEqual(book.scan(text));
    expect(finding.is).toBe("found");
  }
});

test("a member's printed number is found, and vouched for as a number", async () => {
  const finding = await scan("6901234567890", await codes(), [drivers]);
  expect(finding).toEqual({ is: "found", candidates: [byNumber("drivers", "a1")] });
});

test("a text that is both a code of the day and a member's number is first the code, then the number", async () => {
  const book = await codes();
  const [code = ""] = own.codes("20260715", 1, "42");
  const finding = await scan(code, book, [listOf("drivers", { texts: { [code]: "a1" } })]);
  if (finding.is !== "found") throw new Error(finding.is);
  expect(finding.candidates.map(({ credential, proof }) => [credential.kind, proof])).toEqual([
    ["derived", undefined],
    ["member", "number"],
  ]);
});

test("of several lists with the number the oldest is first", async () => {
  const texts = { "6901234567890": "a1" };
  const lists = [listOf("young", { texts, from: 20_640 }), listOf("old", { texts, from: 20_610 })];
  expect(await scan("6901234567890", await codes(), lists)).toEqual({
    is: "found",
    candidates: [byNumber("old", "a1", 20_610), byNumber("young", "a1", 20_640)],
  });
});

test("a text of no form of ours, as a chat's code or a bottle's, is not registered and costs nothing", async () => {
  const book = await codes();
  for (const text of ["https://u.wechat.com/abcdefgh", "6921168509256", "", "你好", "9".repeat(3000)])
    expect(await scan(text, book)).toEqual(notRegistered);
  expect(await scan("https://u.wechat.com/abcdefgh", book, [drivers])).toEqual(notRegistered);
});

test("a number that some list could have held costs a guess of the second bucket", async () => {
  expect(await scan("6921168509256", await codes(), [drivers])).toEqual(guessed);
});

test("a scanned code whose check digit is wrong is no slip of a finger: it is not registered, at no cost", async () => {
  expect(await scan("420326226158", await codes())).toEqual(notRegistered);
});

test("a scanned code that could have been today's costs what a typed one costs", async () => {
  const ten = await codes({ digits: 10 });
  // Five codes and the keeper's two are issued a day: the eighth has a right check digit and is nobody's.
  const nobodys = own.codes("20260715", 8)[7] ?? "";
  expect(ten.find(nobodys)).toEqual({ is: "unknown" });
  expect(await scan(nobodys, ten)).toEqual({ is: "unknown" });
  expect(await scan("400000000002", await codes({}, ["400000000001"]))).toMatchObject({ is: "unknown" });
});

test("a code for another machine says so, unless it was a guess at a member's number", async () => {
  const book = await codes();
  const [other = ""] = own.codes("20260715", 1, "43");
  expect(await scan(other, book)).toEqual({ is: "other-site", site: "43" });
  const wide = listOf("wide", { texts: {}, form: /^\d{12}$/ });
  expect(await scan(other, book, [wide])).toEqual(guessed);
});

test("a damaged token was not read; one that a stranger signed is not registered, and nobody guessed it", async () => {
  const book = await codes();
  const numeric = numericText(mint(token, qr));
  for (const damaged of [`${numeric.slice(0, 100)}x${numeric.slice(101)}`, base45Text(mint(token, qr)).slice(0, -3)])
    expect(await scan(damaged, book)).toEqual({ is: "unread", of: "code" });
  expect(await scan(numericText(mint(token, stranger)), book, [drivers])).toEqual(notRegistered);
});

test("a tag's address on a printed code is no tag", async () => {
  const address = "https://sdm.example/tagpt?uid=041E3C8A2D6B80&ctr=000006&cmac=4B00064004B0B3D3";
  const cards = { "041E3C8A2D6B80": { pid: "a1", scheme: "ntag424", key: new Uint8Array(16) } } as const;
  const list = listOf("tags", { cards, uids: { "041E3C8A2D6B80": "a1" } });
  expect(await scan(address, await codes(), [list])).toEqual(notRegistered);
});

test("a code that its reader could not read stays unread", async () => {
  const codebook = await codes();
  const dice = { bytes: (n: number) => new Uint8Array(n) };
  const kiosk = recogniser({ codebook: () => codebook, members: () => [], dice, clock: manualClock() });
  for (const of of ["card", "code"] as const)
    expect(await kiosk.recognise({ is: "unread", of })).toEqual({ is: "unread", of });
});
