import { expect, it, test } from "vitest";
import type { Entry } from "../../controller/domain/entry.ts";
import type { Keys } from "../../controller/store/keys.ts";
import { openDesiredFiles, type DesiredFiles } from "../../controller/store/desired.ts";
import { documentHash } from "../../protocol/commands/desired.ts";
import { readReported, writeReported } from "../../protocol/commands/reported.ts";
import { parseDate } from "../../protocol/pickup-code/calendar.ts";
import { issuer } from "../../protocol/pickup-code/issuer.ts";
import { delays } from "../../controller/delays.ts";
import { manualClock } from "../kit/clock.ts";
import { millis, type Clock } from "../../devices/kit/clock.ts";
import {
  bundle,
  coupons,
  kioskKey,
  memory,
  opened,
  own,
  release,
  root,
  standing,
  station,
  summer,
  type Keep,
} from "./issuing.ts";

const today = parseDate("2026-07-15") ?? Number.NaN;
const labels = ["20260714", "20260715", "20260716"];
const codeOf = (nth: number): string => own.codes("20260715", nth + 1, "42")[nth] ?? "";

interface Scene {
  readonly files: DesiredFiles;
  readonly entries: Entry[];
  readonly keep: Keep;
  keys: Keys;
  pass(span: number): void;
}

/** A kiosk that holds nothing but what `keep` holds. */
async function scene(keep: Keep = memory()): Promise<Scene> {
  let mono = 0;
  const at = standing("2026-07-15T03:00:00Z");
  const clock: Clock = { ...at, mono: () => millis(mono) };
  const keys = await opened({}, { keep });
  await keys.codebook.prepare(today).open;
  const made: Scene = {
    keep,
    keys,
    entries: [],
    pass: (span) => (mono += span),
    files: openDesiredFiles({
      loaded: { station, campaignFiles: [], listFiles: [], keyFiles: [] },
      keep: keep.keep,
      kioskKey,
      clock,
      dice: { bytes: (n) => crypto.getRandomValues(new Uint8Array(n)) },
      keys,
      today: () => today,
      write: (entry) => made.entries.push(entry),
      renewed: (renewed) => (made.keys = renewed),
      changed() {},
    }),
  };
  return made;
}

const give = (one: Scene, document: object | string): Promise<void> =>
  one.files.desired(Buffer.from(typeof document === "string" ? document : JSON.stringify(document)));
const finds = (one: Scene, code: string): string => one.keys.codebook.find(code).is;

test("a campaign and its keys give codes without a restart, and at the next start too", async () => {
  const one = await scene();
  await give(one, own.campaign(summer));
  await give(one, await bundle(labels));
  expect(finds(one, codeOf(0))).toBe("found");
  expect(one.entries).toEqual([
    { kind: "adopted", file: "campaign/summer", issuedAt: summer.issuedAt, kid: "r1" },
    { kind: "adopted", file: "keys", issuedAt: "2026-07-14T04:00:00Z", kid: "r1" },
  ]);
  expect(one.files.reported()).toEqual({
    campaigns: [
      { kind: "campaign", id: "summer", issuedAt: summer.issuedAt, hash: documentHash(own.campaign(summer)) },
    ],
    keys: { issuedAt: "2026-07-14T04:00:00.000Z", until: "2026-07-16" },
    refused: [],
  });
  const later = await scene(one.keep);
  expect(finds(later, codeOf(0))).toBe("found");
  await give(later, own.campaign(summer));
  expect(later.entries).toEqual([]);
});

test("a newer campaign takes the place of the older; an older one and the same again change nothing", async () => {
  const one = await scene();
  await give(one, await bundle(labels));
  await give(one, own.campaign({ ...summer, count: 1, keeperCount: 0 }));
  expect([codeOf(0), codeOf(1)].map((code) => finds(one, code))).toEqual(["found", "unknown"]);
  const newer = own.campaign({ ...summer, issuedAt: "2026-07-02T04:00:00Z" });
  await give(one, newer);
  await give(one, newer);
  await give(one, own.campaign({ ...summer, issuedAt: "2026-07-01T05:00:00Z", count: 1 }));
  expect(finds(one, codeOf(1))).toBe("found");
  expect(one.entries.map(({ kind }) => kind)).toEqual(["adopted", "adopted", "adopted", "file-refused"]);
  expect(one.files.reported().refused).toEqual([
    { file: "campaign/summer", why: expect.stringContaining("newest wins") },
  ]);
});

test("an imported list is typed as soon as its key is there", async () => {
  const one = await scene();
  await give(one, own.list(coupons, ["902614857731"]));
  expect(one.entries).toMatchObject([{ kind: "adopted", file: "list/L2026-07" }]);
  await give(one, await bundle(labels, undefined, ["L2026-07"]));
  expect(finds(one, "902614857731")).toBe("found");
});

it.each([
  [
    "is for another kiosk",
    () => issuer({ root, release, kid: "r1", station: "ZP-001" }).campaign(summer),
    /for the kiosk ZP-001/,
  ],
  ["was changed after signing", () => ({ ...own.campaign(summer), count: 6 }), /changed after signing/],
  ["would cost too much", () => own.campaign({ ...summer, count: 500_000, lossLimit: 0.001 }), /drinks a kiosk-year/],
  ["is a configuration", () => ({ kind: "config", config: {} }), /no campaign, list or key bundle/],
  ["is no JSON", () => "campaign", /not JSON/],
  ["is nested too deeply", () => `{"kind":"campaign","x":${"[".repeat(500_000)}`, /inside each other/],
  ["is too large", () => " ".repeat(1_100_000), /at most 1048576 are read/],
])("what %s is refused with its reason, and what is in force stays", async (_, made, why) => {
  const one = await scene();
  await give(one, own.campaign({ ...summer, issuedAt: "2026-06-30T04:00:00Z" }));
  await give(one, made());
  expect(one.files.reported().refused).toMatchObject([{ why: expect.stringMatching(why) }]);
  expect(one.entries.map(({ kind }) => kind)).toEqual(["adopted", "file-refused"]);
  expect(one.keys.codebook.offers.map(({ id }) => id)).toEqual(["summer"]);
  await give(one, made());
  expect(one.entries).toHaveLength(2);
});

test("whoever may publish there cannot wear out the card, nor fill the memory", async () => {
  const one = await scene();
  for (let n = 0; n < 500; n++) {
    await give(one, { ...own.campaign({ ...summer, id: `c${n}` }), sig: "A".repeat(86) });
    one.pass(1000);
  }
  expect(one.entries).toHaveLength(1);
  const { refused } = one.files.reported();
  expect(refused).toHaveLength(32);
  expect(refused.at(-1)?.file).toBe("campaign/c499");
  one.pass(delays.fileRefusedAgain);
  await give(one, "");
  await give(one, "again");
  expect(one.entries).toHaveLength(2);
  const report = {
    v: 1,
    at: manualClock().wall().utc,
    config: { version: null, hash: "0".repeat(64), state: "local" },
    ...one.files.reported(),
  } as const;
  expect(readReported(writeReported(report))).toEqual({ ok: true, value: report });
});
