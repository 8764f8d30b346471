import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { codesCommand } from "../../../controller/cli/codes.ts";
import { pidsIn } from "../../../controller/cli/codes/register.ts";
import { openCards } from "../../../protocol/members/card-keys.ts";
import { parseMemberList, type MemberList } from "../../../protocol/members/member-list.ts";
import { listKeys, memberTag, type IdentifierKind } from "../../../protocol/members/secrets.ts";
import { openBundle, parseBundle } from "../../../protocol/pickup-code/bundle.ts";
import { bytesOf, hexOf, isSigned, publicOf } from "../../../protocol/pickup-code/sign.ts";

const kioskKey = new Uint8Array(32).fill(23);

let folder = "";
const at = (name: string) => join(folder, name);
const read = (name: string) => readFileSync(at(name), "utf8");

interface Answer {
  readonly code: number;
  readonly out: string;
  readonly said: string;
}

/** Runs a command as main.ts does, in this process. */
async function yizhan(...args: readonly string[]): Promise<Answer> {
  let [out, said] = ["", ""];
  vi.spyOn(console, "log").mockImplementation((text: string) => void (out += `${text}\n`));
  vi.spyOn(console, "error").mockImplementation((text: string) => void (said += `${text}\n`));
  const program = new Command("yizhan").exitOverride().configureOutput({ writeErr: (text) => void (said += text) });
  codesCommand(program);
  process.exitCode = 0;
  try {
    await program.parseAsync(["node", "yizhan", "codes", ...args]);
    return { code: process.exitCode, out, said };
  } finally {
    process.exitCode = 0;
    vi.restoreAllMocks();
  }
}

const words = (text: string) => text.split(" ");
const offer = words("--products water,salt-soda --from 2026-07-01 --to 2026-09-30");
const quota = words("--per-day 1 --per-campaign 40 --gap 60");
const list = (table: string, ...more: readonly string[]) =>
  yizhan(
    "members",
    "import",
    table,
    "--id",
    "union",
    "--release-key",
    at("keys/release.key"),
    "--out",
    at("union"),
    ...more,
  );
const one = (table: string, ...more: readonly string[]) =>
  list(table, "--station", "ZP-001", ...offer, ...quota, ...more);
const columns = words("--person Staff --number Number --barcode Code --uid Chip --app App");

const csv = (name: string, ...lines: readonly string[]): string => {
  writeFileSync(at(name), lines.join("\r\n"));
  return at(name);
};
const people = () =>
  csv(
    "people.csv",
    "\ufeffStaff,Name,Number,Code,Chip,App",
    'Worker-1,"Family, Given",6217 0000 1111 2222,KM000000001234,04:de:5f:1e:ac:c0:40,wx-7f3a9c0de1',
    "Worker-2,Second person,,KM000000005678,fb0ee20b,",
    'Worker-2,"Second ""person""",,KM000000005678,,',
    "Worker-3,Third person,,,,",
  );

/** The rows of a written list: pid by tag. */
function rowsOf(name: string): { readonly head: MemberList; readonly pids: ReadonlyMap<string, string> } {
  const bytes = readFileSync(at(name));
  const end = bytes.indexOf(0x0a);
  const parsed = parseMemberList(bytes.toString("utf8", 0, end));
  if (!parsed.ok) throw new Error(parsed.error.join(" "));
  const rows = bytes.subarray(end + 1);
  const pids = new Map<string, string>();
  for (let row = 0; row < rows.length; row += 16)
    pids.set(rows.toString("hex", row, row + 8), rows.toString("hex", row + 8, row + 16));
  return { head: parsed.value, pids };
}
const file = "union/ZP-001/members/union.members";
const secretOf = () => bytesOf(read("union/union.list.key").trim());
const whose = (kind: IdentifierKind, value: string, name = file): string | undefined =>
  rowsOf(name).pids.get(memberTag(listKeys(secretOf()), kind, value).toString("hex"));

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "members-"));
  await yizhan("keygen", "--out", at("keys"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("import makes a signed list in which everybody is one pid, and says what it counted", async () => {
  const { code, said } = await one(people(), ...columns);
  expect(said).toContain(
    "union: 3 people with 4 numbers and barcodes, 2 bare UIDs, 0 cards with a key, 0 digital cards.",
  );
  expect(said).toContain("1 identifiers stood there twice for the same person and count once.");
  expect(said).toContain("1 rows have no identifier, the first is row 5.");
  expect(code).toBe(0);
  const [first, second] = [whose("uid", "04DE5F1EACC040"), whose("uid", "FB0EE20B")];
  expect(first).toMatch(/^[0-9a-f]{16}$/);
  expect([whose("text", "6217000011112222"), whose("text", "KM000000001234"), whose("text", "wx-7f3a9c0de1")]).toEqual([
    first,
    first,
    first,
  ]);
  expect(whose("text", "KM000000005678")).toBe(second);
  expect(second).not.toBe(first);
  const { head, pids } = rowsOf(file);
  expect(pids.size).toBe(6);
  expect(head.allowances).toEqual([{ products: ["water", "salt-soda"], perDay: 1, perCampaign: 40, gap: 60 }]);
  expect(isSigned("members", head, bytesOf(read("keys/release.pub").trim()))).toBe(true);
});

test("nothing of the people leaves the register, and what says who they are is for its owner's eyes alone", async () => {
  const { said, out } = await one(people(), ...columns);
  const bytes = readFileSync(at(file));
  for (const trace of [
    "Family",
    "Second person",
    "Third person",
    "Worker-",
    "000011112222",
    "KM0000000",
    "DE5F1EACC0",
    "de:5f",
    "wx-7f3a9c",
  ]) {
    expect(bytes.includes(trace), trace).toBe(false);
    expect((said + out).includes(trace), trace).toBe(false);
  }
  for (const name of ["union.list.key", "union.register"])
    expect(statSync(at(`union/${name}`)).mode & 0o777).toBe(0o600);
  expect(read("union/union.register")).not.toContain("Family");
  expect(pidsIn(read("union/union.register"))).toHaveLength(3);
});

test("who is imported again keeps the pid, also after a month away, and a newcomer gets one of their own", async () => {
  await one(people(), ...columns);
  const before = whose("uid", "FB0EE20B");
  await one(csv("july.csv", "Staff;Code", "S-9;KM000000009999"), ...words("--person Staff --barcode Code"));
  const newcomer = whose("text", "KM000000009999");
  expect(rowsOf(file).pids.size).toBe(1);
  await one(csv("august.csv", "Staff\tChip", "Worker-2\tFB 0E E2 0B"), ...words("--person Staff --uid Chip"));
  expect(whose("uid", "FB0EE20B")).toBe(before);
  expect(newcomer).not.toBe(before);
});

test("every station gets the same rows under a head of its own", async () => {
  await list(people(), "--station", "ZP-001,ZP-002", "--area", ...offer, ...quota, ...columns);
  const other = "union/ZP-002/members/union.members";
  expect(rowsOf(other).pids).toEqual(rowsOf(file).pids);
  expect([rowsOf(file).head.station, rowsOf(other).head.station]).toEqual(["ZP-001", "ZP-002"]);
  expect(rowsOf(other).head.area).toBe(true);
});

test("each class of products has its own limits", async () => {
  const classes = ["--allow", "water: 2 a day, gap 60", "--allow", "salt-soda: 1 a campaign"];
  expect((await list(people(), "--station", "ZP-001", ...offer, ...classes, ...columns)).code).toBe(0);
  expect(rowsOf(file).head.allowances).toEqual([
    { products: ["water"], perDay: 2, gap: 60 },
    { products: ["salt-soda"], perCampaign: 1 },
  ]);
  for (const [wrong, says] of [
    ["water 2 a day", "expected products and limits"],
    ["water: twice", "expected products and limits"],
    ["water: 2 a day", "allowances: none names salt-soda"],
  ] as const) {
    const { code, said } = await list(people(), "--station", "ZP-001", ...offer, "--allow", wrong, ...columns);
    expect([code, said]).toEqual([1, expect.stringContaining(says)]);
  }
  expect((await one(people(), ...columns, "--allow", "water: 2 a day")).said).toContain("not both");
});

test("chosen dates, hours and the qr key stand in the head, and everybody may have a digital card", async () => {
  await one(people(), ...columns, ...words("--dates 2026-08-01,2026-07-15 --hours 06:00-22:00 --qr-kid 7"));
  const { head, pids } = rowsOf(file);
  expect(head).toMatchObject({
    dates: ["2026-07-15", "2026-08-01"],
    hours: "06:00-22:00",
    qr: 7,
    identifiers: { digital: 3 },
  });
  for (const pid of pidsIn(read("union/union.register"))) expect(whose("pid", pid)).toBe(pid);
  expect(pids.size).toBe(9);
});

test("a table of a Chinese table program is read in its own encoding", async () => {
  const gb = Buffer.from("b9a4bac52cccf5c2eb0abcd7312c4b4d3030303030303030313233340a", "hex");
  writeFileSync(at("gb.csv"), gb);
  expect((await one(at("gb.csv"), ...words("--person 工号 --barcode 条码"))).code).toBe(0);
  expect(whose("text", "KM000000001234")).toBeDefined();
  expect(read("union/union.register")).toContain('{"person":"甲1"');
});

test("the decimal numbers of 125 kHz cards are read where they are named", async () => {
  const table = csv("decimal.csv", "Staff,Chip", "S-1,0010597059", "S-2,4294967295");
  expect((await one(table, ...words("--person Staff --uid Chip --uid-form 8h10d"))).code).toBe(0);
  expect([whose("uid", "00A1B2C3"), whose("uid", "FFFFFFFF")].every((pid) => pid !== undefined)).toBe(true);
  const wrong = csv("wrong.csv", "Staff,Chip", "S-1,4294967296");
  expect((await one(wrong, ...words("--person Staff --uid Chip --uid-form 8h10d"))).said).toContain(
    "Row 2: a UID is not the ten decimal digits",
  );
});

test("a card with a key is sealed to its kiosk, and its UID alone is worth nothing", async () => {
  writeFileSync(at("kiosk.pub"), `${hexOf(publicOf("x25519", kioskKey))}\n`);
  const key = "00112233445566778899AABBCCDDEEFF";
  const table = csv("strong.csv", "Staff,Chip,Key", `S-1,04DE5F1EACC040,${key}`, "S-2,FB0EE20B,");
  const strong = words("--person Staff --uid Chip --card-key Key --scheme ntag424");
  expect((await one(table, ...strong)).said).toContain("name kiosk.pub of ZP-001 with --for");
  const { said } = await one(table, ...strong, "--for", at("kiosk.pub"));
  expect(said).toContain("1 bare UIDs, 1 cards with a key");
  const { head } = rowsOf(file);
  if (head.cards === undefined) throw new Error("there are no card keys");
  const opened = await openCards(head, head.cards, kioskKey);
  if (!opened.ok) throw new Error(opened.error.join());
  const card = opened.value.find(memberTag(listKeys(secretOf()), "uid", "04DE5F1EACC040"));
  expect(card && [card.scheme, hexOf(card.key).toUpperCase()]).toEqual(["ntag424", key]);
  expect(whose("uid", "04DE5F1EACC040")).toBeUndefined();
  expect(whose("uid", "FB0EE20B")).toBeDefined();
  expect(readFileSync(at(file)).includes(Buffer.from(key, "hex"))).toBe(false);
});

test.each([
  [["Staff,Code", ",KM1"], "Row 2: Staff is empty"],
  [["Staff,Code", "S-1,K M1"], "Row 2: a number, barcode or app id holds something else"],
  [["Staff,Code", `S-1,${"9".repeat(65)}`], "Row 2: a number, barcode or app id is longer than 64"],
  [["Staff,Code", "S-1,KM000000000001", "S-2,KM000000000001"], "Rows 2 and 3 name two people with one identifier."],
  [["Staff,Code", "S-1"], "has 1 fields and the head 2"],
  [["Staff,Code"], "holds no people"],
  [["Staff,Other", "S-1,KM1"], "There is no column Code; the file has: Staff, Other."],
  [["Staff,Code", "S-1,123456"], "drinks a kiosk-year with 1 texts of 6 characters"],
] as const)("a table with a mistake (%j) is refused, and nothing is written", async (lines, says) => {
  const more = says.includes("drinks") ? ["--loss-limit", "0.5"] : [];
  const { code, said } = await one(csv("bad.csv", ...lines), ...words("--person Staff --barcode Code"), ...more);
  expect(said).toContain(says);
  expect(code).toBe(1);
  expect(existsSync(at("union"))).toBe(false);
});

test("a UID that is none is named by its row, and its digits are not repeated", async () => {
  const rows = Array.from({ length: 12 }, (_, n) => `S-${n},12345${n}XYZ`);
  const { said } = await one(csv("bad.csv", "Staff,Chip", ...rows), ...words("--person Staff --uid Chip"));
  expect(said).toContain("Row 2: a UID is not 8, 10, 14 or 20 hex digits");
  expect(said).toContain("And 2 rows more.");
  expect(said).not.toContain("12345");
});

test("a secret without its register, or the other way round, is refused before anybody begins anew", async () => {
  await one(people(), ...columns);
  const register = read("union/union.register");
  rmSync(at("union/union.register"));
  expect((await one(people(), ...columns)).said).toContain("so that everybody would begin anew");
  writeFileSync(at("union/union.register"), `${register}{"person":"S-4"}\n`, { mode: 0o600 });
  expect((await one(people(), ...columns)).said).toContain("Line 4 of");
  writeFileSync(at("union/union.register"), register, { mode: 0o600 });
  rmSync(at("union/union.list.key"));
  expect((await one(people(), ...columns)).said).toContain("restore the key from your copy");
});

test("export-keys seals the secret of a list to the kiosk", async () => {
  await one(people(), ...columns);
  writeFileSync(at("kiosk.pub"), `${hexOf(publicOf("x25519", kioskKey))}\n`);
  const seal = (...more: readonly string[]) =>
    yizhan(
      ...words("export-keys --station ZP-001 --from 2026-07-01 --days 1"),
      "--root-file",
      at("keys/root.key"),
      "--release-key",
      at("keys/release.key"),
      "--for",
      at("kiosk.pub"),
      "--out",
      at("bundle.json"),
      ...more,
    );
  const { code, said } = await seal("--list-key", at("union/union.list.key"));
  expect([code, said]).toEqual([0, "1 epoch keys for ZP-001: 20260701, lists union.\n"]);
  const bundle = parseBundle(read("bundle.json"));
  if (!bundle.ok) throw new Error(bundle.error.join());
  const opened = await openBundle(bundle.value, kioskKey);
  if (!opened.ok) throw new Error(opened.error.join());
  expect(opened.value.lists).toEqual({ union: read("union/union.list.key").trim() });
  expect((await seal("--list", "union", "--list-key", at("union/union.list.key"))).said).toContain(
    "a list has one key",
  );
  expect((await seal("--list-key", at("keys/root.key"))).said).toContain("the name of the file tells the list");
});

test("inspect tells what a list gives, and that it is sound or why it is not", async () => {
  await one(people(), ...columns, ...words("--qr-kid 7"));
  const look = (...more: readonly string[]) => yizhan("members", "inspect", at(file), ...more);
  const { code, out } = await look("--release-pub", at("keys/release.pub"));
  expect(code).toBe(0);
  for (const says of [
    "The list union for ZP-001, signed ",
    "2026-07-01 to 2026-09-30, 00:00-24:00 in UTC+8.",
    "water, salt-soda: 1 a day, 40 a campaign, 60 minutes between two.",
    "2 texts of 14 characters (capitals), 14 of which differ.",
    "2 bare UIDs, 0 cards with a key, 3 digital cards of the qr key 7.",
    "Its 9 rows are as they were signed.",
    "Its signature is that of",
  ])
    expect(out).toContain(says);
  expect((await look()).out).toContain("Its signature was not looked at");
  expect((await look("--release-pub", at("keys/qr.pub"))).said).toContain("It is not signed with");
  const bytes = readFileSync(at(file));
  writeFileSync(at(file), bytes.fill(0, bytes.length - 1));
  expect(await look()).toMatchObject({
    code: 1,
    said: expect.stringContaining("Its rows are not those that were signed"),
  });
});

test("destroy takes away secret and register, and ends the list at every station", async () => {
  await list(people(), "--station", "ZP-001,ZP-002", ...offer, ...quota, ...columns);
  const end = () =>
    yizhan("members", "destroy", "--id", "union", "--release-key", at("keys/release.key"), "--out", at("union"));
  const { code, said } = await end();
  expect(code).toBe(0);
  expect(said).toContain("Destroy every copy of them too.");
  expect(readdirSync(at("union")).sort()).toEqual(["ZP-001", "ZP-002"]);
  for (const station of ["ZP-001", "ZP-002"]) {
    const { head, pids } = rowsOf(`union/${station}/members/union.members`);
    expect(head).toMatchObject({ station, ended: true, rows: { count: 0 } });
    expect(pids.size).toBe(0);
    expect(isSigned("members", head, bytesOf(read("keys/release.pub").trim()))).toBe(true);
  }
  expect((await yizhan("members", "inspect", at(file))).out).toContain("it is ended for good");
  rmSync(at("union"), { recursive: true });
  expect(await end()).toMatchObject({ code: 1, said: expect.stringContaining("holds no file of the list union") });
});
