import * as v from "valibot";
import { bad, good, type Judged } from "../pickup-code/judged.ts";
import { literal, oneOf } from "../pickup-code/signed-file.ts";
import { readBounded } from "./bounded.ts";
import { commandId } from "./envelope.ts";
import { instant } from "./order.ts";

/** accepted: it is in the ledger, and will be obeyed once. running: a motor turns for it. */
export type ResultState = "accepted" | "running" | "done" | "failed" | "expired" | "refused";

/** What goes up to the centre of the life of a command. */
export interface CommandResult {
  readonly v: 1;
  /** Absent where the command could not be read so far. */
  readonly id?: string;
  readonly state: ResultState;
  /** Of a refusal a reason of `commandRefusals`; of a failure a short word or sentence. */
  readonly why?: string;
  /** By the kiosk's clock: UTC, milliseconds since 1970. */
  readonly at: number;
}

/** Every reason for which a command, or a desired configuration, is not obeyed, and what to do about it. The list is closed. */
export const commandRefusals = {
  retained: "It stood on the broker. Clear the topic; commands are never retained.",
  "too-large": "It has more than 16 KiB.",
  "not-json": "It is no JSON in UTF-8, or is nested too deeply.",
  "wrong-form": "A field is missing, too much or of another type, or it lives longer than seven days.",
  "wrong-station": "It is for another kiosk.",
  "unknown-key": "The station file's trust names no release or ops key of that name.",
  "bad-signature": "It was changed after signing, or signed with another key.",
  "too-many": "More came than is looked at. Look who publishes there; send it again.",
  "wrong-role": "The key may not order this. Sign it with a release key.",
  "issued-ahead": "It was issued in the kiosk's future. Set the clock of the centre, or send a beacon.",
  "needs-clock": "The kiosk does not know the time, so that it cannot know whether this expired. Send a beacon first.",
  "id-reused": "Another command had this id. Make a new id for each.",
  "no-such-place": "The station file has no such device, slot or product.",
  "too-many-vends": "Five vends a day may be ordered with ops keys. Sign it with a release key.",
  older: "A newer configuration was seen here. Sign it anew.",
  disk: "The kiosk's disk did not take it, so that it is not obeyed. Look after the disk; send it again.",
} as const;

export type CommandRefusal = keyof typeof commandRefusals;

/** As much of a result as is read. */
export const resultBounds = { bytes: 4096, depth: 2 } as const;

export const resultSchema: v.GenericSchema<unknown, CommandResult> = v.strictObject({
  v: literal(1),
  id: v.exactOptional(commandId),
  state: oneOf(["accepted", "running", "done", "failed", "expired", "refused"]),
  why: v.exactOptional(v.pipe(v.string("expected a reason"), v.maxLength(500, "expected at most 500 characters"))),
  at: instant,
});

export const writeResult = (result: CommandResult): Uint8Array => Buffer.from(JSON.stringify(result));

export function readResult(payload: Uint8Array): Judged<CommandResult> {
  const read = readBounded(payload, resultBounds);
  if (!read.ok) return read;
  const judged = v.safeParse(resultSchema, read.value);
  return judged.success ? good(judged.output) : bad("It has not the form of a result.");
}
