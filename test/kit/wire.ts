import { millis, type Clock } from "../../devices/kit/clock.ts";
import type { Lab, Peer, PeerDefinition } from "../../devices/kit/driver.ts";
import { fault } from "../../devices/kit/fault.ts";
import type { BytePort, Sink } from "../../devices/kit/port.ts";
import { err, ok, type Result } from "../../devices/kit/result.ts";
import { dice as seeded, type Dice } from "./dice.ts";

/** What happens to a message on its way. At most one of lose and flip strikes one message. */
export interface Noise {
  /** Chance that one byte of a message is lost. */
  lose: number;
  /** Chance that one bit of a message is flipped. */
  flip: number;
  /** Chance that a message arrives twice. */
  double: number;
  /** Chance that one noise byte comes before a message. */
  garbage: number;
  /** Cut messages into chunks at random places. */
  split: boolean;
  /** Milliseconds that a message travels, at most. */
  delay: number;
  /** Above 0: every write of the kiosk is said to have failed so many milliseconds later, although it went. */
  failLate: number;
}

export const quietWire: Noise = { lose: 0, flip: 0, double: 0, garbage: 0, split: false, delay: 0, failLate: 0 };

export interface OpenEnd {
  readonly port: BytePort;
  close(): Promise<void>;
}

export interface Wire {
  /** Can be changed at any time. */
  readonly noise: Noise;
  /** The kiosk's end; a fresh port each time, `no-device` while unplugged, `busy` while another is open. */
  open(): Promise<Result<OpenEnd>>;
  unplug(): void;
  plug(): void;
  /** Bytes that no machine sent. */
  inject(bytes: Uint8Array): void;
  /** What was said, undisturbed: "> hex" by the kiosk, "< hex" by the machine. */
  readonly said: readonly string[];
  /** How many listeners the kiosk has on the wire. */
  listeners(): number;
}

const without = (bytes: Uint8Array, at: number): Uint8Array => bytes.filter((_, index) => index !== at);

export const hex = (bytes: Uint8Array) =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0").toUpperCase()).join(" ");
export const unhex = (text: string) =>
  Uint8Array.from(text.split(/\s+/).filter(Boolean), (pair) => Number.parseInt(pair, 16));

/** A wire between the kiosk and a simulated machine. The same seed gives the same disturbances. */
export function layWire<O>(
  definition: PeerDefinition<O, Uint8Array, Uint8Array>,
  options: O,
  clock: Clock,
  seed = 1,
  noise: Partial<Noise> = {},
): { readonly wire: Wire; readonly peer: Peer<Uint8Array>; readonly dice: Dice } {
  const dice = seeded(seed);
  const now: Noise = { ...quietWire, ...noise };
  /** Turned into text only where somebody reads it: a simulated day is not spent on hexadecimals. */
  const carried: { readonly mark: ">" | "<"; readonly bytes: Uint8Array }[] = [];
  const said: string[] = [];
  let plugged = true;
  let sinks = new Set<Sink<Uint8Array>>();
  let present: { open: boolean } | undefined;

  const disturb = (message: Uint8Array): Uint8Array => {
    let bytes = message;
    if (dice.chance(now.lose)) bytes = without(bytes, dice.between(0, bytes.length));
    else if (dice.chance(now.flip)) {
      const at = dice.between(0, bytes.length);
      bytes = bytes.with(at, (bytes[at] ?? 0) ^ (1 << dice.between(0, 8)));
    }
    if (dice.chance(now.garbage)) bytes = Uint8Array.of(dice.between(0, 256), ...bytes);
    return bytes;
  };

  const way = (label: string, arrive: (chunk: Uint8Array) => void) => {
    let free = 0;
    const travel = (chunk: Uint8Array) => {
      const at = Math.max(free, clock.mono() + (now.delay === 0 ? 0 : dice.between(0, now.delay + 1)));
      free = at;
      clock.after(millis(at - clock.mono()), label, () => {
        if (plugged) arrive(chunk);
      });
    };
    const carry = (message: Uint8Array) => {
      let rest = disturb(message);
      while (now.split && rest.length > 1) {
        const cut = dice.between(1, rest.length + 1);
        travel(rest.slice(0, cut));
        rest = rest.slice(cut);
      }
      if (rest.length > 0) travel(rest);
    };
    return (message: Uint8Array) => {
      carry(message);
      if (dice.chance(now.double)) carry(message);
    };
  };

  const deliver = (chunk: Uint8Array) => {
    for (const sink of sinks) sink.heard(chunk);
  };
  const toKiosk = way("wire: to the kiosk", deliver);
  const lab: Lab = { clock, chance: dice.chance };
  const peer = definition.peer(options, lab, (bytes) => {
    const copy = bytes.slice();
    carried.push({ mark: "<", bytes: copy });
    if (plugged) toKiosk(copy);
  });
  const toPeer = way("wire: to the machine", (chunk) => peer.hear(chunk));

  const unplugged = fault("no-device", "unplugged");
  const wire: Wire = {
    noise: now,
    get said() {
      for (const { mark, bytes } of carried.splice(0)) said.push(`${mark} ${hex(bytes)}`);
      return said;
    },
    listeners: () => sinks.size,
    async open() {
      if (!plugged) return err(unplugged);
      if (present?.open) return err(fault("busy", "in use"));
      const me = { open: true };
      present = me;
      const mine = (sinks = new Set());
      const port: BytePort = {
        label: "wire",
        async send(bytes) {
          if (!plugged || !me.open) return err(unplugged);
          const copy = bytes.slice();
          carried.push({ mark: ">", bytes: copy });
          toPeer(copy);
          if (now.failLate === 0) return ok(undefined);
          await new Promise<void>((resolve) => clock.after(millis(now.failLate), "wire: a late failure", resolve));
          return err(fault("no-device", "EIO"));
        },
        listen(sink) {
          mine.add(sink);
          return { stop: () => void mine.delete(sink) };
        },
      };
      return ok({
        port,
        async close() {
          me.open = false;
        },
      });
    },
    unplug() {
      if (!plugged) return;
      plugged = false;
      if (present) present.open = false;
      for (const sink of Array.from(sinks)) sink.lost(unplugged);
    },
    plug() {
      plugged = true;
    },
    inject: (bytes) => clock.after(millis(0), "wire: noise", () => deliver(bytes)),
  };
  return { wire, peer, dice };
}
