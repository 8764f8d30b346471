import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openIssuerKeys } from "../../console/authority/issuer-keys.ts";
import { startCentre, type Centre } from "../../console/centre.ts";
import { placesIn } from "../../console/folder.ts";
import { hearsCentre } from "../../controller/domain/area.ts";
import { ledgerPid, listKeys } from "../../protocol/members/secrets.ts";
import { hexOf } from "../../protocol/pickup-code/sign.ts";
import { mint, numericText } from "../../protocol/pickup-code/token.ts";
import { listId, secret, Stand, type Area } from "./stand.ts";

// Two whole kiosks with their own ledgers, and the centre with its broker and database between them.

const folder = mkdtempSync(join(tmpdir(), "members-elsewhere-"));
const group = "320583";
const pidOf = (n: number): Uint8Array => new Uint8Array(8).fill(n);
const [anna, bela, cara] = ["6228480012345678", "6228480087654321", "6228480044448888"];
const people = [anna, bela, cara].flatMap((value, n) => [
  { kind: "text", value, pid: pidOf(n + 1) } as const,
  { kind: "pid", value: hexOf(pidOf(n + 1)), pid: pidOf(n + 1) } as const,
]);
/** The person as ledgers have them. */
const keyOf = (n: number): string => `${listId}:${ledgerPid(listKeys(secret), pidOf(n))}`;

let centre: Centre;
let area: Area;
let [x, y]: (Stand | undefined)[] = [];
const standOf = (stand: Stand | undefined): Stand => {
  if (stand === undefined) throw new Error("It did not start.");
  return stand;
};
/** A digital card of the person, minted a moment ago. */
const cardOf = (n: number): string =>
  numericText(
    mint(
      {
        kid: 1,
        id: hexOf(crypto.getRandomValues(new Uint8Array(8))),
        notBefore: Math.floor(Date.now() / 1000) - 60,
        quarters: 96,
        scope: { of: "area", number: 5 },
        productClass: 0,
        pid: hexOf(pidOf(n)),
      },
      area.qr,
    ),
  );

beforeAll(async () => {
  const keys = openIssuerKeys(placesIn(folder).keys);
  const started = await startCentre({ folder, port: 0, groups: [group] });
  if (!keys.ok || !started.ok) throw new Error("The centre does not start.");
  centre = started.value;
  for (const number of [1, 2])
    await centre.desk.register({
      kiosk: `zp-${number}`,
      district: group,
      number,
      names: { zh: `${number}号站`, en: `Station ${number}` },
      at: Date.now(),
    });
  area = { release: keys.value.release, qr: keys.value.qr, broker: centre.url, group, escrow: 1, people };
  const dirs = ["x", "y"].map((name) => join(folder, name));
  for (const dir of dirs) mkdirSync(dir);
  [x, y] = await Promise.all(dirs.map((dir, n) => Stand.open(dir, n + 1, area)));
}, 120_000);
afterAll(async () => {
  await Promise.all([x?.close(), y?.close()]);
  await centre.stop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

test("a member who took at one station is refused at the other, with the printed number and with the digital card", async () => {
  const [here, there] = [standOf(x), standOf(y)];
  for (const stand of [here, there]) {
    stand.cable.plug();
    await stand.until(hearsCentre, "the centre to be heard");
  }
  expect(await here.scan(anna)).toBe("done");
  await there.until(({ knowledge }) => knowledge.taken.get(keyOf(1)) !== undefined, "the centre's word of it");
  expect(there.state.knowledge.taken.get(keyOf(1))).toEqual([
    { station: { zh: "1号站", en: "Station 1" }, at: expect.any(Number), product: "water" },
  ]);
  expect(here.state.knowledge.taken.get(keyOf(1))).toBeUndefined();
  expect([await there.scan(anna), await there.scan(cardOf(1)), await here.scan(cardOf(1))]).toEqual([
    "E13",
    "E13",
    "E13",
  ]);
}, 120_000);

test("without a link it comes out of the day's escrow, then not at all, and the centre sees afterwards who had too much", async () => {
  const [here, there] = [standOf(x), standOf(y)];
  there.cable.pull();
  await there.until(({ link }) => !link.online, "the cable to be out");
  expect(await here.scan(cardOf(2))).toBe("done");
  expect(await there.scan(bela)).toBe("done");
  expect(await there.scan(cara)).toBe("E12b");
  // What it knew before the cable was pulled it still knows.
  expect(await there.scan(anna)).toBe("E13");
  there.cable.plug();
  const alarms = async () =>
    (await centre.desk.status()).stations.flatMap(({ kiosk, causes }) => causes.map((words) => `${kiosk}: ${words}`));
  await expect.poll(alarms, { timeout: 60_000 }).toContain("zp-2: a member took more than the list allows");
  expect((await alarms()).filter((said) => said.includes("allows"))).toHaveLength(1);
  await there.until(hearsCentre, "the centre to be heard again");
  expect(await there.scan(cara)).toBe("done");
}, 120_000);
