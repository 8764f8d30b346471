import { expect, test } from "vitest";
import { openCodebook, type Codebook } from "../../controller/store/codebook.ts";
import { parseDate } from "../../protocol/pickup-code/calendar.ts";
import { damm } from "../../protocol/pickup-code/damm.ts";
import { epochKey, stationKey } from "../../protocol/pickup-code/derive.ts";
import { base45Text, mint, numericText, nobody, type Token } from "../../protocol/pickup-code/token.ts";
import { bundle, coupons, opened, own, qr, root, standing, station, summer } from "./issuing.ts";

const today = parseDate("2026-07-15") ?? Number.NaN;
const july = (day: number) => `202607${String(day).padStart(2, "0")}`;
const everyDay = Array.from({ length: 31 }, (_, at) => july(at + 1));

async function summerBook(fields: Partial<typeof summer> = {}, codes?: readonly string[]): Promise<Codebook> {
  const lists = codes ? { "l.json": own.list(coupons, codes) } : {};
  const { codebook, refused } = await opened({
    campaigns: { "a.json": own.campaign({ ...summer, ...fields }) },
    lists,
    keys: { "k.json": await bundle(everyDay, undefined, codes ? [coupons.id] : []) },
  });
  expect(refused).toEqual([]);
  await codebook.prepare(today).all;
  return codebook;
}

const only = (book: Codebook, text: string) => {
  const finding = book.find(text);
  return finding.is === "found" && finding.candidates.length === 1 ? finding.candidates[0] : finding;
};

test("a code of today is found with its epoch, index, offer and day", async () => {
  const book = await summerBook();
  const codes = own.codes(july(15), 7, "42");
  codes.forEach((code, index) =>
    expect(only(book, code)).toEqual({
      credential: { kind: "derived", epoch: "20260715", index },
      offer: {
        id: "summer",
        products: ["water", "salt-soda"],
        from: today - 14,
        to: today + 77,
        opens: 360,
        closes: 1320,
      },
      validFrom: today,
      validTo: today,
    }),
  );
});

test("the published codes of both formats are found at the published station", async () => {
  const twelve = await summerBook();
  const ten = await summerBook({ digits: 10 });
  expect(only(twelve, "420326226157")).toMatchObject({ credential: { epoch: "20260715", index: 0 } });
  expect(only(twelve, "420625409641")).toMatchObject({ credential: { epoch: "20260716", index: 4 } });
  expect(only(ten, "0326226152")).toMatchObject({ credential: { epoch: "20260715", index: 0 } });
  expect(ten.typed).toEqual({ length: 10, groups: [3, 3, 4] });
});

test("indexes from the campaign's count on are the keeper's, and none beyond them is known", async () => {
  const book = await summerBook();
  const codes = own.codes(july(15), 8, "42");
  expect(codes.map((code) => book.find(code).is)).toEqual([...Array<string>(7).fill("found"), "unknown"]);
});

test("a slip of the finger is mistyped, another machine's code is told so, the reserved site is unknown", async () => {
  const book = await summerBook();
  const [code = ""] = own.codes(july(15), 1, "42");
  const [elsewhere = ""] = own.codes(july(15), 1, "77");
  const [reserved = ""] = own.codes(july(15), 1, "00");
  expect(book.find("420326226175")).toEqual({ is: "mistyped" });
  expect(book.find(code.slice(0, -1))).toEqual({ is: "mistyped" });
  expect(book.find(`${code.slice(0, -1)}x`)).toEqual({ is: "mistyped" });
  expect(book.find("")).toEqual({ is: "mistyped" });
  expect(book.find(elsewhere)).toEqual({ is: "other-site", site: "77" });
  expect(book.find(reserved)).toEqual({ is: "unknown" });
  expect(book.find(`42000000000${damm("42000000000")}`)).toEqual({ is: "unknown" });
});

test("past epochs explain for 30 days, coming ones are known for keyDays", async () => {
  const book = await summerBook();
  await book.prepare(today + 1).all;
  const is = (day: number) => book.find(own.codes(july(day), 1, "42")[0] ?? "").is;
  expect([is(1), is(14), is(16), is(30)]).toEqual(["found", "found", "found", "found"]);
  expect(is(31)).toBe("unknown");
  await book.prepare(today + 17).all;
  expect([is(1), is(2), is(31)]).toEqual(["unknown", "found", "found"]);
});

test("an epoch that was forgotten and is held again is found again", async () => {
  const book = await summerBook();
  const [code = ""] = own.codes(july(15), 1, "42");
  await book.prepare(today + 100).all;
  expect(book.find(code).is).toBe("unknown");
  await book.prepare(today).all;
  expect(book.find(code).is).toBe("found");
});

test("today's and yesterday's codes are known first, the days ahead next, the past last", async () => {
  const { codebook } = await opened({
    campaigns: { "a.json": own.campaign({ ...summer, count: 400 }) },
    keys: { "k.json": await bundle(everyDay) },
  });
  const { open, all } = codebook.prepare(today);
  const is = (day: number) => codebook.find(own.codes(july(day), 400, "42")[399] ?? "").is;
  await open;
  expect([is(15), is(14), is(25), is(3)]).toEqual(["found", "found", "unknown", "unknown"]);
  await all;
  expect([is(15), is(14), is(25), is(3)]).toEqual(["found", "found", "found", "found"]);
});

test("a preparation that is overtaken by the next day leaves nothing out", async () => {
  const { codebook } = await opened({
    campaigns: { "a.json": own.campaign({ ...summer, count: 400 }) },
    keys: { "k.json": await bundle(everyDay) },
  });
  const first = codebook.prepare(today);
  const second = codebook.prepare(today + 1);
  await Promise.all([first.open, first.all, second.all]);
  for (const day of [2, 14, 15, 16, 30])
    expect(own.codes(july(day), 402, "42").filter((code) => codebook.find(code).is !== "found")).toEqual([]);
});

test("deriving gives way: no turn of it derives more than 200 codes", async () => {
  let turns = 0;
  const clock = standing("2026-07-15T03:00:00Z");
  const book = openCodebook({
    campaigns: [own.campaign({ ...summer, count: 300, keeperCount: 10 })],
    epochKeys: new Map(everyDay.map((label) => [label, epochKey(stationKey(root, "SD-JN-0042"), label)])),
    lists: [],
    members: [],
    qrKeys: new Map(),
    site: "42",
    number: 42,
    products: [],
    keyDays: 14,
    clock: {
      ...clock,
      after: (delay, label, wake) => {
        turns++;
        return clock.after(delay, label, wake);
      },
    },
  });
  await book.prepare(today).all;
  const derived = 29 * 310;
  expect(turns).toBeGreaterThanOrEqual(Math.floor(derived / 200) - 1);
});

test("where two epochs share a body both are candidates, the older first, and one may be forgotten", async () => {
  // Two campaigns of the same labels cannot be; one key under two labels shares every body.
  const key = epochKey(stationKey(root, "SD-JN-0042"), july(15));
  const book = openCodebook({
    campaigns: [own.campaign(summer)],
    epochKeys: new Map([july(16), july(14), july(15)].map((label) => [label, key])),
    lists: [],
    members: [],
    qrKeys: new Map(),
    site: "42",
    number: 42,
    products: [],
    keyDays: 14,
    clock: standing("2026-07-15T03:00:00Z"),
  });
  await book.prepare(today).all;
  const [code = ""] = own.codes(july(15), 1, "42");
  const epochs = () => {
    const finding = book.find(code);
    if (finding.is !== "found") return [];
    return finding.candidates.map(({ credential }) => (credential.kind === "derived" ? credential.epoch : ""));
  };
  expect(epochs()).toEqual([july(14), july(15), july(16)]);
  await book.prepare(today + 30).all;
  expect(epochs()).toEqual([july(15), july(16)]);
  await book.prepare(today + 31).all;
  expect(epochs()).toEqual([july(16)]);
});

test("week codes live their week, batch codes their campaign, own labels bear the campaign's name", async () => {
  const week = await opened({
    campaigns: { "a.json": own.campaign({ ...summer, epoch: "week" }) },
    keys: { "k.json": await bundle(["2026-W29"]) },
  });
  const batch = await opened({
    campaigns: { "a.json": own.campaign({ ...summer, epoch: "batch", batch: "B7" }) },
    keys: { "k.json": await bundle(["B7"]) },
  });
  const night = await opened({
    campaigns: { "a.json": own.campaign({ ...summer, id: "night", ownLabels: true }) },
    keys: { "k.json": await bundle(["night/20260715", "20260715"]) },
  });
  for (const { codebook } of [week, batch, night]) await codebook.prepare(today).all;
  expect(week.floorFrom.newestEpoch).toBe(today + 4);
  expect(batch.floorFrom.newestEpoch).toBe(today + 77);
  expect(night.floorFrom.newestEpoch).toBe(today);
  expect(only(week.codebook, own.codes("2026-W29", 1, "42")[0] ?? "")).toMatchObject({
    credential: { epoch: "2026-W29", index: 0 },
    validFrom: today - 2,
    validTo: today + 4,
  });
  expect(only(batch.codebook, own.codes("B7", 1, "42")[0] ?? "")).toMatchObject({
    credential: { epoch: "B7" },
    validFrom: today - 14,
    validTo: today + 77,
  });
  expect(only(night.codebook, own.codes("night/20260715", 1, "42")[0] ?? "")).toMatchObject({
    credential: { epoch: "night/20260715" },
  });
  expect(night.codebook.find(own.codes("20260715", 1, "42")[0] ?? "").is).toBe("unknown");
});

test("E16: an imported code is found by its tag, beside derived ones", async () => {
  const book = await summerBook({}, ["902614857731", "000000000007"]);
  expect(only(book, "902614857731")).toMatchObject({
    credential: { kind: "list", list: "L2026-07", tag: "83d307286e33f71e" },
    offer: { id: "L2026-07", products: ["water"] },
    validFrom: today - 14,
    validTo: today + 16,
  });
  expect(only(book, "000000000007")).toMatchObject({ credential: { kind: "list" } });
  expect(only(book, "420326226157")).toMatchObject({ credential: { kind: "derived" } });
});

test("while a list can be typed every miss is a guess, and says how old the list is", async () => {
  const book = await summerBook({}, ["902614857731"]);
  const miss = { is: "unknown", lag: 0 };
  expect(book.find("902614857732")).toEqual(miss);
  expect(book.find("420326226175")).toEqual(miss);
  expect(book.find(own.codes(july(15), 1, "77")[0] ?? "")).toEqual(miss);
  await book.prepare(today + 18).all;
  expect(book.find("902614857732")).toEqual({ is: "mistyped" });
});

test("a list of another length can be scanned and not typed", async () => {
  const { codebook } = await opened({
    campaigns: { "a.json": own.campaign(summer) },
    lists: { "l.json": own.list({ ...coupons, codeLength: 9, alphabet: "capitals" }, ["AB12CD34E"]) },
    keys: { "k.json": await bundle([july(15)], undefined, [coupons.id]) },
  });
  await codebook.prepare(today).all;
  expect(codebook.typed?.length).toBe(12);
  expect(codebook.find("AB12CD34E")).toEqual({ is: "mistyped" });
  expect(codebook.scan("AB12CD34E")).toMatchObject({ is: "found" });
  expect(codebook.scan("AB12CD34F")).toEqual({ is: "unknown", lag: 0 });
  expect(codebook.scan("420326226157")).toMatchObject({ is: "found" });
  expect(codebook.scan("https://example.org")).toEqual({ is: "mistyped" });
});

test("with lists alone the keypad takes the length of their codes", async () => {
  const { codebook } = await opened({
    lists: { "l.json": own.list({ ...coupons, codeLength: 9 }, ["902614857"]) },
    keys: { "k.json": await bundle([], undefined, [coupons.id]) },
  });
  expect(codebook.typed).toEqual({ length: 9, groups: [3, 3, 3] });
  expect(codebook.find("902614857")).toMatchObject({ is: "found" });
});

test("E17: a token of this kiosk is found with its exact lifetime and its product", async () => {
  const book = await summerBook();
  const token: Token = {
    kid: 7,
    id: "0102030405060708",
    notBefore: 1_784_044_800,
    quarters: 96,
    scope: { of: "station", number: 42 },
    productClass: 2,
    pid: nobody,
  };
  const text = (fields: Partial<Token>) => numericText(mint({ ...token, ...fields }, qr));
  const from = 1_784_044_800_000;
  expect(book.scan(text({}))).toEqual({
    is: "found",
    candidates: [
      {
        credential: { kind: "token", kid: 7, id: "0102030405060708" },
        offer: { id: "qr-7", products: ["salt-soda"], from: today, to: today, opens: 0, closes: 1440 },
        validFrom: today,
        validTo: today,
        lifetime: { from, until: from + 86_400_000 },
        proof: "signed",
      },
    ],
  });
  expect(book.scan(base45Text(mint(token, qr)))).toEqual(book.scan(text({})));
  expect(book.scan(text({ productClass: 0 }))).toMatchObject({
    candidates: [{ offer: { products: ["water", "salt-soda"] } }],
  });
  expect(book.scan(text({ productClass: 9 }))).toMatchObject({ candidates: [{ offer: { products: [] } }] });
  expect(book.scan(text({ scope: { of: "station", number: 43 } }))).toEqual({ is: "other-site", site: "43" });
  expect(book.scan(text({ kid: 8 }))).toEqual({ is: "unknown" });
  expect(book.scan(`901${"9".repeat(220)}`)).toEqual({ is: "unread", of: "code" });
});

test("a token of the kiosk's area is found as one that is valid at several stations, one of another area is not ours", async () => {
  const scanned = async (own: number | undefined, scope: Token["scope"]) => {
    const area = own === undefined ? {} : { area: own };
    const here = { ...station, station: { ...station.station, ...area } };
    const { codebook } = await opened({}, { station: here });
    const rest = { notBefore: 1_784_044_800, quarters: 96, productClass: 1, pid: nobody };
    return codebook.scan(numericText(mint({ kid: 7, id: "01".repeat(8), scope, ...rest }, qr)));
  };
  expect(await scanned(9, { of: "area", number: 9 })).toMatchObject({
    is: "found",
    candidates: [{ credential: { kind: "token", id: "01".repeat(8) }, area: true, offer: { products: ["water"] } }],
  });
  expect(await scanned(9, { of: "area", number: 42 })).toEqual({ is: "other-site", site: "42" });
  expect(await scanned(9, { of: "station", number: 9 })).toEqual({ is: "other-site", site: "9" });
  expect(await scanned(undefined, { of: "area", number: 42 })).toEqual({ is: "other-site", site: "42" });
  const ownCode = await scanned(42, { of: "station", number: 42 });
  expect(ownCode.is === "found" && ownCode.candidates.map(({ area }) => area)).toEqual([undefined]);
});
