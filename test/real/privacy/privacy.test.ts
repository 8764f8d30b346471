import { randomBytes } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { BrowserContext } from "playwright-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openStore } from "../../../console/store/open.ts";
import { writeSecret } from "../../../controller/store/secret-file.ts";
import { fingerprintOf } from "../../../protocol/health/letter.ts";
import { bytesOf } from "../../../protocol/pickup-code/sign.ts";
import { ask, newFolder, runCentre, yizhan, type RunningCentre } from "../../console/cli/running.ts";
import { startMosquitto, type Mosquitto } from "../../kit/broker.ts";
import { openKeeping } from "../../screen/browser.ts";
import { patience } from "../children.ts";
import { Cabin } from "./cabin.ts";
import { formsIn, shownGlucose, type Content, type Figures } from "./figures.ts";
import { filesIn, unfolded } from "./folder.ts";
import type { Picture } from "./glass.ts";
import { memoryOf, type Memory } from "./memory.ts";
import { everybody, goes, isCutOff, isCutShort, prints, refuses, sends } from "./people.ts";
import { Tapped } from "./wire.ts";

// Whoever sits down in the health cabin of a real kiosk leaves nothing there. Six people are measured, and afterwards
// what was measured of them is searched for wherever it could be. Each search has found it before, where it had to be.

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const devices = [
  { id: "cuff", profile: "aandd-tm2657" },
  { id: "scale", profile: "gtech-gl150" },
  { id: "strips", profile: "onetouch-ultra2" },
  { id: "roll", profile: "escpos-58" },
];
const home = newFolder();
const at = (name: string): string => join(home, name);

let browser: BrowserContext;
let broker: Mosquitto;
let tapped: Tapped;
let centre: RunningCentre;
let cabin: Cabin;
let lonely: Cabin;

const frames = (): readonly Uint8Array[] => [...cabin.frames(), ...lonely.frames()];
/** In which forms somebody's figures stand in any of these. */
const formsOf = (whose: Figures, all: readonly Content[]) => formsIn([whose], all, frames());
const formsOfAnybody = (all: readonly Content[]) => formsIn(everybody, all, frames());
const sureFormsOfAnybody = (all: readonly Content[]) => formsIn(everybody, all, frames(), "megabytes");

const inMind = ({ texts, numbers, buffers }: Memory) => sureFormsOfAnybody([...texts, ...numbers, ...buffers]);
/** Whether it is written down that somebody came. */
const tellsOfCounts = (all: readonly Content[]): boolean =>
  all.some((one) => Buffer.from(one).includes("cabin-counts"));

beforeAll(async () => {
  browser = await openKeeping(at("browser"));
  lonely = await Cabin.open(browser, [{ id: "scale", profile: "gtech-gl150" }], {});
  await lonely.sits("agree");
  await lonely.weighs(goes);
  await lonely.glass.press("results");
  await lonely.glass.until("results");

  expect(yizhan("health", "keygen", "--out", at("clinic.key")).code).toBe(0);
  writeSecret(at("other.key"), randomBytes(32));
  broker = await startMosquitto();
  tapped = await Tapped.to(broker.port);
  const key = readFileSync(at("clinic.pub"), "utf8").trim();
  const recipient = { name: { zh: "诊所", en: "Clinic" }, key };
  [centre, cabin] = await Promise.all([
    runCentre("--data", at("centre"), "--broker", broker.url, "--accept-all"),
    Cabin.open(browser, devices, { entered: ["waist"], recipient }, "--broker", tapped.url),
  ]);
});

afterAll(async () => {
  await Promise.all([cabin?.close(), lonely?.close(), browser?.close()]);
  await centre?.end("SIGKILL");
  await tapped?.close();
  await broker?.stop();
  rmSync(home, { recursive: true, force: true });
});

test("whoever refuses is measured, and forgotten: not even that somebody came is kept", async () => {
  await cabin.sits("refuse");
  await cabin.isMeasured(refuses);
  // A search that can find: what is on the glass, and what the kiosk has in mind.
  const { weight, height } = refuses;
  const glucose = shownGlucose(refuses);
  const { texts, numbers } = await memoryOf(cabin.kiosk);
  for (const all of [texts, numbers])
    expect(sureFormsOfAnybody(all)).toEqual(expect.arrayContaining([`${weight}`, `${height}`, glucose, "97.4"]));
  expect(formsOf(refuses, await cabin.leftovers())).toEqual(expect.arrayContaining(["149"]));
  expect(formsOf(refuses, cabin.glass.pictures)).toEqual(
    expect.arrayContaining([`${weight}`, `${height}`, glucose, "97.4", "149", "93", "87"]),
  );

  await cabin.leaves();
  const all = await cabin.leftovers();
  expect(formsOf(refuses, all)).toEqual([]);
  expect(tellsOfCounts(all)).toBe(false);
});

test("whoever prints, and shows the code to a telephone, takes the only copy along; the centre is to learn no more than that somebody came", async () => {
  await cabin.sits("agree");
  await cabin.isMeasured(prints);
  await cabin.glass.press("print");
  const paper = () => cabin.instrument("roll").truth();
  await vi.waitUntil(() => paper().some((line) => line.includes("[qr")), patience);
  expect(formsOf(prints, paper())).toEqual(
    expect.arrayContaining(["67.9", "163.7", shownGlucose(prints), "88.6", "137", "86", "79"]),
  );
  await cabin.glass.press("qr");
  await cabin.glass.until("take-away");
  await cabin.leaves();
  const all = await cabin.leftovers();
  expect(formsOf(prints, all)).toEqual([]);
  expect(tellsOfCounts(all)).toBe(true);
});

/** All numbers of a bundle that were measured, the smallest first. */
function valuesOf(bundle: string): readonly number[] {
  const values: number[] = [];
  JSON.parse(bundle, (name, value: unknown) => {
    if (name === "valueQuantity") values.push((value as { value: number }).value);
    return value;
  });
  return values.sort((one, other) => one - other);
}

test("whoever sends them, sends them to one key alone: neither another nor the kiosk's own opens the letter", async () => {
  await cabin.sits("agree");
  await cabin.isMeasured(sends);
  await cabin.glass.press("send", "agree");
  const kept = await cabin.kiosk.hear("ledger.handed-over");
  await cabin.leaves();
  const acknowledged = () =>
    tapped
      .messages()
      .some(
        ({ topic, payload }) =>
          topic.endsWith("/down/ack") &&
          (JSON.parse(payload.toString()) as { upTo: number }).upTo >= Number(kept["seq"]),
      );
  await vi.waitUntil(acknowledged, patience);

  const to = fingerprintOf(bytesOf(readFileSync(at("clinic.pub"), "utf8").trim()));
  expect(ask("letters", "--for", to, "--out", at("letters.jsonl"), "--data", at("centre"))).toMatchObject({ code: 0 });
  const opened = (key: string) =>
    yizhan("health", "open", at("letters.jsonl"), "--key", key, "--out", at("results")).code;
  expect(opened(at("other.key"))).toBe(1);
  expect(opened(join(cabin.folder.data, "kiosk.key"))).toBe(1);
  expect(opened(at("clinic.key"))).toBe(0);
  const [bundle = "", ...others] = filesIn(at("results"));
  expect(others).toEqual([]);
  expect(valuesOf(readFileSync(bundle, "utf8"))).toEqual([0, 12.4, 26.8, 83, 88, 91.6, 97, 103.3, 143, 184.9]);

  const sealed = readFileSync(at("letters.jsonl"), "utf8");
  const { enc } = JSON.parse(sealed) as { enc: string };
  const all = await cabin.leftovers();
  // The letter is there, and whoever unpacks what they find sees nothing in it.
  expect(all.some((one) => Buffer.from(one).includes(enc))).toBe(true);
  expect(formsOf(sends, [...all, ...unfolded([sealed])])).toEqual([]);
});

test("what the kiosk still has in mind after three people is nothing of any of them", async () => {
  expect(inMind(await memoryOf(cabin.kiosk))).toEqual([]);
});

test("a power cut while the cuff is on leaves nothing on the glass or in the folder, and shows nobody what comes after it", async () => {
  await cabin.sits("agree");
  await cabin.weighs(isCutOff);
  await cabin.putsOnCuff(isCutOff);
  const before = cabin.glass.pictures.length;
  await cabin.powerCut();
  await vi.waitUntil(() => cabin.instrument("cuff").truth().at(-1)?.includes("127"), patience);
  expect(formsOf(isCutOff, cabin.glass.pictures.slice(0, before))).not.toEqual([]);
  expect(formsOf(isCutOff, await cabin.leftovers())).toEqual([]);
});

test("a power cut while the results are read leaves nothing on the glass or in the folder", async () => {
  await cabin.isRestarted();
  await cabin.sits("agree");
  await cabin.weighs(isCutShort);
  await cabin.glass.press("results");
  await cabin.glass.until("results");
  expect(formsOf(isCutShort, cabin.glass.pictures)).toContain("76.9");
  await cabin.powerCut();
  expect(formsOf(isCutShort, await cabin.leftovers())).toEqual([]);
});

/** A picture without its drawings, whose places are numbers too. */
const written = (picture: string): string =>
  picture.replaceAll(/<(svg|g|path|rect|line|circle|polyline|polygon|text)\b[^>]*>/g, "<$1>");

test("no picture that anybody saw has anything of another person", () => {
  const { glass, sat } = cabin;
  const inOrder = [refuses, prints, sends, isCutOff, isCutShort];
  expect(sat).toHaveLength(inOrder.length);
  inOrder.forEach((whose, n) => {
    const seen = glass.pictures.slice(sat[n], sat[n + 1]).map(written);
    expect(formsIn([whose], seen, [])).not.toEqual([]);
    const others = inOrder.filter((one) => one !== whose);
    expect(formsIn(others, seen, [])).toEqual([]);
  });
});

test("nothing of anybody went over the line, and nothing of anybody stands with the centre", async () => {
  const line = tapped.everything();
  expect(line.some((one) => Buffer.from(one).includes("handed-over"))).toBe(true);
  expect(formsOfAnybody(unfolded(line))).toEqual([]);

  expect(await centre.end("SIGTERM")).toBe(0);
  expect(formsOfAnybody([centre.said()])).toEqual([]);
  expect(sureFormsOfAnybody(filesIn(at("centre")).map((file) => readFileSync(file)))).toEqual([]);
  const store = await openStore({ folder: at("centre/database") });
  const tables = await store.query<{ name: string }>(
    "SELECT table_schema || '.' || table_name AS name FROM information_schema.tables WHERE table_schema IN ('public', 'read')",
  );
  const rows = await Promise.all(tables.map(({ name }) => store.query(`SELECT t::text AS said FROM ${name} t`)));
  await store.close();
  const database = JSON.stringify(rows);
  expect(database).toContain("handed-over");
  expect(formsOfAnybody(unfolded([database]))).toEqual([]);
});

test("whoever goes without a word is forgotten after a minute, and is not to be seen on the glass after three quarters of it", async () => {
  const { glass, kiosk } = lonely;
  await glass.until("idle");
  const { seen, pictures } = glass;
  const asked = seen.findIndex(({ is }) => is === "asked");
  const [read, gone] = [seen[asked - 1], seen.slice(asked).find(({ is }) => is === "idle")];
  const since = (one: Picture | undefined): number => ((one?.at ?? Number.NaN) - (read?.at ?? Number.NaN)) / 1000;
  expect(read?.is).toBe("results");
  expect(Math.abs(since(seen[asked]) - 45)).toBeLessThan(4);
  expect(Math.abs(since(gone) - 60)).toBeLessThan(4);
  expect(formsOf(goes, pictures.slice(0, asked))).toEqual(expect.arrayContaining(["62.9", "167.8"]));
  expect(formsOf(goes, pictures.slice(asked))).toEqual([]);
  expect(formsOf(goes, await lonely.leftovers())).toEqual([]);
  expect(inMind(await memoryOf(kiosk))).toEqual([]);
});

test("the browser has written nothing of anybody into its folder", async () => {
  await browser.close();
  expect(sureFormsOfAnybody(filesIn(at("browser")).map((file) => readFileSync(file)))).toEqual([]);
});
