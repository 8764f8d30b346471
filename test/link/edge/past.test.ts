import { afterEach, describe, expect, it } from "vitest";
import type { Metric } from "../../../protocol/sparkplug/payload.ts";
import { asked, Bench, kinds, read, typeOf } from "./bench.ts";
import type { FakeSession } from "./fake-session.ts";
import { metrics } from "./kiosk.ts";

let bench = new Bench();
afterEach(async () => {
  await bench.clock.finish(bench.node.stop(), 60_000);
  expect(bench.clock.pending(), "timers after the end").toEqual([]);
  bench = new Bench();
});

/** Messages after the births, as what they tell of the past and of the present. */
const told = ({ published }: FakeSession) =>
  published
    .filter((message) => typeOf(message).endsWith("DATA"))
    .map((message) => {
      const all = read(message).metrics;
      expect(new Set(all.map(({ historical }) => historical === true)).size, "a message is of one time").toBe(1);
      return { type: typeOf(message), past: all[0]?.historical === true, metrics: all };
    });
const past = (session: FakeSession): readonly Metric[] =>
  told(session).flatMap((message) => (message.past ? message.metrics : []));
const valuesOf = (name: string, device: string | undefined, list: readonly Metric[]) =>
  list.filter(({ alias }) => alias === metrics.named(name, device).alias).map(({ value }) => value);

/** An outage of so many minutes in which goods are sold; ten changes each minute. */
async function outage(minutes: number): Promise<void> {
  for (let second = 0; second < minutes * 60; second += 6) {
    bench.report("Sales/Count", second, "vend");
    await bench.clock.pass(6000);
  }
}

describe("an outage", () => {
  it("is told after the births, thinned to a value a minute, with the time when it was so", async () => {
    await bench.connect();
    bench.cut();
    const from = bench.clock.mono();
    await outage(5);
    const session = await bench.connect();
    await bench.clock.pass(1000);
    expect(kinds(session).slice(0, 3)).toEqual(["NBIRTH", "DBIRTH", "DBIRTH"]);
    expect(valuesOf("Sales/Count", "vend", past(session))).toEqual([54, 114, 174, 234, 294]);
    const begin = bench.clock.wall().utc - bench.clock.mono();
    expect(past(session).map(({ at }) => (at ?? 0) - begin - from)).toEqual(
      [54, 114, 174, 234, 294].map((s) => s * 1000),
    );
  });

  it("that was short leaves nothing: the births have all of it", async () => {
    await bench.connect();
    bench.cut();
    await outage(0.5);
    const session = await bench.connect();
    await bench.clock.pass(1000);
    expect(past(session)).toEqual([]);
    expect(bench.keep.kept.has("history/0")).toBe(false);
  });

  it("costs the card nothing while there is none", async () => {
    await bench.connect();
    const before = bench.keep.puts;
    await outage(60);
    expect(bench.keep.puts).toBe(before);
  });

  it("is none while a rebirth is held back", async () => {
    await bench.connect();
    await bench.clock.pass(56_000);
    bench.command(asked);
    bench.command(asked);
    bench.report("Sales/Count", 5, "vend");
    const before = bench.keep.puts;
    await bench.clock.pass(6000);
    expect(bench.keep.puts).toBe(before);
  });

  it("lets what happens now go first", async () => {
    await bench.connect();
    bench.cut();
    await outage(600);
    const session = await bench.connect();
    for (let second = 0; second < 20; second += 1) {
      bench.report("Door/Open", second % 2 === 0, "cold");
      await bench.clock.pass(2000);
    }
    const { alias } = metrics.named("Door/Open", "cold");
    const doors = told(session).flatMap((one) => one.metrics.filter((metric) => metric.alias === alias && !one.past));
    // Each within the two seconds of any other day.
    expect(doors).toHaveLength(20);
    expect(past(session)).toHaveLength(600);
    expect(Math.max(...told(session).map((one) => one.metrics.length))).toBe(50);
  });

  it("goes on after a rebirth that came between", async () => {
    await bench.connect();
    bench.cut();
    await outage(600);
    const session = await bench.connect();
    await bench.clock.pass(200);
    bench.command(asked);
    bench.command(asked);
    await bench.clock.pass(30_000);
    expect(valuesOf("Sales/Count", "vend", past(session))).toHaveLength(600);
    const numbers = session.published.map((message) => read(message).seq ?? -1);
    numbers.forEach((seq, index) => expect(seq === 0 || seq === ((numbers[index - 1] ?? -2) + 1) % 256).toBe(true));
  });

  it("is forgotten only when the broker has it: a line that breaks first costs a repetition", async () => {
    await bench.connect();
    bench.cut();
    await outage(60);
    const first = await bench.connect();
    first.subscribe = () => new Promise(() => {});
    await bench.clock.pass(10_000);
    expect(past(first)).toHaveLength(60);
    bench.cut();
    const second = await bench.connect();
    await bench.clock.pass(10_000);
    expect(past(second)).toEqual(past(first));
    bench.cut();
    const third = await bench.connect();
    await bench.clock.pass(10_000);
    expect(past(third)).toEqual([]);
  });

  it("is one also while the primary host is away, and of the uptime nothing is kept", async () => {
    await bench.node.stop();
    bench = new Bench({ primaryHost: "centre" });
    const session = await bench.connect();
    bench.report("Sys/Uptime_s", 10);
    await outage(5);
    expect(kinds(session)).toEqual([]);
    bench.hears(Buffer.from('{"online":true,"timestamp":5}'), "spBv1.0/STATE/centre");
    await bench.clock.pass(1000);
    expect(valuesOf("Sales/Count", "vend", past(session))).toEqual([54, 114, 174, 234, 294]);
    expect(valuesOf("Sys/Uptime_s", undefined, past(session))).toEqual([]);
  });

  it("of a device that is still lost is told when the device is back", async () => {
    await bench.connect();
    bench.cut();
    await outage(5);
    bench.devices("cold");
    const session = await bench.connect();
    await bench.clock.pass(60_000);
    expect(past(session)).toEqual([]);
    bench.devices("vend", "cold");
    await bench.clock.pass(600_000);
    expect(valuesOf("Sales/Count", "vend", past(session))).toHaveLength(5);
  });
});
