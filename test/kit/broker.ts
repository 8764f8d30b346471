import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  generate,
  parser,
  type IConnectPacket,
  type IConnackPacket,
  type IDisconnectPacket,
  type IPubackPacket,
  type IPublishPacket,
  type ISubscribePacket,
  type IUnsubscribePacket,
  type Packet,
} from "mqtt-packet";

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Waits until `so` holds; throws, naming `what`, after `limit` ms. */
export async function eventually(so: () => boolean, what = "what was waited for", limit = 20_000): Promise<void> {
  for (const end = performance.now() + limit; !so(); await pause(5))
    if (performance.now() > end) throw new Error(`${what}: not within ${limit} ms`);
}

/** Listens on a loopback port that the kernel chose, or on `port`. */
export const listening = (server: Server, port = 0): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });

/** A loopback port on which nobody listens now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listening(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const done = (answer: boolean) => resolve((socket.destroy(), answer));
    socket.once("connect", () => done(true)).once("error", () => done(false));
  });

export interface MosquittoOptions {
  /** Lines after "listener PORT 127.0.0.1": TLS, limits, ACL. "allow_anonymous true" where they do not speak of it. */
  readonly lines?: readonly string[];
  /** The whole configuration instead. It must listen on `port`. */
  readonly whole?: (port: number) => string;
  readonly port?: number;
  /** Keeps what mosquitto says of every packet; costs time with many clients. */
  readonly verbose?: boolean;
}

export interface Mosquitto {
  readonly port: number;
  /** "mqtt://127.0.0.1:PORT". */
  readonly url: string;
  /** What it has printed. */
  log(): string;
  /** Ends it now, by default as a power cut would. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it again on the same port. */
  restart(): Promise<void>;
  /** Ends it and takes its folder away. */
  stop(): Promise<void>;
}

/** Debian's mosquitto as a child on a free loopback port; resolves when it accepts connections. */
export async function startMosquitto(options: MosquittoOptions = {}): Promise<Mosquitto> {
  const { lines = [], verbose = false } = options;
  const port = options.port ?? (await freePort());
  const folder = mkdtempSync(join(tmpdir(), "mosquitto-"));
  const file = join(folder, "mosquitto.conf");
  const anonymous = lines.some((line) => line.startsWith("allow_anonymous")) ? [] : ["allow_anonymous true"];
  // Started by root it would become the user mosquitto, who may not read a test's keys.
  const ours = () => ["user root", `listener ${port} 127.0.0.1`, ...anonymous, ...lines, ""].join("\n");
  writeFileSync(file, options.whole?.(port) ?? ours());
  let said = "";
  let child: ChildProcess | undefined;

  const start = async () => {
    const broker = spawn("mosquitto", ["-c", file, ...(verbose ? ["-v"] : [])], { stdio: ["ignore", "pipe", "pipe"] });
    child = broker;
    const keep = (text: Buffer) => (said = (said + text.toString()).slice(-1_000_000));
    broker.stdout.on("data", keep);
    broker.stderr.on("data", keep);
    broker.once("error", (error) => (said += error.message));
    for (const end = performance.now() + 20_000; !(await accepts(port)); await pause(5)) {
      const gone = broker.exitCode !== null || broker.signalCode !== null || broker.pid === undefined;
      if (gone || performance.now() > end) throw new Error(`mosquitto did not start on port ${port}:\n${said}`);
    }
  };
  const kill = async (signal: NodeJS.Signals = "SIGKILL") => {
    const broker = child;
    child = undefined;
    if (broker === undefined || broker.exitCode !== null || broker.signalCode !== null) return;
    const gone = new Promise((resolve) => broker.once("exit", resolve));
    broker.kill(signal);
    await gone;
  };
  // A test that fails at the wrong place leaves no broker behind.
  const orphaned = () => child?.kill("SIGKILL");
  process.once("exit", orphaned);
  await start();
  return {
    port,
    url: `mqtt://127.0.0.1:${port}`,
    log: () => said,
    kill,
    async restart() {
      await kill();
      await start();
    },
    async stop() {
      await kill("SIGTERM");
      process.off("exit", orphaned);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The end of a connection: the TCP connection is gone, with or without a DISCONNECT before it. */
export interface Gone {
  readonly cmd: "gone";
}

export type Recorded =
  | IConnectPacket
  | ISubscribePacket
  | IUnsubscribePacket
  | IPublishPacket
  | IPubackPacket
  | IDisconnectPacket
  | Gone;

/** What came, in order over all connections; pings and replies to us but PUBACK are left out. */
export interface Seen {
  /** 1 for the first connection. */
  readonly connection: number;
  /** performance.now() at arrival. */
  readonly at: number;
  readonly packet: Recorded;
}

type ConnackProperties = NonNullable<IConnackPacket["properties"]>;

export interface Manners {
  /** MQTT 5 reason code or MQTT 3.1.1 return code of the CONNACK; 0 takes the client, "silence" says nothing at all. */
  readonly greet: (packet: IConnectPacket) => number | "silence";
  /** Properties of the CONNACK to MQTT 5 clients: receiveMaximum, maximumPacketSize, topicAliasMaximum … */
  readonly allows: ConnackProperties;
  /** Whether a PUBLISH of QoS 1 gets its PUBACK at once, and its reason code; "held" ones wait for `releasePubacks`. */
  readonly puback: (packet: IPublishPacket) => number | "held";
  /** What stands on the broker: given to whoever subscribes to it, with the retain flag. */
  readonly retained: readonly Said[];
  /** Reason code of a SUBACK; the granted QoS where absent. */
  readonly suback?: number;
}

/** A message to the client. */
export interface Said {
  readonly topic: string;
  readonly payload: Uint8Array | string;
  readonly qos?: 0 | 1;
  readonly retain?: boolean;
}

export interface RecordingBroker {
  readonly port: number;
  readonly url: string;
  readonly seen: readonly Seen[];
  /** The packets of one kind, in order. */
  of<C extends Recorded["cmd"]>(cmd: C): readonly Extract<Recorded, { cmd: C }>[];
  /** Waits until what was seen fulfils `so`. */
  until(so: (seen: readonly Seen[]) => boolean, what?: string): Promise<void>;
  /** Changes how it answers from now on. */
  behave(manners: Partial<Manners>): void;
  /** Sends a PUBLISH to every connected client; its subscriptions are not asked. */
  say(message: Said): void;
  /** Answers every held PUBLISH, the oldest first. */
  releasePubacks(code?: number): void;
  /** Sends any packet to every connected client. */
  send(packet: Packet): void;
  /** Ends every TCP connection without a word; the broker goes on listening. */
  drop(): void;
  /** Stops reading from clients, so that their sockets fill up; `true` reads again. */
  reads(yes: boolean): void;
  close(): Promise<void>;
}

/** `+` and `#` as in MQTT [MQTT5 4.7]. */
export function matches(filter: string, topic: string): boolean {
  const levels = topic.split("/");
  const asked = filter.split("/");
  const hash = asked.indexOf("#");
  const same = (level: string, at: number) => level === "+" || level === levels[at];
  return hash < 0
    ? asked.length === levels.length && asked.every(same)
    : levels.length >= hash && asked.slice(0, hash).every(same);
}

interface Client {
  readonly socket: Socket;
  version: number;
  /** Connected and not refused. */
  taken: boolean;
  readonly aliases: Map<number, string>;
}

/** A broker in this process that keeps all it hears; it speaks MQTT 3.1.1 and 5, and serves no client another's messages. */
export async function recordingBroker(port = 0): Promise<RecordingBroker> {
  const seen: Seen[] = [];
  const clients = new Set<Client>();
  const held: { readonly client: Client; readonly messageId: number }[] = [];
  let manners: Manners = { greet: () => 0, allows: {}, puback: () => 0, retained: [] };
  let connections = 0;
  let messageIds = 0;
  let reading = true;

  const send = (client: Client, packet: Packet) => {
    if (client.socket.writable) client.socket.write(generate(packet, { protocolVersion: client.version }));
  };
  const acknowledge = (client: Client, messageId: number, reasonCode: number) =>
    send(client, { cmd: "puback", messageId, ...(client.version === 5 ? { reasonCode } : {}) });
  const say = (client: Client, { topic, payload, qos = 0, retain = false }: Said) => {
    messageIds = (messageIds % 65_535) + 1;
    const numbered = qos === 1 ? { messageId: messageIds } : {};
    const content = typeof payload === "string" ? payload : Buffer.from(payload);
    send(client, { cmd: "publish", topic, payload: content, qos, retain, dup: false, ...numbered });
  };

  const greet = (client: Client, packet: IConnectPacket) => {
    client.version = packet.protocolVersion ?? 4;
    const code = manners.greet(packet);
    if (code === "silence") return;
    client.taken = code === 0;
    const answer = client.version === 5 ? { reasonCode: code, properties: manners.allows } : { returnCode: code };
    send(client, { cmd: "connack", sessionPresent: false, ...answer });
    if (code !== 0) client.socket.end();
  };
  const grant = (client: Client, { messageId, subscriptions }: ISubscribePacket) => {
    const granted = subscriptions.map(({ qos }) => manners.suback ?? qos);
    send(client, { cmd: "suback", granted, ...(messageId === undefined ? {} : { messageId }) });
    for (const message of manners.retained)
      if (subscriptions.some(({ topic }) => matches(topic, message.topic))) say(client, { ...message, retain: true });
  };
  const take = (client: Client, packet: IPublishPacket) => {
    if (packet.qos !== 1 || packet.messageId === undefined) return;
    const answer = manners.puback(packet);
    if (answer === "held") held.push({ client, messageId: packet.messageId });
    else acknowledge(client, packet.messageId, answer);
  };
  /** A topic alias is written out [MQTT5 3.3.2.3.4]. */
  const whole = (client: Client, packet: IPublishPacket): IPublishPacket => {
    const alias = packet.properties?.topicAlias;
    if (alias === undefined) return packet;
    if (packet.topic !== "") client.aliases.set(alias, packet.topic);
    return { ...packet, topic: client.aliases.get(alias) ?? "" };
  };

  const server = createServer((socket) => {
    connections += 1;
    const connection = connections;
    const client: Client = { socket, version: 4, taken: false, aliases: new Map() };
    const record = (packet: Recorded) => seen.push({ connection, at: performance.now(), packet });
    clients.add(client);
    socket.setNoDelay(true);
    if (!reading) socket.pause();
    const reader = parser();
    reader.on("packet", (packet) => {
      if (packet.cmd === "pingreq") send(client, { cmd: "pingresp" });
      if (packet.cmd === "publish") record(whole(client, packet));
      else if (/^(connect|subscribe|unsubscribe|puback|disconnect)$/.test(packet.cmd)) record(packet as Recorded);
      if (packet.cmd === "connect") greet(client, packet);
      if (packet.cmd === "subscribe") grant(client, packet);
      if (packet.cmd === "unsubscribe")
        send(client, {
          cmd: "unsuback",
          granted: packet.unsubscriptions.map(() => 0),
          messageId: packet.messageId ?? 0,
        });
      if (packet.cmd === "publish") take(client, packet);
    });
    reader.on("error", () => socket.destroy());
    socket.on("data", (bytes) => reader.parse(bytes));
    socket.on("error", () => {});
    socket.on("close", () => {
      clients.delete(client);
      record({ cmd: "gone" });
    });
  });
  const bound = await listening(server, port);
  const taken = () => [...clients].filter((client) => client.taken);

  return {
    port: bound,
    url: `mqtt://127.0.0.1:${bound}`,
    seen,
    of: <C extends Recorded["cmd"]>(cmd: C) =>
      seen.map(({ packet }) => packet).filter((packet): packet is Extract<Recorded, { cmd: C }> => packet.cmd === cmd),
    until: (so, what) => eventually(() => so(seen), what),
    behave: (changed) => (manners = { ...manners, ...changed }),
    say: (message) => taken().forEach((client) => say(client, message)),
    releasePubacks(code = 0) {
      for (const { client, messageId } of held.splice(0)) acknowledge(client, messageId, code);
    },
    send: (packet) => taken().forEach((client) => send(client, packet)),
    drop: () => clients.forEach(({ socket }) => socket.resetAndDestroy()),
    reads(yes) {
      reading = yes;
      for (const { socket } of clients)
        if (yes) socket.resume();
        else socket.pause();
    },
    async close() {
      for (const { socket } of clients) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
