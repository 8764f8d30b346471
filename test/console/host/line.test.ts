import { expect, test } from "vitest";
import { dial, type Ears } from "../../../console/host/line.ts";
import { eventually, recordingBroker } from "../../kit/broker.ts";

const will = { topic: "spBv1.0/STATE/centre", payload: '{"online":false,"timestamp":1}' };

async function aLine() {
  const broker = await recordingBroker();
  const ends: string[] = [];
  const ears: Ears = { heard: () => {}, ended: (reason) => ends.push(reason) };
  const line = await dial({ server: { url: broker.url }, clientId: "centre", will, version: 5 }, ears);
  if (line === undefined) throw new Error(`No line: ${ends.join(" ")}`);
  return { broker, line, ends };
}

test("what is on its way when the line ends is settled, even where the broker had stopped to read", async () => {
  const { broker, line, ends } = await aLine();
  broker.reads(false);
  const large = new Uint8Array(4 << 20);
  let settled = 0;
  const results = Array.from({ length: 16 }, () => line.publish("t", large, 0, false).finally(() => (settled += 1)));
  const confirmed = line.publish("t", "x", 1, false);
  broker.drop();
  await eventually(() => ends.length === 1, "the end");
  expect((await Promise.all([...results, confirmed])).some(({ ok }) => !ok)).toBe(true);
  expect(settled).toBe(16);
  expect(await line.publish("t", "x", 0, false)).toEqual({ ok: false, error: ["The connection is gone."] });
  expect(await line.subscribe(["t"])).toEqual({ ok: false, error: ["The connection is gone."] });
  await broker.close();
});

test("a broker that ends the connection is believed, though it leaves the line open, and its reason is told", async () => {
  const { broker, ends } = await aLine();
  broker.send({ cmd: "disconnect", reasonCode: 0x8b });
  await eventually(() => ends.length === 1, "the end");
  expect(ends).toEqual(["The broker ended the connection, reason 139."]);
  await broker.close();
});
