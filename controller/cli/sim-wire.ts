import { millis, type Clock } from "../../devices/kit/clock.ts";
import type { Peer, PeerDefinition } from "../../devices/kit/driver.ts";
import { fault } from "../../devices/kit/fault.ts";
import type { Port, ReportPort, Sink, Wires } from "../../devices/kit/port.ts";
import { err, ok } from "../../devices/kit/result.ts";
import type { OpenWire, World } from "../world.ts";

/**
 * A device at the end of a simulated cable, which its wiring's `match` names. Which words pass over which kind of wire
 * no type can say here: the driver's `port` does.
 */
export interface AtCable {
  readonly match: string;
  readonly kind: keyof Wires;
  readonly definition: PeerDefinition<unknown, unknown, unknown>;
  readonly options: unknown;
}

export interface SimWires {
  readonly wires: World["wires"];
  /** The simulated devices by the `match` of their cables. */
  readonly peers: ReadonlyMap<string, Peer<unknown>>;
  /** False where there is no such cable. */
  unplug(match: string): boolean;
  plug(match: string): boolean;
}

/** Cables inside this process, with simulated devices at their other ends that speak the true bytes. */
export function simWires(devices: readonly AtCable[], clock: Clock, chance: () => number): SimWires {
  const cables = new Map(devices.map((device) => [device.match, simCable(device, clock, chance)] as const));
  const waiting = new Set<() => void>();
  const done = (match: string, act: "unplug" | "plug"): boolean => {
    cables.get(match)?.[act]();
    if (act === "plug") for (const heard of waiting) heard();
    return cables.has(match);
  };
  return {
    peers: new Map([...cables].map(([match, { peer }]) => [match, peer] as const)),
    unplug: (match) => done(match, "unplug"),
    plug: (match) => done(match, "plug"),
    wires: {
      open: async <P extends keyof Wires>(kind: P, { match }: { readonly match: string }) => {
        const cable = cables.get(match);
        if (cable === undefined || cable.kind !== kind || !cable.plugged())
          return err(fault("no-device", `nothing is plugged in at ${match} in the simulation`));
        const wire: OpenWire = { port: cable.port, close: async () => {} };
        return ok(wire as OpenWire<P>);
      },
      plugged(heard) {
        waiting.add(heard);
        return { stop: () => void waiting.delete(heard) };
      },
    },
  };
}

function simCable({ definition, options, match, kind }: AtCable, clock: Clock, chance: () => number) {
  let sinks: ReadonlySet<Sink<unknown>> = new Set();
  let plugged = true;
  const unplugged = fault("no-device", `the simulated cable ${match} is out`);
  const peer = definition.peer(options, { clock, chance: (probability) => chance() < probability }, (word) => {
    if (plugged) for (const sink of sinks) sink.heard(word);
  });
  const plain: Port<unknown, unknown> = {
    label: `simulated cable ${match}`,
    async send(word) {
      if (!plugged) return err(unplugged);
      clock.after(millis(1), "cable", () => peer.hear(word));
      return ok(undefined);
    },
    listen(sink) {
      sinks = new Set([...sinks, sink]);
      return { stop: () => void (sinks = new Set([...sinks].filter((one) => one !== sink))) };
    },
  };
  const descriptor = definition.descriptor?.(options);
  // The words of the other kinds pass as they are.
  const port = (descriptor ? reportPort(plain, descriptor) : plain) as Wires[keyof Wires];
  return {
    kind,
    port,
    peer,
    plugged: () => plugged,
    plug: () => void (plugged = true),
    unplug() {
      plugged = false;
      const left = sinks;
      sinks = new Set();
      for (const sink of left) sink.lost(unplugged);
    },
  };
}

/** The wire of a simulated HID device, which introduces itself with its descriptor. */
export const reportPort = (plain: Port<Uint8Array, Uint8Array>, descriptor: Uint8Array): ReportPort => ({
  ...plain,
  descriptor,
  // The machine knows a feature report by its number, or by its length where reports have none.
  feature: plain.send,
  askFeature: async () => err(fault("refused", "this simulated device answers no feature report")),
});
