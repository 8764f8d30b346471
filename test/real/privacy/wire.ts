import { parser, type IPublishPacket } from "mqtt-packet";
import { decodePayload } from "../../../protocol/sparkplug/payload.ts";
import { startProxy, type Proxy } from "../../kit/proxy.ts";
import type { Content } from "./figures.ts";

type Way = "up" | "down";
interface Said {
  readonly connection: number;
  readonly way: Way;
  readonly bytes: Buffer;
}

/** The line between a kiosk and its broker, on which somebody writes everything down. */
export class Tapped {
  readonly #said: Said[];
  readonly #proxy: Proxy;

  private constructor(proxy: Proxy, said: Said[]) {
    this.#proxy = proxy;
    this.#said = said;
  }

  static async to(port: number): Promise<Tapped> {
    const said: Said[] = [];
    const proxy = await startProxy({
      to: port,
      said: (connection, way, bytes) => void said.push({ connection, way, bytes: Buffer.from(bytes) }),
    });
    return new Tapped(proxy, said);
  }

  get url(): string {
    return `mqtt://${this.#proxy.host}`;
  }

  /** Each connection, each direction, as its bytes. */
  streams(): readonly Buffer[] {
    return [...new Set(this.#said.map(({ connection }) => connection))].flatMap((connection) =>
      (["up", "down"] as const).map((way) => this.#stream(connection, way)),
    );
  }

  #stream(connection: number, way: Way): Buffer {
    return Buffer.concat(
      this.#said.filter((one) => one.connection === connection && one.way === way).map(({ bytes }) => bytes),
    );
  }

  /** Every message in either direction. */
  messages(): readonly IPublishPacket[] {
    const all: IPublishPacket[] = [];
    for (const connection of new Set(this.#said.map((one) => one.connection))) {
      let protocolVersion = 4;
      for (const way of ["up", "down"] as const) {
        const reader = parser({ protocolVersion });
        reader.on("packet", (packet) => {
          if (packet.cmd === "connect") protocolVersion = packet.protocolVersion ?? 4;
          if (packet.cmd === "publish") all.push(packet);
        });
        reader.on("error", (mistake) => {
          throw mistake;
        });
        reader.parse(this.#stream(connection, way));
      }
    }
    return all;
  }

  /** All that was said, once as bytes, and once as somebody reads it who knows what is spoken. */
  everything(): readonly Content[] {
    return [...this.streams(), ...this.messages().map(readable)];
  }

  close(): Promise<void> {
    return this.#proxy.close();
  }
}

function readable({ topic, payload }: IPublishPacket): string {
  const bytes = Buffer.from(payload);
  const read = topic.startsWith("spBv1.0/") ? decodePayload(bytes) : undefined;
  if (!read?.ok) return `${topic} ${bytes.toString()}`;
  const metrics = read.value.metrics.map(({ name, alias, value }) => `${name ?? alias}=${String(value)}`);
  return [topic, ...metrics].join("\n");
}
