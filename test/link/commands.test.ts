import { beforeEach, describe, expect, it } from "vitest";
import { openCommands, resultOf, type Commands } from "../../controller/link/commands.ts";
import type { Event } from "../../controller/domain/state.ts";
import { commandRefusals, readResult, writeResult, type CommandResult } from "../../protocol/commands/result.ts";
import { millis, seconds } from "../../devices/kit/clock.ts";
import { manualClock, type ManualClock } from "../kit/clock.ts";
import { head, noon, order, releaseSecret, sent, trust } from "../protocol/commands/signing.ts";
import { signEnvelope, writeEnvelope } from "../../protocol/commands/envelope.ts";

let clock: ManualClock;
let commands: Commands;
let events: Event[];
let answers: CommandResult[];

beforeEach(() => {
  clock = manualClock();
  events = [];
  answers = [];
  commands = openCommands({
    clock,
    kiosk: "zp-001",
    trust,
    send: (event) => events.push(event),
    answer: (result) => answers.push(result),
  });
});

const heard = (payload: Uint8Array | string, retained = false): void =>
  commands.heard({ payload: typeof payload === "string" ? Buffer.from(payload) : payload, retained });
const lock = { op: "lock", why: "test" } as const;
const obeyed = (): readonly Event[] => events.filter(({ kind }) => kind === "command");
const counted = async (): Promise<Readonly<Record<string, number>>> => {
  await clock.pass(seconds(1));
  const sums: Record<string, number> = {};
  for (const event of events)
    if (event.kind === "command-refused")
      for (const [why, count] of Object.entries(event.counts)) sums[why] = (sums[why] ?? 0) + count;
  return sums;
};

it("a good command goes to the domain with the role of its key", () => {
  heard(sent(lock));
  heard(sent({ op: "unlock" }, { kid: "r1", id: "fedcba9876543210" }));
  expect(events).toEqual([
    {
      kind: "command",
      command: { id: "0123456789abcdef", kid: "o1", role: "ops", order: lock, issued: noon, expires: noon + 600_000 },
    },
    {
      kind: "command",
      command: {
        id: "fedcba9876543210",
        kid: "r1",
        role: "release",
        order: { op: "unlock" },
        issued: noon,
        expires: noon + 600_000,
      },
    },
  ]);
  expect(answers).toEqual([]);
});

describe("is refused with its reason, counted, and answered", () => {
  const { id } = head();
  const altered = { ...order(lock), args: { why: "another" } };
  it.each([
    ["retained", sent(lock), true, undefined],
    ["too-large", Buffer.alloc(16 * 1024 + 1, 32), false, undefined],
    ["not-json", "lock it", false, undefined],
    ["not-json", "[".repeat(16 * 1024), false, undefined],
    ["wrong-form", JSON.stringify({ ...order(lock), op: "explode" }), false, id],
    ["wrong-form", JSON.stringify({ ...order(lock), id: "short" }), false, undefined],
    ["wrong-station", sent(lock, { aud: "zp-002" }), false, id],
    ["unknown-key", sent(lock, { kid: "o9" }), false, id],
    ["unknown-key", sent(lock, { kid: "7" }), false, id],
    ["bad-signature", JSON.stringify(altered), false, id],
    ["bad-signature", writeEnvelope(signEnvelope(lock, head(), releaseSecret)), false, id],
  ] as const)("%s", async (why, payload, retained, of) => {
    heard(payload, retained);
    expect(obeyed()).toEqual([]);
    expect(answers).toEqual([
      { v: 1, ...(of === undefined ? {} : { id: of }), state: "refused", why, at: clock.wall().utc },
    ]);
    expect(await counted()).toEqual({ [why]: 1 });
    expect(Object.keys(commandRefusals)).toContain(why);
    const [told] = answers;
    expect(told && readResult(writeResult(told)).ok).toBe(true);
  });
});

describe("ten thousand a second", () => {
  const flood = {
    "with a bad signature": Buffer.from(JSON.stringify({ ...order(lock), args: { why: "forged" } })),
    "that are garbage to the brim": Buffer.from("[1,".repeat(5461)),
    "that are too large": Buffer.alloc(200_000, 32),
    "that are retained": Buffer.from(sent(lock)),
  };

  it.each(Object.entries(flood))("%s cost next to nothing, and are all counted", async (name, payload) => {
    let spent = 0;
    for (let n = 0; n < 1000; n++) {
      const began = performance.now();
      for (let m = 0; m < 10; m++) heard(payload, name.includes("retained"));
      spent += performance.now() - began;
      await clock.pass(millis(1));
    }
    // Alone, a signature of each would take a second and more.
    expect(spent).toBeLessThan(400);
    expect(obeyed()).toEqual([]);
    expect(answers.length).toBeLessThanOrEqual(13);
    const counts = await counted();
    expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(10_000);
    // Thirty at once and five a second are verified, sixty at once and thirty a second are read.
    expect(counts["bad-signature"] ?? 0).toBeLessThanOrEqual(36);
    expect(counts["not-json"] ?? 0).toBeLessThanOrEqual(92);
    // The domain is woken once a second, and not for each.
    expect(events.length).toBeLessThanOrEqual(3);
  });

  it("and a moment later a good one is obeyed", async () => {
    for (let n = 0; n < 10_000; n++) heard(flood["with a bad signature"]);
    heard(sent(lock));
    expect(obeyed()).toEqual([]);
    expect(answers.at(-1)?.why).not.toBe(undefined);
    await clock.pass(seconds(1));
    heard(sent(lock));
    expect(obeyed()).toHaveLength(1);
    expect((await counted())["too-many"]).toBeGreaterThan(9900);
  });
});

it("the domain's answers go up in the form of a result", () => {
  const result = resultOf({ id: head().id, state: "failed", why: "no-drop" }, clock);
  expect(readResult(writeResult(result))).toEqual({ ok: true, value: result });
});
