import { millis, type Clock } from "../../devices/kit/clock.ts";
import type { Lab, Peer, PeerDefinition } from "../../devices/kit/driver.ts";
import { fault } from "../../devices/kit/fault.ts";
import type { BytePort, Port, Sink } from "../../devices/kit/port.ts";
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

export interface OpenEnd<P = BytePort> {
  readonly port: P;
  close(): Promise<void>;
}

export interface Wire<In = Uint8Array, P = BytePort> {
  /** Can be changed at any time. */
  readonly noise: Noise;
  /** The kiosk's end; a fresh port each time, `no-device` while unplugged, `busy` while another is open. */
  open(): Promise<Result<OpenEnd<P>>>;
  unplug(): void;
  plug(): void;
  /** What no machine sent. */
  inject(item: In): void;
  /** What was said, undisturbed: "> hex" by the kiosk, "< hex" by the machine. */
  readonly said: readonly string[];
  /** How many listeners the kiosk has on the wire. */
  listeners(): number;
}

/** What a kind of wire carries to the kiosk, and what may happen to it on its way. */
export interface Medium<In, P, Out = Uint8Array> {
  /** The same, in memory that nobody else will use. */
  copy(item: In): In;
  /** As it stands in `said`. */
  text(item: In): string;
  /** What is left of a message, and in which pieces it comes. Rolls the dice only for what its noise asks. */
  disturbed(item: In, dice: Dice, noise: Noise): Iterable<In>;
  /** The same for what the kiosk says. */
  copyOutward(said: Out): Out;
  textOutward(said: Out): string;
  disturbedOutward(said: Out, dice: Dice, noise: Noise): Iterable<Out>;
  /** What the kiosk gets to hold. */
  port(plain: Port<Out, In>): P;
}

export const hex = (bytes: Uint8Array) =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0").toUpperCase()).join(" ");
export const unhex = (text: string) =>
  Uint8Array.from(text.split(/\s+/).filter(Boolean), (pair) => Number.parseInt(pair, 16));

export const flipBit = (bytes: Uint8Array, { between }: Dice): Uint8Array => {
  const at = between(0, bytes.length);
  return bytes.with(at, (bytes[at] ?? 0) ^ (1 << between(0, 8)));
};
const without = (bytes: Uint8Array, at: number): Uint8Array => bytes.filter((_, index) => index !== at);

/** Bytes can be lost one by one, and come in any pieces. */
function* piecesOf(message: Uint8Array, dice: Dice, noise: Noise): Iterable<Uint8Array> {
  let rest = message;
  if (dice.chance(noise.lose)) rest = without(rest, dice.between(0, rest.length));
  else if (dice.chance(noise.flip)) rest = flipBit(rest, dice);
  if (dice.chance(noise.garbage)) rest = Uint8Array.of(dice.between(0, 256), ...rest);
  while (noise.split && rest.length > 1) {
    const cut = dice.between(1, rest.length + 1);
    yield rest.slice(0, cut);
    rest = rest.slice(cut);
  }
  if (rest.length > 0) yield rest;
}

function* disturbedBytes(message: Uint8Array, dice: Dice, noise: Noise): Iterable<Uint8Array> {
  yield* piecesOf(message, dice, noise);
  if (dice.chance(noise.double)) yield* piecesOf(message, dice, noise);
}

/** Where the kiosk says bytes. */
export const saysBytes = { copyOutward: (said: Uint8Array) => said.slice(), textOutward: hex };

const bytes: Medium<Uint8Array, BytePort> = {
  copy: (message) => message.slice(),
  text: hex,
  disturbed: disturbedBytes,
  ...saysBytes,
  disturbedOutward: disturbedBytes,
  port: (plain) => plain,
};

/** A wire between the kiosk and a simulated machine. The same seed gives the same disturbances. */
export const layWire = <O>(
  definition: PeerDefinition<O, Uint8Array, Uint8Array>,
  options: O,
  clock: Clock,
  seed = 1,
  noise: Partial<Noise> = {},
) => layOver(bytes, definition, options, clock, seed, noise);

export interface Laid<In = Uint8Array, P = BytePort, Out = Uint8Array> {
  readonly wire: Wire<In, P>;
  readonly peer: Peer<Out>;
  readonly dice: Dice;
}

/** A wire of any kind. */
export function layOver<O, In, P, Out>(
  medium: Medium<In, P, Out>,
  definition: PeerDefinition<O, Out, In>,
  options: O,
  clock: Clock,
  seed: number,
  noise: Partial<Noise>,
): Laid<In, P, Out> {
  const dice = seeded(seed);
  const now: Noise = { ...quietWire, ...noise };
  /** Turned into text only where somebody reads it: a simulated day is not spent on hexadecimals. */
  const carried: (() => string)[] = [];
  const said: string[] = [];
  let plugged = true;
  let sinks = new Set<Sink<In>>();
  let present: { open: boolean } | undefined;

  type Disturbed<T> = (message: T, dice: Dice, noise: Noise) => Iterable<T>;
  const way = <T>(label: string, disturbed: Disturbed<T>, arrive: (piece: T) => void) => {
    let free = 0;
    const travel = (piece: T) => {
      const at = Math.max(free, clock.mono() + (now.delay === 0 ? 0 : dice.between(0, now.delay + 1)));
      free = at;
      clock.after(millis(at - clock.mono()), label, () => {
        if (plugged) arrive(piece);
      });
    };
    return (message: T) => {
      for (const piece of disturbed(message, dice, now)) travel(piece);
    };
  };

  const deliver = (piece: In) => {
    for (const sink of sinks) sink.heard(piece);
  };
  const toKiosk = way("wire: to the kiosk", medium.disturbed, deliver);
  const lab: Lab = { clock, chance: dice.chance };
  const peer = definition.peer(options, lab, (message) => {
    const copy = medium.copy(message);
    carried.push(() => `< ${medium.text(copy)}`);
    if (plugged) toKiosk(copy);
  });
  const toPeer = way("wire: to the machine", medium.disturbedOutward, (chunk) => peer.hear(chunk));

  const unplugged = fault("no-device", "unplugged");
  const wire: Wire<In, P> = {
    noise: now,
    get said() {
      for (const line of carried.splice(0)) said.push(line());
      return said;
    },
    listeners: () => sinks.size,
    async open() {
      if (!plugged) return err(unplugged);
      if (present?.open) return err(fault("busy", "in use"));
      const me = { open: true };
      present = me;
      const mine = (sinks = new Set());
      const port: Port<Out, In> = {
        label: "wire",
        async send(message) {
          if (!plugged || !me.open) return err(unplugged);
          const copy = medium.copyOutward(message);
          carried.push(() => `> ${medium.textOutward(copy)}`);
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
        port: medium.port(port),
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
    inject: (item) => clock.after(millis(0), "wire: noise", () => deliver(item)),
  };
  return { wire, peer, dice };
}
