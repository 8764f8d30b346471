import { afterEach, beforeEach, expect, test } from "vitest";
import { reach, type Reach } from "../../../console/broker/reach.ts";
import type { Word } from "../../../console/broker/wire.ts";
import { eventually, recordingBroker, type RecordingBroker } from "../../kit/broker.ts";

let broker: RecordingBroker;
let line: Reach | undefined;
let heard: { readonly word: Word; readonly settle: (stored: boolean) => void }[];
let told: string[];

beforeEach(async () => {
  broker = await recordingBroker();
  [heard, told] = [[], []];
});
afterEach(async () => {
  await line?.close();
  await broker.close();
});

const open = (kept = 60) =>
  (line = reach({
    server: { url: broker.url },
    clientId: "centre-collector",
    kept,
    topics: (version) => [`version/${version}`],
    heard: (word) =>
      new Promise<void>((resolve, reject) =>
        heard.push({ word, settle: (stored) => (stored ? resolve() : reject(new Error("not stored"))) }),
      ),
    found: () => told.push("found"),
    lost: (reason) => told.push(reason),
  }));
const found = (times = 1) => eventually(() => told.filter((word) => word === "found").length >= times, "the broker");
const pubacks = () => broker.of("puback").length;

test("the broker is told that a message arrived when it is stored, and not before", async () => {
  open();
  await found();
  broker.say({ topic: "yz/v1/g/k/up/ev", payload: "one", qos: 1 });
  broker.say({ topic: "yz/v1/g/k/up/ev", payload: "two", qos: 1 });
  await eventually(() => heard.length === 2, "both messages, though the first is not stored yet");
  expect(pubacks()).toBe(0);
  heard[1]?.settle(true);
  await eventually(() => pubacks() === 1, "one acknowledgement");
  heard[0]?.settle(true);
  await eventually(() => pubacks() === 2, "the other");
  expect(heard.map(({ word }) => Buffer.from(word.payload).toString())).toEqual(["one", "two"]);
});

test("what could not be stored is not acknowledged, so that the broker gives it again", async () => {
  open();
  await found();
  broker.say({ topic: "a", payload: "one", qos: 1 });
  broker.say({ topic: "a", payload: "two", qos: 1 });
  await eventually(() => heard.length === 2);
  heard[0]?.settle(false);
  heard[1]?.settle(true);
  await eventually(() => pubacks() === 1, "the acknowledgement of the second");
  expect(broker.of("puback")[0]?.messageId).toBe(2);
});

test("a flood is taken only as far as there is room: memory stays bounded, and nothing is lost", async () => {
  open();
  await found();
  for (let n = 0; n < 1000; n += 1) broker.say({ topic: "a", payload: String(n), qos: 1 });
  await eventually(() => heard.length >= 200);
  for (let n = 0; n < 1000; n += 1) {
    await eventually(() => heard.length > n, `message ${n}`);
    expect(heard.length - n).toBeLessThanOrEqual(200);
    heard[n]?.settle(true);
  }
  await eventually(() => pubacks() === 1000, "all acknowledgements");
});

test("it comes back to what the broker kept for it", async () => {
  open();
  await found();
  broker.drop();
  await found(2);
  expect(broker.of("connect").map(({ clean }) => clean)).toEqual([false, false]);
});

test("it can answer before the broker granted its subscription: what was kept for it comes first", async () => {
  broker.behave({
    greet() {
      setImmediate(() => broker.say({ topic: "a", payload: "kept", qos: 1 }));
      return 0;
    },
  });
  const answers: (boolean | undefined)[] = [];
  line = reach({
    server: { url: broker.url },
    clientId: "centre-collector",
    kept: 60,
    topics: () => ["a"],
    async heard() {
      // Even the fastest database takes this long.
      await new Promise(setImmediate);
      answers.push((await line?.publish("b", Buffer.from("x"), true))?.ok);
    },
    found: () => {},
    lost: () => {},
  });
  await eventually(() => answers.length === 1);
  expect(answers).toEqual([true]);
});

test("a broker that knows no MQTT 5 is called again with 3.1.1 at once, and told to nobody", async () => {
  broker.behave({ greet: ({ protocolVersion }) => (protocolVersion === 5 ? 0x84 : 0) });
  open(0);
  await found();
  expect(broker.of("subscribe")[0]?.subscriptions.map(({ topic }) => topic)).toEqual(["version/4"]);
  expect(told).toEqual(["found"]);
});

test("a broker that is gone is told once, and called again within seconds until it is there", async () => {
  open();
  await found();
  const { port } = broker;
  await broker.close();
  await eventually(() => told.length >= 2, "the loss");
  expect((await line?.publish("a", Buffer.from("x"), true))?.ok).toBe(false);
  broker = await recordingBroker(port);
  await found(2);
  expect(new Set(told.slice(1, -1)).size).toBe(told.length - 2);
});
