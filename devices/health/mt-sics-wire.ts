import { textLines, type HalfLine, type Said } from "../kit/text-line.ts";
import type { Dialect } from "../kit/exchange.ts";
import { millis } from "../kit/clock.ts";

// METTLER TOLEDO's standard interface commands: 9600 8N1, lines with CR LF [instruments.md 2.6.6].

export type Answer =
  | {
      readonly is: "weight";
      readonly stable: boolean;
      readonly value: number;
      readonly unit: "kg" | "[lb_av]";
    }
  /** Too much on it, or less than nothing. */
  | { readonly is: "overload" }
  | { readonly is: "underload" }
  /** It is doing something else, such as being tared. */
  | { readonly is: "busy" }
  /** It does not know the command: another protocol is chosen in its menu. */
  | { readonly is: "unknown-command" };

/** The weight now, whether it is stable or not. */
export const weightNow = "SI";

/** A scale answers within two of its own readings; at 9600 bits a line takes 20 ms (ours). */
const longestAnswer = millis(600);

export const dialect: Dialect<string, Said<never>, HalfLine> = {
  framer: textLines<never>(),
  encode: (command) => new TextEncoder().encode(`${command}\r\n`),
  answers: (_, said) => said.is === "text" && answerIn(said.text) !== undefined,
  // No answer says which of two equal questions it answers.
  unnamed: { longest: () => longestAnswer, gap: millis(30) },
};

const weight = /^S (?<state>[SD]) +(?<digits>-?\d{1,7}(?:\.\d{1,4})?) (?<unit>kg|g|lb)$/;
const plain: ReadonlyMap<string, Answer> = new Map([
  ["S I", { is: "busy" }],
  ["S +", { is: "overload" }],
  ["S -", { is: "underload" }],
  ["ES", { is: "unknown-command" }],
]);

/** Undefined for a line that is no answer to `weightNow`. */
export function answerIn(text: string): Answer | undefined {
  const { state, digits = "", unit } = weight.exec(text)?.groups ?? {};
  if (state === undefined) return plain.get(text.trim());
  // Grams are told as kilograms: the point moves, and nothing is reckoned.
  const value = Number(`${digits}${unit === "g" ? "e-3" : ""}`);
  return { is: "weight", stable: state === "S", value, unit: unit === "lb" ? "[lb_av]" : "kg" };
}
