import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Command } from "commander";
import jsQR from "jsqr";
import type { Browser } from "playwright-core";
import { PNG } from "pngjs";
import { afterAll, afterEach, beforeEach, expect, test, vi } from "vitest";
import { codesCommand } from "../../../controller/cli/codes.ts";
import { bytesOf } from "../../../protocol/pickup-code/sign.ts";
import { nobody, readToken, type Token } from "../../../protocol/pickup-code/token.ts";
import { openBrowser } from "../../screen/browser.ts";

let folder = "";
const at = (name: string) => join(folder, name);
const read = (name: string) => readFileSync(at(name), "utf8");

/** Runs a command as main.ts does, in this process. */
async function yizhan(...args: readonly string[]): Promise<{ readonly code: number; readonly said: string }> {
  let said = "";
  const hear = (text: unknown) => void (said += `${String(text)}\n`);
  vi.spyOn(console, "log").mockImplementation(hear);
  vi.spyOn(console, "error").mockImplementation(hear);
  vi.spyOn(process.stdout, "write").mockImplementation((text) => (hear(text), true));
  const program = new Command("yizhan").exitOverride().configureOutput({ writeErr: hear });
  codesCommand(program);
  for (const command of program.commands.flatMap((one) => one.commands)) command.exitOverride();
  process.exitCode = 0;
  try {
    await program.parseAsync(["node", "yizhan", "codes", ...args]);
    return { code: process.exitCode, said };
  } finally {
    process.exitCode = 0;
    vi.restoreAllMocks();
  }
}
const words = (text: string) => text.split(" ");
const qr = (...args: readonly string[]) => yizhan("qr", "--qr-key", at("keys/qr.key"), ...args);
const anyday = words("--from 2026-07-15 --lasts 2h");

/** The token of a text, by the public key that keygen wrote for station files. */
function tokenOf(text: string, kid = 1): Token {
  const reading = readToken(text, new Map([[kid, bytesOf(read("keys/qr.pub").trim())]]));
  if (reading.is !== "token") throw new Error(`This is no token but ${reading.is}.`);
  return reading.token;
}

/** What an independent reader makes of the picture, or of a part of it. */
function scanned(picture: Buffer): string | undefined {
  const { data, width, height } = PNG.sync.read(picture);
  return jsQR.default(new Uint8ClampedArray(data), width, height)?.data;
}

const rows = (name: string) =>
  read(name)
    .trim()
    .split("\n")
    .slice(1)
    .map((row) => row.split(","));

let browser: Browser | undefined;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "codes-qr-"));
  await yizhan("keygen", "--out", at("keys"));
});
afterEach(() => rmSync(folder, { recursive: true }));
afterAll(() => browser?.close());

test("a token's picture is read back as the token that was asked for", async () => {
  const asked = [...words("--number 42 --class 3 --kid 9 --count 2"), ...anyday];
  expect(await qr(...asked, "--png", at("png"), "--csv", at("c.csv"))).toMatchObject({ code: 0 });
  expect(readdirSync(at("png"))).toEqual(["0001.png", "0002.png"]);
  for (const [name, pid, text] of rows("c.csv")) {
    const picture = scanned(readFileSync(at(`png/${name}.png`)));
    expect([picture, pid]).toEqual([text, nobody]);
    expect(tokenOf(picture ?? "", 9)).toEqual({
      kid: 9,
      id: expect.stringMatching(/^[0-9a-f]{16}$/),
      notBefore: Date.UTC(2026, 6, 14, 16) / 1000,
      quarters: 8,
      scope: { of: "station", number: 42 },
      productClass: 3,
      pid: nobody,
    });
  }
});

test("every token has an id of its own", async () => {
  await qr(...words("--number 42 --count 200"), "--csv", at("c.csv"));
  expect(new Set(rows("c.csv").map(([, , text]) => tokenOf(text ?? "").id)).size).toBe(200);
});

test("a picture is whole modules of a 300 dpi printer, says so, and has the white edge that scanners need", async () => {
  await qr(...words("--number 42 --png"), at("png"));
  const file = readFileSync(at("png/0001.png"));
  const sizes = file.indexOf("pHYs");
  expect([file.readUInt32BE(sizes + 4), file.readUInt32BE(sizes + 8), file[sizes + 12]]).toEqual([11_811, 11_811, 1]);
  const { data, width, height } = PNG.sync.read(file);
  const isDark = (x: number, y: number): boolean => data[(y * width + x) * 4] === 0;
  // 223 digits at level M are version 6: 41 modules, and four white ones on each side.
  expect([width, height]).toEqual([49 * 8, 49 * 8]);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if (isDark(x, y) !== isDark(x - (x % 8), y - (y % 8))) throw new Error(`The module at ${x}, ${y} is frayed.`);
      const edge = Math.min(x, y, width - 1 - x, height - 1 - y);
      if (edge < 32 && isDark(x, y)) throw new Error(`The white edge has a dark dot at ${x}, ${y}.`);
    }
  expect(isDark(32, 32)).toBe(true);
});

test("every code of the printable sheet is read from what a browser makes of it, in Chinese and in English", async () => {
  const names = ["--name-zh", "高温慰问 <中山路>", "--name-en", "Summer & drinks"];
  await qr(...words("--number 42 --count 14"), ...anyday, ...names, "--sheet", at("s.html"), "--csv", at("c.csv"));
  browser = await openBrowser();
  const page = await browser.newPage({ viewport: { width: 794, height: 1123 } });
  await page.goto(pathToFileURL(at("s.html")).href);
  const codes = await page.locator("article").all();
  expect(codes).toHaveLength(14);
  const read: (string | undefined)[] = [];
  for (const code of codes) read.push(scanned(await code.screenshot()));
  expect(read).toEqual(rows("c.csv").map(([, , text]) => text));
  const text = (await codes[13]?.innerText()) ?? "";
  for (const said of ["高温慰问 <中山路>", "Summer & drinks", "限用一次", "Good once", "0014"])
    expect(text).toContain(said);
  expect(text).toContain("2026-07-15 00:00 – 2026-07-15 02:00");
  expect(text).not.toMatch(/会员|Member/);
  // On paper: two pages, and no code cut in two.
  const pdf = await page.pdf({ preferCSSPageSize: true });
  expect(pdf.toString("latin1").match(/\/Type \/Page\b/g)).toHaveLength(2);
  await page.close();
});

test("a register gives everybody one digital card, whose file names and sheet say nobody's number", async () => {
  const register = ["a1b2c3d4e5f60718", "00000000000000ff", "a1b2c3d4e5f60718"].map((pid, n) =>
    JSON.stringify({ pid, texts: [`61003${n}`] }),
  );
  writeFileSync(at("drivers.register"), `# drivers\n${register.join("\n")}\n{"no":"pid"}\n\n`, { mode: 0o600 });
  const asked = ["--members", at("drivers.register"), ...words("--area 3 --lasts 12h")];
  const { code, said } = await qr(...asked, "--csv", at("c.csv"), "--sheet", at("s.html"), "--png", at("png"));
  expect([code, said]).toEqual([0, expect.stringMatching(/^2 members' cards of the key 1 for the area 3/)]);
  const tokens = rows("c.csv").map(([, , text]) => tokenOf(text ?? ""));
  expect(tokens.map(({ pid, scope, quarters }) => [pid, scope, quarters])).toEqual([
    ["a1b2c3d4e5f60718", { of: "area", number: 3 }, 48],
    ["00000000000000ff", { of: "area", number: 3 }, 48],
  ]);
  expect(readdirSync(at("png"))).toEqual(["0001.png", "0002.png"]);
  expect(read("s.html")).not.toMatch(/610030|a1b2c3d4e5f60718/);
  expect(read("s.html")).toMatch(/会员码/);
});

test("a member's cards are minted by the pid, and no key is ever printed", async () => {
  const { code, said } = await qr(...words("--number 42 --member a1b2c3d4e5f60718 --count 3 --lasts 15m --csv -"));
  expect(code).toBe(0);
  const texts = said.match(/901\d{220}/g) ?? [];
  expect(texts.map((text) => tokenOf(text).pid)).toEqual(Array<string>(3).fill("a1b2c3d4e5f60718"));
  expect(said).not.toContain(read("keys/qr.key").trim());
});

test("files are for their owner's eyes alone, and what is there is never overwritten", async () => {
  const all = ["--png", at("png"), "--sheet", at("s.html"), "--csv", at("c.csv")];
  await qr("--number", "42", ...all);
  for (const name of ["png/0001.png", "s.html", "c.csv"]) expect(statSync(at(name)).mode & 0o777).toBe(0o600);
  const before = ["png/0001.png", "s.html", "c.csv"].map(read);
  for (const again of [all.slice(0, 2), all.slice(2, 4), all.slice(4)]) {
    const { code, said } = await qr("--number", "42", ...again);
    expect([code, said]).toEqual([1, expect.stringContaining("is there already")]);
  }
  expect(["png/0001.png", "s.html", "c.csv"].map(read)).toEqual(before);
});

test.each<[string, string]>([
  ["Say where they are good", "--csv -"],
  ["Say where they are good", "--number 1 --area 1 --csv -"],
  ["Say where they go", "--number 1"],
  ["expected whole quarter hours", "--number 1 --lasts 20m --csv -"],
  ["expected whole quarter hours", "--number 1 --lasts 0h --csv -"],
  ["at most 682 days", "--number 1 --lasts 683d --csv -"],
  ["--from tomorrow", "--number 1 --from tomorrow --csv -"],
  ["at most 7 days", "--number 1 --member a1b2c3d4e5f60718 --lasts 8d --csv -"],
  ["16 hex digits", "--number 1 --member 12 --csv -"],
  ["16 hex digits", `--number 1 --member ${nobody} --csv -`],
  ["leave --count out", "--number 1 --members none.register --count 2 --csv -"],
  ["There is no file", "--number 1 --members none.register --csv -"],
])("is refused with a sentence: %s", async (why, asked) => {
  const { code, said } = await qr(...words(asked));
  expect([code, said]).toEqual([1, expect.stringContaining(why)]);
  expect(said).not.toMatch(/901\d{220}/);
});

test("a key that others may read, and a register without members, are refused", async () => {
  writeFileSync(at("empty.register"), "{}\n", { mode: 0o644 });
  const readable = await qr("--number", "1", "--members", at("empty.register"), "--csv", at("c.csv"));
  expect([readable.code, readable.said]).toEqual([1, expect.stringContaining("others may read it")]);
  chmodSync(at("empty.register"), 0o600);
  const nobodys = await qr("--number", "1", "--members", at("empty.register"), "--csv", at("c.csv"));
  expect([nobodys.code, nobodys.said]).toEqual([1, expect.stringContaining("names no member")]);
  const open = await yizhan("qr", "--qr-key", at("keys/qr.pub"), ...words("--number 1 --csv -"));
  expect([open.code, open.said]).toEqual([1, expect.stringContaining("chmod 600")]);
  expect(existsSync(at("c.csv"))).toBe(false);
});
