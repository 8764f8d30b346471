import { expect, test } from "vitest";
import { dateOf, parseDate } from "../../protocol/pickup-code/calendar.ts";
import { issuer } from "../../protocol/pickup-code/issuer.ts";
import { bundle, coupons, memory, opened, own, release, root, station, summer } from "./issuing.ts";

const today = parseDate("2026-07-15") ?? Number.NaN;
const file = own.campaign(summer);

test("a signed campaign is obeyed, kept, and adopted once", async () => {
  const keep = memory();
  const first = await opened({ campaigns: { "summer.json": file } }, { keep });
  expect(first.refused).toEqual([]);
  expect(first.adopted).toEqual([{ id: "summer", issuedAt: summer.issuedAt, kid: "r1" }]);
  expect(first.codebook.offers.map(({ id }) => id)).toEqual(["summer"]);
  const again = await opened({ campaigns: { "summer.json": file } }, { keep });
  expect(again.adopted).toEqual([]);
  expect(again.refused).toEqual([]);
});

test("a campaign stays in force when its file is gone", async () => {
  const keep = memory();
  await opened({ campaigns: { "summer.json": file } }, { keep });
  const later = await opened({}, { keep });
  expect(later.codebook.offers.map(({ id }) => id)).toEqual(["summer"]);
});

test("what was changed after signing is refused, whichever field it is", async () => {
  const changed: readonly Partial<typeof file>[] = [
    { count: 6 },
    { to: "2026-10-01" },
    { products: ["water"] },
    { lossLimit: 2 },
    { hours: "00:00-24:00" },
    { name: { zh: "夏", en: "Summer" } },
    { issuedAt: "2026-07-02T04:00:00Z" },
  ];
  for (const fields of changed) {
    const { refused, codebook } = await opened({ campaigns: { "summer.json": { ...file, ...fields } } });
    expect(codebook.offers).toEqual([]);
    expect(refused).toEqual([
      {
        file: "campaigns/summer.json",
        why: "Its signature is not that of the release key r1: it was changed after signing, or signed with another key.",
      },
    ]);
  }
});

test("a file for another kiosk, of an unknown key, or of a key of another role is refused by name", async () => {
  const other = issuer({ root, release, kid: "r1", station: "ZP-001" }).campaign(summer);
  const stranger = issuer({ root, release, kid: "r9", station: "SD-JN-0042" }).campaign(summer);
  const asOps = { ...station, trust: [{ ...own.trust, role: "ops" as const }] };
  expect((await opened({ campaigns: { "a.json": other } })).refused[0]?.why).toBe(
    "It is for the kiosk ZP-001, and this one is SD-JN-0042.",
  );
  for (const refused of [
    (await opened({ campaigns: { "a.json": stranger } })).refused,
    (await opened({ campaigns: { "a.json": file } }, { station: asOps })).refused,
  ])
    expect(refused[0]?.why).toContain("trust names no release key of that name");
});

test("a list never passes for a campaign, nor a key bundle for a list", async () => {
  const list = own.list(coupons, ["902614857731"]);
  const keys = await bundle(["20260715"]);
  const { refused } = await opened({
    campaigns: { "a.json": JSON.stringify(list) },
    lists: { "b.json": JSON.stringify(keys) },
  });
  expect(refused.map((one) => one.file)).toEqual(["campaigns/a.json", "lists/b.json"]);
});

test("the newest file of an id wins, and an older one is refused", async () => {
  const keep = memory();
  const newer = own.campaign({ ...summer, count: 7, issuedAt: "2026-07-10T04:00:00Z" });
  await opened({ campaigns: { "newer.json": newer } }, { keep });
  const { refused, adopted } = await opened({ campaigns: { "older.json": file } }, { keep });
  expect(adopted).toEqual([]);
  expect(refused).toEqual([
    {
      file: "campaigns/older.json",
      why: "It was signed 2026-07-01T04:00:00Z, and summer is in force as signed 2026-07-10T04:00:00Z: the newest wins.",
    },
  ]);
});

test("two generations are kept: where the newest is damaged, the one before is in force", async () => {
  const keep = memory();
  await opened({ campaigns: { "summer.json": file } }, { keep });
  const newer = own.campaign({ ...summer, to: "2026-08-31", issuedAt: "2026-07-10T04:00:00Z" });
  await opened({ campaigns: { "summer.json": newer } }, { keep });
  keep.kept.set("campaign/summer", Buffer.from("{"));
  const { codebook, refused } = await opened({}, { keep });
  expect(codebook.offers.map(({ to }) => dateOf(to))).toEqual(["2026-09-30"]);
  expect(refused[0]?.file).toBe("the kept campaign/summer");
});

test("a campaign that guessing would bleed is refused with the figures", async () => {
  const weak = own.campaign({ ...summer, count: 1500, keeperCount: 0 });
  const { refused, codebook } = await opened({ campaigns: { "weak.json": weak } });
  expect(codebook.offers).toEqual([]);
  expect(refused[0]?.why).toContain("2.4 drinks a kiosk-year with 1500 codes an epoch");
});

test("a list that guessing would bleed is refused with the figures", async () => {
  const weak = own.list({ ...coupons, codeLength: 6 }, ["902614", "902615"]);
  const { refused } = await opened({ lists: { "weak.json": weak } });
  expect(refused[0]?.why).toContain("1.1 drinks a kiosk-year with 2 codes of 6 characters");
});

test("a second typed format is refused while the first runs, and taken after it ended", async () => {
  const keep = memory();
  await opened({ campaigns: { "summer.json": file } }, { keep });
  const short = { ...summer, id: "short", digits: 10 as const, ownLabels: true as const };
  const beside = own.campaign({ ...short, from: "2026-09-30" });
  const after = own.campaign({ ...short, from: "2026-10-01", to: "2026-10-31" });
  const refused = (await opened({ campaigns: { "short.json": beside } }, { keep })).refused;
  expect(refused[0]?.why).toBe(
    "Its codes have 10 digits and those of summer 12: a kiosk has one typed format at a time.",
  );
  const { codebook, refused: none } = await opened({ campaigns: { "short.json": after } }, { keep });
  expect(none).toEqual([]);
  expect(codebook.typed).toEqual({ length: 12, groups: [4, 4, 4] });
  codebook.prepare(parseDate("2026-10-05") ?? 0);
  expect(codebook.typed).toEqual({ length: 10, groups: [3, 3, 4] });
});

test("a second campaign with the same labels is refused, with labels of its own it is obeyed", async () => {
  const night = { ...summer, id: "night", issuedAt: "2026-07-02T04:00:00Z" };
  const same = await opened({ campaigns: { "a.json": file, "b.json": own.campaign(night) } });
  expect(same.codebook.offers).toHaveLength(1);
  expect(same.refused[0]?.why).toContain("has the same labels");
  const apart = await opened({ campaigns: { "a.json": file, "b.json": own.campaign({ ...night, ownLabels: true }) } });
  expect(apart.refused).toEqual([]);
  expect(apart.codebook.offers).toHaveLength(2);
});

test("a newer file that clashes with another campaign leaves its own older one in force", async () => {
  const keep = memory();
  const autumn = { ...summer, id: "autumn", from: "2026-10-01", to: "2026-10-31" };
  await opened({ campaigns: { "a.json": file, "b.json": own.campaign(autumn) } }, { keep });
  const longer = own.campaign({ ...summer, to: "2026-10-05", issuedAt: "2026-07-10T04:00:00Z" });
  const { codebook, refused } = await opened({ campaigns: { "a.json": longer } }, { keep });
  expect(refused.map((one) => one.file)).toEqual(["campaigns/a.json"]);
  expect(codebook.offers.map(({ id, to }) => `${id} ${dateOf(to)}`).sort()).toEqual([
    "autumn 2026-10-31",
    "summer 2026-09-30",
  ]);
});

test("every mistake in a campaign file is a sentence that begins with the field", async () => {
  const wrong = {
    ...file,
    epoch: "month",
    count: 0,
    from: "2026-02-30",
    hours: "22:00-06:00",
    extra: 1,
    sig: undefined,
  };
  const { refused } = await opened({ campaigns: { "a.json": JSON.stringify(wrong) } });
  for (const start of ["epoch: ", "count: ", "from: ", "hours: ", "extra: ", "sig: "])
    expect(refused[0]?.why).toContain(start);
  const backwards = { ...file, from: "2026-09-30", to: "2026-07-01", epoch: "batch" };
  expect((await opened({ campaigns: { "a.json": JSON.stringify(backwards) } })).refused[0]?.why).toBe(
    "to: 2026-07-01 lies before from, 2026-09-30. batch: expected the label of the batch, because epoch is batch.",
  );
  expect((await opened({ campaigns: { "a.json": "{" } })).refused[0]?.why).toContain("This is not JSON");
});

test("keys come from a sealed bundle, survive without it, and set the clock's bounds", async () => {
  const keep = memory();
  const keys = await bundle(["20260714", "20260715", "20260716"]);
  const first = await opened({ campaigns: { "a.json": file }, keys: { "k.json": keys } }, { keep });
  expect(first.refused).toEqual([]);
  expect(first.floorFrom).toEqual({ signed: Date.parse("2026-07-14T04:00:00Z"), newestEpoch: today + 1 });
  const later = await opened({}, { keep });
  await later.codebook.prepare(today).all;
  const [code = ""] = own.codes("20260715", 1, "42");
  expect(later.codebook.find(code).is).toBe("found");
  expect(later.floorFrom).toEqual(first.floorFrom);
});

test("keys add up over bundles, and the long past is let go", async () => {
  const keep = memory();
  const labels = (day: number) => [day - 1, day, day + 1].map((one) => dateOf(one).replaceAll("-", ""));
  for (let day = today; day < today + 40; day += 2) {
    const keys = await bundle(labels(day), `${dateOf(day)}T00:00:00Z`);
    const { refused } = await opened({ keys: { "k.json": keys } }, { keep });
    expect(refused).toEqual([]);
  }
  const { codebook } = await opened({ campaigns: { "a.json": file } }, { keep });
  const end = today + 38;
  await codebook.prepare(end).all;
  const is = (day: number) => codebook.find(own.codes(dateOf(day).replaceAll("-", ""), 1, "42")[0] ?? "").is;
  expect([is(end + 1), is(end), is(end - 30)]).toEqual(["found", "found", "found"]);
  expect([is(end + 2), is(end - 32), is(end - 38)]).toEqual(["unknown", "unknown", "unknown"]);
});

test("a bundle older than what is held, or sealed to another kiosk, or changed, is refused", async () => {
  const keep = memory();
  await opened({ keys: { "new.json": await bundle(["20260715"], "2026-07-15T00:00:00Z") } }, { keep });
  const old = await opened({ keys: { "old.json": await bundle(["20260715"], "2026-07-14T00:00:00Z") } }, { keep });
  expect(old.refused[0]?.why).toBe("It was signed 2026-07-14T00:00:00Z, before keys that this kiosk holds already.");
  const wrongKey = await opened(
    { keys: { "k.json": await bundle(["20260715"]) } },
    { kioskKey: new Uint8Array(32).fill(1) },
  );
  expect(wrongKey.refused[0]?.why).toContain("sealed to another kiosk's key");
  const keys = await bundle(["20260715"]);
  const changed = await opened({ keys: { "k.json": { ...keys, issuedAt: "2026-07-20T00:00:00Z" } } });
  expect(changed.refused[0]?.why).toContain("Its signature is not that of the release key r1");
  expect(changed.floorFrom).toEqual({ signed: undefined, newestEpoch: undefined });
});

test("no key stands in what is kept", async () => {
  const keep = memory();
  await opened({ keys: { "k.json": await bundle(["20260715"]) } }, { keep });
  const all = Buffer.concat([...keep.kept.values()]).toString("latin1");
  expect(all).not.toContain("81d8f2b9cb7d8eff6c7860f03ed8f8e3564808b465a90fad47def9a7a4e4892d");
  expect(keep.kept.has("keys")).toBe(true);
});

test("kept keys that were tampered with, or belong to another kiosk key, are not used", async () => {
  const keep = memory();
  await opened({ keys: { "k.json": await bundle(["20260715"]) } }, { keep });
  const ring = keep.kept.get("keys") ?? new Uint8Array();
  keep.kept.set(
    "keys",
    ring.map((byte, at) => (at === 40 ? byte ^ 1 : byte)),
  );
  const { refused, floorFrom } = await opened({}, { keep });
  expect(refused.map((one) => one.file)).toEqual(["the kept keys"]);
  expect(floorFrom.newestEpoch).toBeUndefined();
});

test("where the newest kept keys are damaged, those before them are used", async () => {
  const keep = memory();
  await opened({ keys: { "k.json": await bundle(["20260715"], "2026-07-14T00:00:00Z") } }, { keep });
  await opened({ keys: { "k.json": await bundle(["20260716"], "2026-07-15T00:00:00Z") } }, { keep });
  keep.kept.set("keys", new Uint8Array(5));
  const { floorFrom } = await opened({}, { keep });
  expect(floorFrom.newestEpoch).toBe(today);
});

test("a file that could not be kept is obeyed all the same, and said", async () => {
  const { codebook, refused } = await opened(
    { campaigns: { "a.json": file }, keys: { "k.json": await bundle(["20260715"]) } },
    { keep: memory(true) },
  );
  expect(codebook.offers).toHaveLength(1);
  expect(refused.map((one) => one.why)).toEqual([
    "It is obeyed, but could not be kept for the next start: the disk is full",
    "The keys are used, but could not be kept for the next start: the disk is full",
  ]);
});

test("a list without its key is named with what to do", async () => {
  const { refused, codebook } = await opened({ lists: { "l.json": own.list(coupons, ["902614857731"]) } });
  expect(codebook.typed).toBeUndefined();
  expect(refused[0]?.why).toBe("No key bundle holds its key: export the keys with --list L2026-07.");
});
