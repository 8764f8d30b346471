import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { noteIssued } from "../../../console/store/commands.ts";
import { clear } from "../../../console/store/alarms.ts";
import { engineNames, rows, startEngine, type Engine } from "../engines.ts";
import { Ledger } from "../ledger.ts";
import { group, openCentre } from "./centre.ts";

const token = (id: string, more = '"area":true,') => ({
  kind: "attempt",
  dev: "vend",
  body: `{${more}"credential":{"id":"${id}","kid":3,"kind":"token"},"product":"water","slot":"1","until":20700}`,
  at: 1_784_088_000_000,
});
const outcome = (of: number, frees: boolean) => ({
  kind: "outcome",
  body: `{"delivery":"unknown","frees":${frees},"of":${of},"started":true,"why":"silent"}`,
});
const usedNow = "SELECT token, kid, kiosk, seq, at, until_day FROM used WHERE NOT freed ORDER BY token";

describe.each(engineNames)("on %s", (name) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine(name);
  });
  afterAll(() => engine.stop());

  test("a token of several stations is used by its attempt, freed by its outcome, and used again by who took it", async () => {
    const centre = await openCentre(await engine.place());
    const [one, two, local] = ["1", "2", "3"].map((digit) => digit.repeat(16));
    const ledger = new Ledger(1)
      .add(token(one ?? ""))
      .add(token(two ?? ""))
      .add(token(local ?? "", ""))
      .add(outcome(1, false))
      .add(outcome(2, true));
    const use = (token: string | undefined, seq: number) => ({
      token,
      kid: 3,
      kiosk: "k1",
      seq,
      at: 1_784_088_000_000,
      until_day: 20_700,
    });
    await centre.hear("k1", ledger.batch(1, 3));
    expect(await rows(centre.store, usedNow)).toEqual([use(one, 1), use(two, 2)]);
    await centre.hear("k1", ledger.batch(4, 5));
    expect(await rows(centre.store, usedNow)).toEqual([use(one, 1)]);
    ledger.add({ kind: "taken", body: `{"credential":{"id":"${two}","kid":3,"kind":"token"},"of":2}` });
    await centre.hear("k1", ledger.batch(6, 6));
    expect(await rows(centre.store, usedNow)).toEqual([use(one, 1), use(two, 2)]);
    // A copy of the card gave one more good: that token is used too.
    const copy = ledger.copy(3).add(token("4".repeat(16)));
    await centre.hear("k1", copy.batch(4, 4));
    expect(await rows(centre.store, usedNow)).toEqual([use(one, 1), use(two, 2), use("4".repeat(16), 4)]);
    await centre.close();
  });

  test("a command goes forward by results and by the ledger, in any order, and never back", async () => {
    const centre = await openCentre(await engine.place());
    const id = (n: number) => `command-${n}`.padEnd(20, "0");
    for (const n of [1, 2])
      await noteIssued(centre.store, { id: id(n), kiosk: "k1", command: { op: "lock" }, issued: 1, expires: 2 });
    const state = async (n: number) =>
      (
        await centre.store.query<{ state: string; why: string | null }>(
          "SELECT state, why FROM commands WHERE id = $1",
          [id(n)],
        )
      )[0];
    const result = (n: number, state: string, why?: string) =>
      centre.collector.heard(
        { group, kiosk: "k1", what: "res" },
        Buffer.from(JSON.stringify({ v: 1, id: id(n), state, why, at: 5 })),
      );
    expect(await state(1)).toEqual({ state: "issued", why: null });
    await result(1, "running");
    await result(1, "accepted");
    expect(await state(1)).toEqual({ state: "running", why: null });
    await result(1, "failed", "jammed");
    await result(1, "done");
    expect(await state(1)).toEqual({ state: "failed", why: "jammed" });
    const ledger = new Ledger(1)
      .add({ kind: "command", body: `{"id":"${id(2)}","kid":"ops","order":{"op":"lock","why":"x"},"until":9}` })
      .add({ kind: "command-ended", body: `{"ended":"done","id":"${id(2)}"}` });
    await centre.hear("k1", ledger.batch(1, 1));
    expect(await state(2)).toEqual({ state: "accepted", why: null });
    await centre.hear("k1", ledger.batch(2, 2));
    expect(await state(2)).toEqual({ state: "done", why: null });
    await centre.close();
  });

  test("what a kiosk reports to have in force replaces what it reported before", async () => {
    const centre = await openCentre(await engine.place());
    const report = (version: string) =>
      centre.collector.heard(
        { group, kiosk: "k1", what: "reported" },
        Buffer.from(
          JSON.stringify({
            v: 1,
            at: 7,
            campaigns: [],
            keys: null,
            refused: [],
            config: { version, hash: "a".repeat(64), state: "in-force" },
          }),
        ),
      );
    await report("1");
    await report("2");
    expect(await rows(centre.store, "SELECT kiosk, document->'config'->>'version' AS version FROM reported")).toEqual([
      { kiosk: "k1", version: "2" },
    ]);
    await centre.close();
  });

  test("an alarm is told once with how often it came, and anew after a person cleared it", async () => {
    const centre = await openCentre(await engine.place());
    const ours = new Ledger(1, 2);
    const theirs = new Ledger(1).grow(2, { kind: "refill" });
    const alarms = () => rows(centre.store, "SELECT what, times, cleared FROM alarms ORDER BY id");
    await centre.hear("k1", ours.batch(1, 2));
    await centre.hear("k1", theirs.batch(1, 2));
    await centre.hear("k1", theirs.batch(1, 2));
    expect(await alarms()).toEqual([{ what: "forked", times: 2, cleared: null }]);
    expect(await clear(centre.store, "k1", "forked", 99)).toBe(1);
    await centre.hear("k1", theirs.batch(2, 2));
    expect(await alarms()).toEqual([
      { what: "forked", times: 2, cleared: 99 },
      { what: "forked", times: 1, cleared: null },
    ]);
    await centre.close();
  });
});
