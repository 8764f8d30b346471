/** A piece of page that is already safe. Everything else that is put into a template is escaped. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Piece = Html | string | number | false | null | undefined | readonly Piece[];

const entities: ReadonlyMap<string, string> = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
  ["'", "&#39;"],
]);

export const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => entities.get(sign) ?? sign);

function put(piece: Piece): string {
  if (piece instanceof Html) return piece.text;
  if (typeof piece === "string") return escaped(piece);
  if (typeof piece === "number") return String(piece);
  return piece ? piece.map(put).join("") : "";
}

/** html`<p>${name}</p>`: text is escaped, lists are joined, false and nothing vanish. */
export const html = (texts: TemplateStringsArray, ...pieces: readonly Piece[]): Html =>
  new Html(texts.reduce((page, text, i) => page + put(pieces[i - 1]) + text));

/** Never broken over two lines: a date, a telephone, a reference. */
export const firm = (text: Piece): Html => html`<span class="firm">${text}</span>`;

/** What a person reads of it, without the markup. */
export const plain = (piece: Html | string): string =>
  typeof piece === "string"
    ? piece
    : [...entities].reduceRight(
        (text, [sign, entity]) => text.replaceAll(entity, sign),
        piece.text.replace(/<[^>]*>/g, ""),
      );
