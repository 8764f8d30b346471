import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dice } from "../kit/dice.ts";
import { hex, unhex } from "../kit/wire.ts";
import { patience } from "./bench.ts";
import { readers, type Found, type Sent } from "./drivers.ts";
import { putReader, rest, samplesOf, valueOf, valuesOf, type Sample } from "./reader-bench.ts";
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

/** What the reader says when a sample is shown to it once. */
async function wordsFor(one: Found, { knob, value }: Sample): Promise<readonly Uint8Array[]> {
  const bench = await putReader(one);
  const before = bench.wire.said.length;
  bench.peer.turn(knob, value);
  await bench.clock.until(() => bench.told.length > 0, rest);
  const said = bench.wire.said.slice(before);
  await bench.end();
  return said.filter((line) => line.startsWith("<")).map((line) => unhex(line.slice(2)));
}

/** Readers that tell by themselves: a reading of theirs needs no question before it. */
const unasked: Found[] = [];
for (const one of readers.filter(({ driver }) => driver.port !== "cards")) {
  const bench = await putReader(one);
  for (const sample of samplesOf(one).slice(0, 1)) await bench.show(sample);
  await bench.end();
  if (!bench.wire.said.some((line) => line.startsWith(">"))) unasked.push(one);
}

/** The first two samples, which every reader must be able to see. */
function twoOf(one: Found): readonly [Sample, Sample] {
  const [first, second] = samplesOf(one);
  if (first === undefined || second === undefined)
    throw new Error(`${one.profile} can be shown fewer than two samples`);
  return [first, second];
}

const junk = (one: Found): readonly Uint8Array[] => {
  // A stray report has the number and length of one that was once heard; stray bytes are any but an end mark.
  if (one.driver.port !== "reports") return [Uint8Array.of(0x99, 0x13, 0xff, 0x00, 0x7e)];
  const { between } = dice(7);
  return transcriptsOf(one)
    .flatMap(({ lines }) => lines.filter((line) => line.startsWith("<")))
    .map((line) => unhex(line.slice(2)).map((byte, i) => (i === 0 ? byte : between(0x80, 0x100))));
};

describe.each(readers.filter(({ driver }) => driver.port !== "cards"))("$profile", (one) => {
  const [first, second] = twoOf(one);

  test("junk before a reading is skipped, at once where a check tells it, else after the silence", async () => {
    for (const pause of one.checked ? [0, rest] : [rest]) {
      const bench = await putReader(one);
      for (const stray of junk(one)) bench.wire.inject(stray);
      await bench.clock.pass(pause);
      await bench.show(first);
      await bench.show(second);
      expect(valuesOf(bench.told)).toEqual([first.value, second.value]);
      await bench.end();
    }
  });

  test("after a while in which a byte of every message was lost it reads again", async () => {
    const bench = await putReader(one);
    bench.wire.noise.lose = 1;
    await bench.show(first);
    bench.wire.noise.lose = 0;
    await bench.clock.pass(rest);
    await bench.show(second);
    expect(valuesOf(bench.told).at(-1)).toBe(second.value);
    await bench.end();
  });
});

describe.each(unasked)("$profile", (one) => {
  const [first, second] = twoOf(one);

  test("a half reading is given up after its silence, wherever it broke off", async () => {
    const words = await wordsFor(one, first);
    const bytewise = words.flatMap((word) => Array.from(word, (byte) => Uint8Array.of(byte)));
    const whole = one.driver.port === "bytes" ? bytewise : words;
    for (let cut = 1; cut < whole.length; cut += 1 + Math.floor(whole.length / 40)) {
      const bench = await putReader(one);
      for (const piece of whole.slice(0, cut)) bench.wire.inject(piece);
      await bench.clock.pass(rest);
      // All but the end of the end mark, such as CR without LF, may be a whole reading.
      const told = valuesOf(bench.told);
      expect([[], [first.value]]).toContainEqual(told);
      for (const piece of whole.slice(cut)) bench.wire.inject(piece);
      await bench.clock.pass(rest);
      if (one.checked) expect(valuesOf(bench.told)).toEqual(told);
      await bench.show(second);
      expect(valuesOf(bench.told).at(-1)).toBe(second.value);
      await bench.end();
    }
  });

  test("two readings in one piece are two", async () => {
    const words = [...(await wordsFor(one, first)), ...(await wordsFor(one, second))];
    const bench = await putReader(one);
    const glued = Uint8Array.from(words.flatMap((word) => [...word]));
    for (const piece of one.driver.port === "bytes" ? [glued] : words) bench.wire.inject(piece);
    await bench.clock.pass(rest);
    expect(valuesOf(bench.told)).toEqual([first.value, second.value]);
    await bench.end();
  });
});

type Step =
  | { readonly do: "say"; readonly sent: Sent }
  | { readonly do: "show"; readonly which: number }
  | { readonly do: "pass"; readonly span: number }
  | { readonly do: "ask" | "unplug" | "close" };

describe.each(readers)("$profile", (one) => {
  const samples = samplesOf(one);
  const heard: readonly Sent[] = transcriptsOf(one)
    .flatMap(({ lines }) => lines.filter((line) => line.startsWith("<")).map(sentBy))
    .map((sent) => (sent instanceof Uint8Array && one.driver.port === "cards" ? { is: "answer", bytes: sent } : sent));

  const wild = fc.uint8Array({ maxLength: 70 }).map((bytes): Sent => {
    return one.driver.port === "cards" ? { is: "answer", bytes } : bytes;
  });
  const spoiled = fc.tuple(fc.constantFrom(...heard), fc.nat(), fc.nat(255)).map(([sent, at, byte]): Sent => {
    const spoil = (bytes: Uint8Array) => bytes.map((old, i) => (i === at % bytes.length ? byte : old));
    if (sent instanceof Uint8Array) return spoil(sent);
    return sent.is === "answer" ? { ...sent, bytes: spoil(sent.bytes) } : sent;
  });
  const step: fc.Arbitrary<Step> = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant("say" as const),
        sent: fc.oneof(wild, spoiled, fc.constantFrom(...heard)),
      }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant("show" as const), which: fc.nat(10) }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant("pass" as const), span: fc.nat(500) }) },
    { weight: 1, arbitrary: fc.constantFrom<Step>({ do: "ask" }, { do: "unplug" }, { do: "close" }) },
  );

  test("whatever comes over the wire, nothing is thrown, every question settles and nothing is left behind", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), fc.nat(), async (steps, seed) => {
        const bench = await putReader(one, seed, { split: true, delay: 3 });
        const asked: Promise<unknown>[] = [];
        for (const now of steps) {
          if (now.do === "say") bench.wire.inject(now.sent);
          else if (now.do === "show") {
            const sample = samples[now.which % samples.length];
            if (sample) bench.peer.turn(sample.knob, sample.value);
          } else if (now.do === "ask") asked.push(bench.device.identify(), bench.device.selfTest("look"));
          else if (now.do === "pass") await bench.clock.pass(now.span);
          else if (now.do === "unplug") bench.wire.unplug();
          else await bench.clock.finish(bench.device.close(), 0);
        }
        await bench.clock.finish(Promise.all(asked), patience);
        await bench.clock.finish(bench.device.close(), 0);
        bench.peer.stop();
        expect(bench.clock.pending().filter((label) => !label.startsWith("wire: "))).toEqual([]);
        expect(escaped).toEqual([]);
      }),
      { numRuns: 200, seed: 1 },
    );
  });

  test("no note, no fault and no sentence holds a value, whole or broken off", async () => {
    const bench = await putReader(one);
    const said: unknown[] = [];
    for (const sample of samples) {
      await bench.show(sample);
      if (one.peer.knobs.includes("garble")) bench.peer.turn("garble", 1);
      await bench.show(sample);
      said.push(await bench.clock.finish(bench.device.identify(), patience));
      said.push(await bench.clock.finish(bench.device.selfTest("look"), patience));
    }
    for (const sent of heard) {
      bench.wire.inject(sent);
      if (sent instanceof Uint8Array) bench.wire.inject(sent.subarray(0, sent.length >> 1));
      await bench.clock.pass(rest);
    }
    const values = new Set([...samples.map(({ value }) => value), ...bench.told.flatMap((one) => valueOf(one) ?? [])]);
    expect(values.size).toBeGreaterThan(0);
    bench.wire.unplug();
    said.push(await bench.clock.finish(bench.device.identify(), patience));
    // Readings too: only who asks with reveal() is told.
    const written = JSON.stringify([bench.notes, said, bench.told]).toUpperCase();
    for (const value of values) {
      if (value.length < 6) continue;
      const bytes = hex(new TextEncoder().encode(value.slice(0, 8)));
      const forms = [
        value.slice(0, 8),
        bytes,
        bytes.replaceAll(" ", ""),
        (value.match(/../g) ?? []).slice(0, 4).join(" "),
      ];
      if (/^[\dA-F]{8}$/i.test(value)) forms.push(String(Number.parseInt(value, 16)).padStart(10, "0"));
      for (const form of forms) expect(written).not.toContain(form.toUpperCase());
    }
    for (const { facts } of bench.notes)
      for (const fact of Object.values(facts)) expect(["string", "number", "boolean"]).toContain(typeof fact);
    await bench.end();
  });
});
