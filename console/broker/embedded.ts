import { Aedes, type PublishPacket } from "aedes";
import { createServer, type Server, type Socket } from "node:net";
import { bad, good, type Judged } from "../../protocol/pickup-code/judged.ts";
import { openStanding, type StandingMessage } from "./standing.ts";

/** A broker within the centre's process, for one machine: MQTT 3.1.1, on the loopback only, asking nobody who he is. */
export interface EmbeddedBroker {
  /** "mqtt://127.0.0.1:1883". */
  readonly url: string;
  /** How often a retained message could not be written to the disk. It stands on the broker until the next restart. */
  unwritten(): number;
  close(): Promise<void>;
}

export interface EmbeddedOptions {
  /** Retained messages are kept in it over restarts. */
  readonly folder: string;
  /** 0: any that is free. */
  readonly port: number;
}

const loopback = "127.0.0.1";

/** The error is a sentence: the port is taken. */
export async function startEmbeddedBroker({ folder, port }: EmbeddedOptions): Promise<Judged<EmbeddedBroker>> {
  const standing = openStanding(folder);
  let unwritten = 0;
  /** A full disk does not stop the broker: the message stands until the next restart. */
  const keep = async ({ topic, payload, qos }: PublishPacket) =>
    standing.put({ topic, payload: Buffer.from(payload), qos: qos === 0 ? 0 : 1 }).catch(() => (unwritten += 1));
  const aedes = await Aedes.createBroker({
    // Aedes sends the PUBACK right after this: what a publisher was promised to stand is on the disk.
    authorizePublish(_client, packet, allowed) {
      if (packet.topic.startsWith("$SYS/")) allowed(new Error("Topics of the broker itself are its own."));
      else if (packet.retain) void keep(packet).finally(allowed);
      else allowed();
    },
  });
  for (const message of standing.messages) await publish(aedes, message);

  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    aedes.handle(socket);
  });
  const bound = await listening(server, port);
  if (!bound.ok) {
    await closed(aedes);
    return bound;
  }
  return good({
    url: `mqtt://${loopback}:${bound.value}`,
    unwritten: () => unwritten,
    async close() {
      const gone = new Promise((resolve) => server.close(resolve));
      await closed(aedes);
      for (const socket of sockets) socket.destroy();
      await gone;
    },
  });
}

const publish = (aedes: Aedes, { topic, payload, qos }: StandingMessage): Promise<void> =>
  new Promise((resolve, reject) =>
    aedes.publish(
      { cmd: "publish", topic, payload: Buffer.from(payload), qos, retain: true, dup: false },
      (error?: Error | null) => (error ? reject(error) : resolve()),
    ),
  );

const closed = (aedes: Aedes): Promise<void> => new Promise((resolve) => aedes.close(() => resolve()));

const listening = (server: Server, port: number): Promise<Judged<number>> =>
  new Promise((resolve) => {
    server.once("error", ({ message }) =>
      resolve(bad(`The broker cannot listen on ${loopback}:${port} (${message}). Stop the other one, or name a port.`)),
    );
    server.listen(port, loopback, () => {
      const address = server.address();
      resolve(good(typeof address === "object" && address !== null ? address.port : port));
    });
  });
