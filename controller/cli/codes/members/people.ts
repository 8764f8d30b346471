import { err, ok, type Result } from "../../../../devices/kit/result.ts";
import type { CardScheme } from "../../../../protocol/members/card-keys.ts";
import { isUid, longestText } from "../../../../protocol/members/forms.ts";
import { shownRow, type Table } from "./table.ts";

/** Which columns hold what; of numbers, barcodes, cards and apps at least one is named. */
export interface Columns {
  readonly person: string;
  readonly number?: string;
  readonly barcode?: string;
  readonly app?: string;
  readonly uid?: string;
  readonly cardKey?: string;
}

export type UidForm = "hex" | "8h10d";

/** What a row says of a person, in the form in which it is scanned. */
export interface PersonRow {
  /** As a table program shows it. */
  readonly row: number;
  readonly person: string;
  readonly texts: readonly string[];
  /** Bare. */
  readonly uid?: string;
  readonly card?: { readonly uid: string; readonly scheme: CardScheme; readonly key: Uint8Array };
}

/** More complaints than this help nobody. */
const complaintsAtMost = 10;

/** Every mistake is a sentence with its row, and nothing of what stands there. */
export function peopleIn(
  { columns, rows }: Table,
  asked: Columns,
  uidForm: UidForm,
  scheme: CardScheme | undefined,
): Result<readonly PersonRow[], readonly string[]> {
  const missing = Object.values(asked).filter((name) => name !== undefined && !columns.includes(name));
  if (missing.length > 0)
    return err(missing.map((name) => `There is no column ${String(name)}; the file has: ${columns.join(", ")}.`));
  const mistakes: string[] = [];
  const people = rows.flatMap((fields, index) => {
    const row = shownRow(index);
    const cell = (name: string | undefined): string =>
      name === undefined ? "" : (fields[columns.indexOf(name)] ?? "");
    const read = personIn(cell, asked, uidForm, scheme);
    if (typeof read === "string") mistakes.push(`Row ${row}: ${read}`);
    return typeof read === "string" ? [] : [{ row, ...read }];
  });
  const more = mistakes.length - complaintsAtMost;
  if (mistakes.length === 0) return ok(people);
  return err([...mistakes.slice(0, complaintsAtMost), ...(more > 0 ? [`And ${more} rows more.`] : [])]);
}

/** @returns a sentence where the row cannot be read. */
function personIn(
  cell: (column: string | undefined) => string,
  asked: Columns,
  uidForm: UidForm,
  scheme: CardScheme | undefined,
): Omit<PersonRow, "row"> | string {
  const person = cell(asked.person);
  if (person === "") return `${asked.person} is empty, and tells who it is.`;
  const texts = [cell(asked.number).replaceAll(/\s/g, ""), cell(asked.barcode), cell(asked.app)];
  if (texts.some((text) => !/^[!-~]*$/.test(text)))
    return "a number, barcode or app id holds something else than letters, digits and signs without blanks.";
  if (texts.some((text) => text.length > longestText))
    return `a number, barcode or app id is longer than ${longestText} characters.`;
  const written = cell(asked.uid);
  const uid = uidIn(written, uidForm);
  if (uid === undefined) return uidMistakes[uidForm];
  const known = { person, texts: texts.filter((text) => text !== "") };
  const key = cell(asked.cardKey).replaceAll(/[\s:]/g, "");
  if (key === "" || scheme === undefined) return uid === "" ? known : { ...known, uid };
  if (!/^[0-9A-Fa-f]{32}$/.test(key)) return "a card key is not 32 hex digits.";
  if (uid === "") return "there is a card key without the UID of the card.";
  return { ...known, card: { uid, scheme, key: new Uint8Array(Buffer.from(key, "hex")) } };
}

const uidMistakes: Readonly<Record<UidForm, string>> = {
  hex: "a UID is not 8, 10, 14 or 20 hex digits; for the decimal numbers that 125 kHz cards bear, name --uid-form 8h10d.",
  "8h10d": "a UID is not the ten decimal digits of the form 8H10D.",
};

/** Capital hex digits; empty where there is none. 8H10D: four bytes as a decimal number of ten digits [B19]. */
function uidIn(written: string, form: UidForm): string | undefined {
  if (written === "") return "";
  if (form === "hex") {
    const uid = written.replaceAll(/[\s:-]/g, "").toUpperCase();
    return isUid(uid) ? uid : undefined;
  }
  const number = /^\d{10}$/.test(written) ? Number(written) : Number.NaN;
  return number <= 0xffff_ffff ? number.toString(16).toUpperCase().padStart(8, "0") : undefined;
}
