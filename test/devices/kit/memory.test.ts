import { describe, expect, test } from "vitest";
import { seconds } from "../../../devices/kit/clock.ts";
import { fault, type FaultKind } from "../../../devices/kit/fault.ts";
import { atOne, watchMemory, type Look } from "../../../devices/kit/memory.ts";
import { err, ok, type Result } from "../../../devices/kit/result.ts";
import { manualClock } from "../../kit/clock.ts";

/** "count:newest" or a kind of fault. */
function shown(words: string): Result<Look<string>> {
  const [count = "", newest] = words.split(":");
  if (newest === undefined) return err(fault(count as FaultKind, "as the test says"));
  return ok({ count: Number(count), newest: newest === "" ? undefined : newest });
}
const isSame = (one: string, other: string) => one === other;

/** What each look shows; the last again and again. */
function watch(...looks: readonly string[]) {
  const clock = manualClock();
  const told: string[] = [];
  let looked = 0;
  const memory = {
    look: async () => {
      const words = looks[Math.min(looked, looks.length - 1)] ?? "";
      looked += 1;
      return shown(words);
    },
    isSame,
    period: seconds(1),
    patience: seconds(10),
  };
  const watching = watchMemory(clock, "test", memory, {
    begun: () => told.push("begun"),
    grown: (newest) => told.push(newest),
    failed: ({ kind }) => told.push(kind),
  });
  return { clock, told, watching, looked: () => looked };
}

describe("a memory that is watched", () => {
  test.each([
    ["what lies there at the beginning is nobody's", ["3:a"], ["begun"]],
    ["a record more is somebody's", ["3:a", "3:a", "4:b"], ["begun", "b"]],
    ["a record more with the same time and value is somebody's too", ["3:a", "4:a"], ["begun", "a"]],
    ["a full memory keeps its count, and shows another newest", ["9:a", "9:a", "9:b"], ["begun", "b"]],
    ["the first record of an empty memory is somebody's", ["0:", "0:", "1:a"], ["begun", "a"]],
    ["each record is told once", ["1:a", "2:b", "2:b", "3:c", "3:c"], ["begun", "b", "c"]],
    ["what shows after somebody emptied it is old", ["9:c", "2:b", "2:b", "3:d"], ["begun", "d"]],
    ["emptied wholly, the next is new", ["9:c", "0:", "1:d"], ["begun", "d"]],
    ["silence while it measures is waited out", ["1:a", "silent", "garbled", "silent", "2:b"], ["begun", "b"]],
    ["silence at the beginning is a fault: nothing could count", ["silent", "1:a"], ["silent"]],
    ["an unplugged one is a fault at once", ["1:a", "no-device", "2:b"], ["begun", "no-device"]],
  ])("%s", async (_, looks, told) => {
    const bench = watch(...looks);
    await bench.clock.pass(8000);
    expect(bench.told).toEqual(told);
    bench.watching.stop();
    expect(bench.clock.pending()).toEqual([]);
  });

  test("silence for longer than it may take to measure is a fault, and ends the watching", async () => {
    const bench = watch("1:a", "silent");
    await bench.clock.pass(10_000);
    expect(bench.told).toEqual(["begun"]);
    await bench.clock.pass(1000);
    expect(bench.told).toEqual(["begun", "silent"]);
    expect(bench.clock.pending()).toEqual([]);
  });

  test("nothing is told or asked any more once it is stopped, in the middle of a look too", async () => {
    const bench = watch("1:a", "2:b");
    bench.watching.stop();
    await bench.clock.pass(60_000);
    expect(bench.told).toEqual([]);
    expect(bench.looked()).toBe(1);
  });
});

describe("a memory at the end of a cable", () => {
  /** What each look gives, and how often the instrument was asked whether it is still the same: "yes", "no" or a fault. */
  async function seen(looks: readonly string[], ...answers: readonly string[]) {
    let looked = 0;
    let asked = 0;
    const look = atOne({ look: async () => shown(looks[looked++] ?? ""), isSame }, async () => {
      const answer = answers[asked++];
      if (answer === "yes" || answer === "no") return ok(answer === "yes");
      return err(fault("silent", "as the test says"));
    });
    const given: string[] = [];
    for (const _ of looks) {
      const one = await look();
      given.push(one.ok ? `${one.value.count}:${one.value.newest ?? ""}` : one.error.kind);
    }
    return { given, asked };
  }

  test.each([
    ["is not asked whose it is while nothing changes", ["3:a", "3:a", "3:a"], [], ["3:a", "3:a", "3:a"], 0],
    ["gives what is new once the instrument is the same", ["3:a", "4:b", "4:b"], ["yes"], ["3:a", "4:b", "4:b"], 1],
    ["gives nothing of another instrument's", ["3:a", "4:b"], ["no"], ["3:a", "refused"], 1],
    ["nor where that has as many", ["3:a", "3:b"], ["no"], ["3:a", "refused"], 1],
    ["nor where its newest looks the same", ["3:a", "4:a"], ["no"], ["3:a", "refused"], 1],
    ["nor where it has fewer", ["3:a", "2:b"], ["no"], ["3:a", "refused"], 1],
    ["nor where it is empty, or was", ["3:a", "0:"], ["no"], ["3:a", "refused"], 1],
    ["nor the first of one that took an empty one's place", ["0:", "0:", "1:a"], ["no"], ["0:", "0:", "refused"], 1],
    [
      "gives nothing until the instrument has said which it is",
      ["3:a", "4:b", "4:b"],
      ["silent", "yes"],
      ["3:a", "silent", "4:b"],
      2,
    ],
    ["a look that fails is no change", ["3:a", "silent", "3:a"], [], ["3:a", "silent", "3:a"], 0],
  ])("%s", async (_, looks, answers, given, asked) => {
    expect(await seen(looks, ...answers)).toEqual({ given, asked });
  });
});
