import type { Framer } from "../kit/framer.ts";
import { ofSevenBits } from "../kit/seven-bits.ts";
import { textLines, type HalfLine, type Said } from "../kit/text-line.ts";
import type { ScaleAanddOptions } from "./scale-aandd-options.ts";

// A&D's standard format, and that of T-Scale and many others after it [instruments.md 2.6.6]:
//     ST,+00062.30  kg      ST,GS,   245.6 g      ST,GS    20.7g

export type Weighed =
  | {
      readonly is: "weight";
      readonly stable: boolean;
      readonly value: number;
      readonly unit: "kg" | "[lb_av]";
    }
  | { readonly is: "overload" };

export const framerOf = ({ line }: ScaleAanddOptions): Framer<Said<never>, HalfLine> =>
  line === "7e1" ? ofSevenBits(textLines<never>()) : textLines<never>();

/** ST stable, US not; GS gross, NT net. */
const weight = /^(?<state>ST|US),(?:(?:GS|NT),?)? *(?<sign>[+-]?) *(?<digits>\d{1,7}(?:\.\d{1,4})?) *(?<unit>kg|g|lb)$/;

/** Undefined for what is no weight: QT counts pieces, and a line may be damaged. */
export function weighedBy(said: Said<never>): Weighed | undefined {
  if (said.is !== "text") return undefined;
  if (said.text.startsWith("OL,")) return { is: "overload" };
  const { state, sign = "", digits = "", unit } = weight.exec(said.text)?.groups ?? {};
  if (state === undefined) return undefined;
  // Grams are told as kilograms: the point moves, and nothing is reckoned.
  const value = Number(`${sign}${digits}${unit === "g" ? "e-3" : ""}`);
  return { is: "weight", stable: state === "ST", value, unit: unit === "lb" ? "[lb_av]" : "kg" };
}
