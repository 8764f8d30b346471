import { err, ok, type Result } from "../kit/result.ts";

export interface EscposOptions {
  /** Letters in a line: 32 on paper of 58 mm, 48 on 80 mm, with the usual font of 12 dots. */
  readonly columns: number;
  /** What cuts the slip off; none: it is torn at the edge. */
  readonly cut: "full" | "partial" | "none";
  /** gb18030: a printer with a Chinese font. ascii: it has none, and Chinese comes out as question marks. */
  readonly codePage: "gb18030" | "ascii";
  /** native: the printer draws QR codes. raster: it gets a picture of them. */
  readonly qr: "native" | "raster";
  /** printed: how it is and that it has printed. state: only how it is. nothing: it cannot be asked. */
  readonly tells: "printed" | "state" | "nothing";
}

const choices = {
  cut: ["full", "partial", "none"],
  codePage: ["gb18030", "ascii"],
  qr: ["native", "raster"],
  tells: ["printed", "state", "nothing"],
} as const;

const narrowest = 24;
const widest = 64;
const usual = { columns: 32, cut: "none", codePage: "gb18030", qr: "native", tells: "printed" };

/** `columns` (32), `cut` ("none"), `codePage` ("gb18030"), `qr` ("native"), `tells` ("printed"). */
export function readOptions(raw: unknown): Result<EscposOptions, readonly string[]> {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) return err(["options: expected an object"]);
  const given: Readonly<Record<string, unknown>> = { ...usual, ...raw };
  const mistakes = Object.keys(given)
    .filter((name) => !Object.hasOwn(usual, name))
    .map((name) => `${name}: an ESC/POS printer has no such option; it has ${Object.keys(usual).join(", ")}`);
  const columns = given["columns"];
  const fits = typeof columns === "number" && Number.isInteger(columns) && columns >= narrowest && columns <= widest;
  if (!fits) mistakes.push(`columns: expected a whole number from ${narrowest} to ${widest}`);
  const chosen = <N extends keyof typeof choices>(name: N): (typeof choices)[N][number] | undefined => {
    const all: readonly (typeof choices)[N][number][] = choices[name];
    const found = all.find((choice) => choice === given[name]);
    if (found === undefined) mistakes.push(`${name}: expected one of ${all.join(", ")}`);
    return found;
  };
  const [cut, codePage, qr, tells] = [chosen("cut"), chosen("codePage"), chosen("qr"), chosen("tells")];
  if (mistakes.length > 0 || !fits || !cut || !codePage || !qr || !tells) return err(mistakes);
  return ok({ columns, cut, codePage, qr, tells });
}
