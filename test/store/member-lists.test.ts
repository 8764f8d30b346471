import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openMemberLists } from "../../controller/store/member-lists.ts";
import { endMembers } from "../../protocol/members/issue.ts";
import { headLine, signMemberList } from "../../protocol/members/member-list.ts";
import { rowsHash } from "../../protocol/members/rows.ts";
import { ledgerPid, listKeys, memberTag } from "../../protocol/members/secrets.ts";
import { keys, made, people, pidOf, release, secret } from "../protocol/members/making.ts";
import { flip, folderInMemory, removeFolder } from "./folder.ts";
import { kiosk, station } from "./issuing.ts";
import { kept, placesIn, put, taken, type Places } from "./shelving.ts";

let folder = "";
let places: Places;
beforeEach(() => {
  folder = folderInMemory("member-lists");
  places = placesIn(folder);
});
afterEach(() => removeFolder(folder));

const keptFile = (name = "union.members"): string => join(places.data, "members", name);
const barcode = "6217000011112222";
const first = ledgerPid(keys, pidOf(1));
const newcomer = { kind: "text", value: "6217000011119999", pid: pidOf(9) } as const;
const older = () => made();
const newer = () => made({ fields: { issuedAt: "2026-07-15T04:00:00Z" }, people: [...people, newcomer] });
const why = async (bytes: Uint8Array): Promise<readonly string[]> => {
  put(places, "union.members", bytes);
  const { refused, books } = await taken(places);
  expect(books).toEqual([]);
  expect(refused.map(({ file }) => file)).toEqual(["members/union.members"]);
  return refused.map((one) => one.why);
};

test("a signed list is obeyed, copied for its owner's eyes alone, and adopted once", async () => {
  put(places, "union.members", (await older()).bytes);
  const begun = await taken(places);
  expect(begun.refused).toEqual([]);
  expect(begun.lists.adopted.map(({ id }) => id)).toEqual(["union"]);
  expect(kept(places)).toEqual(["union.index", "union.members"]);
  expect(kept(places).map((name) => statSync(keptFile(name)).mode & 0o777)).toEqual([0o600, 0o600]);
  const again = await taken(places);
  expect(again.refused).toEqual([]);
  expect(again.lists.adopted).toEqual([]);
  expect(again.whose(barcode)).toBe(first);
});

test("a list stays in force when the stick from which it came is gone", async () => {
  put(places, "union.members", (await older()).bytes);
  await taken(places);
  rmSync(places.config, { recursive: true });
  mkdirSync(join(places.config, "members"), { recursive: true });
  const { refused, whose } = await taken(places);
  expect(refused).toEqual([]);
  expect(whose(barcode)).toBe(first);
});

test("no byte of the rows can be changed, whether in the folder or on the shelf", async () => {
  const { list, bytes } = await older();
  const begin = headLine(list).length;
  for (let at = begin; at < bytes.length; at++) {
    const changed = Buffer.from(bytes);
    changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
    const [said] = await why(changed);
    expect(said).toMatch(/^(Its rows are not those that were signed|Row [23] does not lie after the one before it)/);
  }
  expect(kept(places)).toEqual([]);
});

test("no byte of the head can be changed", async () => {
  const { list, bytes } = await older();
  const end = headLine(list).length;
  for (let at = 0; at < end; at++) {
    const changed = Buffer.from(bytes);
    changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
    expect((await why(changed)).join(" "), `byte ${at}`).toMatch(/\.$/);
  }
});

test("a file with a row too many or too few is refused by its length", async () => {
  const { bytes } = await older();
  expect(await why(bytes.subarray(0, -1))).toEqual([
    `It has ${bytes.length - 1} bytes, and with its 3 rows it must have ${bytes.length}. Copy the file again from where it was made.`,
  ]);
  expect(await why(Buffer.concat([bytes, Buffer.alloc(16)]))).toHaveLength(1);
  expect(await why(Buffer.alloc(0))).toEqual([
    "It is no member list: its first line does not end. Copy the file again from where it was made.",
  ]);
});

test("rows that are signed but not in their order are refused, also where two chunks meet", async () => {
  const many = Array.from({ length: 9000 }, (_, n) => ({
    kind: "text" as const,
    value: `6217${String((n * 982_451_653) % 1e12).padStart(12, "0")}`,
    pid: pidOf(n),
  }));
  const { list, bytes } = await made({ people: many });
  const rows = bytes.subarray(headLine(list).length);
  for (const at of [0, 4095, 4096, 8998]) {
    const mixed = Buffer.from(rows);
    rows.copy(mixed, at * 16, (at + 1) * 16, (at + 2) * 16);
    rows.copy(mixed, (at + 1) * 16, at * 16, (at + 1) * 16);
    const head = signMemberList({ ...list, rows: { count: 9000, sha256: rowsHash(mixed) } }, release);
    expect(await why(Buffer.concat([headLine(head), mixed]))).toEqual([
      `Row ${at + 2} does not lie after the one before it, as rows must.`,
    ]);
  }
});

test("a list for another kiosk, of an unknown key, or that guessing would bleed, is refused by name", async () => {
  expect(await why((await made({ fields: { station: "ZP-001" } })).bytes)).toEqual([
    "It is for the kiosk ZP-001, and this one is SD-JN-0042.",
  ]);
  expect((await why((await made({ fields: { kid: "r9" } })).bytes))[0]).toContain(
    "trust names no release key of that name",
  );
  expect((await why((await made({ release: new Uint8Array(32).fill(99) })).bytes))[0]).toContain(
    "Its signature is not that of the release key r1",
  );
  const few = Array.from({ length: 40 }, (_, n) => ({
    kind: "text" as const,
    value: String(100_000 + n * 7919),
    pid: pidOf(n),
  }));
  expect((await why((await made({ people: few })).bytes))[0]).toContain(
    "drinks a kiosk-year with 40 texts of 6 characters",
  );
});

test("the newest list of an id wins, and an older one is refused", async () => {
  put(places, "a.members", (await newer()).bytes);
  await taken(places);
  put(places, "b.members", (await older()).bytes);
  const { refused, whose } = await taken(places);
  expect(refused).toEqual([
    {
      file: "members/b.members",
      why: "It was signed 2026-07-14T04:00:00Z, and union is in force as signed 2026-07-15T04:00:00Z: the newest wins.",
    },
  ]);
  expect(whose(newcomer.value)).toBe(ledgerPid(keys, pidOf(9)));
});

test("a list ends by a newer one with an earlier last day, and its people stay known so that they are told", async () => {
  put(places, "union.members", (await older()).bytes);
  await taken(places);
  put(places, "union.members", (await made({ fields: { to: "2026-07-10", issuedAt: "2026-07-15T04:00:00Z" } })).bytes);
  const [book] = (await taken(places)).books;
  expect(book?.byText(barcode)?.validTo).toBe((book?.offer.from ?? 0) + 9);
});

test("two generations are kept: where the newest is damaged, the one before is in force", async () => {
  put(places, "union.members", (await older()).bytes);
  await taken(places);
  put(places, "union.members", (await newer()).bytes);
  await taken(places);
  expect(kept(places)).toEqual(["union.before.members", "union.index", "union.members"]);
  rmSync(join(places.config, "members/union.members"));
  const size = statSync(keptFile()).size;
  flip(keptFile(), [size - 1]);
  // The kiosk that runs notices it, and at the next start the rows are judged again.
  const running = await taken(places);
  expect(running.whose(barcode)).toBeUndefined();
  expect(running.damaged).toHaveLength(1);
  const { refused, whose } = await taken(places);
  expect(refused).toEqual([
    {
      file: "the kept members/union",
      why: "Its rows are not those that were signed. Copy the file again from where it was made.",
    },
  ]);
  expect([whose(barcode), whose(newcomer.value)]).toEqual([first, undefined]);
});

test("a damaged copy heals from the configuration folder, and the sound generation before stays", async () => {
  const bytes = (await newer()).bytes;
  put(places, "union.members", (await older()).bytes);
  await taken(places);
  put(places, "union.members", bytes);
  await taken(places);
  flip(keptFile(), [10]);
  const { whose } = await taken(places);
  expect(whose(newcomer.value)).toBe(ledgerPid(keys, pidOf(9)));
  expect(readFileSync(keptFile())).toEqual(bytes);
  expect(readFileSync(keptFile("union.before.members"))).toEqual((await older()).bytes);
});

test("a start reads no rows that were judged already, and judges them again without the kiosk's own word for it", async () => {
  put(places, "union.members", (await older()).bytes);
  await taken(places);
  rmSync(join(places.config, "members/union.members"));
  flip(keptFile(), [statSync(keptFile()).size - 1]);
  expect((await taken(places)).refused).toEqual([]);
  for (const spoil of [
    () => rmSync(keptFile("union.index")),
    () => flip(keptFile("union.index"), [3]),
    () => writeFileSync(keptFile("union.index"), "short"),
  ]) {
    put(places, "union.members", (await older()).bytes);
    rmSync(join(places.data, "members"), { recursive: true });
    await taken(places);
    rmSync(join(places.config, "members/union.members"));
    flip(keptFile(), [statSync(keptFile()).size - 1]);
    spoil();
    expect((await taken(places)).refused.map(({ file }) => file)).toEqual(["the kept members/union"]);
  }
});

test("an index of another kiosk, or of another list, is no word of this one", async () => {
  put(places, "union.members", (await older()).bytes);
  await taken(places, { kioskKey: new Uint8Array(32).fill(77) });
  flip(keptFile(), [statSync(keptFile()).size - 1]);
  rmSync(join(places.config, "members/union.members"));
  expect((await taken(places)).refused).toHaveLength(1);
});

test("a list whose secret is missing, or is another's, is named with what to do", async () => {
  put(places, "union.members", (await older()).bytes);
  expect((await taken(places, { secrets: new Map() })).refused).toEqual([
    { file: "members: union", why: "No key bundle holds its secret: export the keys with --list-key union.list.key." },
  ]);
  const other = new Map([["union", new Uint8Array(32).fill(99)]]);
  expect((await taken(places, { secrets: other })).refused).toEqual([
    {
      file: "members: union",
      why: "The key bundle holds another secret under this name: export the keys with the union.list.key by which the list was made.",
    },
  ]);
});

test("the same book is given again, so that no file is opened twice", async () => {
  put(places, "union.members", (await older()).bytes);
  const { lists, books } = await taken(places);
  expect(lists.books(new Map([["union", secret]])).books[0]).toBe(books[0]);
});

test("cards that are sealed to another kiosk are refused, and numbers are known all the same", async () => {
  const card = {
    tag: memberTag(keys, "uid", "04AABBCCDDEE80"),
    pid: pidOf(5),
    scheme: "desfire",
    key: new Uint8Array(16),
  } as const;
  put(places, "union.members", (await made({ cards: { of: [card], kiosk: "11".repeat(32) } })).bytes);
  const { refused, books, whose } = await taken(places);
  expect(refused.map(({ file }) => file)).toEqual(["members/union.members"]);
  expect(books[0]?.card("04AABBCCDDEE80")).toBeUndefined();
  expect(whose(barcode)).toBe(first);
  put(
    places,
    "union.members",
    (await made({ fields: { issuedAt: "2026-07-16T00:00:00Z" }, cards: { of: [card], kiosk } })).bytes,
  );
  expect((await taken(places)).books[0]?.card("04AABBCCDDEE80")?.scheme).toBe("desfire");
});

test("where nothing can be kept, a list is obeyed where it lies, and the technician is told", async () => {
  writeFileSync(join(places.data, "members"), "in the way");
  put(places, "union.members", (await older()).bytes);
  const { refused, whose } = await taken(places);
  expect(refused[0]?.why).toContain("It is obeyed, but could not be kept for the next start");
  expect(whose(barcode)).toBe(first);
});

test("whoever only looks changes nothing, and sees what is kept and what is new", async () => {
  put(places, "union.members", (await older()).bytes);
  const look = () => taken(places, { may: "reads only" });
  expect((await look()).whose(barcode)).toBe(first);
  expect(existsSync(join(places.data, "members"))).toBe(false);
  await taken(places);
  put(places, "union.members", (await newer()).bytes);
  const before = readFileSync(keptFile());
  expect((await look()).whose(newcomer.value)).toBe(ledgerPid(keys, pidOf(9)));
  expect(readFileSync(keptFile())).toEqual(before);
});

test("a list that ended for good leaves nothing but the word that it ended", async () => {
  const { list, bytes } = await older();
  put(places, "union.members", bytes);
  await taken(places);
  put(places, "union.members", (await newer()).bytes);
  await taken(places);
  put(places, "union.members", endMembers(list, "2026-08-01T00:00:00Z", release).bytes);
  const ended = await taken(places);
  expect(ended.lists.ended).toEqual(["union"]);
  expect(ended.books).toEqual([]);
  expect(kept(places)).toEqual(["union.members"]);
  const left = readFileSync(keptFile());
  for (const { kind, value, pid } of [...people, newcomer])
    for (const trace of [memberTag(keys, kind, value), pid]) expect(left.includes(Buffer.from(trace))).toBe(false);
});

test("an ended list never comes back, not even by a newer file of its name", async () => {
  const { list } = await older();
  put(places, "union.members", endMembers(list, "2026-07-20T00:00:00Z", release).bytes);
  await taken(places);
  put(places, "later.members", (await made({ fields: { issuedAt: "2026-09-01T00:00:00Z" } })).bytes);
  const { refused, books } = await taken(places);
  expect(books).toEqual([]);
  expect(refused).toEqual([
    {
      file: "members/later.members",
      why: "The list union was ended for good 2026-07-20T00:00:00Z: remove this file, and give a new list another id.",
    },
  ]);
});

test("two lists stand beside each other with secrets of their own", async () => {
  const other = new Uint8Array(32).fill(41);
  put(places, "a.members", (await older()).bytes);
  put(places, "b.members", (await made({ fields: { id: "drivers" }, secret: other })).bytes);
  const secrets = new Map([
    ["union", secret],
    ["drivers", other],
  ]);
  const { books, refused } = await taken(places, { secrets });
  expect(refused).toEqual([]);
  expect(books.map((book) => book.byText(barcode)?.credential)).toEqual([
    { kind: "member", list: "drivers", pid: ledgerPid(listKeys(other), pidOf(1)) },
    { kind: "member", list: "union", pid: first },
  ]);
});

test("a file that cannot be read is named with what to do", async () => {
  mkdirSync(join(places.config, "members/union.members"));
  const { refused } = await taken(places);
  expect(refused).toHaveLength(1);
  expect(refused[0]).toMatchObject({ file: "members/union.members" });
  expect(refused[0]?.why).toContain("its first line does not end");
  const gone = await openMemberLists({
    station,
    files: [{ name: "gone.members", path: join(folder, "gone.members") }],
    damaged() {},
  });
  expect(gone.refused[0]?.why).toMatch(/^It cannot be read \(ENOENT.*\)\. Give this user the right to read it/);
});
