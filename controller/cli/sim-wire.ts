import { millis, type Clock } from "../../devices/kit/clock.ts";
import type { Peer, PeerDefinition } from "../../devices/kit/driver.ts";
import { fault } from "../../devices/kit/fault.ts";
import type { BytePort, Sink, Wires } from "../../devices/kit/port.ts";
import { err, ok } from "../../devices/kit/result.ts";
import type { OpenWire, World } from "../world.ts";

/** A device at the end of a simulated cable, which its wiring's `match` names. */
export interface AtCable {
  readonly match: string;
  readonly definition: PeerDefinition<unknown, Uint8Array, Uint8Array>;
  readonly options: unknown;
}

export interface SimWires {
  readonly wires: World["wires"];
  /** The simulated devices by the `match` of their cables. */
  readonly peers: ReadonlyMap<string, Peer<Uint8Array>>;
}

/** Cables inside this process, with simulated devices at their other ends that speak the true bytes. */
export function simWires(devices: readonly AtCable[], clock: Clock, chance: () => number): SimWires {
  const cables = new Map(devices.map((device) => [device.match, simCable(device, clock, chance)] as const));
  return {
    peers: new Map([...cables].map(([match, { peer }]) => [match, peer] as const)),
    wires: {
      open: async <P extends keyof Wires>(kind: P, { match }: { readonly match: string }) => {
        const cable = cables.get(match);
        if (cable === undefined || kind !== "bytes")
          return err(fault("no-device", `nothing is plugged in at ${match} in the simulation`));
        const wire: OpenWire<"bytes"> = { port: cable.port, close: async () => {} };
        return ok(wire as OpenWire as OpenWire<P>);
      },
    },
  };
}

function simCable({ definition, options, match }: AtCable, clock: Clock, chance: () => number) {
  const sinks = new Set<Sink<Uint8Array>>();
  const peer = definition.peer(options, { clock, chance: (probability) => chance() < probability }, (bytes) => {
    for (const sink of sinks) sink.heard(bytes);
  });
  const port: BytePort = {
    label: `simulated cable ${match}`,
    async send(bytes) {
      clock.after(millis(1), "cable", () => peer.hear(bytes));
      return ok(undefined);
    },
    listen(sink) {
      sinks.add(sink);
      return { stop: () => void sinks.delete(sink) };
    },
  };
  return { port, peer };
}
