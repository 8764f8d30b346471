import { describe, expect, it } from "vitest";
import type { Machine } from "../../controller/domain/machine.ts";
import { startLoop, type Turning } from "../../controller/loop.ts";
import { millis, type Millis } from "../../devices/kit/clock.ts";
import type { Moment } from "../../controller/domain/moment.ts";
import { manualClock, type ManualClock } from "../kit/clock.ts";

type Event = "tick" | "twice" | "echo" | "quiet";
type Effect = "say echo";
interface Log {
  readonly taken: readonly (readonly [event: Event, mono: number])[];
}

/** Writes down what comes; "twice" asks for two effects, each of which brings an "echo" at once. */
const machine: Machine<Log, { readonly now: Moment; readonly event: Event }, Effect> = {
  start: { taken: [] },
  step: ({ taken }, { now, event }) => ({
    state: { taken: [...taken, [event, now.mono]] },
    effects: event === "twice" ? ["say echo", "say echo"] : [],
  }),
};

function started(wakesAt: (log: Log, clock: ManualClock) => number = () => 1e9) {
  const clock = manualClock();
  const shown: string[] = [];
  let log = machine.start;
  const turning: Turning<Log, Event, Effect> = {
    clock,
    machine,
    tick: "tick",
    wakesAt: (state): Millis => millis(wakesAt(state, clock)),
    turned(state) {
      log = state;
      shown.push(state.taken.map(([event]) => event).join(" "));
    },
    perform: () => loop.send("echo"),
  };
  const loop = startLoop(turning);
  return { clock, loop, shown, taken: () => log.taken };
}

describe("the loop", () => {
  it("takes each event at once, and shows the state after it", () => {
    const { loop, shown } = started();
    loop.send("quiet");
    loop.send("quiet");
    expect(shown).toEqual(["quiet", "quiet quiet"]);
  });

  it("loses nothing that happens while an event is taken: it comes next, in order, and is shown with it", () => {
    const { loop, shown } = started();
    loop.send("twice");
    expect(shown).toEqual(["twice echo echo"]);
  });

  it("ticks when the machine asks for it, and again, each time at the moment asked for", async () => {
    const { clock, loop, taken } = started(({ taken }) => taken.length * 100);
    loop.send("quiet");
    await clock.pass(350);
    expect(taken()).toEqual([
      ["quiet", 0],
      ["tick", 100],
      ["tick", 200],
      ["tick", 300],
    ]);
  });

  it("ticks at once where that moment has passed, and holds one timer only", async () => {
    const { clock, loop, taken } = started(({ taken }) => (taken.length < 4 ? 0 : 1e9));
    await clock.pass(500);
    loop.send("quiet");
    expect(clock.pending().length).toBe(1);
    await clock.pass(10);
    expect(taken().map(([event, mono]) => `${event} ${mono}`)).toEqual([
      "quiet 500",
      "tick 500",
      "tick 500",
      "tick 500",
    ]);
    expect(clock.pending().length).toBe(1);
  });

  it("knows when it last took an event", async () => {
    const { clock, loop } = started();
    await clock.pass(70);
    expect(loop.lastTurn()).toBe(0);
    loop.send("quiet");
    expect(loop.lastTurn()).toBe(70);
  });

  it("takes nothing after its end, and leaves no timer", async () => {
    const { clock, loop, taken } = started(() => 100);
    loop.send("quiet");
    loop.stop();
    loop.send("quiet");
    await clock.pass(1000);
    expect(taken().length).toBe(1);
    expect(clock.pending()).toEqual([]);
  });
});
