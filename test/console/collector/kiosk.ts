import type { Ack } from "../../../protocol/events/ack.ts";
import type { Ledger } from "../ledger.ts";

/** A kiosk that obeys: what it sends next, given the acknowledgement that stands retained. Undefined: all is confirmed. */
export function nextBatch(lives: readonly Ledger[], ack: Ack | undefined, entries: number): Uint8Array | undefined {
  const [first] = lives;
  if (first === undefined) return undefined;
  const from = (ledger: Ledger, seq: number) => ledger.batch(seq, Math.min(ledger.items.length, seq + entries - 1));
  if (ack === undefined) return from(first, 1);
  const at = lives.findIndex(({ life }) => life === ack.life);
  const ledger = lives[at] ?? first;
  if (ack.need !== undefined) return from(ledger, Math.min(ack.need, ledger.items.length));
  if (ack.upTo < ledger.items.length) return from(ledger, ack.upTo + 1);
  const next = lives[at + 1];
  return next === undefined ? undefined : from(next, 1);
}
