import * as v from "valibot";
import { bad, type Judged } from "./judged.ts";
import { signed } from "./sign.ts";
import {
  bytesInHex,
  datesInOrder,
  literal,
  offerFields,
  oneOf,
  readFile,
  shortName,
  signedFields,
  whole,
} from "./signed-file.ts";

/** The characters of an imported code, and their number for the expected loss. Codes are compared as they are written, capitals apart from small letters. */
export const alphabets = {
  digits: { form: /^[0-9]+$/, size: 10 },
  capitals: { form: /^[0-9A-Z]+$/, size: 36 },
  letters: { form: /^[0-9A-Za-z]+$/, size: 62 },
} as const;

export type Alphabet = keyof typeof alphabets;

/** Codes of another platform, as keyed hashes: what this kiosk needs to know them again, and no more. */
export interface ImportedList {
  readonly v: 1;
  readonly kind: "list";
  readonly id: string;
  readonly station: string;
  readonly codeLength: number;
  readonly alphabet: Alphabet;
  /** 16 hex digits each, in ascending order, none twice. */
  readonly tags: readonly string[];
  readonly products: readonly string[];
  readonly from: string;
  readonly to: string;
  readonly hours: string;
  /** How often a code may be used. This version knows once. */
  readonly uses: 1;
  readonly lossLimit: number;
  readonly issuedAt: string;
  readonly kid: string;
  readonly sig: string;
}

export const shortest = 6;
export const longest = 16;

const schema: v.GenericSchema<unknown, ImportedList> = v.strictObject({
  ...signedFields,
  ...offerFields,
  kind: literal("list"),
  id: shortName,
  codeLength: whole(shortest, longest),
  alphabet: oneOf(["digits", "capitals", "letters"]),
  tags: v.pipe(
    v.array(bytesInHex(8, "a tag of 16 hex digits"), "expected a list of tags"),
    v.minLength(1, "expected at least one tag"),
  ),
  uses: literal(1),
});

/** Reads a list file. Looks at no signature, no loss and no station: that is for whoever obeys it. */
export function parseList(text: string): Judged<ImportedList> {
  const read = readFile(text, schema);
  if (!read.ok) return read;
  const { tags } = read.value;
  const mistakes = [
    ...datesInOrder(read.value),
    ...(tags.every((tag, at) => at === 0 || (tags[at - 1] ?? "") < tag)
      ? []
      : ["tags: expected ascending order and none twice."]),
  ];
  return mistakes.length > 0 ? bad(...mistakes) : read;
}

/** Signs with the release key named by `kid`. */
export const signList = (list: Omit<ImportedList, "sig">, release: Uint8Array): ImportedList =>
  signed("list", list, release);

/** Whether a text has the form of this list's codes. */
export const couldBeOf = (list: ImportedList, text: string): boolean =>
  text.length === list.codeLength && alphabets[list.alphabet].form.test(text);
