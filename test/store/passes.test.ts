import fc from "fast-check";
import { expect, test } from "vitest";
import { codeOf, isPassCode, type FoundPass } from "../../controller/domain/cabin/pass.ts";
import { openPasses, passesKept, type PassesAsked } from "../../controller/store/passes.ts";
import { millis } from "../../devices/kit/clock.ts";
import { fault } from "../../devices/kit/fault.ts";
import { err, ok } from "../../devices/kit/result.ts";
import { damm } from "../../protocol/pickup-code/damm.ts";
import { manualClock, type ManualClock } from "../kit/clock.ts";
import { dice } from "../kit/dice.ts";
import { Card } from "../sim/disk.ts";

const day = 86_400_000;
const kioskKey = new Uint8Array(32).fill(7);
const [height = "", weight = "", waist = ""] = [10, 11, 13].map((number) => codeOf({ number }));

/** A card that takes everything at once, and what its passes are asked with. */
function station(over: Partial<PassesAsked> = {}, seed = 1) {
  const kept = new Map<string, Uint8Array>();
  const notes: string[] = [];
  const card = { full: false };
  const rolls = dice(seed);
  const clock = over.clock ?? manualClock();
  const asked: PassesAsked = {
    keep: {
      get: (name) => kept.get(name),
      async put(name, value) {
        if (card.full) return err(fault("refused", "the card is full"));
        kept.set(name, value);
        return ok(undefined);
      },
    },
    kioskKey,
    clock,
    dice: { bytes: (n) => Uint8Array.from({ length: n }, () => rolls.between(0, 256)) },
    note: (event, facts) => void notes.push(`${event} ${JSON.stringify(facts)}`),
    ...over,
  };
  return { kept, notes, card, open: () => openPasses(asked) };
}

const found = (pass: FoundPass) => {
  if (pass.is !== "found") throw new Error(`the pass was ${pass.is}`);
  return pass;
};
/** The same clock, so much later by the calendar. */
const later = (clock: ManualClock, span: number, trusted = true): PassesAsked["clock"] => ({
  ...clock,
  wall: () => ({ utc: millis(clock.wall().utc + span), trusted }),
});
const other = (code: string) => {
  const body = `${code.slice(0, 10)}${(Number(code[10]) + 1) % 10}`;
  return body + damm(body);
};

test("a pass is found again by its code after any number of starts, with its ticks and its own sex", async () => {
  const { open } = station();
  const { code } = found(await (await open()).ask({ sex: "female", ticks: [weight, height] }));
  expect(isPassCode(code)).toBe(true);
  const again = found(await (await open()).ask({ code, sex: "male", ticks: [waist] }));
  expect(again).toEqual({ is: "found", code, sex: "female", ticked: [height, weight, waist] });
  expect(await (await open()).ask({ code, sex: "male", ticks: [] })).toEqual(again);
});

test("another code, another kiosk's key, or a slip of the finger find nothing", async () => {
  const one = station();
  const { code } = found(await (await one.open()).ask({ sex: "male", ticks: [height] }));
  const passes = await one.open();
  expect(await passes.ask({ code: other(code), sex: "male", ticks: [] })).toEqual({ is: "unknown" });
  expect(await passes.ask({ code: `${code.slice(0, 11)}x`, sex: "male", ticks: [] })).toEqual({ is: "unknown" });
  const stranger = station({ kioskKey: new Uint8Array(32).fill(8) });
  for (const [name, bytes] of one.kept) stranger.kept.set(name, bytes);
  expect(await (await stranger.open()).ask({ code, sex: "male", ticks: [] })).toEqual({ is: "unknown" });
});

test("ticks only grow, whoever asks and in whatever order, and no pass takes another's", async () => {
  const someTicks = fc.subarray([height, weight, waist, "nonsense", "109"], { minLength: 0 });
  const visits = fc.array(fc.record({ who: fc.nat(4), ticks: someTicks, restart: fc.boolean() }), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(visits, async (all) => {
      const { open } = station();
      let passes = await open();
      const codes = new Map<number, string>();
      const expected = new Map<number, Set<string>>();
      for (const { who, ticks, restart } of all) {
        if (restart) passes = await open();
        const code = codes.get(who);
        const asked = { sex: "male", ticks, ...(code === undefined ? {} : { code }) } as const;
        const pass = found(await passes.ask(asked));
        codes.set(who, pass.code);
        const due = expected.get(who) ?? new Set<string>();
        for (const tick of ticks) if ([height, weight, waist].includes(tick)) due.add(tick);
        expected.set(who, due);
        expect([...pass.ticked].sort()).toEqual([...due].sort());
      }
    }),
    { numRuns: 50 },
  );
});

test("two who ask at once lose nothing of each other", async () => {
  const { open } = station();
  const passes = await open();
  const { code } = found(await passes.ask({ sex: "male", ticks: [] }));
  await Promise.all([height, weight, waist].map((tick) => passes.ask({ code, sex: "male", ticks: [tick] })));
  expect(found(await (await open()).ask({ code, sex: "male", ticks: [] })).ticked).toHaveLength(3);
});

test("what lies on the card holds no code, no time but the month, and nothing but sex and numbers of items", async () => {
  const { open, kept } = station();
  const passes = await open();
  const codes = new Set<string>();
  for (let n = 0; n < 40; n++) codes.add(found(await passes.ask({ sex: "male", ticks: [height, waist] })).code);
  expect(codes.size).toBe(40);
  const form = /^[0-9a-f]{64}\n(\[(,?\["[0-9a-f]{16}",\{"sex":"(fe)?male","month":24319,"ticked":\[[\d,]*\]\}\])*\])$/;
  for (const [name, bytes] of kept) {
    const text = new TextDecoder().decode(bytes);
    expect(name).toMatch(/^passes-[0-9a-f]{2}$/);
    expect(text).toMatch(form);
    for (const code of codes) expect(text).not.toContain(code.slice(0, 11));
  }
});

test("a tick that is there already, and a look, write nothing; a new tick writes one small blob", async () => {
  const { open, kept } = station();
  const passes = await open();
  const { code } = found(await passes.ask({ sex: "male", ticks: [height] }));
  const [name = ""] = kept.keys();
  const before = kept.get(name);
  await passes.ask({ code, sex: "male", ticks: [height] });
  expect(kept.get(name)).toBe(before);
  await passes.ask({ code, sex: "male", ticks: [weight] });
  expect(kept.get(name)).not.toBe(before);
  expect([...kept.keys()]).toEqual([name]);
});

test("after ten unknown codes nobody is found for a minute, not even by the right one", async () => {
  const clock = manualClock();
  const { open } = station({ clock });
  const passes = await open();
  const { code } = found(await passes.ask({ sex: "male", ticks: [] }));
  for (let n = 0; n < 10; n++)
    expect(await passes.ask({ code: other(code), sex: "male", ticks: [] })).toEqual({ is: "unknown" });
  expect(await passes.ask({ code, sex: "male", ticks: [height] })).toEqual({ is: "failed" });
  expect(await passes.ask({ code: "1", sex: "male", ticks: [] })).toEqual({ is: "unknown" });
  await clock.pass(60_000);
  expect(found(await passes.ask({ code, sex: "male", ticks: [] })).ticked).toEqual([]);
});

test("the longest unused pass makes room after 400 days, not before, and then nobody else is lost", async () => {
  const clock = manualClock();
  const one = station({ clock });
  const passes = await one.open();
  const first = found(await passes.ask({ sex: "male", ticks: [height] })).code;
  const inAMonth = await openAt(one.kept, later(clock, 31 * day));
  let last = "";
  for (let n = 1; n < passesKept; n++) last = found(await inAMonth.ask({ sex: "female", ticks: [] })).code;
  expect(await inAMonth.ask({ sex: "male", ticks: [] })).toEqual({ is: "full" });
  const tooSoon = await openAt(one.kept, later(clock, 400 * day));
  expect(await tooSoon.ask({ sex: "male", ticks: [] })).toEqual({ is: "full" });
  const inTime = await openAt(one.kept, later(clock, 460 * day));
  expect((await inTime.ask({ sex: "male", ticks: [] })).is).toBe("found");
  expect(await inTime.ask({ code: first, sex: "male", ticks: [] })).toEqual({ is: "unknown" });
  expect((await inTime.ask({ code: last, sex: "male", ticks: [] })).is).toBe("found");
  expect(await inTime.ask({ sex: "male", ticks: [] })).toEqual({ is: "full" });
});

test("a clock that nobody trusts makes nobody's pass old", async () => {
  const clock = manualClock();
  const one = station({ clock });
  await (await one.open()).ask({ sex: "male", ticks: [] });
  const lost = await openAt(one.kept, later(clock, 5000 * day, false));
  for (let n = 1; n < passesKept; n++) await lost.ask({ sex: "male", ticks: [] });
  expect(await lost.ask({ sex: "male", ticks: [] })).toEqual({ is: "full" });
});

async function openAt(kept: Map<string, Uint8Array>, clock: PassesAsked["clock"]) {
  const next = station({ clock }, kept.size + clock.wall().utc);
  for (const [name, bytes] of kept) next.kept.set(name, bytes);
  const passes = await next.open();
  return {
    async ask(asked: Parameters<typeof passes.ask>[0]) {
      const answer = await passes.ask(asked);
      for (const [name, bytes] of next.kept) kept.set(name, bytes);
      return answer;
    },
  };
}

test("a damaged drawer is put aside with a note, and all others are as they were", async () => {
  const { open, kept, notes } = station();
  const passes = await open();
  const codes = new Map<string, string>();
  while (codes.size < 5) {
    const before = new Set(kept.keys());
    const { code } = found(await passes.ask({ sex: "male", ticks: [height] }));
    const [name] = [...kept.keys()].filter((one) => !before.has(one));
    if (name !== undefined) codes.set(name, code);
  }
  const [[hit = "", lost = ""] = [], ...rest] = codes;
  const bytes = Uint8Array.from(kept.get(hit) ?? []);
  bytes[bytes.length - 5] = (bytes[bytes.length - 5] ?? 0) ^ 1;
  kept.set(hit, bytes);
  const after = await open();
  expect(notes).toEqual([`passes-set-aside {"drawer":"${hit.slice(-2)}"}`]);
  expect(kept.get(`${hit}-aside`)).toEqual(bytes);
  expect(await after.ask({ code: lost, sex: "male", ticks: [] })).toEqual({ is: "unknown" });
  for (const [, code] of rest)
    expect(found(await after.ask({ code, sex: "male", ticks: [] })).ticked).toEqual([height]);
});

test("what is no drawer of ours at all is put aside like a damaged one", async () => {
  for (const junk of [[], [0], [10], [...new TextEncoder().encode('null\n[["a",1]]')]]) {
    const { open, kept, notes } = station();
    kept.set("passes-00", Uint8Array.from(junk));
    expect((await (await open()).ask({ sex: "male", ticks: [] })).is).toBe("found");
    expect(notes).toHaveLength(1);
  }
});

test("a disk that refuses ticks nothing, makes nothing, and loses nothing", async () => {
  const { open, card } = station();
  const passes = await open();
  const { code } = found(await passes.ask({ sex: "male", ticks: [height] }));
  card.full = true;
  expect(await passes.ask({ code, sex: "male", ticks: [weight] })).toEqual({ is: "failed" });
  expect(await passes.ask({ sex: "male", ticks: [] })).toEqual({ is: "failed" });
  expect(found(await passes.ask({ code, sex: "male", ticks: [] })).ticked).toEqual([height]);
  card.full = false;
  expect(found(await passes.ask({ code, sex: "male", ticks: [weight] })).ticked).toEqual([height, weight]);
});

test("wherever the power goes, what was shown as ticked is still ticked, and nothing else is damaged", async () => {
  let begun = 0;
  for (let seed = 1; seed <= 150; seed++) {
    const rolls = dice(seed);
    const clock = manualClock();
    const card = new Card(rolls);
    const told = new Map<string, readonly string[]>();
    for (let life = 0; life < 4; life++) {
      let alive = true;
      const { keep } = card.open(clock, clock, () => alive);
      const one = station({ keep, clock }, seed * 1000 + begun++);
      const passes = await one.open();
      expect(one.notes).toEqual([]);
      for (const [code, ticks] of told)
        expect(found(await passes.ask({ code, sex: "male", ticks: [] })).ticked).toEqual(
          expect.arrayContaining([...ticks]),
        );
      const [code] = [...told.keys()].slice(-1);
      const ticks = [height, weight, waist].slice(life, life + 1);
      const isNew = code === undefined || rolls.chance(0.5);
      const asked = passes.ask({ sex: "male", ticks, ...(isNew ? {} : { code }) });
      void asked.then((pass) => pass.is === "found" && told.set(pass.code, pass.ticked));
      await clock.pass(rolls.between(1, 40));
      alive = false;
    }
  }
  expect(begun).toBe(600);
});
