import { millis } from "../kit/clock.ts";
import type { Framer } from "../kit/framer.ts";

// Machines that print or send text, of which no specification was found [instruments.md 2.6.2]. A record goes to a mark that
// the station names; its bytes are taken as letters \x00 to \xFF, so that no encoding can be wrong.

/** The longest slip known has 217 bytes [S12]. */
const longest = 1024;
/** A slip is printed in one go. */
const quiet = millis(1000);

export interface HalfRecord {
  readonly text: string;
  /** Too long for any record: what comes until its end is dropped. */
  readonly tooLong: boolean;
}

const start: HalfRecord = { text: "", tooLong: false };
/** What printers put around a record. */
const padding = new Set(["\r", "\n", "\0", " "]);

export const recordsTo = (ends: string): Framer<string, HalfRecord> => ({
  start,
  quiet,
  push(half, chunk) {
    const frames: string[] = [];
    let { text, tooLong } = half;
    let junk = 0;
    for (const byte of chunk) {
      text += String.fromCharCode(byte);
      if (text.endsWith(ends)) {
        const record = trimmed(text.slice(0, -ends.length));
        if (tooLong) junk += text.length;
        else if (record !== "") frames.push(record);
        text = "";
        tooLong = false;
      } else if (text.length > longest) {
        junk += text.length - ends.length;
        text = text.slice(-ends.length);
        tooLong = true;
      }
    }
    return { state: text === "" && !tooLong ? start : { text, tooLong }, frames, junk };
  },
});

function trimmed(text: string): string {
  let [from, to] = [0, text.length];
  while (from < to && padding.has(text.charAt(from))) from += 1;
  while (to > from && padding.has(text.charAt(to - 1))) to -= 1;
  return text.slice(from, to);
}
