import { beforeEach, expect, it, test } from "vitest";
import { openWanted, type Wanted } from "../../controller/link/wanted.ts";
import type { Desired } from "../../protocol/fleet/topics.ts";
import { millis, minutes, seconds } from "../../devices/kit/clock.ts";
import { manualClock, type ManualClock } from "../kit/clock.ts";

let clock: ManualClock;
let wanted: Wanted;
let taken: string[];
let working: number;
let atOnce: number;

beforeEach(() => {
  clock = manualClock();
  taken = [];
  working = 0;
  atOnce = 0;
  const take = (what: Desired) => async (payload: Uint8Array) => {
    atOnce = Math.max(atOnce, ++working);
    await new Promise<void>((resolve) => clock.after(millis(1), "work", resolve));
    working -= 1;
    taken.push(`${what} ${Buffer.from(payload).toString()}`);
  };
  wanted = openWanted({
    clock,
    take: { config: take("config"), campaign: take("campaign"), keys: take("keys") },
  });
});
const hear = (about: string, text: string): void => wanted.heard(about, Buffer.from(text));

test("each is taken for what its topic says, one at a time", async () => {
  hear("config", "a");
  hear("campaign/summer", "b");
  hear("keys", "c");
  await clock.pass(seconds(1));
  expect(taken).toEqual(["config a", "campaign b", "keys c"]);
  expect(atOnce).toBe(1);
});

test("other topics are not for it", async () => {
  for (const about of ["firmware", "config2", "campaign/a/b", "", "/config"]) hear(about, "a");
  await clock.pass(seconds(1));
  expect(taken).toEqual([]);
});

it("is taken nothing where nothing is desired any more", async () => {
  hear("config", "");
  await clock.pass(seconds(1));
  expect(taken).toEqual([]);
});

test("of ten thousand on one topic the newest counts, and a minute looks at few", async () => {
  for (let n = 0; n < 10_000; n++) hear("config", String(n));
  await clock.pass(minutes(1));
  expect(taken.length).toBeLessThan(15);
  expect(taken.at(-1)).toBe("config 9999");
});

test("on ten thousand topics, few are looked at a minute, and a good one comes through when they stop", async () => {
  for (let n = 0; n < 10_000; n++) hear(`campaign/c${n}`, String(n));
  await clock.pass(minutes(1));
  expect(taken.length).toBeLessThan(50);
  await clock.pass(minutes(10));
  expect(taken.length).toBeLessThan(80);
  hear("campaign/summer", "good");
  await clock.pass(seconds(1));
  expect(taken.at(-1)).toBe("campaign good");
});
