import { alphabets } from "../pickup-code/list.ts";

/** The characters of a printed number, a barcode or an app's id, and their number for the expected loss. Printable: without blanks. */
export const textAlphabets = {
  ...alphabets,
  printable: { form: /^[!-~]+$/, size: 94 },
} as const;

export type TextAlphabet = keyof typeof textAlphabets;

/** The smallest first. */
export const alphabetNames: readonly TextAlphabet[] = ["digits", "capitals", "letters", "printable"];

/** Far below the 223 characters of a signed token. */
export const longestText = 64;

/** Identifiers of one form. */
export interface TextForm {
  readonly alphabet: TextAlphabet;
  readonly length: number;
  readonly entries: number;
  /** Places that differ from one to the next, and a guesser must hit. */
  readonly guessed: number;
}

export const isOfForm = ({ alphabet, length }: TextForm, text: string): boolean =>
  text.length === length && textAlphabets[alphabet].form.test(text);

/** UIDs of 4, 7 or 10 bytes [ISO 14443-3, 6.5.4] and of the 5 of a 125 kHz card, capital hex digits. */
export const isUid = (text: string): boolean => /^(?:[0-9A-F]{8}|[0-9A-F]{10}|[0-9A-F]{14}|[0-9A-F]{20})$/.test(text);

/** Below this many texts a place that never changes may be chance. */
const enoughToJudge = 30;

/** The forms of some texts, none of which stands there twice: each has printable characters, no blanks, and at most `longestText`. */
export function formsOf(texts: Iterable<string>): readonly TextForm[] {
  const found = new Map<
    string,
    { alphabet: TextAlphabet; length: number; first: string; entries: number; differs: boolean[] }
  >();
  for (const text of texts) {
    const alphabet = alphabetNames.find((name) => textAlphabets[name].form.test(text)) ?? "printable";
    const name = `${alphabet} ${text.length}`;
    let form = found.get(name);
    if (form === undefined) {
      form = {
        alphabet,
        length: text.length,
        first: text,
        entries: 0,
        differs: Array<boolean>(text.length).fill(false),
      };
      found.set(name, form);
    }
    form.entries++;
    for (let at = 0; at < text.length; at++) if (text[at] !== form.first[at]) form.differs[at] = true;
  }
  return [...found.values()]
    .map(({ alphabet, length, entries, differs }) => ({
      alphabet,
      length,
      entries,
      guessed: entries < enoughToJudge ? length : differs.filter(Boolean).length,
    }))
    .sort((a, b) => alphabetNames.indexOf(a.alphabet) - alphabetNames.indexOf(b.alphabet) || a.length - b.length);
}
