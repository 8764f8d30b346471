import { signEnvelope, writeEnvelope, type EnvelopeHead } from "../../../protocol/commands/envelope.ts";
import type { Order } from "../../../protocol/commands/order.ts";
import { hexOf, publicOf } from "../../../protocol/pickup-code/sign.ts";

// A centre that signs commands, for tests.

export const releaseSecret = new Uint8Array(32).fill(31);
export const opsSecret = new Uint8Array(32).fill(32);

export const trust = [
  { kid: "r1", role: "release", key: hexOf(publicOf("ed25519", releaseSecret)) },
  { kid: "o1", role: "ops", key: hexOf(publicOf("ed25519", opsSecret)) },
  { kid: "7", role: "qr", key: hexOf(publicOf("ed25519", new Uint8Array(32).fill(33))) },
] as const;

/** 2026-07-15, noon in UTC+8. */
export const noon = 1_784_088_000_000;

export const head = (over: Partial<EnvelopeHead> = {}): EnvelopeHead => ({
  id: "0123456789abcdef",
  kid: "o1",
  aud: "zp-001",
  iat: noon,
  exp: noon + 600_000,
  ...over,
});

export const order = (order: Order, over: Partial<EnvelopeHead> = {}) =>
  signEnvelope(order, head(over), over.kid === "r1" ? releaseSecret : opsSecret);

export const sent = (...asked: Parameters<typeof order>): Uint8Array => writeEnvelope(order(...asked));
