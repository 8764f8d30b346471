import { isMoreThanNoise, textLines, type HalfLine, type Said } from "../kit/text-line.ts";
import type { HbpOptions } from "./omron-hbp-options.ts";

// Omron's tunnels for clinics, one line after each measurement [S2, S4; instruments.md 2.1.3]. The second field is who was
// measured, often an identity card's number: no more than its length is looked at, and it goes no further.

export type HbpSaid =
  | {
      readonly is: "result";
      readonly systolic: number;
      readonly diastolic: number;
      readonly mean?: number;
      readonly pulse: number;
      readonly moved: boolean;
    }
  | { readonly is: "error"; readonly code: string }
  /** Another of the machine's output formats. */
  | { readonly is: "wrong-format" }
  /** A line of about the right length that cannot be true. */
  | { readonly is: "damaged" };

export const framer = textLines<never>();

/** Format 5 of the HBP-9030: 53 characters, eleven fields of fixed widths [S4]. */
const line9030 =
  /^(?<year>\d{4}),(?<month>\d\d),(?<day>\d\d),(?<hour>\d\d),(?<minute>\d\d),.{20},(?<error>\d),(?<systolic>\d{3}| {3}),(?<diastolic>\d{3}| {3}),(?<pulse>\d{3}| {3}),(?<moved>[01])$/;
/** Mode 5/F3 of the HBP-9020. What its last field means no source tells [S2]. */
const line9020 =
  /^bp,.{20},(?<year>\d{4})\/(?<month>\d\d)\/(?<day>\d\d),(?<hour>\d\d):(?<minute>\d\d),(?<systolic>\d{3}| {3}),(?<mean>\d{3}| {3}),(?<diastolic>\d{3}| {3}),(?<pulse>\d{3}| {3}),\d$/;

/** How lines of formats begin that were not chosen [S4]. */
const otherFormats: Readonly<Record<HbpOptions["model"], RegExp>> = {
  "hbp-9030": /^(?:MMBP203N|ID|bp,)/,
  "hbp-9020": /^(?:MMBP203N|ID|\d{4},\d\d,\d\d,)/,
};

/** What the machine itself holds for possible [S4]. */
const possible = { systolic: [60, 260], diastolic: [30, 215], pulse: [40, 180], mean: [30, 260] } as const;
type Measured = keyof typeof possible;

/** Shorter than any line of any format. */
const leastLine = 20;

export function meaningOf(said: Said<never>, model: HbpOptions["model"]): HbpSaid | undefined {
  if (said.is !== "text") return { is: "damaged" };
  const fields = (model === "hbp-9030" ? line9030 : line9020).exec(said.text)?.groups;
  if (fields !== undefined) return measured(fields);
  if (otherFormats[model].test(said.text)) return { is: "wrong-format" };
  return said.text.length < leastLine ? undefined : { is: "damaged" };
}

/** What a line tells that was broken off by silence. */
export const brokenOff = (half: HalfLine): HbpSaid | undefined =>
  isMoreThanNoise(half) && half.line.length >= leastLine ? { is: "damaged" } : undefined;

function measured(fields: Readonly<Record<string, string | undefined>>): HbpSaid {
  if (!isTime(fields)) return { is: "damaged" };
  const { error = "0", systolic } = fields;
  // The HBP-9020 has no field for errors: it leaves the values blank.
  if (error !== "0" || (fields["mean"] !== undefined && systolic === "   "))
    return { is: "error", code: fields["error"] ?? "without a number" };
  const number = (name: Measured): number | undefined => {
    const value = Number(fields[name]?.trim() || Number.NaN);
    const [least, most] = possible[name];
    return value >= least && value <= most ? value : undefined;
  };
  const [upper, lower, pulse, mean] = [number("systolic"), number("diastolic"), number("pulse"), number("mean")];
  if (upper === undefined || lower === undefined || pulse === undefined || upper <= lower) return { is: "damaged" };
  if (fields["mean"] !== undefined && mean === undefined) return { is: "damaged" };
  return {
    is: "result",
    systolic: upper,
    diastolic: lower,
    ...(mean === undefined ? {} : { mean }),
    pulse,
    moved: fields["moved"] === "1",
  };
}

/** Whether there is such a minute. */
function isTime(fields: Readonly<Record<string, string | undefined>>): boolean {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = ["year", "month", "day", "hour", "minute"].map((name) =>
    Number(fields[name]),
  );
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  return day >= 1 && day <= days && hour < 24 && minute < 60;
}
