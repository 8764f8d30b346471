import type { Slip, SlipLine } from "./capability.ts";
import type { EscposOptions } from "./escpos-options.ts";

// A slip as lines of so many columns. A printer breaks a line wherever it is full, also inside a number: what it gets fits.

/** What comes out of the printer as one line, or as a picture. */
export type PageLine =
  | {
      readonly is: "line";
      readonly text: string;
      readonly large: boolean;
      readonly bold: boolean;
      readonly centred: boolean;
    }
  | { readonly is: "qr"; readonly text: string };

const noBreak = "\u00a0";
/** What no font of a printer has, as what reads the same. */
const plainer: Readonly<Record<string, string>> = { "²": "2", "³": "3", "₂": "2", "–": "-", "−": "-", µ: "μ" };
/** Where it has not even a Chinese font. */
const plainest: Readonly<Record<string, string>> = { ...plainer, µ: "u", μ: "u", "°": "", "…": "...", "·": "-" };

/** Control characters would be commands to the printer. */
function readable(text: string, codePage: EscposOptions["codePage"]): string {
  const table = codePage === "ascii" ? plainest : plainer;
  const isPrintable = (char: string) => char >= " " && char !== "\u007f";
  const known = (char: string) => (codePage === "ascii" && char > "~" && char !== noBreak ? "?" : char);
  return Array.from(text, (char) => table[char] ?? known(char))
    .filter(isPrintable)
    .join("");
}

/** Never at the beginning of a line: full stops, commas, closing brackets and quotes of both scripts, the Celsius sign. */
const closing = "\uff0c\u3002\uff1b\uff1a\uff01\uff1f\u3001\uff09\u300b\u201d\u2019\u2026%\u2103,.;:!?)";
/** Never at its end: opening ones. */
const opening = "\uff08\u300a\u201c\u2018(";

const isWide = (char: string): boolean => char > "~" && char !== noBreak;
/** Chinese characters and their punctuation take two columns. */
const widthOf = (text: string): number =>
  Array.from(text, (char) => (isWide(char) ? 2 : 1)).reduce((sum, width) => sum + width, 0);

/** Pieces that stay whole: a word, a value with its unit behind a no-break space, one Chinese character. */
function piecesOf(text: string): readonly string[] {
  const pieces: string[] = [];
  let open = false;
  for (const char of text) {
    const last = pieces.at(-1);
    const goesOn =
      last !== undefined &&
      (open ||
        (closing.includes(char) && last !== " ") ||
        char === noBreak ||
        last.endsWith(noBreak) ||
        (!isWide(char) && char !== " " && /[!-~μ°]$/.test(last)));
    if (goesOn) pieces[pieces.length - 1] = `${last}${char}`;
    else pieces.push(char);
    open = opening.includes(char);
  }
  return pieces;
}

/** Cuts what is wider than a whole line. */
function* cut(piece: string, columns: number): Iterable<string> {
  let part = "";
  for (const char of piece) {
    if (widthOf(part + char) > columns) {
      yield part;
      part = "";
    }
    part += char;
  }
  yield part;
}

/** Breaks a text into lines of at most so many columns. */
function broken(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const piece of piecesOf(text).flatMap((one) => [...cut(one, columns)])) {
    if (widthOf(line + piece) > columns) {
      lines.push(line.trimEnd());
      line = "";
    }
    if (line !== "" || piece !== " ") line += piece;
  }
  return [...lines, line.trimEnd()];
}

const line = (text: string, { large = false, bold = false, centred = false } = {}): PageLine => ({
  is: "line",
  text,
  large,
  bold,
  centred,
});

function pairOf(left: string, right: string, columns: number): readonly string[] {
  const space = columns - widthOf(left) - widthOf(right);
  if (space > 0) return [`${left}${" ".repeat(space)}${right}`];
  const aligned = broken(right, columns).map((text) => " ".repeat(columns - widthOf(text)) + text);
  return [...broken(left, columns), ...aligned];
}

function laid(part: SlipLine, columns: number, read: (text: string) => string): readonly PageLine[] {
  switch (part.is) {
    case "text": {
      const large = part.size === "large";
      const style = { large, bold: part.bold ?? false, centred: part.align === "centre" };
      return broken(read(part.text), large ? Math.floor(columns / 2) : columns).map((text) => line(text, style));
    }
    case "pair":
      return pairOf(read(part.left), read(part.right), columns).map((text) => line(text, { bold: part.bold ?? false }));
    case "rule":
      return [line("-".repeat(columns))];
    case "gap":
      return [line("")];
    case "qr":
      return [part];
  }
}

/** The lines as they come out, none wider than the paper. */
export const pageOf = (slip: Slip, { columns, codePage }: EscposOptions): readonly PageLine[] =>
  slip
    .flatMap((part) => laid(part, columns, (text) => readable(text, codePage)))
    // A no-break space has done its work.
    .map((one) => (one.is === "qr" ? one : { ...one, text: one.text.replaceAll(noBreak, " ") }));
