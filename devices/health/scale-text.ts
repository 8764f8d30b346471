import { millis } from "../kit/clock.ts";
import type { DriverDefinition } from "../kit/driver.ts";
import { fault } from "../kit/fault.ts";
import { hear } from "../kit/hearing.ts";
import { err, ok, type Result } from "../kit/result.ts";
import { standing, type Look } from "../kit/steady.ts";
import { awaiting, unasked } from "../kit/unasked.ts";
import type { Item, Reading, Unit } from "./capability.ts";
import { itemOf, readOptions, type Mark, type ScaleTextOptions } from "./scale-text-options.ts";
import { recordsTo, type HalfRecord } from "./scale-text-wire.ts";

// Any machine that says what it measures as text: the station tells how its records look.

/** Unchanged for so long is still [instruments.md 2.6.2]. */
const unchanged = millis(1500);
const equalLines = 2;

/** A value without its unit: blanks may stand before and within, as before a sign. */
const isNumber = /^[+-]?\d{1,6}(?:\.\d{1,4})?$/;

/** Undefined for a record that is not of the form that the station described. */
function look(record: string, { pattern, units, least }: ScaleTextOptions): Look<readonly Reading[]> | undefined {
  const groups = pattern.match(record);
  if (groups === undefined) return undefined;
  const isMarked = (mark: Mark) => (groups.get(mark) ?? "") !== "";
  if (isMarked("failed"))
    return { seen: "failed", outcome: err(fault("refused", "the scale reports an error: step off and on again")) };

  const readings: Reading[] = [];
  for (const [group, text] of groups) {
    const item = itemOf(group);
    if (item === undefined) continue;
    const digits = text.replaceAll(" ", "");
    // A group that is there and no number makes the whole record doubtful.
    if (!isNumber.test(digits)) return undefined;
    readings.push(readingOf(item, digits, units.get(item) ?? "1"));
  }
  const lead = readings.find(({ item }) => item === "weight") ?? readings[0];
  // `least` is in the scale's unit, as the kilograms of grams are not.
  const isEmpty = lead === undefined || Number(groups.get(lead.item.replace("-", "_"))?.replaceAll(" ", "")) < least;
  if (isEmpty || readings.some(({ value }) => value <= 0)) return { seen: undefined, outcome: undefined };
  const seen = isMarked("unstable") ? undefined : JSON.stringify(readings.map(({ value }) => value));
  return { seen, outcome: ok(readings) };
}

/** Grams are told as kilograms: the point moves, and nothing is reckoned. */
const readingOf = (item: Item, digits: string, unit: Unit | "g"): Reading =>
  unit === "g"
    ? { item, value: Number(`${digits}e-3`), unit: "kg", notes: [] }
    : { item, value: Number(digits), unit, notes: [] };

const driver: DriverDefinition<ScaleTextOptions, "bytes"> = {
  id: "scale-text",
  provides: ["meter"],
  port: "bytes",
  remembers: false,
  options: readOptions,

  async open({ port, clock, options }) {
    const records = hear<string, HalfRecord, string>(port, clock, {
      framer: recordsTo(options.ends),
      means: (record) => record,
    });
    const once = awaiting<string, readonly Reading[]>(records, clock);
    const rule = options.stability === "unchanged" ? { span: unchanged } : { equal: equalLines };
    const still = standing<string, readonly Reading[]>(records, clock, { ...rule, mustMove: true });
    /** What a machine says that speaks once: an unstable record is none. */
    const take = (record: string): Result<readonly Reading[]> | undefined => {
      const now = look(record, options);
      return now?.seen === undefined ? undefined : now.outcome;
    };
    return ok({
      can: {
        meter: {
          items: [...options.units.keys()],
          starts: false,
          measure(asked) {
            if (options.stability === "once") return once.next(asked, take);
            return still.next(
              asked,
              (record) => look(record, options),
              ([reading]) => reading && asked.heard({ is: "preview", reading }),
            );
          },
        },
      },
      ...unasked(records, { model: "text scale" }, "let somebody step on it"),
    });
  },
};

export default driver;
