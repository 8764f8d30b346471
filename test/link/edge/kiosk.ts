import { openEdgeNode, type EdgeNode } from "../../../controller/link/edge-node.ts";
import type { EdgeSetting } from "../../../controller/link/edge.ts";
import { metricSet } from "../../../controller/link/metric-set.ts";
import { mqttUplink } from "../../../controller/link/mqtt.ts";
import { partsOf, telemetry, type Cabinet, type Standing } from "../../../controller/link/telemetry.ts";
import type { Session } from "../../../controller/link/uplink.ts";
import type { Disk, Vitals } from "../../../controller/world.ts";
import { millis, seconds } from "../../../devices/kit/clock.ts";
import { err, ok } from "../../../devices/kit/result.ts";
import { nodeMetrics } from "../../../protocol/sparkplug/metrics.ts";
import { encodePayload, type Metric } from "../../../protocol/sparkplug/payload.ts";
import { nodeTopic, stateTopic } from "../../../protocol/sparkplug/topic.ts";
import { Paper, setting as shop } from "../../controller/domain/on-paper.ts";
import { eventually, recordingBroker, type RecordingBroker } from "../../kit/broker.ts";
import { manualClock } from "../../kit/clock.ts";
import { dice } from "../../kit/dice.ts";
import { stepOf, type Step } from "./step.ts";

export const group = "320583";
export const node = "zp-001";
export const host = "centre";

export const standing: Standing = {
  code: "ZP-001",
  name: "Example station",
  release: "0.1.0",
  devices: [
    { id: "vend", can: ["vending", "board"], slots: shop.places.map(({ slot }) => ({ slot, par: 10 })) },
    { id: "cold", can: ["board"], slots: [] },
  ],
};

export const metrics = metricSet(nodeMetrics, partsOf(standing.devices));
export const setting: EdgeSetting = {
  group,
  node,
  metrics,
  heartbeat: metrics.named("Sys/Uptime_s"),
  servers: 1,
  birthSpread: millis(0),
};

/** Things that are kept, in memory. */
export function shelf(): Disk["keep"] & { readonly kept: Map<string, Uint8Array>; puts: number } {
  const kept = new Map<string, Uint8Array>();
  return {
    kept,
    puts: 0,
    get: (name) => kept.get(name),
    async put(name, value) {
      this.puts += 1;
      kept.set(name, new Uint8Array(value));
      return ok(undefined);
    },
  };
}

/** For packets over the loopback, milliseconds: generous on a machine with much else to do. */
const patience = 10_000;

const quiet = { note() {}, fail() {}, newest: () => [] };

/** A kiosk with its machines on paper and a real way to real brokers, whose every packet is written down. */
export class Kiosk {
  readonly clock = manualClock();
  readonly paper = new Paper();
  readonly keep = shelf();
  node: EdgeNode;
  readonly brokers: RecordingBroker[] = [];
  readonly cabinets = new Map<string, Cabinet>();
  readonly left: string[] = [];
  vitals: Vitals = { uptimeSeconds: 100, bootId: "first", cpuPercent: 10, temperatureC: 40, underVoltage: false };
  readonly #said: { readonly at: number; readonly step: Step }[] = [];
  readonly #setting: EdgeSetting;
  #published = 0;
  #heard = 0;
  #lost = 0;
  #leftSeen = 0;

  constructor(more: Partial<EdgeSetting> = {}) {
    this.#setting = { ...setting, ...more };
    this.node = this.#opened();
    this.paper.device("working", undefined, "cold");
  }

  #opened(): EdgeNode {
    const { clock, keep } = this;
    const { roll } = dice(7);
    return openEdgeNode({
      setting: this.#setting,
      keep,
      clock,
      dice: { bytes: (n) => Uint8Array.from({ length: n }, () => Math.floor(roll() * 256)) },
      log: quiet,
      left: (why) => this.left.push(why),
    });
  }

  async broker(): Promise<RecordingBroker> {
    const broker = await recordingBroker();
    this.brokers.push(broker);
    return broker;
  }

  /** CONNECT with a fresh will, then the node's own beginning; settles when it is as far as it can be now. */
  async connect(broker: RecordingBroker, version: 4 | 5 = 5): Promise<void> {
    this.report();
    const will = await this.node.will();
    const uplink = mqttUplink({ clock: this.clock, credentials: () => err("no files") });
    const call = { server: broker.url, clientId: node, will, keepalive: seconds(600), version } as const;
    const called = await uplink.connect(call);
    if (!called.ok) throw new Error(called.error.detail);
    const session: Session = {
      ...called.value,
      publish: (message) => {
        this.#published += 1;
        return called.value.publish(message);
      },
    };
    session.listen({
      heard: async (message) => {
        this.node.heard(message);
        this.#heard += 1;
      },
      ended: () => {
        this.node.lost();
        this.#lost += 1;
      },
    });
    const before = broker.of("subscribe").length;
    void this.node.begin(session);
    await eventually(() => broker.of("subscribe").length > before, "the subscription", patience);
    await this.settled();
  }

  /** Until the brokers have everything that was published. */
  async settled(): Promise<void> {
    await this.clock.pass(1);
    const arrived = () => this.brokers.reduce((sum, broker) => sum + broker.of("publish").length, 0);
    // What was answered at the same moment may make it say more.
    for (let before = -1; before !== this.#published; await new Promise((resolve) => setTimeout(resolve, 5))) {
      before = this.#published;
      await eventually(() => arrived() === this.#published, "all that was published", patience);
    }
  }

  report(): void {
    this.node.report(
      telemetry({
        standing,
        setting: shop,
        state: this.paper.state,
        vitals: this.vitals,
        cabinets: this.cabinets,
        outbox: { depth: 0, oldestSeconds: 0, dropped: this.node.dropped() },
        configuration: { version: "1", hash: "00" },
        certificateDays: 300,
      }),
    );
  }

  /** Something is so now, and `seconds` go by, in steps in which the packets of a step come to the broker. */
  async now(change: () => void, passing = 3): Promise<void> {
    change();
    this.report();
    for (let left = passing; left > 0; left -= 30) {
      await this.clock.pass(Math.min(30, left) * 1000);
      await this.settled();
    }
  }

  /** A worker gets a good out of the machine. */
  vend(): void {
    const { paper } = this;
    paper.start(paper.disk.length % 2 === 0 ? "1111111111" : "2222222222");
    if (paper.waits("release") > 0) paper.drops();
    paper.saveAll();
  }

  async says(topic: string, payload: Uint8Array | string, retain = false): Promise<void> {
    const bytes = typeof payload === "string" ? new TextEncoder().encode(payload) : payload;
    const before = this.#heard;
    this.#said.push({ at: performance.now(), step: { connection: "host", is: "said", topic, payload: bytes } });
    this.brokers.forEach((broker) => broker.say({ topic, payload: bytes, retain }));
    await eventually(() => this.#heard > before, "what the broker said", patience);
    await this.settled();
  }

  hostIs(online: boolean, timestamp: number): Promise<void> {
    return this.says(stateTopic(host), JSON.stringify({ online, timestamp }));
  }

  command(...asked: readonly Metric[]): Promise<void> {
    return this.says(nodeTopic("NCMD", group, node), encodePayload({ at: 1, metrics: asked }));
  }

  /** The line is cut without a word. */
  async cut(): Promise<void> {
    const before = this.#lost;
    this.brokers.forEach((broker) => broker.drop());
    await eventually(() => this.#lost > before, "the end of the connection", patience);
  }

  /** The process ends as it should, and starts again: only what is on the disk is known. */
  async restart(): Promise<void> {
    await this.clock.finish(this.node.stop());
    this.node = this.#opened();
  }

  /** Until it has ended its connection by itself. */
  async hasLeft(): Promise<void> {
    const before = this.#leftSeen;
    await eventually(() => this.left.length > before, "the kiosk to leave", patience);
    this.#leftSeen = this.left.length;
  }

  /** What was seen of it, over all brokers. */
  steps(): readonly Step[] {
    const seen = this.brokers.flatMap((broker, index) =>
      broker.seen.flatMap((one) => {
        const step = stepOf(one, `${String(index + 1)}.`);
        return step === undefined ? [] : [{ at: one.at, step }];
      }),
    );
    return [...seen, ...this.#said].sort((one, other) => one.at - other.at).map(({ step }) => step);
  }

  async close(): Promise<void> {
    const stopping = this.node.stop();
    await this.clock.finish(stopping, 60_000);
    await Promise.all(this.brokers.map((broker) => broker.close()));
  }
}
