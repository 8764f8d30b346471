import { appendFileSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseDate } from "../../protocol/pickup-code/calendar.ts";
import { headLine } from "../../protocol/members/member-list.ts";
import { ledgerPid, memberTag } from "../../protocol/members/secrets.ts";
import { hexOf } from "../../protocol/pickup-code/sign.ts";
import { keys, made, people, pidOf, union } from "../protocol/members/making.ts";
import { folderInMemory, removeFolder } from "./folder.ts";
import { kiosk } from "./issuing.ts";
import { placesIn, put, taken, type Places } from "./shelving.ts";

let folder = "";
let places: Places;
beforeEach(() => {
  folder = folderInMemory("member-book");
  places = placesIn(folder);
});
afterEach(() => removeFolder(folder));

const keptFile = (): string => join(places.data, "members", "union.members");
const [first, second] = [ledgerPid(keys, pidOf(1)), ledgerPid(keys, pidOf(2))];
const day = (text: string): number => parseDate(text) ?? Number.NaN;
/** Spread over twelve places, so that nobody guesses them. */
const number = (n: number): string => `6217${String((n * 982_451_653) % 1e12).padStart(12, "0")}`;

test("a member is known by barcode, card and app, always as the same person", async () => {
  put(places, "union.members", (await made()).bytes);
  const { books, whose } = await taken(places);
  expect([whose("6217000011112222"), whose("04DE5F1EACC040"), whose("KM-app-7f3a9c")]).toEqual([first, first, second]);
  expect(books[0]?.byText("6217000011112222")).toEqual({
    credential: { kind: "member", list: "union", pid: first },
    offer: {
      id: "union",
      products: ["water", "salt-soda"],
      from: day("2026-07-01"),
      to: day("2026-09-30"),
      opens: 360,
      closes: 1320,
      allowances: [{ products: ["water", "salt-soda"], perDay: 2, gap: 60 }],
    },
    validFrom: day("2026-07-01"),
    validTo: day("2026-09-30"),
    proof: "number",
  });
});

test("nobody has a number that is not on the list, nor a card's UID as a printed number", async () => {
  put(places, "union.members", (await made()).bytes);
  const { books, whose, damaged } = await taken(places);
  for (const text of ["6217000011112223", "", "04DE5F1EACC041", "KM-app-7f3a9d"]) expect(whose(text)).toBeUndefined();
  const [book] = books;
  expect(book?.byText("04DE5F1EACC040")).toBeUndefined();
  expect(book?.byUid("6217000011112222")).toBeUndefined();
  expect(book?.couldHold("6217000011112223")).toBe(true);
  expect(book?.couldHold("621700001111222")).toBe(false);
  expect(book?.couldHold("9".repeat(223))).toBe(false);
  expect(damaged).toEqual([]);
});

test("dates, several stations and the qr key of a list are told with it", async () => {
  const fields = { dates: ["2026-07-15", "2026-08-01"], area: true, qr: 7 } as const;
  put(places, "union.members", (await made({ fields })).bytes);
  const [book] = (await taken(places)).books;
  expect(book).toMatchObject({ id: "union", qr: 7, area: true, knowsUids: true, issuedAt: Date.parse(union.issuedAt) });
  expect(book?.offer.dates).toEqual([day("2026-07-15"), day("2026-08-01")]);
  expect(book?.byText("6217000011112222")?.area).toBe(true);
});

test("a digital card is its person's while they are on the list, and nobody's afterwards", async () => {
  const digital = { kind: "pid", value: hexOf(pidOf(2)), pid: pidOf(2) } as const;
  put(places, "union.members", (await made({ fields: { qr: 7 }, people: [...people, digital] })).bytes);
  const [book] = (await taken(places)).books;
  const byPid = book?.byPid;
  expect(byPid?.(hexOf(pidOf(2)))).toEqual({ list: "union", pid: second });
  expect(byPid?.(hexOf(pidOf(1)))).toBeUndefined();
  expect(byPid?.("0000000000000000")).toBeUndefined();
});

test("a list without bare cards knows no UID", async () => {
  put(places, "union.members", (await made({ people: people.filter(({ kind }) => kind === "text") })).bytes);
  const [book] = (await taken(places)).books;
  expect(book?.knowsUids).toBe(false);
  expect(book?.byUid("04DE5F1EACC040")).toBeUndefined();
});

test("a 125 kHz card is known by the number printed on it, which lacks its first byte", async () => {
  const printed = { kind: "uid", value: "00A1B2C3", pid: pidOf(3) } as const;
  put(places, "union.members", (await made({ people: [printed] })).bytes);
  const { whose } = await taken(places);
  expect(whose("1E00A1B2C3")).toBe(ledgerPid(keys, pidOf(3)));
  expect(whose("0400A1B2C3AABB")).toBeUndefined();
});

test("a card with a key gives its key, and its UID alone gives nothing", async () => {
  const card = {
    tag: memberTag(keys, "uid", "04AABBCCDDEE80"),
    pid: pidOf(5),
    scheme: "ntag424",
    key: new Uint8Array(16).fill(5),
  } as const;
  put(places, "union.members", (await made({ cards: { of: [card], kiosk } })).bytes);
  const [book] = (await taken(places)).books;
  expect(book?.card("04AABBCCDDEE80")).toMatchObject({
    scheme: "ntag424",
    key: new Uint8Array(16).fill(5),
    candidate: { credential: { kind: "member", list: "union", pid: ledgerPid(keys, pidOf(5)) } },
  });
  expect(book?.card("04AABBCCDDEE80")?.candidate).not.toHaveProperty("proof");
  expect(book?.byUid("04AABBCCDDEE80")).toBeUndefined();
  expect(book?.card("04DE5F1EACC040")).toBeUndefined();
});

test("two tags of a member count each for itself, and say nothing of their UIDs; a card without a counter is not told apart", async () => {
  const card = (uid: string, scheme: "ntag424" | "desfire") =>
    ({ tag: memberTag(keys, "uid", uid), pid: pidOf(5), scheme, key: new Uint8Array(16).fill(5) }) as const;
  const of = [card("04AABBCCDDEE80", "ntag424"), card("04AABBCCDDEE81", "ntag424"), card("04AABBCCDDEE82", "desfire")];
  put(places, "union.members", (await made({ cards: { of, kiosk } })).bytes);
  const [book] = (await taken(places)).books;
  const [one, other, still] = ["0", "1", "2"].map((n) => book?.card(`04AABBCCDDEE8${n}`)?.candidate);
  expect(one?.card).toMatch(/^[0-9a-f]{16}$/);
  expect(other?.card).toMatch(/^[0-9a-f]{16}$/);
  expect(one?.card).not.toBe(other?.card);
  expect(one?.card).not.toBe(hexOf(memberTag(keys, "uid", "04AABBCCDDEE80")));
  expect(still).not.toHaveProperty("card");
  expect(one?.credential).toEqual(other?.credential);
});

test("of 20,000 members each is found, and nobody beside them", async () => {
  const many = Array.from({ length: 20_000 }, (_, n) => ({ kind: "text" as const, value: number(n), pid: pidOf(n) }));
  put(places, "union.members", (await made({ people: many })).bytes);
  const { books, damaged } = await taken(places);
  const [book] = books;
  const wrong = many.filter(({ value, pid }) => {
    const credential = book?.byText(value)?.credential;
    return credential?.kind !== "member" || credential.pid !== ledgerPid(keys, pid);
  });
  expect(wrong.length).toBe(0);
  const strangers = Array.from({ length: 5000 }, (_, n) => number(20_000 + n));
  expect(strangers.filter((text) => book?.byText(text) !== undefined)).toEqual([]);
  expect(damaged).toEqual([]);
}, 60_000);

test("a changed row is noticed when it is looked at: nobody is known by it, and the technician is told once", async () => {
  const { list, bytes } = await made({
    people: Array.from({ length: 1000 }, (_, n) => ({ kind: "text", value: number(n), pid: pidOf(n) })),
  });
  put(places, "union.members", bytes);
  const { whose, damaged } = await taken(places);
  const changed = readFileSync(keptFile());
  const place = headLine(list).length + 8; // the pid of the first row
  changed.writeUInt8(changed.readUInt8(place) ^ 1, place);
  writeFileSync(keptFile(), changed);
  const known = Array.from({ length: 1000 }, (_, n) => whose(number(n))).filter((pid) => pid !== undefined);
  // 256 rows are read together; those of the other blocks can still be believed.
  expect(known).toHaveLength(744);
  expect(damaged).toEqual([
    {
      file: "members/union",
      why: "Rows of its file were changed, so that some of its members are not known. Start the kiosk again: it takes the list from its configuration folder, or the generation before.",
    },
  ]);
});

test.each([
  ["cut", (path: string) => truncateSync(path, 700), "Its file has 700 bytes instead of"],
  ["longer", (path: string) => appendFileSync(path, "x"), "so that none of its members are known"],
  ["removed", (path: string) => rmSync(path), "Its file was removed, so that none of its members are known."],
])("a file that is %s under the running kiosk is a fault, and nobody is known by it", async (_, harm, says) => {
  put(places, "union.members", (await made()).bytes);
  const { whose, damaged } = await taken(places);
  expect(whose("6217000011112222")).toBe(first);
  harm(keptFile());
  expect(whose("6217000011112222")).toBeUndefined();
  expect(whose("04DE5F1EACC040")).toBeUndefined();
  expect(damaged).toHaveLength(1);
  expect(damaged[0]?.why).toContain(says);
});

test("a file that is gone before its book is opened is a fault and no crash", async () => {
  put(places, "union.members", (await made()).bytes);
  (await taken(places)).lists.close();
  const { lists } = await taken(places, { secrets: new Map() });
  renameSync(keptFile(), `${keptFile()}.gone`);
  const [book] = lists.books(new Map([["union", new Uint8Array(32).fill(31)]])).books;
  expect(book?.byText("6217000011112222")).toBeUndefined();
});

test("a book that was closed knows nobody", async () => {
  put(places, "union.members", (await made()).bytes);
  const { lists, whose, damaged } = await taken(places);
  lists.close();
  expect(whose("6217000011112222")).toBeUndefined();
  lists.close();
  expect(damaged).toEqual([]);
});
