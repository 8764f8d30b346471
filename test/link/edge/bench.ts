import { openEdgeNode } from "../../../controller/link/edge-node.ts";
import type { EdgeSetting } from "../../../controller/link/edge.ts";
import type { Telemetry } from "../../../controller/link/telemetry.ts";
import type { Message } from "../../../controller/link/uplink.ts";
import { rebirth } from "../../../protocol/sparkplug/metrics.ts";
import { decodePayload, encodePayload, type Metric, type Payload } from "../../../protocol/sparkplug/payload.ts";
import { nodeTopic } from "../../../protocol/sparkplug/topic.ts";
import { manualClock } from "../../kit/clock.ts";
import { FakeSession } from "./fake-session.ts";
import { group, node, setting, shelf } from "./kiosk.ts";

/** A node on a manual clock, between fake sessions. */
export class Bench {
  readonly clock = manualClock();
  readonly keep;
  readonly left: string[] = [];
  readonly failed: string[] = [];
  readonly sessions: FakeSession[] = [];
  readonly wills: Message[] = [];
  #told: Telemetry = { readings: [], there: new Set(["vend", "cold"]) };
  readonly node;

  constructor(more: Partial<EdgeSetting> = {}, keep = shelf()) {
    this.keep = keep;
    this.node = openEdgeNode({
      setting: { ...setting, ...more },
      keep: this.keep,
      clock: this.clock,
      dice: { bytes: (n) => new Uint8Array(n).fill(128) },
      log: { note() {}, fail: (event) => void this.failed.push(event), newest: () => [] },
      left: (why) => this.left.push(why),
    });
    this.node.report(this.#told);
  }

  get session(): FakeSession {
    const last = this.sessions.at(-1);
    if (last === undefined) throw new Error("there is no session");
    return last;
  }

  async connect(): Promise<FakeSession> {
    this.wills.push(await this.node.will());
    this.sessions.push(new FakeSession());
    void this.node.begin(this.session);
    await this.clock.pass(0);
    return this.session;
  }

  cut(): void {
    this.session.cut();
    this.node.lost();
  }

  report(name: string, value: Metric["value"], device?: string): void {
    const others = this.#told.readings.filter((one) => one.name !== name || one.device !== device);
    const reading = { name, value, ...(device === undefined ? {} : { device }) };
    this.#told = { ...this.#told, readings: [...others, reading] };
    this.node.report(this.#told);
  }

  devices(...there: readonly string[]): void {
    this.#told = { ...this.#told, there: new Set(there) };
    this.node.report(this.#told);
  }

  command(...asked: readonly Metric[]): void {
    this.hears(encodePayload({ at: 1, metrics: asked }));
  }

  hears(payload: Uint8Array, topic = nodeTopic("NCMD", group, node), retained = false): boolean {
    return this.node.heard({ topic, payload, qos: 0, retain: retained, retained });
  }
}

/** What a host that missed something asks for. */
export const asked = { name: rebirth.name, type: "Boolean", value: true } as const;
export const typeOf = ({ topic }: Message): string => topic.split("/")[2] ?? "";
export const read = ({ payload }: Message): Payload => {
  const decoded = decodePayload(payload);
  if (!decoded.ok) throw new Error(decoded.error.join());
  return decoded.value;
};
export const kinds = (session: FakeSession, from = 0): readonly string[] => session.published.slice(from).map(typeOf);
