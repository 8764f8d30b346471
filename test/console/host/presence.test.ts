import { expect, test } from "vitest";
import type { Call, Dial, Ears } from "../../../console/host/line.ts";
import { presence } from "../../../console/host/presence.ts";
import { bad, good, type Judged } from "../../../protocol/pickup-code/judged.ts";
import { manualClock } from "../../kit/clock.ts";

/** A host at a broker that is made of promises, on a clock that can be set back. */
function atBroker() {
  const clock = manualClock();
  let setBack = 0;
  const calls: { readonly call: Call; readonly ears: Ears }[] = [];
  const wire: string[] = [];
  let subscribed: (judged: Judged<void>) => void = () => {};
  const dial: Dial = (call, ears) => {
    calls.push({ call, ears });
    wire.push(`CONNECT ${call.will.payload} v${call.version}`);
    return Promise.resolve({
      subscribe: () => new Promise((resolve) => (subscribed = resolve)),
      publish: (topic, payload) => {
        wire.push(`PUBLISH ${topic} ${typeof payload === "string" ? payload : "bytes"}`);
        return Promise.resolve(good(undefined));
      },
      end: () => {
        wire.push("DISCONNECT");
        return Promise.resolve();
      },
    });
  };
  const events: string[] = [];
  const host = presence({
    server: { url: "mqtt://a" },
    hostId: "centre",
    groups: ["g"],
    clock: { ...clock, wall: () => ({ utc: clock.wall().utc - setBack }) },
    dice: () => 0,
    dial,
    // As a request for births would: at once.
    heard: (topic) => {
      events.push(`heard ${topic}`);
      void host.publish("spBv1.0/g/NCMD/k", new Uint8Array());
    },
    lost: (reason) => events.push(`lost ${reason}`),
    found: () => events.push("found"),
    namesake: () => events.push("namesake"),
  });
  return {
    clock,
    wire,
    events,
    host,
    last: () => {
      const last = calls.at(-1);
      if (last === undefined) throw new Error("Nobody called.");
      return last;
    },
    subscribe: async (judged: Judged<void> = good(undefined)) => {
      await clock.pass(0);
      subscribed(judged);
      await clock.pass(0);
    },
    setBack: (by: number) => void (setBack = by),
  };
}

const timestampIn = (line: string | undefined) => Number(/"timestamp":(\d+)/.exec(line ?? "")?.[1]);

test("what is heard before the birth is answered after it", async () => {
  const { wire, events, last, subscribe } = atBroker();
  await Promise.resolve();
  last().ears.heard("spBv1.0/g/NDATA/k", new Uint8Array(), false);
  expect(events).toEqual([]);
  await subscribe();
  expect(wire.map((line) => line.split(" ").slice(0, 2).join(" "))).toEqual([
    'CONNECT {"online":false,"timestamp":1782864000000}',
    "PUBLISH spBv1.0/STATE/centre",
    "PUBLISH spBv1.0/g/NCMD/k",
  ]);
  expect(events).toEqual(["heard spBv1.0/g/NDATA/k", "found"]);
});

test("a clock that was set back does not make our state older than what edge nodes have seen", async () => {
  const { clock, wire, last, subscribe, setBack, host } = atBroker();
  await subscribe();
  setBack(3_600_000);
  last().ears.ended("cut");
  await clock.pass(1000);
  await subscribe();
  await host.close();
  const times = wire.filter((line) => line.includes("timestamp")).map(timestampIn);
  expect(times.length).toBe(5);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
});

test("a loss is told once, and again when the reason is another", async () => {
  const { clock, events, last, subscribe } = atBroker();
  await subscribe();
  for (const reason of ["cut", "cut", "refused", "refused"]) {
    last().ears.ended(reason);
    await clock.pass(1000);
  }
  await subscribe();
  last().ears.ended("cut");
  expect(events).toEqual(["found", "lost cut", "lost refused", "found", "lost cut"]);
});

test("what a former connection still says is not heard", async () => {
  const { clock, events, last, subscribe } = atBroker();
  await subscribe();
  const { ears } = last();
  ears.ended("cut");
  ears.ended("cut again");
  ears.heard("spBv1.0/g/NDATA/k", new Uint8Array(), false);
  await clock.pass(1000);
  await subscribe();
  ears.heard("spBv1.0/g/NDATA/k", new Uint8Array(), false);
  ears.ended("very late");
  expect(events).toEqual(["found", "lost cut", "found"]);
});

test("a broker of MQTT 3.1.1 is called in its own words at once, and nobody hears of a loss", async () => {
  const { clock, wire, events, last, subscribe } = atBroker();
  last().ears.ended("Connection refused: Unacceptable protocol version.", 1);
  await clock.pass(1);
  await subscribe();
  expect(wire.filter((line) => line.startsWith("CONNECT")).map((line) => line.slice(-2))).toEqual(["v5", "v4"]);
  expect(events).toEqual(["found"]);
});

test("a flood of words that we are gone is answered one at a time", async () => {
  const { clock, wire, last, subscribe } = atBroker();
  await subscribe();
  const offline = new TextEncoder().encode('{"online":false,"timestamp":1}');
  for (let word = 0; word < 1000; word += 1) last().ears.heard("spBv1.0/STATE/centre", offline, false);
  await clock.pass(10);
  expect(wire.filter((line) => line.startsWith("PUBLISH")).length).toBe(3);
});

test.each(["", "{", "[]", "null", '{"online":0,"timestamp":1}', '{"online":false}', "x".repeat(5000)])(
  "%j on our own topic is no word of us",
  async (text) => {
    const { wire, events, last, subscribe } = atBroker();
    await subscribe();
    last().ears.heard("spBv1.0/STATE/centre", new TextEncoder().encode(text), false);
    expect([wire.length, events]).toEqual([2, ["found"]]);
  },
);

test("a refused subscription ends the connection, and is tried again", async () => {
  const { clock, wire, events, subscribe } = atBroker();
  await subscribe(bad("The broker does not give us spBv1.0/g/#."));
  expect(events).toEqual(["lost The broker does not give us spBv1.0/g/#."]);
  await clock.pass(1000);
  expect(wire.map((line) => line.split(" ")[0])).toEqual(["CONNECT", "DISCONNECT", "CONNECT"]);
});

test("a connection that ends while it subscribes is followed by one other", async () => {
  const { clock, wire, events, last, subscribe } = atBroker();
  await clock.pass(0);
  last().ears.ended("cut");
  await subscribe(bad("The connection is gone."));
  await clock.pass(999);
  expect(clock.pending()).toEqual(["the next call to a broker"]);
  await clock.pass(1);
  expect(wire.filter((line) => line.startsWith("CONNECT")).length).toBe(2);
  expect(events).toEqual(["lost cut"]);
});

test("closing while it calls leaves nothing behind", async () => {
  const { clock, wire, host, last } = atBroker();
  await host.close();
  last().ears.ended("cut");
  await clock.pass(60_000);
  expect(wire.map((line) => line.split(" ")[0])).toEqual(["CONNECT", "DISCONNECT"]);
  expect(clock.pending()).toEqual([]);
});
