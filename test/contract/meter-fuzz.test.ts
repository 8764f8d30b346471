import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hex, unhex } from "../kit/wire.ts";
import { patience } from "./bench.ts";
import { meters, type Found, type Sent } from "./drivers.ts";
import { gone, putMeter, rest, said, samplesOf, truth, twoOf, type Measurement } from "./meter-bench.ts";
import { sentBy, transcriptsOf } from "./transcript.ts";

const escaped: unknown[] = [];
const escape = (mistake: unknown) => escaped.push(mistake);
beforeAll(() => {
  process.on("unhandledRejection", escape);
  process.on("uncaughtException", escape);
});
afterAll(() => {
  process.off("unhandledRejection", escape);
  process.off("uncaughtException", escape);
});

/** What the instrument says while a person is measured, and whether it was asked anything. */
async function wordsFor(one: Found, sample: string) {
  const bench = await putMeter(one);
  const before = bench.wire.said.length;
  const measurement = await bench.beginWith(sample);
  await bench.clock.until(() => measurement.settled(), patience);
  const spoken = bench.wire.said.slice(before);
  await bench.end();
  return {
    words: spoken.filter((line) => line.startsWith("<")).map((line) => unhex(line.slice(2))),
    asked: spoken.some((line) => line.startsWith(">")),
  };
}

type Step =
  | { readonly do: "say"; readonly sent: Sent }
  | { readonly do: "sit"; readonly which: number }
  | { readonly do: "pass"; readonly span: number }
  | { readonly do: "measure" | "stop" | "ask" | "unplug" | "close" };

describe.each(meters)("$profile", (one) => {
  const heard: readonly Sent[] = transcriptsOf(one).flatMap(({ lines }) =>
    lines.filter((line) => line.startsWith("<")).map(sentBy),
  );
  const wild = fc.uint8Array({ maxLength: 70 });
  const spoiled = fc
    .tuple(fc.constantFrom(...heard), fc.nat(), fc.nat(255))
    .map(([sent, at, byte]): Sent =>
      sent instanceof Uint8Array ? sent.map((old, i) => (i === at % sent.length ? byte : old)) : sent,
    );
  const step: fc.Arbitrary<Step> = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant("say" as const),
        sent: fc.oneof(wild, spoiled, fc.constantFrom(...heard)),
      }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant("sit" as const), which: fc.nat(10) }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant("pass" as const), span: fc.nat(5000) }) },
    { weight: 3, arbitrary: fc.constantFrom<Step>({ do: "measure" }, { do: "stop" }) },
    { weight: 1, arbitrary: fc.constantFrom<Step>({ do: "ask" }, { do: "unplug" }, { do: "close" }) },
  );

  test("whatever comes over the wire, nothing is thrown, every measurement settles and nothing is left behind", async () => {
    const samples = await samplesOf(one);
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), fc.nat(), async (steps, seed) => {
        const bench = await putMeter(one, seed, { split: true, delay: 3 });
        const asked: Promise<unknown>[] = [];
        const begun: Measurement[] = [];
        for (const now of steps) {
          if (now.do === "say") bench.wire.inject(now.sent);
          else if (now.do === "sit") bench.peer.turn("measure", samples[now.which % samples.length] ?? "");
          else if (now.do === "measure") begun.push(bench.begin());
          else if (now.do === "stop") begun.at(-1)?.stop();
          else if (now.do === "ask") asked.push(bench.device.identify(), bench.device.selfTest("look"));
          else if (now.do === "pass") await bench.clock.pass(now.span);
          else if (now.do === "unplug") bench.wire.unplug();
          else await bench.clock.finish(bench.device.close(), 0);
        }
        for (const measurement of begun) measurement.stop();
        const outcomes = await bench.clock.finish(Promise.all(begun.map(({ outcome }) => outcome)), 1000);
        for (const outcome of outcomes)
          for (const { item, value } of outcome.ok ? outcome.value : []) {
            expect(bench.meter.items).toContain(item);
            expect(Number.isFinite(value)).toBe(true);
          }
        for (const measurement of begun) expect(measurement.listeners()).toBe(0);
        await bench.clock.finish(Promise.all(asked), patience);
        await bench.clock.finish(bench.device.close(), 0);
        bench.peer.stop();
        expect(bench.clock.pending().filter((label) => !label.startsWith("wire: "))).toEqual([]);
        expect(escaped).toEqual([]);
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  test("junk before a result is skipped, and what was broken off before is forgotten", async () => {
    const [first, second] = await twoOf(one);
    for (const stray of [Uint8Array.of(0x99, 0x13, 0xff, 0x00, 0x7e), ...heard.slice(0, 3)]) {
      const bench = await putMeter(one);
      bench.wire.inject(stray instanceof Uint8Array ? stray.subarray(0, (stray.length >> 1) + 1) : stray);
      await bench.clock.pass(rest);
      for (const sample of [first, second]) expect(said(await bench.measure(sample))).toEqual(truth(bench));
      await bench.end();
    }
  });

  test("half a result is no result, wherever it broke off; who is measured after it gets the own one", async () => {
    const [first, second] = await twoOf(one);
    const { words, asked } = await wordsFor(one, first);
    const last = words.at(-1) ?? new Uint8Array();
    // One that must be asked first cannot be played without its machine; a stream loses one frame of many.
    if (asked || words.length > 1 || one.driver.port !== "bytes") return expect(last.length).toBeGreaterThan(0);
    for (let cut = 1; cut < last.length; cut += 1 + Math.floor(last.length / 40)) {
      const bench = await putMeter(one);
      const measurement = bench.begin();
      bench.wire.inject(last.subarray(0, cut));
      await bench.clock.pass(rest);
      const settled = measurement.settled();
      measurement.stop();
      const outcome = await bench.clock.finish(measurement.outcome, 1000);
      // All but the end of the end mark, such as CR without LF, may be a whole one.
      if (settled && outcome.ok) expect(cut).toBeGreaterThanOrEqual(last.length - 1);
      await bench.clock.pass(gone);
      expect(said(await bench.measure(second))).toEqual(truth(bench));
      await bench.end();
    }
  });

  test("a result that had begun to come before the person sat down is an earlier one", async () => {
    const [first, second] = await twoOf(one);
    const { words, asked } = await wordsFor(one, first);
    const [word = new Uint8Array()] = words;
    if (asked || words.length > 1 || one.driver.port !== "bytes") return expect(word.length).toBeGreaterThan(0);
    const bench = await putMeter(one);
    bench.wire.inject(word.subarray(0, word.length >> 1));
    await bench.clock.pass(50);
    const measurement = bench.begin();
    bench.wire.inject(word.subarray(word.length >> 1));
    await bench.clock.pass(rest);
    if (measurement.settled()) expect(await measurement.outcome).toMatchObject({ ok: false });
    measurement.stop();
    await bench.clock.finish(measurement.outcome, 1000);
    await bench.clock.pass(gone);
    expect(said(await bench.measure(second))).toEqual(truth(bench));
    await bench.end();
  });

  test("no note, no fault and no sentence holds a value or the bytes that carried it", async () => {
    const bench = await putMeter(one);
    const written: unknown[] = [];
    const values = new Set<string>();
    for (const sample of await samplesOf(one)) {
      const outcome = await bench.measure(sample);
      for (const value of truth(bench).values()) values.add(value);
      bench.turn("garble", 1);
      const damaged = await bench.beginWith(sample);
      await bench.clock.pass(90_000 + gone);
      damaged.stop();
      const spoilt = await bench.clock.finish(damaged.outcome, 1000);
      bench.turn("garble", 0);
      bench.turn("error", 1);
      const refused = await bench.measure(sample).catch(() => undefined);
      for (const each of [outcome, spoilt, refused]) if (each && !each.ok) written.push(each.error);
      written.push(await bench.clock.finish(bench.device.identify(), patience));
      written.push(await bench.clock.finish(bench.device.selfTest("look"), patience));
    }
    for (const { facts } of bench.notes)
      for (const fact of Object.values(facts)) expect(["string", "number", "boolean"]).toContain(typeof fact);
    // How much noise there was is no value, and may be any number.
    const text = JSON.stringify([bench.notes, written])
      .replaceAll(/noise on the line: \d+ bytes/g, "")
      .toUpperCase();
    for (const value of values) {
      // Shorter ones are found in every sentence with a number.
      if (value.length < 3) continue;
      const carried = hex(new TextEncoder().encode(value));
      for (const form of [value, carried, carried.replaceAll(" ", "")])
        expect(text, value).not.toMatch(new RegExp(`(?<![\\d.])${form.replaceAll(".", "\\.")}(?![\\d.])`));
    }
    expect(values.size).toBeGreaterThan(0);
    await bench.end();
  });
});
