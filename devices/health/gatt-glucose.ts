import { chinaTime, utcOf, type CivilTime } from "../kit/civil.ts";
import { millis, minutes } from "../kit/clock.ts";
import type { Note, Reading } from "./capability.ts";
import { valueOf, type Decimal } from "../kit/medical-float.ts";
import { fieldsOf } from "./gatt-fields.ts";
import type { Told } from "./gatt-told.ts";

// Glucose, 2A18, and the record access control point, 2A52, through which stored results are asked for
// [instruments.md 2.9, S11]. BeneCheck puts the substance where the number of the record should stand [2.3.3, S10].

export interface GlucoseRecord {
  /** Number of the record; a BeneCheck has the substance in its low byte. */
  readonly sequence: number;
  readonly at: CivilTime | undefined;
  readonly offsetMinutes: number;
  /** Nothing where there is none or it is no number. */
  readonly concentration: Decimal | undefined;
  readonly unit: "kg/L" | "mol/L";
  /** 1 to 9 blood of a person, 10 control solution. */
  readonly type: number;
  readonly location: number;
  readonly status: number;
}

const flag = { offset: 0x01, concentration: 0x02, molar: 0x04, status: 0x08 } as const;
const controlSolution = 10;
/** Bits of the status that say something against the number, and what to do. */
const faults: readonly (readonly [number, string])[] = [
  [0x0002, "the sensor or the meter is out of order"],
  [0x0004, "the drop was too small"],
  [0x0008, "the strip was put in wrongly"],
  [0x0010, "it is the wrong kind of strip"],
  [0x0080, "the strip is too warm"],
  [0x0100, "the strip is too cold"],
  [0x0200, "the strip was taken out too soon"],
  [0x0400, "the meter gave a fault"],
];
const tooHigh = 0x0020;
const tooLow = 0x0040;
/** Its clock stood still for a while, or was set back to its beginning. */
const timeFault = 0x0800;
/** mmol/L: beyond these the meters say HI and LO where they tell no number [instruments 1, S20]. */
const highest = 33.3;
const lowest = 1.1;

export function glucoseRecordOf(bytes: Uint8Array): GlucoseRecord | undefined {
  const fields = fieldsOf(bytes);
  const flags = fields.u8();
  const sequence = fields.u16();
  const base = fields.time();
  const offsetMinutes = flags & flag.offset ? fields.i16() : 0;
  const concentration = flags & flag.concentration ? fields.short() : undefined;
  const kind = flags & flag.concentration ? fields.u8() : 0;
  const status = flags & flag.status ? fields.u16() : 0;
  if (!fields.isWhole()) return undefined;
  return {
    sequence,
    at: base,
    offsetMinutes,
    concentration,
    unit: flags & flag.molar ? "mol/L" : "kg/L",
    type: kind & 0x0f,
    location: kind >> 4,
    status,
  };
}

/** When its clock showed that to people: whoever sets it moves the offset, and the time itself runs on [GLS 1.0.1, 3.1]. */
function shownAt({ at, offsetMinutes, status }: GlucoseRecord): CivilTime | undefined {
  if (at === undefined || status & timeFault) return undefined;
  return chinaTime(millis(utcOf(at) + minutes(offsetMinutes)));
}

/** mol/L are mmol/L times 1000, kg/L are mg/dL times 100,000 [instruments.md 2.9]. */
const inUsualUnit = (value: Decimal, unit: GlucoseRecord["unit"]) =>
  unit === "mol/L"
    ? ({ value: valueOf(value, 3), unit: "mmol/L" } as const)
    : ({ value: valueOf(value, 5), unit: "mg/dL" } as const);

/** Of control solution nothing is told. */
export function glucoseOf(bytes: Uint8Array): Told | undefined {
  const record = glucoseRecordOf(bytes);
  if (record === undefined || record.type === controlSolution) return undefined;
  const why = faults.find(([bit]) => record.status & bit)?.[1];
  if (why !== undefined) return { is: "refused", at: shownAt(record), says: `${why}: test again with a new strip` };
  const comparator = record.status & tooHigh ? ">" : record.status & tooLow ? "<" : undefined;
  const reading = readingOf(record, comparator);
  if (reading === undefined) return undefined;
  return {
    is: "result",
    at: shownAt(record),
    readings: [comparator === undefined ? reading : { ...reading, comparator }],
  };
}

/** What is beyond may come without a number, and is told all the same. */
function readingOf({ concentration, unit }: GlucoseRecord, beyond: ">" | "<" | undefined): Reading | undefined {
  const notes: readonly Note[] = [];
  if (concentration !== undefined && concentration.mantissa > 0)
    return { item: "glucose", ...inUsualUnit(concentration, unit), notes };
  if (beyond === undefined) return undefined;
  return { item: "glucose", value: beyond === ">" ? highest : lowest, unit: "mmol/L", notes };
}

/** The low byte of the record's number [S10]. */
const substances = { 0x41: "glucose", 0x51: "urate", 0x61: "cholesterol" } as const;
/** Names with which these meters call themselves: any other would have its records read wrongly, and they by the standard. */
const benecheckNames = /^bene ?check/i;
export const isBenecheck = (name: string): boolean => benecheckNames.test(name);

export function benecheckOf(bytes: Uint8Array): Told | undefined {
  const record = glucoseRecordOf(bytes);
  const mark = (record?.sequence ?? 0) & 0xff;
  const item = mark === 0x41 || mark === 0x51 || mark === 0x61 ? substances[mark] : undefined;
  if (!record?.concentration || record.concentration.mantissa <= 0 || item === undefined) return undefined;
  if (record.type === controlSolution) return undefined;
  // Always mol/L, whatever its flags say.
  const value = valueOf(record.concentration, 3);
  return { is: "result", at: shownAt(record), readings: [{ item, value, unit: "mmol/L", notes: [] }] };
}

/** "Report the last record" [2A52]; its answer ends with the kind of outcome. There are words that delete: not here. */
export const reportLast = Uint8Array.of(0x01, 0x06);
