import { xor } from "../../../devices/kit/checksum.ts";
import type { Device, Facts } from "../../../devices/kit/driver.ts";
import type { Fault } from "../../../devices/kit/fault.ts";
import type { BytePort, Sink } from "../../../devices/kit/port.ts";
import { err, ok, type Result } from "../../../devices/kit/result.ts";
import type { Vending } from "../../../devices/vending/capability.ts";
import xy from "../../../devices/vending/xy.ts";
import { manualClock, type ManualClock } from "../../kit/clock.ts";
import { hex, unhex } from "../../kit/wire.ts";

export const POLL = "FA FB 41 00 40";
export const ACK = "FA FB 42 00 43";

/** A frame by the rule of the document: "06 05 04 01 …" with its head before and its sum behind. */
export const framed = (body: string): string => {
  const bytes = unhex(`FA FB ${body}`);
  return hex(Uint8Array.of(...bytes, xor(bytes)));
};

/** The driver with nothing at its other end but the test, which plays the board frame by frame. */
export interface ByHand {
  readonly clock: ManualClock;
  readonly device: Device;
  readonly vending: Vending;
  readonly notes: readonly (readonly [event: string, facts: Facts | undefined])[];
  readonly listeners: () => number;
  /** Says this to the driver in one chunk, and gives what it says to that. */
  says(...frames: readonly string[]): Promise<readonly string[]>;
  /** One poll; its answer is taken with ACK unless it is one. Gives the answer. */
  poll(): Promise<string>;
  /** Polls until there is nothing more to say; gives all that was said. */
  drain(): Promise<readonly string[]>;
  lose(fault: Fault): void;
  /** From now on every write fails. */
  breakWrites(fault: Fault): void;
}

export async function byHand(options: object = {}): Promise<ByHand> {
  const clock = manualClock();
  const said: string[] = [];
  const notes: (readonly [string, Facts | undefined])[] = [];
  const sinks = new Set<Sink<Uint8Array>>();
  let broken: Fault | undefined;
  const port: BytePort = {
    label: "by hand",
    async send(bytes): Promise<Result<void>> {
      if (broken) return err(broken);
      said.push(hex(bytes));
      return ok(undefined);
    },
    listen(sink) {
      sinks.add(sink);
      return { stop: () => void sinks.delete(sink) };
    },
  };
  const read = xy.options({ slots: 20, ...options });
  if (!read.ok) throw new Error(read.error.join("; "));
  const opened = await xy.open({
    id: "vend",
    options: read.value,
    port,
    clock,
    note: (event, facts) => void notes.push([event, facts]),
  });
  if (!opened.ok) throw new Error(opened.error.detail);
  const device = opened.value;
  const { vending } = device.can;
  if (!vending) throw new Error("no vending");

  const says = async (...frames: readonly string[]) => {
    await clock.pass(0);
    for (const sink of Array.from(sinks)) sink.heard(unhex(frames.join(" ")));
    await clock.pass(0);
    return said.splice(0);
  };
  const poll = async () => {
    const [answer = ""] = await says(POLL);
    if (answer !== ACK) await says(ACK);
    await clock.pass(200);
    return answer;
  };
  return {
    clock,
    device,
    vending,
    notes,
    says,
    poll,
    listeners: () => sinks.size,
    async drain() {
      const all: string[] = [];
      for (let answer = await poll(); answer !== ACK; answer = await poll()) all.push(answer);
      return all;
    },
    lose(fault) {
      for (const sink of Array.from(sinks)) sink.lost(fault);
    },
    breakWrites(fault) {
      broken = fault;
    },
  };
}

/** 04: progress and result, with the board's number. */
export const tells = (pack: string, status: string, slot = "01") => framed(`04 04 ${pack} ${status} 00 ${slot}`);
/** The board confirms that drop detection is on. */
export const confirmed = framed("71 04 70 24 01 00");
/** Greeted, and drop detection confirmed. The next number of ours is 5. */
export async function ready(options: object = {}): Promise<ByHand> {
  const hand = await byHand(options);
  await hand.drain();
  await hand.says(confirmed);
  return hand;
}
/** The order to drive a slot with the sensor on. */
export const drive = (pack: string, slot = "01") => framed(`06 05 ${pack} 01 00 00 ${slot}`);
