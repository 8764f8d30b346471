import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { openAuthority, type Authority } from "../../console/authority/authority.ts";
import type { Pair } from "../../console/authority/certificate.ts";
import { english } from "../../controller/screen/text.en.ts";
import { chinese } from "../../controller/screen/text.zh-CN.ts";
import type { Refused } from "../../controller/link/uplink.ts";
import { startShippedBroker, type ShippedBroker } from "../broker/shipped.ts";
import { clockSet } from "./clock.ts";
import type { Kiosk } from "./kiosk.ts";
import { entrust } from "./signer.ts";
import { tcn } from "./station.ts";
import { endStreets, Street } from "./street.ts";

// What a technician reads on the kiosk when the line is there and the papers are not: a real kiosk at the broker with the
// configuration that is shipped. Whatever it reads, workers are served.

vi.setConfig({ testTimeout: 120_000 });

const year = 365 * 86_400_000;
const kioskOf = "real-1";

let broker: ShippedBroker;
let foreign: Authority;
let folder: string;
let street: Street;

const opened = async (path: string, now?: () => number): Promise<Authority> => {
  const authority = await openAuthority(path, now);
  if (!authority.ok) throw new Error(authority.error.join(" "));
  return authority.value;
};
/** The broker's own authority at another time. */
const then = (now: number): Promise<Authority> => opened(join(broker.authority.revokedFile, ".."), () => now);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "foreign-"));
  [broker, foreign] = await Promise.all([startShippedBroker(), opened(folder)]);
}, 60_000);
afterEach(endStreets);
afterAll(async () => {
  await broker.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Papers {
  readonly ca?: string;
  readonly own: Pair;
  readonly server?: string;
  /** Whether the kiosk's clock is set. */
  readonly clock?: "set";
}

/** A kiosk with these files in its folder link/. */
async function started({ ca = broker.authority.ca, own, server = broker.url, clock }: Papers): Promise<Kiosk> {
  street = await Street.lay(tcn);
  street.folder.write("link/ca.pem", ca);
  street.folder.write("link/cert.pem", own.cert);
  writeFileSync(join(street.folder.config, "link/key.pem"), own.key, { mode: 0o600 });
  entrust(street.folder, { link: { group: "320583", servers: [server] } });
  return street.boot([], clock === "set" ? clockSet : []);
}

const page = async (kiosk: Kiosk): Promise<string> => {
  const answer = await fetch(`http://127.0.0.1:${kiosk.port}/technician`);
  return (await answer.text()).replaceAll("&#39;", "'");
};

/** The kiosk is refused; the page gives the sentence in both languages, and this detail. */
async function reads(kiosk: Kiosk, why: Refused["why"], detail: RegExp): Promise<void> {
  const line = await kiosk.hear("link.refused");
  expect(line["detail"]).toMatch(detail);
  const text = await page(kiosk);
  expect(text).toContain(chinese.technician.refused[why]);
  expect(text).toContain(english.technician.refused[why]);
  expect(text).toMatch(detail);
}

/** With a line or without, a worker gets a bottle. */
async function serves(kiosk: Kiosk): Promise<void> {
  await kiosk.hear("device.working");
  await kiosk.until("idle");
  await kiosk.type(street.freshCode());
  await kiosk.until("choose");
  await kiosk.press("choose:1");
  await kiosk.until("done");
}

test("with good papers it is connected, and the page says since when, and how long the certificate is good", async () => {
  const kiosk = await started({ own: await broker.authority.client(kioskOf) });
  await kiosk.hear("link.up");
  const text = await page(kiosk);
  expect(text).toContain("已连上中心");
  expect(text).toContain("Connected to the centre");
  expect(text).toMatch(/还有 36[45] 天/);
  expect(kiosk.log.filter(({ msg }) => msg === "link.refused")).toEqual([]);
  await serves(kiosk);
});

test("an expired certificate", async () => {
  const own = await (await then(Date.now() - 2 * year)).client(kioskOf);
  const kiosk = await started({ own, clock: "set" });
  await reads(kiosk, "certificate", /This kiosk's certificate has expired, says the broker\. Copy a new one/);
  expect(await page(kiosk)).toContain("已过期");
  await serves(kiosk);
});

test("a certificate of another authority", async () => {
  const kiosk = await started({ own: await foreign.client(kioskOf) });
  await reads(kiosk, "certificate", /This kiosk's certificate is signed by nobody whom the broker knows/);
});

test("a revoked certificate", async () => {
  const own = await broker.authority.client(kioskOf);
  await broker.authority.revoke(kioskOf);
  broker.bringRevoked();
  await broker.kill();
  await broker.start();
  const kiosk = await started({ own });
  await reads(kiosk, "certificate", /This kiosk's certificate was revoked, says the broker\. Ask the centre/);
  await serves(kiosk);
});

test("another kiosk's certificate", async () => {
  const kiosk = await started({ own: await broker.authority.client("real-2") });
  await reads(kiosk, "certificate", /is made out to real-2, and this kiosk is real-1/);
});

test("a broker whose certificate another authority signed", async () => {
  const kiosk = await started({ ca: foreign.ca, own: await broker.authority.client(kioskOf) });
  await reads(kiosk, "certificate", /The certificate of 127\.0\.0\.1:\d+ is not signed by the one of ca\.pem/);
});

test.each([
  ["has expired", -3 * year],
  ["is not valid yet", year],
])(
  "a broker whose certificate, by the kiosk's clock, %s: the clock is the reason where nobody has set it, and the certificate where it is set",
  async (what, off) => {
    const authority = await then(Date.now() + off);
    const untimely = await startShippedBroker(authority);
    onTestFinished(() => untimely.stop());
    const own = await broker.authority.client(kioskOf);
    const unset = await started({ own, server: untimely.url });
    await reads(unset, "clock", new RegExp(`By this machine's clock the certificate of \\S+ ${what}, and this clock`));
    expect(await page(unset)).toContain("时钟不对");
    const set = await started({ own, server: untimely.url, clock: "set" });
    await reads(set, "certificate", new RegExp(`The certificate of \\S+ ${what}\\. The centre must renew it`));
    expect(await page(set)).not.toContain("时钟不对");
    await serves(set);
  },
);
