import * as v from "valibot";
import { bad, good, type Judged } from "../pickup-code/judged.ts";
import { signed } from "../pickup-code/sign.ts";
import { literal, whole } from "../pickup-code/signed-file.ts";
import { readBounded } from "./bounded.ts";
import { instant, opSchema, orderSchema, type Op, type Order } from "./order.ts";

/** A signed command as it comes down to one kiosk: Ed25519 over "yizhan/command/v1\0" and the canonical JSON of all other fields. */
export interface Envelope {
  readonly v: 1;
  /** Made by the centre, 16 to 36 letters, digits, "-" and "_", never used twice: a kiosk obeys an id once. */
  readonly id: string;
  /** Short name of the signing key, as the station file's trust has it. */
  readonly kid: string;
  /** Name of the kiosk on the wire: its id in small letters. */
  readonly aud: string;
  readonly op: Op;
  readonly args: object;
  /** When it was issued and when it expires: UTC, milliseconds since 1970. */
  readonly iat: number;
  readonly exp: number;
  /** 64 bytes, base64url. */
  readonly sig: string;
}

/** A command that was read; nothing of it is believed yet. */
export interface ReadEnvelope {
  readonly envelope: Envelope;
  readonly order: Order;
}

/** No command needs more. */
export const envelopeBounds = { bytes: 16 * 1024, depth: 4 } as const;

/** A command lives at most so long: as long its id must be remembered. */
export const longestLife = 7 * 86_400_000;

export const commandId = v.pipe(
  v.string("expected the id of a command"),
  v.regex(/^[A-Za-z0-9_-]{16,36}$/, 'expected 16 to 36 letters, digits, "-" and "_"'),
);
const keyName = v.pipe(v.string("expected the name of a key"), v.regex(/^[!-~]{1,64}$/, "expected the name of a key"));

export const envelopeSchema: v.GenericSchema<unknown, Envelope> = v.strictObject({
  v: literal(1),
  id: commandId,
  kid: keyName,
  aud: v.pipe(
    v.string("expected the name of a kiosk"),
    v.regex(/^[a-z0-9][a-z0-9-]{1,31}$/, "expected the name of a kiosk on the wire"),
  ),
  op: opSchema,
  args: v.record(v.string(), v.unknown(), "expected the arguments as fields"),
  iat: instant,
  exp: whole(1, Number.MAX_SAFE_INTEGER),
  sig: v.pipe(
    v.string("expected a signature"),
    v.regex(/^[A-Za-z0-9_-]{86}$/, "expected a signature of 86 characters"),
  ),
});

/** Reads a command of somebody who need not mean well. Looks at no signature, no addressee and no clock. */
export function readEnvelope(payload: Uint8Array): Judged<ReadEnvelope> {
  const read = readBounded(payload, envelopeBounds);
  return read.ok ? envelopeOf(read.value) : read;
}

/** The same of what was read already. */
export function envelopeOf(raw: unknown): Judged<ReadEnvelope> {
  const judged = v.safeParse(envelopeSchema, raw);
  // valibot takes a list for a record.
  if (!judged.success || Array.isArray((raw as Envelope).args)) return bad("It has not the form of a command.");
  const envelope = judged.output;
  if (Object.hasOwn(envelope.args, "op")) return bad("Its arguments name an op of their own.");
  const order = v.safeParse(orderSchema, { ...envelope.args, op: envelope.op });
  if (!order.success) return bad(`Its arguments are not those of ${envelope.op}.`);
  const life = envelope.exp - envelope.iat;
  if (life <= 0 || life > longestLife) return bad("It lives no time, or more than seven days.");
  return good({ envelope, order: order.output });
}

/** Everything of an envelope but the order and the signature. */
export type EnvelopeHead = Pick<Envelope, "id" | "kid" | "aud" | "iat" | "exp">;

/** Signs with the key that `head.kid` names, raw, 32 bytes. */
export function signEnvelope(order: Order, { id, kid, aud, iat, exp }: EnvelopeHead, secret: Uint8Array): Envelope {
  const { op, ...args } = order;
  return signed("command", { v: 1 as const, id, kid, aud, op, args, iat, exp }, secret);
}

export const writeEnvelope = (envelope: Envelope): Uint8Array => Buffer.from(JSON.stringify(envelope));
