import { expect, test } from "vitest";
import { openCabin, type CabinAsked, type CabinEffect } from "../../controller/cabin.ts";
import type { Event } from "../../controller/domain/state.ts";
import { openMeters } from "../../controller/meters.ts";
import type { Meter } from "../../devices/health/capability.ts";
import { millis } from "../../devices/kit/clock.ts";
import { fault } from "../../devices/kit/fault.ts";
import { err, ok } from "../../devices/kit/result.ts";
import { manualClock } from "../kit/clock.ts";
import { dice } from "../kit/dice.ts";

const results = { figures: [], doubtful: [], flags: [] };

/** A cabin whose instrument does what `measure` does, and whose answers are gathered. */
function cabin(measure: Meter["measure"], over: Partial<CabinAsked> = {}) {
  const clock = manualClock();
  const sent: Event[] = [];
  const meter: Meter = { items: ["weight"], starts: false, measure };
  const { perform } = openCabin({
    world: { clock, dice: dice(1), disk: {}, log: { note() {}, fail() {} } } as unknown as CabinAsked["world"],
    loaded: { station: { station: { id: "ROOM-1" } } } as CabinAsked["loaded"],
    setting: undefined,
    machines: {
      meters: openMeters(clock, () => meter),
      printer: () => undefined,
      print: async () => ok(undefined),
    },
    kioskKey: undefined,
    append: async () => err(fault("refused", "the card is full")),
    send: (event) => sent.push(event),
    ...over,
  });
  return { clock, sent, perform };
}

const measuring = (number: number): CabinEffect => ({
  kind: "measure",
  number,
  device: "scale",
  began: millis(0),
  person: {},
});

test("a key never waits for an instrument, not for one that neither answers nor lets go", async () => {
  let begun = 0;
  const { clock, sent, perform } = cabin(() => {
    begun += 1;
    return new Promise(() => {});
  });
  // Whatever the kiosk asks for comes back at once, and nothing is said in the name of who has gone.
  perform(measuring(1));
  perform({ kind: "stop-measuring", number: 1 });
  perform(measuring(2));
  perform({ kind: "stop-measuring", number: 2 });
  await clock.pass(600_000);
  expect(sent).toEqual([]);
  expect(begun).toBe(1);
});

test("every answer bears the number of what was asked", async () => {
  const { clock, sent, perform } = cabin(async ({ heard }) => {
    heard({ is: "waiting" });
    return ok([]);
  });
  perform(measuring(7));
  await clock.pass(0);
  perform({ kind: "print", number: 8, device: "roll", results, language: "en" });
  perform({ kind: "pass", number: 9, sex: "male", ticks: [] });
  await clock.pass(0);
  expect(sent).toEqual([
    { kind: "progress", number: 7, progress: { is: "waiting" } },
    { kind: "measured", number: 7, result: ok([]) },
    { kind: "printed", number: 8, result: err(expect.objectContaining({ kind: "no-device" })) },
    { kind: "pass", number: 9, pass: { is: "failed" } },
  ]);
});

test("without a recipient nothing is sealed and nothing is written", async () => {
  const appended: unknown[] = [];
  const { clock, sent, perform } = cabin(async () => ok([]), {
    append: async (entry) => (appended.push(entry), err(fault("refused", "the card is full"))),
  });
  perform({ kind: "seal", number: 3, results } as unknown as CabinEffect);
  await clock.pass(0);
  expect(sent).toMatchObject([{ kind: "sealed", number: 3, result: { ok: false, error: { kind: "misconfigured" } } }]);
  expect(appended).toEqual([]);
});
