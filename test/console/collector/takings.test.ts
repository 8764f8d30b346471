import canonicalize from "canonicalize";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { millis } from "../../../devices/kit/clock.ts";
import { exceededBy } from "../../../console/collector/overdrawn.ts";
import { manualClock } from "../../kit/clock.ts";
import { engineNames, rows, startEngine, type Engine } from "../engines.ts";
import { Ledger } from "../ledger.ts";
import { group, openCentre, type Centre } from "./centre.ts";

const noon = 1_784_088_000_000; // 2026-07-15, 12:00 in UTC+8
const day = 20_649;
const hour = 3_600_000;
const [anna, bela] = ["0123456789abcdef", "fedcba9876543210"];
const canonical = (data: object): string => canonicalize(data) ?? "";
const member = (pid: string) => ({ kind: "member", list: "drivers", pid });
const attempt = (data: object, at = noon) => ({
  kind: "attempt",
  dev: "vend",
  body: canonical({ area: true, product: "water", slot: "1", until: day + 50, ...data }),
  at,
});
const outcome = (of: number, frees = false) => ({
  kind: "outcome",
  body: canonical({ delivery: frees ? "not-delivered" : "delivered", frees, of, started: true, why: "silent" }),
});
/** It is one o'clock. */
const atOne = { ...manualClock(), wall: () => ({ utc: millis(noon + hour), trusted: true }) };
const counted = (centre: Centre) =>
  rows(centre.store, "SELECT kiosk, pid, product, at, day FROM takings WHERE NOT freed ORDER BY kiosk, seq");
const alarms = (centre: Centre) => rows(centre.store, "SELECT kiosk, what, level, times, detail FROM alarms");
const reports = (centre: Centre, kiosk: string, allowances: readonly object[]) =>
  centre.collector.heard(
    { group, kiosk, what: "reported" },
    Buffer.from(
      JSON.stringify({
        v: 1,
        at: 7,
        campaigns: [{ kind: "members", id: "drivers", issuedAt: "2026-07-01", hash: "a".repeat(64), allowances }],
        keys: null,
        refused: [],
        config: { version: "1", hash: "a".repeat(64), state: "in-force" },
      }),
    ),
  );

describe.each(engineNames)("on %s", (name) => {
  let engine: Engine;
  let centre: Centre;
  beforeAll(async () => {
    engine = await startEngine(name);
    centre = await openCentre(await engine.place(), { kiosks: ["k1", "k2", "k3"], time: atOne });
  });
  afterAll(async () => {
    await centre.close();
    await engine.stop();
  });

  test("what members took counts from the attempt on, until an outcome frees it, and again if it fell after all", async () => {
    const ledger = new Ledger(1)
      .add(attempt({ credential: member(anna) }))
      .add(attempt({ credential: { kind: "token", kid: 3, id: bela }, member: { list: "drivers", pid: bela } }))
      .add(attempt({ credential: { kind: "token", kid: 3, id: anna } }))
      .add(attempt({ credential: member(anna), area: undefined }))
      .add(outcome(1))
      .add(outcome(2, true));
    const taking = (pid: string) => ({ kiosk: "k1", pid, product: "water", at: noon, day });
    await centre.hear("k1", ledger.batch(1, 4));
    expect(await counted(centre)).toEqual([taking(anna), taking(bela)]);
    await centre.hear("k1", ledger.batch(5, 6));
    expect(await counted(centre)).toEqual([taking(anna)]);
    ledger.add({ kind: "taken", body: `{"credential":{"id":"${bela}","kid":3,"kind":"token"},"of":2}` });
    await centre.hear("k1", ledger.batch(7, 7));
    expect(await counted(centre)).toEqual([taking(anna), taking(bela)]);
    // One station alone knows what it gives, whatever that is.
    expect(await alarms(centre)).toEqual([]);
  });

  test("a wild clock puts nothing into the future, nor on another day than the one that it counted for", async () => {
    const ledger = new Ledger(1)
      .add(attempt({ credential: member(anna), product: "tea" }, noon + 999 * hour))
      .add(attempt({ credential: member(anna), product: "tea", day: day - 1 }, noon + 999 * hour))
      .add(attempt({ credential: member(anna), product: "tea", day }, noon - 999 * hour));
    await centre.hear("k3", ledger.batch(1, 3));
    const midnight = Date.UTC(2026, 6, 14, 16);
    expect((await counted(centre)).filter((row) => "product" in row && row.product === "tea")).toEqual(
      [
        [noon + hour, day],
        [midnight - 1, day - 1],
        [midnight, day],
      ].map(([at, day]) => ({ kiosk: "k3", pid: anna, product: "tea", at, day })),
    );
  });

  test("who had more at two stations than the list allows is told as an alarm, and who had not is not", async () => {
    await reports(centre, "k2", [{ products: ["water"], perDay: 1 }]);
    const ledger = new Ledger(1).add(attempt({ credential: member(anna) }, noon - 24 * hour)).add(outcome(1));
    await centre.hear("k2", ledger.batch(1, 2));
    expect(await alarms(centre)).toEqual([]);
    ledger.add(attempt({ credential: member(anna) }, noon + 1000)).add(outcome(3));
    await centre.hear("k2", ledger.batch(3, 4));
    const alarm = { kiosk: "k2", what: "over-quota", level: 2 };
    const detail = expect.stringContaining("A member of drivers had 2 of 1 on one day, at this kiosk and at k1, k3.");
    expect(await alarms(centre)).toEqual([{ ...alarm, times: 1, detail }]);
    ledger.add(attempt({ credential: member(anna) }, noon + 2000)).add(outcome(5, true));
    await centre.hear("k2", ledger.batch(5, 6));
    expect(await alarms(centre)).toEqual([{ ...alarm, times: 1, detail }]);
  });
});

describe("more than a list allows", () => {
  const taking = (kiosk: string, minutes: number, product = "water") => ({
    kiosk,
    list: "drivers",
    pid: anna,
    product,
    at: noon + minutes * 60_000,
  });
  const here = taking("k1", 0);
  const exceeded = (others: readonly ReturnType<typeof taking>[], allowance: object) =>
    exceededBy(here, [here, ...others], [{ products: ["water", "tea"], ...allowance }]);

  test("is more a day, more in all, or sooner at another station than the gap", () => {
    const others = [taking("k2", 59), taking("k2", -24 * 60, "tea")];
    expect(exceeded(others, { perDay: 1 })).toBe("2 of 1 on one day");
    expect(exceeded(others, { perDay: 2 })).toBeUndefined();
    expect(exceeded(others, { perCampaign: 2 })).toBe("3 of 2 in all");
    expect(exceeded(others, { perCampaign: 3 })).toBeUndefined();
    expect(exceeded(others, { gap: 60 })).toBe("two within 59 of 60 minutes");
    expect(exceeded(others, { gap: 59 })).toBeUndefined();
    expect(exceeded([taking("k2", 5, "juice")], { perDay: 1, gap: 60 })).toBeUndefined();
    expect(exceededBy(here, [here, ...others], [])).toBeUndefined();
  });
});
