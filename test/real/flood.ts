// Somebody who may publish at a broker, in a process of its own:
//   node test/real/flood.ts URL QOS A_SECOND SECONDS
// It reads messages from stdin, {"topic","base64"} a line, and publishes them in turn, so many a second for so long. The
// last line of stdout is how many went; with QoS 1 the broker has them all by then.
import { createInterface } from "node:readline";
import mqtt from "mqtt";

const [url = "", qos = "0", aSecond = "10000", seconds = "5"] = process.argv.slice(2);
const messages: { readonly topic: string; readonly payload: Buffer }[] = [];
for await (const line of createInterface({ input: process.stdin })) {
  const { topic, base64 } = JSON.parse(line) as { topic: string; base64: string };
  messages.push({ topic, payload: Buffer.from(base64, "base64") });
}

const level = qos === "1" ? 1 : 0;
const client = await mqtt.connectAsync(url, { reconnectPeriod: 0, protocolVersion: 5 });
const began = performance.now();
const span = 1000 * Number(seconds);
let sent = 0;
let open = 0;
let settled: () => void = () => {};
for (let past = 0; past < span; past = performance.now() - began) {
  for (const due = Math.floor((past / 1000) * Number(aSecond)); sent < due; sent++) {
    const message = messages[sent % messages.length];
    if (message === undefined) break;
    open += 1;
    client.publish(message.topic, message.payload, { qos: level }, () => {
      open -= 1;
      if (open === 0) settled();
    });
  }
  await new Promise((resolve) => setTimeout(resolve, 5));
}
if (open > 0) await new Promise<void>((resolve) => (settled = resolve));
await client.endAsync();
console.log(sent);
