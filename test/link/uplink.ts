import { onTestFinished } from "vitest";
import { seconds } from "../../devices/kit/clock.ts";
import { err, type Result } from "../../devices/kit/result.ts";
import type { Fault } from "../../devices/kit/fault.ts";
import { mqttUplink } from "../../controller/link/mqtt.ts";
import type { Credentials } from "../../controller/link/tls.ts";
import type { Call, Heard, Message, Refused, Session } from "../../controller/link/uplink.ts";
import { quickClock } from "../kit/quick-clock.ts";

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
export const text = (payload: Uint8Array): string => new TextDecoder().decode(payload);

export const callTo = (server: string, more: Partial<Call> = {}): Call => ({
  server,
  clientId: "zp-001",
  will: { topic: "spBv1.0/320583/NDEATH/zp-001", payload: bytes("gone"), qos: 1, retain: false },
  keepalive: seconds(120),
  ...more,
});

export const message = (topic: string, payload: string | Uint8Array, qos: 0 | 1 = 1): Message => ({
  topic,
  payload: typeof payload === "string" ? bytes(payload) : payload,
  qos,
  retain: false,
});

/** The uplink of a kiosk whose waits are `times` as short. */
export function uplinkOf(
  credentials: () => Result<Credentials, string> = () => err("no files"),
  { times = 1, trusted = true } = {},
) {
  const clock = quickClock(times, trusted);
  const notes: { readonly event: string; readonly facts: unknown }[] = [];
  const uplink = mqttUplink({ clock, credentials, note: (event, facts) => notes.push({ event, facts }) });
  return { uplink, clock, notes };
}

/** The session of a call that must be answered; it is ended with the test. */
export function answered(result: Result<Session, Refused>): Session {
  if (!result.ok) throw new Error(`the call was refused: ${result.error.why}: ${result.error.detail}`);
  onTestFinished(() => result.value.end(false));
  return result.value;
}

/** Listens, and keeps what it hears. */
export function ear(session: Session, hear: (message: Heard) => Promise<void> = async () => {}) {
  const heard: Heard[] = [];
  const ended: Fault[] = [];
  const listening = session.listen({
    heard(one) {
      heard.push(one);
      return hear(one);
    },
    ended: (why) => ended.push(why),
  });
  return { heard, ended, listening };
}
