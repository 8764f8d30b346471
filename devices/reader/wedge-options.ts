import { millis, type Millis } from "../kit/clock.ts";
import { err, ok, type Result } from "../kit/result.ts";

export interface WedgeOptions {
  /** What its entries are: scanned codes, or numbers of cards of a kind. */
  readonly reads: "codes" | "em4100" | "iso14443a";
  /** How a card's number is typed: "decimal", ten digits of its last four bytes (8H10D), or "hex", two digits a byte. */
  readonly number: "decimal" | "hex";
  /** Whether the number has the bytes of the card backwards, as many readers of 13.56 MHz type it. */
  readonly backwards: boolean;
  /** The key that ends an entry. */
  readonly suffix: "enter" | "tab";
  /** Whether the letters of codes are made capitals. */
  readonly uppercase: boolean;
  /** After so long without a key half an entry is given up. */
  readonly gapMs: Millis;
}

const choices = {
  reads: ["codes", "em4100", "iso14443a"],
  number: ["decimal", "hex"],
  suffix: ["enter", "tab"],
} as const;
const known = ["reads", "number", "backwards", "suffix", "uppercase", "gapMs"];
/** Between two keys of the slowest wedge, and longer than anybody would hold up a line. */
const leastGap = 20;
const longestGap = 2000;

const isOneOf = <T>(value: unknown, of: readonly T[]): value is T => (of as readonly unknown[]).includes(value);

/** `reads` must be told; `number` ("decimal"), `backwards` (false), `suffix` ("enter"), `uppercase` (false), `gapMs` (100). */
export function readOptions(raw: unknown): Result<WedgeOptions, readonly string[]> {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) return err(["options: expected an object"]);
  const given: Readonly<Record<string, unknown>> = {
    number: "decimal",
    backwards: false,
    suffix: "enter",
    uppercase: false,
    gapMs: 100,
    ...raw,
  };
  const mistakes = Object.keys(given)
    .filter((name) => !known.includes(name))
    .map((name) => `${name}: a keyboard reader has no such option; it has ${known.join(", ")}`);

  const { reads, number, backwards, suffix, uppercase, gapMs } = given;
  if (!isOneOf(reads, choices.reads)) mistakes.push('reads: expected "codes", "em4100" or "iso14443a"');
  if (!isOneOf(number, choices.number)) mistakes.push('number: expected "decimal" or "hex"');
  if (typeof backwards !== "boolean") mistakes.push("backwards: expected true or false");
  if (!isOneOf(suffix, choices.suffix)) mistakes.push('suffix: expected "enter" or "tab"');
  if (typeof uppercase !== "boolean") mistakes.push("uppercase: expected true or false");
  const gap = typeof gapMs === "number" && Number.isInteger(gapMs) && gapMs >= leastGap && gapMs <= longestGap;
  if (!gap) mistakes.push(`gapMs: expected milliseconds from ${leastGap} to ${longestGap}`);

  if (
    mistakes.length > 0 ||
    !isOneOf(reads, choices.reads) ||
    !isOneOf(number, choices.number) ||
    !isOneOf(suffix, choices.suffix) ||
    typeof backwards !== "boolean" ||
    typeof uppercase !== "boolean"
  )
    return err(mistakes);
  return ok({ reads, number, backwards, suffix, uppercase, gapMs: millis(Number(gapMs)) });
}
