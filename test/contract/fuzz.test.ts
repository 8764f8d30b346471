import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hex } from "../kit/wire.ts";
import { listenToAll, patience, putOnBench, questions } from "./bench.ts";
import { vending } from "./drivers.ts";
import { transcriptsOf } from "./transcript.ts";

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

/** A worker's card number, as a bill acceptor or a broken reader might put it on the wire. */
const cardNumber = "6217001234567890";
const cardBytes = new TextEncoder().encode(cardNumber);

type Step =
  | { readonly do: "bytes"; readonly bytes: Uint8Array }
  | { readonly do: "ask"; readonly which: number }
  | { readonly do: "release"; readonly slot: string; readonly mark: number }
  | { readonly do: "listen" }
  | { readonly do: "pass"; readonly span: number }
  | { readonly do: "unplug" }
  | { readonly do: "close" };

describe.each(vending)("$profile", (one) => {
  const frames = transcriptsOf(one)
    .flatMap(({ lines }) => lines.filter((line) => line.startsWith("<")))
    .map((line) => Uint8Array.from(line.slice(2).split(" "), (pair) => Number.parseInt(pair, 16)));

  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.constantFrom(...frames),
    fc
      .tuple(fc.constantFrom(...frames), fc.nat(), fc.nat(255))
      .map(([frame, at, byte]) => frame.map((old, i) => (i === at % frame.length ? byte : old))),
    fc.constant(cardBytes),
  );
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 5, arbitrary: fc.record({ do: fc.constant("bytes" as const), bytes }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant("ask" as const), which: fc.nat(10) }) },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant("release" as const),
        slot: fc.oneof(fc.string(), fc.constantFrom("1", "2", "60")),
        mark: fc.oneof(fc.integer(), fc.double()),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("listen" as const) }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant("pass" as const), span: fc.nat(3000) }) },
    { weight: 1, arbitrary: fc.constantFrom<Step>({ do: "unplug" }, { do: "close" }) },
  );

  test("whatever comes over the wire and whatever is asked, nothing is thrown and every question settles", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), fc.nat(), async (steps, seed) => {
        const bench = await putOnBench(one, seed, { split: true, delay: 3 });
        const asked: Promise<unknown>[] = [];
        const all = questions(bench.device);
        for (const now of steps) {
          if (now.do === "bytes") bench.wire.inject(now.bytes);
          else if (now.do === "ask") asked.push(all[now.which % all.length]?.[1]() ?? Promise.resolve());
          else if (now.do === "release") asked.push(bench.vending.release(now.slot, now.mark));
          else if (now.do === "listen") listenToAll(bench.device);
          else if (now.do === "pass") await bench.clock.pass(now.span);
          else if (now.do === "unplug") bench.wire.unplug();
          else await bench.clock.finish(bench.device.close(), 0);
        }
        await bench.clock.finish(Promise.all(asked), 15 * patience);
        await bench.clock.finish(bench.device.close(), 0);
        bench.peer.stop();
        // What is still on its way reaches nobody.
        expect(bench.clock.pending().filter((label) => !label.startsWith("wire: "))).toEqual([]);
        expect(escaped).toEqual([]);
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  test("notes are plain facts and hold nothing secret that came over the wire", async () => {
    const bench = await putOnBench(one);
    listenToAll(bench.device);
    for (const frame of frames) bench.wire.inject(frame);
    for (let cut = 1; cut <= 8; cut++) {
      for (const frame of frames) bench.wire.inject(Uint8Array.of(...frame.subarray(0, cut), ...cardBytes));
      bench.wire.inject(cardBytes);
      await bench.clock.pass(500);
    }
    await bench.clock.finish(Promise.all(questions(bench.device).map(([, ask]) => ask())), patience);
    const written = JSON.stringify(bench.notes);
    // Eight digits are enough to know a card by.
    for (const encoded of [
      cardNumber.slice(0, 8),
      hex(cardBytes.subarray(0, 8)),
      hex(cardBytes.subarray(0, 8)).replaceAll(" ", ""),
    ])
      expect(written.toUpperCase()).not.toContain(encoded);
    for (const { facts } of bench.notes)
      for (const fact of Object.values(facts)) expect(["string", "number", "boolean"]).toContain(typeof fact);
  });
});
