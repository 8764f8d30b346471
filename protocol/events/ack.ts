import * as v from "valibot";
import { readBounded } from "../commands/bounded.ts";
import { bad, good, type Judged } from "../pickup-code/judged.ts";
import { bytesInHex, whole } from "../pickup-code/signed-file.ts";
import { lifeSchema } from "./batch.ts";

/**
 * What the collector holds of a life, told after its database has committed it and retained on the broker.
 *
 * It is about one life. With our own hash at `upTo` it says that everything up to there is safe, the lives before
 * included: the first entry of a life names the last of the one before, and a collector that lacks that one, in its
 * place or kept apart, asks for it before it acknowledges anything of the new life.
 */
export interface Ack {
  readonly life: number;
  /** Every entry of this life up to this number is in the database; 0: none is. */
  readonly upTo: number;
  /** Chain hash of the entry `upTo` as the database has it, 64 hex digits; zeros with `upTo` 0. */
  readonly hash: string;
  /** Send again, from this number of this life on. */
  readonly need?: number;
}

/** As much of an acknowledgement as is read. */
export const ackBounds = { bytes: 1024, depth: 1 } as const;

export const ackSchema: v.GenericSchema<unknown, Ack> = v.strictObject({
  life: lifeSchema,
  upTo: whole(0, Number.MAX_SAFE_INTEGER),
  hash: bytesInHex(32, "a chain hash of 64 hex digits"),
  need: v.exactOptional(whole(1, Number.MAX_SAFE_INTEGER)),
});

export const writeAck = ({ life, upTo, hash, need }: Ack): Uint8Array =>
  Buffer.from(JSON.stringify({ life, upTo, hash, ...(need === undefined ? {} : { need }) }));

export function readAck(payload: Uint8Array): Judged<Ack> {
  const read = readBounded(payload, ackBounds);
  if (!read.ok) return read;
  const judged = v.safeParse(ackSchema, read.value);
  return judged.success ? good(judged.output) : bad("It has not the form of an acknowledgement.");
}
