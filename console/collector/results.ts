import { readReported, reportedBounds } from "../../protocol/commands/reported.ts";
import { readResult, resultBounds, type CommandResult } from "../../protocol/commands/result.ts";
import { moveOn } from "../store/commands.ts";
import type { Asking } from "../store/store.ts";
import type { Refusal } from "./refusals.ts";

/** Something small that a kiosk sent up, read and ready to be stored. */
export type Note =
  | { readonly is: "result"; readonly kiosk: string; readonly group: string; readonly result: CommandResult }
  | {
      readonly is: "reported";
      readonly kiosk: string;
      readonly group: string;
      readonly at: number;
      readonly text: string;
    };

export type ReadNote =
  | { readonly ok: true; readonly note: Note }
  | { readonly ok: false; readonly reason: Refusal; readonly example: string };

export function readNote(what: "res" | "reported", kiosk: string, group: string, payload: Uint8Array): ReadNote {
  const { bytes } = what === "res" ? resultBounds : reportedBounds;
  if (payload.length > bytes) return { ok: false, reason: "too-large", example: "" };
  if (what === "res") {
    const read = readResult(payload);
    if (!read.ok) return { ok: false, reason: "wrong-form", example: read.error.join(" ") };
    return { ok: true, note: { is: "result", kiosk, group, result: read.value } };
  }
  const read = readReported(payload);
  if (!read.ok) return { ok: false, reason: "wrong-form", example: read.error.join(" ") };
  return { ok: true, note: { is: "reported", kiosk, group, at: read.value.at, text: JSON.stringify(read.value) } };
}

/** Stores it, or says why not. */
export async function noteDown(within: Asking, note: Note, now: number): Promise<Refusal | undefined> {
  const [station] = await within.query<{ district: string }>("SELECT district FROM stations WHERE kiosk = $1", [
    note.kiosk,
  ]);
  if (station === undefined) return "unknown-kiosk";
  if (station.district !== note.group) return "wrong-group";
  if (note.is === "reported") {
    await within.query(
      `INSERT INTO reported (kiosk, at, document, received_at) VALUES ($1, $2, $3::jsonb, $4)
       ON CONFLICT (kiosk) DO UPDATE SET at = excluded.at, document = excluded.document, received_at = excluded.received_at`,
      [note.kiosk, note.at, note.text, now],
    );
    return undefined;
  }
  const { id, state, why, at } = note.result;
  if (id === undefined) return "unknown-command";
  return (await moveOn(within, { kiosk: note.kiosk, id, state, why, at })) ? undefined : "unknown-command";
}
