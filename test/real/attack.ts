import { randomBytes } from "node:crypto";
import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Envelope } from "../../protocol/commands/envelope.ts";
import { takenTopic, topicsOf, usedTopic } from "../../protocol/fleet/topics.ts";
import { deviceTopic, nodeTopic } from "../../protocol/sparkplug/topic.ts";
import { encodePayload } from "../../protocol/sparkplug/payload.ts";
import { root } from "./children.ts";
import type { Signer } from "./signer.ts";

// What somebody says to a kiosk who may publish at its broker, and has none of its keys.

export interface Thrown {
  readonly topic: string;
  readonly payload: Uint8Array;
}

export const json = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));

const lock = { op: "lock", why: "an attack" } as const;

/** One command for each reason for which it is not obeyed; the result's reason is the key. None of them may come retained. */
export function forged(signer: Signer): Readonly<Record<string, readonly Uint8Array[]>> {
  const good = signer.command(lock);
  const { ops: kid } = signer;
  const now = Date.now();
  const changed = (over: object): Uint8Array => json({ ...good, ...over });
  return {
    "too-large": [json({ ...good, args: { why: "x".repeat(20_000) } })],
    "not-json": [Buffer.from("[".repeat(8000)), Buffer.from([0xff, 0xfe, 0x00, 0x80])],
    "wrong-form": [changed({ op: 7 }), changed({ args: [] })],
    "wrong-station": [json(signer.command(lock, { aud: "real-2" }))],
    "unknown-key": [json(signer.command(lock, { kid: "ops-9" }))],
    "bad-signature": [changed({ args: { why: "another reason" } })],
    "wrong-role": [json(signer.command({ op: "unlock" }, { kid }))],
    "issued-ahead": [json(signer.command(lock, { iat: now + 3_600_000, exp: now + 7_200_000 }))],
    expired: [json(signer.command(lock, { iat: now - 7_200_000, exp: now - 3_600_000 }))],
  };
}

/** On every topic that a kiosk hears: noise, depth, size, and forms that are nearly right. */
export function garbage(group: string, kiosk: string, neighbour: string): readonly Thrown[] {
  const topics = topicsOf(group, kiosk);
  const heard = [
    topics.ack,
    topics.desired("config"),
    topics.desired("campaign", "summer"),
    topics.desired("keys"),
    `${topics.desired("config")}/of/nobody`,
    topics.down.replace("#", "strange"),
    usedTopic(group, "2026-07"),
    usedTopic(group, "x".repeat(500)),
    takenTopic(group, "drivers.before"),
    takenTopic(group, `drivers.${"0".repeat(500)}`),
    topicsOf(group, neighbour).stock,
    nodeTopic("NCMD", group, kiosk),
    deviceTopic("DCMD", group, kiosk, "vend"),
  ];
  const noise: readonly Uint8Array[] = [
    randomBytes(40),
    randomBytes(900_000),
    Buffer.from("[".repeat(500_000)),
    Buffer.from(`{"a":`.repeat(100_000)),
    Buffer.from("9".repeat(300_000)),
    json({ life: 1, upTo: 2, hash: "0".repeat(64) }),
    json({ life: Number.MAX_SAFE_INTEGER, upTo: 1, hash: "0".repeat(63) }),
    json({ v: 1, kind: "campaign", station: "REAL-1", id: "summer" }),
    json({ v: 1, at: Date.now(), left: { water: -1 } }),
    json(Array.from({ length: 100_000 }, () => ({}))),
  ];
  return heard.flatMap((topic) => noise.map((payload) => ({ topic, payload })));
}

/** Small messages for a flood: what costs a kiosk most to look at, for each of its ways. */
export function costly(group: string, kiosk: string, signer: Signer): readonly Thrown[] {
  const topics = topicsOf(group, kiosk);
  const rebirth = encodePayload({
    at: Date.now(),
    metrics: [{ name: "Node Control/Rebirth", type: "Boolean", value: true }],
  });
  return [
    { topic: topics.ack, payload: json({ life: 1, upTo: 1, hash: "1".repeat(64) }) },
    { topic: topics.ack, payload: json({ life: 1, upTo: 1, hash: "1".repeat(64), need: 1 }) },
    { topic: topics.desired("config"), payload: json({ ...signer.config({}, "x"), sig: "A".repeat(86) }) },
    { topic: topics.desired("keys"), payload: json({ v: 1, kind: "keys", station: "REAL-1" }) },
    { topic: usedTopic(group, "2026-07"), payload: json({ v: 1, kind: "used", group, batch: "2026-07" }) },
    { topic: takenTopic(group, "d.before"), payload: json({ v: 1, kind: "taken", group, batch: "d.before" }) },
    { topic: nodeTopic("NCMD", group, kiosk), payload: rebirth },
  ];
}

/** Commands that have the right form and a signature of nobody, each another. */
export const unsigned = (signer: Signer, count: number): readonly Envelope[] =>
  Array.from({ length: count }, () => ({
    ...signer.command(lock),
    sig: randomBytes(64).toString("base64url"),
  }));

export interface Flood {
  readonly qos: 0 | 1;
  readonly aSecond: number;
  readonly seconds: number;
}

/** Publishes these in turn from a process of its own. @returns how many went. */
export async function flood(url: string, thrown: readonly Thrown[], { qos, aSecond, seconds }: Flood): Promise<number> {
  const words = ["test/real/flood.ts", url, String(qos), String(aSecond), String(seconds)];
  const child = spawn(process.execPath, words, { cwd: root, stdio: ["pipe", "pipe", "inherit"] });
  let out = "";
  child.stdout.on("data", (text: Buffer) => (out += text.toString()));
  const lines = thrown.map(({ topic, payload }) =>
    JSON.stringify({ topic, base64: Buffer.from(payload).toString("base64") }),
  );
  child.stdin.end(`${lines.join("\n")}\n`);
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`the flood ended with exit code ${String(code)}`);
  return Number(out.trim());
}
