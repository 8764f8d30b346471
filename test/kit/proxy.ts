import { connect, createServer, type Socket } from "node:net";
import { listening } from "./broker.ts";

export interface ProxyOptions {
  /** The port on which the true server listens. */
  readonly to: number;
  /** Added to each direction, in ms: a round trip takes twice as long. */
  readonly delay?: number;
  /** Of each direction; unlimited where absent. */
  readonly bytesPerSecond?: number;
  /** Told of all that is said on a connection, numbered from 1, in either direction. */
  readonly said?: (connection: number, way: "up" | "down", bytes: Buffer) => void;
}

export interface Proxy {
  readonly port: number;
  /** "127.0.0.1:PORT", to be put behind mqtt:// or mqtts://. */
  readonly host: string;
  /** Bytes that clients sent, and that came back to them, since the start. */
  readonly counted: { readonly up: number; readonly down: number };
  /** Connections that were made through it. */
  connections(): number;
  /** What is open now carries nothing any more, and nobody is told: no FIN, no RST. New connections work. */
  cut(): void;
  /** Carries nothing until `resume`, also on new connections; what was sent meanwhile comes then. */
  stall(): void;
  resume(): void;
  /** Ends what is open with a RST on both sides. New connections work. */
  drop(): void;
  /** Changes the delay of what is sent from now on. */
  delay(ms: number): void;
  /** Changes the bytes per second of each direction for what is sent from now on. */
  rate(bytes: number): void;
  close(): Promise<void>;
}

/** A poor line: stands between a client and a server on loopback. */
export async function startProxy(options: ProxyOptions): Promise<Proxy> {
  const { to, said } = options;
  let { bytesPerSecond = Number.POSITIVE_INFINITY } = options;
  const counted = { up: 0, down: 0 };
  const open = new Set<Socket>();
  /** Cut: read no more, and never closed by us before the end. */
  const dead = new Set<Socket>();
  const timers = new Set<NodeJS.Timeout>();
  let delay = options.delay ?? 0;
  let stalled = false;
  let connections = 0;

  const later = (ms: number, go: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      go();
    }, ms);
    timers.add(timer);
  };

  /** Carries from one socket to the other, the chunks in order. */
  const carry = (from: Socket, into: Socket, way: "up" | "down", connection: number) => {
    let last = 0;
    const queue: (Buffer | undefined)[] = [];
    const reads = () => !stalled && !dead.has(from);
    const deliver = (chunk: Buffer | undefined) => {
      if (dead.has(from)) return;
      if (chunk === undefined) into.end();
      else if (!into.write(chunk)) {
        from.pause();
        into.once("drain", () => reads() && from.resume());
      }
    };
    const pass = (chunk: Buffer | undefined) => {
      const size = chunk?.length ?? 0;
      counted[way] += size;
      if (chunk) said?.(connection, way, chunk);
      if (delay === 0 && bytesPerSecond === Number.POSITIVE_INFINITY && last === 0) return deliver(chunk);
      const now = performance.now();
      // What comes later does not overtake.
      last = Math.max(now + delay, last) + (1000 * size) / bytesPerSecond;
      // Each timer takes the oldest: they need not ring in the order in which they were set.
      queue.push(chunk);
      later(last - now, () => deliver(queue.shift()));
    };
    from.on("data", pass);
    from.on("end", () => pass(undefined));
    from.on("error", () => {});
    from.on("close", () => {
      open.delete(from);
      if (!dead.has(from)) later(delay, () => into.destroy());
    });
    if (stalled) from.pause();
  };

  const server = createServer({ allowHalfOpen: true }, (client) => {
    connections += 1;
    const upstream = connect({ port: to, host: "127.0.0.1", allowHalfOpen: true });
    for (const socket of [client, upstream]) open.add(socket.setNoDelay(true));
    carry(client, upstream, "up", connections);
    carry(upstream, client, "down", connections);
  });
  const port = await listening(server);
  return {
    port,
    host: `127.0.0.1:${port}`,
    counted,
    connections: () => connections,
    cut() {
      for (const socket of open) dead.add(socket.pause());
    },
    stall() {
      stalled = true;
      for (const socket of open) socket.pause();
    },
    resume() {
      stalled = false;
      for (const socket of open) if (!dead.has(socket)) socket.resume();
    },
    drop() {
      for (const socket of open) socket.resetAndDestroy();
    },
    delay: (ms) => (delay = ms),
    rate: (bytes) => (bytesPerSecond = bytes),
    async close() {
      for (const timer of timers) clearTimeout(timer);
      for (const socket of [...open, ...dead]) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
