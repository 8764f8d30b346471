import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { startCalling, type LinkState } from "../../controller/link/calling.ts";
import { seconds } from "../../devices/kit/clock.ts";
import { eventually, recordingBroker, startMosquitto, type Mosquitto } from "../kit/broker.ts";
import { startProxy } from "../kit/proxy.ts";
import { bytes, callTo, message, text, uplinkOf } from "./uplink.ts";

let broker: Mosquitto;
beforeEach(async () => (broker = await startMosquitto()));
afterEach(() => broker.stop());

/** A kiosk that sends numbers to itself, one after the other, while it is online; its waits are a fiftieth. */
function counting(servers: readonly string[]) {
  const { uplink, clock } = uplinkOf(undefined, { times: 50 });
  const heard: string[] = [];
  const lines: string[] = [];
  const states: LinkState[] = [];
  let number = 0;
  let wills = 0;
  const calling = startCalling({
    uplink,
    clock,
    servers,
    dice: { bytes: (n) => new Uint8Array(n).fill(7) },
    call: async () => {
      wills += 1;
      const will = { topic: "death", payload: bytes(`${wills}`), qos: 1, retain: false } as const;
      const { server: _, ...asked } = callTo("", { will, keepalive: seconds(30) });
      return asked;
    },
    async talk(session, _, order) {
      const over = Promise.withResolvers<void>();
      session.listen({ heard: async ({ payload }) => void heard.push(text(payload)), ended: () => over.resolve() });
      order.addEventListener("abort", () => void session.end(false));
      await session.subscribe([{ topic: "count", qos: 1 }]);
      for (let sent = true; sent;) {
        number += 1;
        sent = (await session.publish(message("count", `${number}`))).ok;
      }
      await over.promise;
    },
    changed: (state) => states.push(state),
    log: { note: (event) => lines.push(event), fail: (event, { detail }) => lines.push(`${event} ${detail}`) },
  });
  onTestFinished(() => calling.stop());
  const more = async () => {
    const known = heard.length;
    await eventually(() => heard.length > known + 5, "messages to go round");
  };
  return { calling, clock, heard, lines, states, more };
}

test("a broker that is killed and comes back is found again, with no timer left at the end", async () => {
  const { calling, clock, more, lines } = counting([broker.url]);
  await more();
  await broker.kill("SIGKILL");
  await eventually(() => !calling.state().online && calling.state().refused?.why === "unreachable");
  await broker.restart();
  await more();
  expect(lines.filter((line) => line === "link.up")).toHaveLength(2);
  await calling.stop();
  expect(clock.pending()).toEqual([]);
});

test("a line that goes dead without a word is left, and a new one is made", async () => {
  const proxy = await startProxy({ to: broker.port });
  onTestFinished(() => proxy.close());
  const { calling, more, lines } = counting([`mqtt://${proxy.host}`]);
  await more();
  proxy.cut();
  await eventually(() => lines.some((line) => line.includes("the line is dead")), "the keepalive");
  await more();
  // While nothing goes through at all, calls come to nothing; then one does.
  proxy.stall();
  await eventually(() => calling.state().refused !== undefined, "a call that comes to nothing");
  proxy.resume();
  await more();
});

test("the second broker of the list serves while the first is gone", async () => {
  const second = await recordingBroker();
  onTestFinished(() => second.close());
  const { calling, more } = counting([broker.url, second.url]);
  await more();
  await broker.kill();
  await eventually(() => calling.state().online && calling.state().server === second.url, "the second broker");
  second.drop();
  await broker.restart();
  await eventually(() => calling.state().online && calling.state().server === broker.url, "the first broker");
  await more();
});

test("a refused CONNACK is called again, with the next will", async () => {
  const moody = await recordingBroker();
  onTestFinished(() => moody.close());
  const answers = [0x88, 0x97, 0x80, 0x89];
  moody.behave({ greet: () => answers.shift() ?? 0 });
  const { calling } = counting([moody.url]);
  await eventually(() => calling.state().online, "to be taken", 25_000);
  expect(moody.of("connect").map(({ will }) => String(will?.payload))).toEqual(["1", "2", "3", "4", "5"]);
});

test("a broker of MQTT 3.1.1 alone is spoken to in that", async () => {
  const old = await recordingBroker();
  onTestFinished(() => old.close());
  old.behave({ greet: ({ protocolVersion }) => (protocolVersion === 5 ? 1 : 0) });
  const { calling } = counting([old.url]);
  await eventually(() => calling.state().online);
  expect(old.of("connect").map(({ protocolVersion }) => protocolVersion)).toEqual([5, 4]);
});

test("mosquitto gives out the will of a kiosk that is cut off or says goodbye with it, and of no other", async () => {
  const { uplink } = uplinkOf();
  const witness = await uplink.connect(callTo(broker.url, { clientId: "witness" }));
  if (!witness.ok) throw new Error(witness.error.detail);
  const deaths: string[] = [];
  witness.value.listen({ heard: async ({ payload }) => void deaths.push(text(payload)), ended() {} });
  await witness.value.subscribe([{ topic: "death", qos: 1 }]);
  const proxy = await startProxy({ to: broker.port });
  for (const leaves of ["quietly", "with the will", "cut off"]) {
    const will = { topic: "death", payload: bytes(leaves), qos: 1, retain: false } as const;
    const session = await uplink.connect(callTo(`mqtt://${proxy.host}`, { will }));
    if (!session.ok) throw new Error(session.error.detail);
    if (leaves === "cut off") proxy.drop();
    else await session.value.end(leaves === "with the will");
  }
  await eventually(() => deaths.length === 2);
  expect(deaths).toEqual(["with the will", "cut off"]);
  await witness.value.end(false);
  await proxy.close();
});
