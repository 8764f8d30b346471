/** What a scanner with AIM identifiers says about a code: how it was printed. */
export type Printed = "qr" | "code128" | "code39" | "ean" | "data-matrix" | "pdf417" | "other";

/** The code characters of ISO/IEC 15424, after "]" and before the modifier. */
const printed: Readonly<Record<string, Printed>> = {
  A: "code39",
  C: "code128",
  E: "ean",
  L: "pdf417",
  Q: "qr",
  d: "data-matrix",
};

/** Takes the three characters of an AIM identifier, such as "]Q1", from the head of a text; without one the text stays as it is. */
export function withoutAim(text: string): { readonly text: string; readonly symbology?: Printed } {
  const code = /^\]([A-Za-z])[0-9A-Za-z]/.exec(text)?.[1];
  return code === undefined ? { text } : { text: text.slice(3), symbology: printed[code] ?? "other" };
}
