import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { codesCommand } from "../../../controller/cli/codes.ts";
import { millis } from "../../../devices/kit/clock.ts";
import { reference } from "../../../controller/domain/reference.ts";
import { openDisk } from "../../../controller/store/disk.ts";
import { openKioskKey } from "../../../controller/store/kiosk-key.ts";
import { parseBundle, openBundle } from "../../../protocol/pickup-code/bundle.ts";
import { dateOf, dayLabel, dayOf } from "../../../protocol/pickup-code/calendar.ts";
import { parseCampaign } from "../../../protocol/pickup-code/campaign.ts";
import { checks } from "../../../protocol/pickup-code/damm.ts";
import { parseList } from "../../../protocol/pickup-code/list.ts";
import { bytesOf, isSigned } from "../../../protocol/pickup-code/sign.ts";

const dice = { bytes: (n: number) => crypto.getRandomValues(new Uint8Array(n)) };
const day = dayOf(Date.now());
const [date, label] = [dateOf(day), dayLabel(day)];

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
  vi.spyOn(process.stdout, "write").mockImplementation((text) => ((out += String(text)), true));
  const program = new Command("yizhan").exitOverride().configureOutput({ writeErr: (text) => void (said += text) });
  codesCommand(program);
  for (const command of program.commands.flatMap((one) => one.commands)) command.exitOverride();
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
const signing = () => ["--release-key", at("keys/release.key"), "--station", "ZP-001"];
const rooted = () => ["--root-file", at("keys/root.key"), "--station", "ZP-001"];
const campaign = (out: string, ...more: readonly string[]) =>
  yizhan(
    "campaign",
    ...signing(),
    ...words("--id summer --name-zh 夏送清凉 --name-en Summer --count 300 --products water"),
    ...words(`--from ${dateOf(day - 5)} --to ${dateOf(day + 30)}`),
    "--out",
    out,
    ...more,
  );

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "codes-"));
  await yizhan("keygen", "--out", at("keys"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("keygen makes keys for their owner's eyes alone and prints the lines of trust", async () => {
  const made = await yizhan("keygen", "--out", at("others"), "--kid", "r2", "--qr-kid", "9");
  expect(made.code).toBe(0);
  for (const name of ["root", "release", "qr"]) {
    expect(statSync(at(`others/${name}.key`)).mode & 0o777).toBe(0o600);
    expect(read(`others/${name}.key`)).toMatch(/^[0-9a-f]{64}\n$/);
    expect(made.out).not.toContain(read(`others/${name}.key`).trim());
  }
  expect(made.out).toContain(`{"kid":"r2","role":"release","key":"${read("others/release.pub").trim()}"}`);
  expect(made.out).toContain(`{"kid":"9","role":"qr","key":"${read("others/qr.pub").trim()}"}`);
});

test("keygen never overwrites a key", async () => {
  const before = read("keys/root.key");
  const again = await yizhan("keygen", "--out", at("keys"));
  expect(again.code).toBe(1);
  expect(again.said).toContain("A key is never overwritten");
  expect(read("keys/root.key")).toBe(before);
});

test("a secret that others may read is refused by every command that needs it", async () => {
  chmodSync(at("keys/root.key"), 0o644);
  chmodSync(at("keys/release.key"), 0o640);
  const answers = [await campaign(at("c.json")), await yizhan("issue", ...rooted(), "--label", label, "--count", "1")];
  for (const { code, said } of answers) {
    expect(code).toBe(1);
    expect(said).toContain("Run: chmod 600");
  }
  expect(existsSync(at("c.json"))).toBe(false);
});

test("campaign writes a signed file and tells the expected loss", async () => {
  const { code, said } = await campaign(at("c.json"), "--hours", "06:00-22:00");
  expect(code).toBe(0);
  expect(said).toContain(
    "310 codes an epoch, the keeper's included. Guessing costs an expected 0.49 drinks a kiosk-year",
  );
  const parsed = parseCampaign(read("c.json"));
  expect(parsed).toMatchObject({
    ok: true,
    value: { id: "summer", digits: 10, count: 300, keeperCount: 10, kid: "r1" },
  });
  if (parsed.ok) expect(isSigned("campaign", parsed.value, bytesOf(read("keys/release.pub").trim()))).toBe(true);
});

test("a weak campaign is refused with the figures, and only a raised limit lets it pass", async () => {
  const weak = await campaign(at("c.json"), "--count", "3000");
  expect(weak.code).toBe(1);
  expect(weak.said).toContain("4.8 drinks a kiosk-year");
  expect(weak.said).toContain("at most 629 codes");
  expect(existsSync(at("c.json"))).toBe(false);
  expect((await campaign(at("c.json"), "--count", "3000", "--loss-limit", "5")).code).toBe(0);
});

test("a mistake in a campaign's field is told by the field's name", async () => {
  const { code, said } = await campaign(at("c.json"), "--from", "2026-02-30", "--hours", "22:00-06:00");
  expect(code).toBe(1);
  expect(said).toContain("from: expected a date");
  expect(said).toContain("hours: expected hours");
});

test("issue prints index and code, and the same codes at every time", async () => {
  const first = await yizhan("issue", ...rooted(), "--label", label, "--count", "20", "--site", "42");
  const lines = first.out.trim().split("\n");
  expect(lines[0]).toBe("index,code");
  expect(lines).toHaveLength(21);
  lines.slice(1).forEach((line, index) => {
    const [number, code = ""] = line.split(",");
    expect(number).toBe(String(index));
    expect(code).toMatch(/^42\d{10}$/);
    expect(checks(code)).toBe(true);
  });
  expect((await yizhan("issue", ...rooted(), "--label", label, "--count", "20", "--site", "42")).out).toBe(first.out);
});

test("codes go into files that only their owner reads, and slips show them in groups", async () => {
  await campaign(at("c.json"), "--digits", "12", "--hours", "06:00-22:00", "--name-zh", "夏<b>&");
  const asked = ["--label", label, "--count", "3", "--site", "42", "--campaign", at("c.json")];
  const { code, out } = await yizhan("issue", ...rooted(), ...asked, "--csv", at("c.csv"), "--slips", at("s.html"));
  expect({ code, out }).toEqual({ code: 0, out: "" });
  for (const name of ["c.csv", "s.html"]) expect(statSync(at(name)).mode & 0o777).toBe(0o600);
  const page = read("s.html");
  expect(page.match(/<article>/g)).toHaveLength(3);
  for (const row of read("c.csv").trim().split("\n").slice(1))
    expect(page).toContain((row.split(",")[1] ?? "").replace(/(....)(....)(....)/, "<b>$1 $2 $3</b>"));
  for (const fact of [date, "06:00–22:00", "ZP-001", "夏&lt;b&gt;&amp;"]) expect(page).toContain(fact);
  expect(page).not.toMatch(/\{\w+\}|<!-- if/);
});

test("what does not fit the campaign is refused before a code is made", async () => {
  await campaign(at("ten.json"));
  await campaign(at("twelve.json"), "--digits", "12");
  const rows: readonly (readonly [string, ...string[]])[] = [
    ["has no epoch 20200101", "--label", "20200101", "--count", "1", "--campaign", at("ten.json")],
    ["has no epoch 2026-W29", "--label", "2026-W29", "--count", "1", "--campaign", at("ten.json")],
    ["has 300 codes an epoch, and --count is 301", "--label", label, "--count", "301", "--campaign", at("ten.json")],
    ["leave --site out", "--label", label, "--count", "1", "--campaign", at("ten.json"), "--site", "42"],
    ["with --site", "--label", label, "--count", "1", "--campaign", at("twelve.json")],
    ["01 to 99", "--label", label, "--count", "1", "--site", "00"],
    ["there is no such day", "--label", "20260230", "--count", "1"],
    ["There is no file", "--label", label, "--count", "1", "--campaign", at("none.json")],
  ];
  for (const [why, ...asked] of rows) {
    const { code, out, said } = await yizhan("issue", ...rooted(), ...asked);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(said).toContain(why);
  }
});

test("export-keys seals what the campaign needs to this kiosk alone", async () => {
  const key = openKioskKey(folder, dice);
  await campaign(at("c.json"), "--own-labels");
  const asked = ["--from", date, "--days", "3", "--for", at("kiosk.pub"), "--list", "L1", "--campaign", at("c.json")];
  const { code, said } = await yizhan(
    "export-keys",
    ...rooted(),
    ...signing().slice(0, 2),
    ...asked,
    "--out",
    at("k.json"),
  );
  expect(code).toBe(0);
  expect(said).toContain("3 epoch keys for ZP-001");
  const bundle = parseBundle(read("k.json"));
  if (!bundle.ok || !key.ok) throw new Error("no bundle or no key");
  expect(isSigned("keys", bundle.value, bytesOf(read("keys/release.pub").trim()))).toBe(true);
  const opened = await openBundle(bundle.value, key.value);
  if (!opened.ok) throw new Error(opened.error.join(" "));
  expect(Object.keys(opened.value.epochs)).toEqual([day, day + 1, day + 2].map((one) => `summer/${dayLabel(one)}`));
  expect(Object.keys(opened.value.lists)).toEqual(["L1"]);
  for (const secret of Object.values(opened.value.epochs)) expect(read("k.json")).not.toContain(secret);
  expect((await openBundle(bundle.value, new Uint8Array(32).fill(1))).ok).toBe(false);
});

test("export-keys wants a kiosk's public key and dates that are some", async () => {
  openKioskKey(folder, dice);
  const plain = ["export-keys", ...rooted(), ...signing().slice(0, 2), "--days", "1"];
  const noKey = await yizhan(...plain, "--from", date, "--for", at("keys/root.key.none"));
  const wrongKey = await yizhan(...plain, "--from", date, "--for", at("c.txt"));
  const noDate = await yizhan(...plain, "--from", "2026-02-30", "--for", at("kiosk.pub"));
  expect([noKey.code, wrongKey.code, noDate.code]).toEqual([1, 1, 1]);
  expect(noDate.said).toContain("expected a date");
});

const importing = (file: string, ...more: readonly string[]) =>
  yizhan(
    "import",
    ...rooted(),
    ...signing().slice(0, 2),
    ...words(`--id L1 --products water --from ${date} --to ${date}`),
    "--in",
    at(file),
    "--out",
    at("l.json"),
    ...more,
  );
const random = Array.from({ length: 40 }, () => String(10 ** 11 + Math.floor(Math.random() * 9e11)));

test("import signs the tags of another platform's codes, and no code stands in the file", async () => {
  writeFileSync(
    at("c.csv"),
    `\ufefforder,couponCode\r\n${random.map((code, n) => `${n},"${code}"\r\n`).join("")}0,${random[0]}\r\n`,
  );
  const { code, said } = await importing("c.csv", "--column", "couponCode");
  expect(code).toBe(0);
  expect(said).toContain("40 codes of 12 digits, 1 more stood there twice.");
  const list = parseList(read("l.json"));
  expect(list).toMatchObject({ ok: true, value: { id: "L1", codeLength: 12, alphabet: "digits", uses: 1 } });
  if (list.ok) expect(list.value.tags).toHaveLength(40);
  for (const one of random) expect(read("l.json")).not.toContain(one);
});

test("import refuses codes that are guessed too easily, a common beginning taken off", async () => {
  writeFileSync(at("short.txt"), random.map((code) => code.slice(0, 6)).join("\n"));
  writeFileSync(at("series.txt"), random.map((_, n) => `9026148${10_000 + n * 7}`).join("\n"));
  const short = await importing("short.txt");
  expect(short.code).toBe(1);
  expect(short.said).toContain("40 codes of 6 characters");
  const series = await importing("series.txt");
  expect(series.code).toBe(1);
  expect(series.said).toContain("characters are the same in all codes");
  expect(existsSync(at("l.json"))).toBe(false);
});

test("import says what is wrong with a file of codes", async () => {
  const rows: readonly (readonly [string, string])[] = [
    ["", "There are no codes"],
    ["a,b\n1,2\n", "Which column holds the codes?"],
    ["123456789012\n12345\n", "Code 2 has 5 characters and the first has 12"],
    ["12345\n", "expected 6 to 16"],
    ["12345678-012\n", "something else than digits and letters"],
  ];
  for (const [text, why] of rows) {
    writeFileSync(at("c.txt"), text);
    const { code, said } = await importing("c.txt");
    expect(code).toBe(1);
    expect(said).toContain(why);
  }
});

/** A kiosk that was started once and has today's key. */
async function kiosk(): Promise<readonly string[]> {
  mkdirSync(at("config/campaigns"), { recursive: true });
  mkdirSync(at("config/keys"));
  const example = JSON.parse(readFileSync("config/station.example.json", "utf8")) as Record<string, unknown>;
  const trust = [{ kid: "r1", role: "release", key: read("keys/release.pub").trim() }];
  // Open at whatever hour the suite runs.
  const station = { ...(example["station"] as object), opens: "00:00", closes: "24:00" };
  writeFileSync(at("config/station.json"), JSON.stringify({ ...example, station, trust }));
  mkdirSync(at("data"));
  openKioskKey(at("data"), dice);
  await campaign(at("config/campaigns/summer.json"), "--digits", "12");
  const asked = [
    "--from",
    dateOf(day - 3),
    "--days",
    "10",
    "--for",
    at("data/kiosk.pub"),
    "--out",
    at("config/keys/k.json"),
  ];
  await yizhan("export-keys", ...rooted(), ...signing().slice(0, 2), ...asked);
  const issued = await yizhan("issue", ...rooted(), "--label", label, "--count", "2", "--site", "42");
  return issued.out
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split(",")[1] ?? "");
}

const inspecting = (code: string) => yizhan("inspect", code, "--config", at("config"), "--data", at("data"));

test("inspect says why a code is what it is, and never its digits", async () => {
  const [good = ""] = await kiosk();
  const open = await inspecting(good.replace(/(....)(....)(....)/, "$1 $2 $3"));
  expect(open.code).toBe(0);
  expect(open.out).toContain("Good: it would get a drink now");
  expect(open.out).toContain(`It is code 0 of the epoch ${label} of summer: for ${date}, day and night, one of water.`);
  expect(open.out).toContain("There is no ledger yet");
  expect(open.out + open.said).not.toContain(good);
  const slip = await inspecting(`${good.slice(0, -1)}${(Number(good.at(-1)) + 1) % 10}`);
  expect(slip.code).toBe(1);
  expect(slip.out).toContain("Mistyped: its check digit does not fit");
  expect((await inspecting(good.slice(0, 11))).out).toContain("have 12 digits, and this has 11");
  const elsewhere = await yizhan("issue", ...rooted(), "--label", label, "--count", "1", "--site", "77");
  expect((await inspecting(elsewhere.out.trim().slice(-12))).out).toContain(
    "Another machine's: this one has the site number 42",
  );
  const old = await yizhan("issue", ...rooted(), "--label", dayLabel(day - 3), "--count", "1", "--site", "42");
  expect((await inspecting(old.out.trim().slice(-12))).out).toContain("Expired: it was good until");
  const never = await yizhan("issue", ...rooted(), "--label", "nobody", "--count", "1", "--site", "42");
  expect((await inspecting(never.out.trim().slice(-12))).out).toContain(
    `The newest key held is for ${dateOf(day + 6)}`,
  );
});

test("inspect tells what the ledger knows of a code, and changes nothing", async () => {
  const [code = "", other = ""] = await kiosk();
  const now = millis(Date.now());
  const opened = await openDisk({
    dir: at("data"),
    pid: process.pid,
    lifeFloorSeconds: 0,
    now: () => ({ utc: now, trusted: true }),
  });
  if (!opened.ok) throw new Error(opened.error.says);
  const disk = opened.value;
  const credential = { kind: "derived", epoch: label, index: 0 } as const;
  await disk.append({ kind: "started", release: "0" });
  await disk.append({ kind: "attempt", credential, device: "vend", slot: "7", product: "water", until: day + 1 });
  await disk.append({ kind: "outcome", of: 2, delivery: "delivered", started: true, why: "drop-sensor", frees: false });
  const told = await inspecting(code);
  const untold = await inspecting(other);
  await disk.close();
  expect(told.code).toBe(1);
  expect(told.out).toMatch(/^Used: .*, reference /m);
  expect(told.out).toContain(`reference ${reference(2)}.`);
  expect(told.out).toContain("water from slot 7 of vend");
  expect(told.out).toContain("ended delivered (drop-sensor); the code is used.");
  expect(untold.out).toContain("Good:");
  const reopened = await openDisk({
    dir: at("data"),
    pid: process.pid,
    lifeFloorSeconds: 0,
    now: () => ({ utc: now, trusted: true }),
  });
  if (!reopened.ok) throw new Error(reopened.error.says);
  expect(reopened.value.keep.get("campaigns")).toBeUndefined();
  await reopened.value.close();
});

test("inspect names the files that are not obeyed", async () => {
  const [code = ""] = await kiosk();
  const file = JSON.parse(read("config/campaigns/summer.json")) as Record<string, unknown>;
  writeFileSync(at("config/campaigns/summer.json"), JSON.stringify({ ...file, count: 301 }));
  const { code: exit, out } = await inspecting(code);
  expect(exit).toBe(1);
  expect(out).toContain("Not obeyed: campaigns/summer.json: Its signature is not that of the release key r1");
});
