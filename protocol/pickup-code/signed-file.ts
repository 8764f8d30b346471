import * as v from "valibot";
import { parseDate, parseHours, parseInstant } from "./calendar.ts";
import { bad, good, type Judged } from "./judged.ts";

const matching = (form: RegExp, what: string) =>
  v.pipe(v.string(`expected ${what}`), v.regex(form, `expected ${what}`));
const readable = (reads: (text: string) => unknown, what: string) =>
  v.pipe(
    v.string(`expected ${what}`),
    v.check((text) => reads(text) !== undefined, `expected ${what}`),
  );

export const literal = <T extends string | number | boolean>(value: T) =>
  v.literal(value, `expected ${JSON.stringify(value)}`);
export const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  v.picklist(values, `expected ${values.map((value) => `"${value}"`).join(" or ")}`);
export const whole = (low: number, high: number) => {
  const expected = `expected a whole number from ${low} to ${high}`;
  return v.pipe(v.number(expected), v.integer(expected), v.minValue(low, expected), v.maxValue(high, expected));
};
export const bytesInHex = (count: number, what: string) => matching(new RegExp(`^[0-9a-f]{${count * 2}}$`), what);
export const base64url = (what: string) => matching(/^[A-Za-z0-9_-]+$/, what);
export const shortName = matching(
  /^[A-Za-z][A-Za-z0-9-]{0,31}$/,
  'a short name of letters, digits and "-" that begins with a letter',
);

/** Fields that every signed file has. */
export const signedFields = {
  v: literal(1),
  station: matching(/^[A-Za-z0-9][A-Za-z0-9-]{1,31}$/, 'the kiosk\'s id, such as "ZP-001"'),
  issuedAt: readable(parseInstant, 'a time in UTC such as "2026-07-01T04:00:00Z"'),
  kid: v.pipe(
    v.string("expected the short name of the release key"),
    v.nonEmpty("expected the short name of the release key"),
  ),
  sig: matching(/^[A-Za-z0-9_-]{86}$/, "an Ed25519 signature of 86 characters of base64url"),
};

/** Fields of a file that gives goods. */
export const offerFields = {
  products: v.pipe(
    v.array(
      matching(/^[a-z][a-z0-9-]{0,31}$/, 'a product id of the station file, such as "water"'),
      "expected a list of product ids",
    ),
    v.minLength(1, "expected at least one product id"),
  ),
  from: readable(parseDate, 'a date such as "2026-07-01"'),
  to: readable(parseDate, 'a date such as "2026-09-30"'),
  hours: readable(parseHours, 'hours such as "06:00-22:00" that open before they close'),
  lossLimit: v.pipe(
    v.number("expected a number of drinks a kiosk-year"),
    v.gtValue(0, "expected more than 0 drinks a kiosk-year"),
    v.maxValue(1e9, "expected fewer drinks a kiosk-year"),
  ),
};

/** The sentence for dates in the wrong order, as a list to be joined with others. */
export const datesInOrder = (file: { readonly from: string; readonly to: string }): readonly string[] =>
  file.from <= file.to ? [] : [`to: ${file.to} lies before from, ${file.from}.`];

/** Reads JSON text against a schema; each mistake is a sentence that begins with the field's path. */
export function readFile<T>(text: string, schema: v.GenericSchema<unknown, T>): Judged<T> {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (mistake) {
    return bad(`This is not JSON: ${mistake instanceof Error ? mistake.message : String(mistake)}.`);
  }
  const judged = v.safeParse(schema, raw);
  if (judged.success) return good(judged.output);
  return bad(
    ...judged.issues.map((issue) => {
      const path = v.getDotPath(issue) ?? "the file";
      if (issue.type === "strict_object" && issue.expected === "never") return `${path}: this field is not known.`;
      const found = issue.received === "undefined" ? "nothing" : issue.received;
      return `${path}: ${issue.message.startsWith("expected") ? issue.message : `expected ${issue.expected ?? "something else"}`}, found ${found}.`;
    }),
  );
}
