import { createHash } from "node:crypto";

const sum = (text: string): string => createHash("sha256").update(text).digest("hex");

/** A text that is kept with its own sum, so that rot is seen. */
export const withSum = (text: string): Uint8Array => new TextEncoder().encode(`${sum(text)}\n${text}`);

/** The text; undefined where it is not as it was written. */
export function textUnderSum(bytes: Uint8Array): string | undefined {
  const whole = new TextDecoder().decode(bytes);
  const end = whole.indexOf("\n");
  const text = whole.slice(end + 1);
  return end >= 0 && whole.slice(0, end) === sum(text) ? text : undefined;
}
