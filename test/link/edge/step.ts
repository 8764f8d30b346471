import { fromBinary } from "@bufbuild/protobuf";
import { decodePayload, type Payload } from "../../../protocol/sparkplug/payload.ts";
import { PayloadSchema, type Payload as Wire } from "../../../protocol/sparkplug/sparkplug_b_pb.ts";
import type { Seen } from "../../kit/broker.ts";

/** A PUBLISH, or the will of a CONNECT. */
export interface Publish {
  readonly is: "publish";
  readonly topic: string;
  readonly qos: number;
  readonly retain: boolean;
  readonly payload: Uint8Array;
}

/** What a broker saw of a kiosk, or said to it, in order. */
export type Step = { readonly connection: string } & (
  | {
      readonly is: "connect";
      readonly version: number;
      readonly clean: boolean;
      readonly expiry: number | undefined;
      readonly will: Publish | undefined;
    }
  | { readonly is: "subscribe"; readonly topics: readonly { readonly topic: string; readonly qos: number }[] }
  | Publish
  | { readonly is: "disconnect"; readonly reason: number | undefined }
  | { readonly is: "gone" }
  /** The broker, or a host through it, said this. */
  | { readonly is: "said"; readonly topic: string; readonly payload: Uint8Array }
);

/** Reading of a PUBLISH: as our codec has it, and as it stands on the wire. Undefined where it is no payload. */
export function read({ payload }: Publish): { readonly sparkplug: Payload; readonly wire: Wire } | undefined {
  const decoded = decodePayload(payload);
  return decoded.ok ? { sparkplug: decoded.value, wire: fromBinary(PayloadSchema, payload) } : undefined;
}

export function stepOf({ connection, packet }: Seen, broker: string): Step | undefined {
  const on = { connection: `${broker}${connection}` };
  switch (packet.cmd) {
    case "connect": {
      const { will } = packet;
      return {
        ...on,
        is: "connect",
        version: packet.protocolVersion ?? 4,
        clean: packet.clean ?? false,
        expiry: packet.properties?.sessionExpiryInterval,
        will: will && {
          is: "publish",
          topic: will.topic,
          qos: will.qos ?? 0,
          retain: will.retain ?? false,
          payload: new Uint8Array(Buffer.from(will.payload)),
        },
      };
    }
    case "subscribe":
      return {
        ...on,
        is: "subscribe",
        topics: packet.subscriptions.map(({ topic, qos }) => ({ topic, qos })),
      };
    case "publish":
      return {
        ...on,
        is: "publish",
        topic: packet.topic,
        qos: packet.qos,
        retain: packet.retain,
        payload: new Uint8Array(Buffer.from(packet.payload)),
      };
    case "disconnect":
      return { ...on, is: "disconnect", reason: packet.reasonCode };
    case "gone":
      return { ...on, is: "gone" };
    default:
      return undefined;
  }
}
