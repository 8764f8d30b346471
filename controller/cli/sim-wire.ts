import { millis, type Clock } from "../../devices/kit/clock.ts";
import type { Peer, PeerDefinition } from "../../devices/kit/driver.ts";
import type { BytePort, Sink } from "../../devices/kit/port.ts";
import { ok } from "../../devices/kit/result.ts";
import type { World } from "../world.ts";

/** A cable inside this process, with a simulated machine at its other end that speaks the true bytes. */
export function simWire<O>(
  definition: PeerDefinition<O, Uint8Array, Uint8Array>,
  options: O,
  clock: Clock,
  chance: () => number,
) {
  const sinks = new Set<Sink<Uint8Array>>();
  const peer: Peer<Uint8Array> = definition.peer(
    options,
    { clock, chance: (probability) => chance() < probability },
    (bytes) => {
      for (const sink of sinks) sink.heard(bytes);
    },
  );
  const port: BytePort = {
    label: "simulated cable",
    async send(bytes) {
      clock.after(millis(1), "cable", () => peer.hear(bytes));
      return ok(undefined);
    },
    listen(sink) {
      sinks.add(sink);
      return { stop: () => void sinks.delete(sink) };
    },
  };
  const wires: World["wires"] = { open: async () => ok({ port, close: async () => {} }) };
  return { wires, peer };
}
