import { millis } from "./clock.ts";
import { joined, type Beginning, type Framer } from "./framer.ts";

/** What a serial scanner says: lines of text, and between or even inside them the answers to questions. */
export type Said<A> =
  | { readonly is: "text"; readonly text: string }
  /** A line that cannot have been printed so: control bytes, no UTF-8, or longer than any code. */
  | { readonly is: "damaged" }
  | { readonly is: "answer"; readonly answer: A };

/** A line whose end is still to come. */
export interface HalfLine {
  readonly line: Uint8Array;
  /** Longer than any code: what comes until its end is dropped. */
  readonly tooLong: boolean;
  /** Bytes that may be the beginning of an answer. */
  readonly held: Uint8Array;
}

/** How the answers of this scanner begin: with a byte that no text has, so that a text is never searched for them. */
export interface Answers<A> {
  readonly first: number;
  /** Must not answer "part" for ever: the longest answer bounds what is held. */
  look(bytes: Uint8Array): Beginning<A>;
}

/** Digits in the largest QR code, 40-L; no other code holds more characters [ISO/IEC 18004]. */
const longest = 7089;
/** Fewer bytes than this that make no text are a spark on the cable, not a code. */
const leastCode = 4;

/**
 * A scanner says a line in one go; what is broken off for so long is given up. Shorter than any scanner waits before it
 * tells the same code again, or the half and the whole would make one line.
 */
const quiet = millis(400);

const carriageReturn = 0x0d;
const lineFeed = 0x0a;
const firstPrintable = 0x20;
const rubOut = 0x7f;

const nothing = new Uint8Array();
const start: HalfLine = { line: nothing, tooLong: false, held: nothing };
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Something was before the scanner, although it cannot be said what. */
export const isMoreThanNoise = ({ line, tooLong, held }: HalfLine): boolean =>
  tooLong || line.length + held.length >= leastCode;

/**
 * Lines end with CR, LF or both. A text carries no check, so that one damaged byte spoils its whole line: half a code
 * could be another worker's.
 */
export function textLines<A>(answers?: Answers<A>): Framer<Said<A>, HalfLine> {
  return {
    start,
    quiet,
    push(half, chunk) {
      const bytes = half.held.length === 0 ? chunk : joined(half.held, chunk);
      const frames: Said<A>[] = [];
      let { line, tooLong } = half;
      let junk = 0;
      /** From here on bytes belong to the present line and are not in `line` yet. */
      let from = 0;
      let at = 0;

      const keep = () => {
        if (tooLong) junk += at - from;
        else if (at > from) line = joined(line, bytes.subarray(from, at));
        if (line.length > longest) {
          junk += line.length;
          line = nothing;
          tooLong = true;
        }
      };
      const end = () => {
        keep();
        if (tooLong) frames.push({ is: "damaged" });
        else if (line.length > 0) {
          const text = printable(line);
          if (text !== undefined) frames.push({ is: "text", text });
          else {
            junk += line.length;
            if (line.length >= leastCode) frames.push({ is: "damaged" });
          }
        }
        line = nothing;
        tooLong = false;
      };

      while (at < bytes.length) {
        const byte = bytes[at];
        if (byte === carriageReturn || byte === lineFeed) {
          end();
          at += 1;
          from = at;
        } else if (answers !== undefined && byte === answers.first) {
          const seen = answers.look(bytes.subarray(at));
          if (seen.is === "part") break;
          if (seen.is === "noise") at += 1;
          else {
            keep();
            frames.push({ is: "answer", answer: seen.frame });
            at += seen.length;
            from = at;
          }
        } else at += 1;
      }
      keep();
      // Copied: the port may use its buffer again.
      const held = at < bytes.length ? bytes.slice(at) : nothing;
      const state = line.length === 0 && !tooLong && held.length === 0 ? start : { line, tooLong, held };
      return { state, frames, junk };
    },
  };
}

function printable(line: Uint8Array): string | undefined {
  if (line.some((byte) => byte < firstPrintable || byte === rubOut)) return undefined;
  try {
    return utf8.decode(line);
  } catch {
    return undefined;
  }
}
