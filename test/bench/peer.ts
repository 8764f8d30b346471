// The edge node of sparkplug-client, in a process of its own, as its readme has it:
//   node test/bench/peer.ts URL METRICS EVERY_MS
// It tells so many changing values at once, and on stdout how often it did, a line each.
import { newClient } from "sparkplug-client";

const [serverUrl = "", metrics = "20", every = "50"] = process.argv.slice(2);
const client = newClient({
  serverUrl,
  username: "",
  password: "",
  groupId: "320583",
  edgeNode: "zp-0001234",
  clientId: "zp-0001234",
  version: "spBv1.0",
  keepalive: 120,
});
const slots = Array.from({ length: Number(metrics) }, (_, n) => `Slot/${n + 1}/Stock`);
const values = (count: number) => ({
  timestamp: Date.now(),
  metrics: slots.map((name, n) => ({
    name,
    alias: n + 1,
    type: "Int32" as const,
    value: count,
    timestamp: Date.now(),
  })),
});
client.on("error", () => {});
client.on("birth", () => {
  client.publishNodeBirth(values(0));
  client.publishDeviceBirth("vend", values(0));
});
let count = 0;
setInterval(() => {
  count += 1;
  client.publishDeviceData("vend", values(count));
  console.log(count);
}, Number(every));
