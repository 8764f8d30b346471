import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Browser } from "playwright-core";
import type { LinkReport, Report } from "../../controller/screen/report.ts";
import type { OpenScreen } from "../../controller/screen/server.ts";
import { technicianPage } from "../../controller/screen/views/technician.ts";
import { openBrowser, serve, watch } from "./browser.ts";
import { stationWith } from "./gallery.ts";

const offline = (refused: Partial<Extract<LinkReport, { is: "online" | "offline" }>> = {}): LinkReport => ({
  is: "offline",
  server: "mqtts://broker.example:8883",
  since: 7300,
  waiting: 412,
  certificateDays: 12,
  ...refused,
});
const report = (link: LinkReport = { is: "none" }): Report => ({
  kiosk: "ZP-001",
  release: "1.0.0",
  clock: "trusted",
  ledger: { life: 1_780_000_000, seq: 99 },
  disk: "well",
  devices: [
    { id: "vend", presence: "working" },
    { id: "card", presence: "absent", detail: "/dev/serial/by-id/usb-1 is not there" },
  ],
  bare: [],
  link,
});

describe("the technician's page", () => {
  let browser: Browser;
  let screen: OpenScreen;
  beforeAll(async () => {
    browser = await openBrowser();
    screen = await serve({ station: stationWith(222) });
  });
  afterAll(async () => {
    await browser.close();
    await screen.close();
  });

  test("says clock where the clock is the reason, and never certificate", () => {
    const page = technicianPage(
      report(offline({ refused: { why: "clock", detail: "the certificate is not valid before 2026" } })),
    );
    expect(page).toContain("时钟不对，所以连不上");
    expect(page).not.toContain("证书不对");
  });

  test("gives each reason for which a broker is not reached a sentence of its own", () => {
    const reasons = [
      "unreachable",
      "certificate",
      "clock",
      "version",
      "not-authorised",
      "banned",
      "quota",
      "busy",
    ] as const;
    const told = reasons.map((why) => technicianPage(report(offline({ refused: { why, detail: "-" } }))));
    expect(new Set(told).size).toBe(reasons.length);
  });

  test("marks what is not well, with what to check and the driver's own words", () => {
    const page = technicianPage(report());
    expect(page.match(/class="ill"/g)?.length).toBe(1);
    expect(page).toContain("没有找到：查插头");
    expect(page).toContain("/dev/serial/by-id/usb-1 is not there");
  });

  test("tells of a reader what it reads, and what it saw when, in both languages", () => {
    const page = technicianPage({
      ...report(),
      devices: [
        { id: "tap", presence: "working", reader: { reads: ["card", "code"], last: { what: "unread", ago: 75.4 } } },
        { id: "scan", presence: "stale", detail: "no answer", reader: { reads: ["code"] } },
      ],
    });
    expect(page).toContain("正常；读卡、码；75 秒前没读清");
    expect(page).toContain("works; reads cards and codes; something unread 75 s ago");
    expect(page).toContain("没有回应：查电源和线；读码；还没读到过");
  });

  test("tells of an instrument what it measures, until when it is calibrated, and to how many it gave something", () => {
    const instrument = { measures: ["systolic", "pulse"], tests: { ok: 20, fail: 10 } } as const;
    const told = (is: "holds" | "over", days: number) => ({
      ...instrument,
      calibration: { due: "2027-03-01", days, is },
    });
    const page = (...devices: Report["devices"]) => technicianPage({ ...report(), devices });
    const well = page({ id: "cuff", presence: "working", instrument: told("holds", 120) });
    expect(well).toContain(
      "正常；测收缩压（高压）、脉搏；校准到 2027-03-01，还有 120 天；测成 20 人，没测成 10 人（满十人才计）",
    );
    expect(well).toMatch(
      /works; measures .*calibrated until 2027-03-01, 120 days left; gave a result to 20 people, and none to 10, in full tens/,
    );
    expect(well).not.toContain('class="ill"');
    const over = page({ id: "cuff", presence: "working", instrument: told("over", -1) });
    expect(over).toContain("校准 2027-03-01 到期：要重新校准");
    expect(over.match(/class="ill"/g)).toHaveLength(1);
    expect(page({ id: "cuff", presence: "absent", instrument })).toMatch(/没有找到：查插头；测.*没有写校准日期/);
  });

  test("tells of a printer that it prints slips", () => {
    const page = technicianPage({ ...report(), devices: [{ id: "roll", presence: "working", printer: true }] });
    expect(page).toContain("正常；打印小票");
    expect(page).toContain("works; prints slips");
  });

  test("says which identifiers of the lists in force prove nothing, and nothing where all do", () => {
    const bare = (...kinds: Report["bare"]): string => technicianPage({ ...report(), bare: kinds });
    expect(bare("card")).toMatch(/裸卡号（UID）只认号、不验真伪.*identifiers, not proof/s);
    expect(bare("card")).not.toContain("条码");
    expect(bare("code")).toMatch(/印刷号、条码只认号、不验真伪.*identifiers, not proof/s);
    expect(bare()).not.toMatch(/identifiers/);
    expect(bare("card", "code").match(/<tr/g)).toHaveLength((bare().match(/<tr/g) ?? []).length + 2);
  });

  test("escapes what a device or a broker says of itself", () => {
    const page = technicianPage(report(offline({ refused: { why: "refused", detail: "<script>alert(1)</script>" } })));
    expect(page).not.toContain("<script>");
  });

  test("opens under a finger that stays on the station's name for five seconds, and goes back by itself", async () => {
    screen.tellTechnicians(() => report(offline()));
    const page = await watch(browser, screen, { width: 1024, height: 600 });
    await page.clock.install();
    const { x = 0, y = 0 } = (await page.locator(".where").boundingBox()) ?? {};
    await page.mouse.move(x + 20, y + 10);
    await page.mouse.down();
    await page.clock.fastForward(4000);
    expect(new URL(page.url()).pathname).toBe("/");
    await page.clock.fastForward(1500);
    await page.waitForURL(/technician/);
    expect(await page.locator("tr").count()).toBe(8);
    expect(await page.locator("body").evaluate((body) => body.scrollWidth <= innerWidth)).toBe(true);
    expect(technicianPage(report(), 0)).toContain('content="5;url=/"');
    await page.getByText("返回").click();
    expect(new URL(page.url()).pathname).toBe("/");
  });

  test("is there only once there is something to tell", async () => {
    const other = await serve({ station: stationWith(222) });
    expect((await fetch(new URL("/technician", other.url))).status).toBe(404);
    other.tellTechnicians(() => report());
    expect((await fetch(new URL("/technician", other.url))).status).toBe(200);
    await other.close();
  });
});
