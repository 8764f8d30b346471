import { bad, good, type Judged } from "../pickup-code/judged.ts";

/** How much of a message from outside is read at all. */
export interface Bounds {
  readonly bytes: number;
  /** Brackets inside each other. */
  readonly depth: number;
}

/**
 * Reads JSON of somebody who need not mean well: no more bytes and no deeper than `bounds`, in UTF-8, with numbers that
 * are numbers and texts that are texts. The depth is counted before anything is parsed, so that nothing behind this needs to fear it.
 */
export function readBounded(payload: Uint8Array, { bytes, depth }: Bounds): Judged<unknown> {
  if (payload.length > bytes) return bad(`It has ${payload.length} bytes, and at most ${bytes} are read.`);
  const text = textOf(payload);
  if (text === undefined) return bad("It is not UTF-8.");
  if (isDeeper(text, depth)) return bad(`It has more than ${depth} brackets inside each other.`);
  try {
    const value: unknown = JSON.parse(text);
    return isCanonical(value)
      ? good(value)
      : bad("It has a number that is too large, or a text that is not well formed.");
  } catch {
    return bad("It is not JSON.");
  }
}

function textOf(payload: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(payload);
  } catch {
    return undefined;
  }
}

/** Brackets in texts do not count. What is no JSON may be counted wrongly: it is refused a moment later. */
function isDeeper(text: string, depth: number): boolean {
  let open = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const sign = text.charCodeAt(at);
    if (quoted) {
      if (sign === 0x5c) at++;
      else if (sign === 0x22) quoted = false;
    } else if (sign === 0x22) quoted = true;
    else if (sign === 0x5b || sign === 0x7b) {
      if (++open > depth) return true;
    } else if (sign === 0x5d || sign === 0x7d) open--;
  }
  return false;
}

/** JSON.parse reads 1e999 as Infinity and "\\ud800" as half a character: of neither there is canonical JSON. */
function isCanonical(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value === "string") return value.isWellFormed();
  if (typeof value !== "object" || value === null) return true;
  return Object.entries(value).every(([name, inner]) => name.isWellFormed() && isCanonical(inner));
}
