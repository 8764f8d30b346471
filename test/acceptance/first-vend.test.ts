import { spawn, type ChildProcess } from "node:child_process";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBrowser } from "../screen/browser.ts";

// What a newcomer does after `npm ci`: start it, read the screen, get a bottle.

let kiosk: ChildProcess;
let browser: Browser;
let page: Page;
let printed = "";

const until = async (told: RegExp): Promise<RegExpExecArray> => {
  for (let patience = 0; patience < 300; patience++) {
    const found = told.exec(printed);
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`The terminal never said ${told}:\n${printed}`);
};

const code = (what: string): string => {
  const line = printed.split("\n").find((text) => text.includes(what)) ?? "";
  return line.slice(0, line.indexOf("   ", 4)).replaceAll(" ", "");
};

const tap = (key: string): Promise<void> => page.locator(`[data-press="${key}"]`).click();
const type = async (digits: string): Promise<void> => {
  for (const digit of digits) await tap(digit);
};
const reads = (text: string): Promise<void> => page.getByText(text).first().waitFor({ timeout: 15_000 });

beforeAll(async () => {
  kiosk = spawn("npm", ["start", "--silent", "--", "--port", "0", "--seed", "1", "--fast"], {
    stdio: ["pipe", "pipe", "inherit"],
    detached: true,
  });
  kiosk.stdout?.on("data", (chunk: Buffer) => (printed += chunk.toString()));
  await until(/quit/);
  const [, address = ""] = await until(/(http:\/\/\S+)/);
  browser = await openBrowser();
  page = await browser.newPage({ viewport: { width: 1024, height: 600 } });
  await page.goto(address);
  await reads("提货码");
}, 120_000);

afterAll(async () => {
  await browser?.close();
  if (kiosk?.pid !== undefined && kiosk.exitCode === null) process.kill(-kiosk.pid, "SIGTERM");
});

describe("npm start", () => {
  it("prints six codes, each of twelve digits", () => {
    expect(printed.match(/^ {2}\d{4} \d{4} \d{4} /gm)).toHaveLength(6);
  });

  it("gives a bottle for the good code", async () => {
    await type(code("good:"));
    await reads("请选一种");
    await tap("choose:1");
    await reads("请从下方取走");
    await tap("face:good");
    await reads("请输入提货码");
  });

  it("says of the same code a moment later when it was used", async () => {
    await type(code("good:"));
    await reads("这个码已领过了");
    await reads("在本机领取");
    await tap("cancel");
  });

  it.each([
    ["used already", "这个码已领过了"],
    ["expired", "这个码已过期"],
    ["another site", "这个码请到别的站领"],
    ["a slip", "好像输错了一位"],
  ])("says why a code that is %s gets nothing", async (what, headline) => {
    await type(code(what));
    await reads(headline);
    await tap(what === "a slip" ? "clear" : "cancel");
  });

  it("says of an unknown code how many tries are left", async () => {
    await type(code("unknown"));
    await reads("没有查到这个提货码");
    await reads("还可再试 9 次");
  });

  it("shows the events of that bottle arriving at the centre", async () => {
    await until(/centre: (event \d+|\d+ events)/);
    const told = /centre: \d+ events, 1 to (\d+)/.exec(printed);
    expect(Number(told?.[1])).toBeGreaterThan(20);
  }, 120_000);

  it("keeps what happens while the cable is out, and lets it arrive when it is in again", async () => {
    const newest = (): number =>
      Math.max(0, ...[...printed.matchAll(/centre: (?:event |\d+ events, \d+ to )(\d+)/g)].map(([, n]) => Number(n)));
    await until(/link: connected/);
    kiosk.stdin?.write("offline\n");
    await until(/link: cut/);
    const before = newest();
    const read = printed.length;
    await page.locator('[data-press="cancel"], [data-press="clear"]').first().click();
    await type(code("good:"));
    await reads("这个码已领过了");
    kiosk.stdin?.write("online\n");
    for (let patience = 0; patience < 900 && newest() === before; patience++)
      await new Promise((resolve) => setTimeout(resolve, 100));
    expect(newest()).toBeGreaterThan(before);
    expect(printed.slice(read)).toContain("link: connected");
  }, 120_000);
});
