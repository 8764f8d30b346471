import { beforeEach, expect, it, test } from "vitest";
import { openWanted, type Wanted } from "../../controller/link/wanted.ts";
import { topicsOf, type Desired } from "../../protocol/fleet/topics.ts";
import { millis, minutes, seconds } from "../../devices/kit/clock.ts";
import { manualClock, type ManualClock } from "../kit/clock.ts";

const { desired, commands } = topicsOf("320583", "zp-001");
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
    group: "320583",
    kiosk: "zp-001",
    take: { config: take("config"), campaign: take("campaign"), keys: take("keys") },
  });
});
const hear = (topic: string, text: string): boolean => wanted.heard(topic, Buffer.from(text));

test("each is taken for what its topic says, one at a time", async () => {
  expect(hear(desired("config"), "a")).toBe(true);
  expect(hear(desired("campaign", "summer"), "b")).toBe(true);
  expect(hear(desired("keys"), "c")).toBe(true);
  await clock.pass(seconds(1));
  expect(taken).toEqual(["config a", "campaign b", "keys c"]);
  expect(atOnce).toBe(1);
});

test("other topics are not for it", () => {
  for (const topic of [
    commands,
    desired("config").replace("zp-001", "zp-002"),
    desired("config").replace("desired/config", "desired/firmware"),
    `${desired("campaign")}/a/b`,
    "",
  ])
    expect(hear(topic, "a")).toBe(false);
});

it("is taken nothing where nothing is desired any more", async () => {
  expect(hear(desired("config"), "")).toBe(true);
  await clock.pass(seconds(1));
  expect(taken).toEqual([]);
});

test("of ten thousand on one topic the newest counts, and a minute looks at few", async () => {
  for (let n = 0; n < 10_000; n++) hear(desired("config"), String(n));
  await clock.pass(minutes(1));
  expect(taken.length).toBeLessThan(15);
  expect(taken.at(-1)).toBe("config 9999");
});

test("on ten thousand topics, few are looked at a minute, and a good one comes through when they stop", async () => {
  for (let n = 0; n < 10_000; n++) hear(desired("campaign", `c${n}`), String(n));
  await clock.pass(minutes(1));
  expect(taken.length).toBeLessThan(50);
  await clock.pass(minutes(10));
  expect(taken.length).toBeLessThan(80);
  hear(desired("campaign", "summer"), "good");
  await clock.pass(seconds(1));
  expect(taken.at(-1)).toBe("campaign good");
});
