import type { Item, Note, Reading, Unit } from "./capability.ts";
import { unlessZero, valueOf, type Decimal } from "../kit/medical-float.ts";
import { fieldsOf } from "./gatt-fields.ts";
import type { Told } from "./gatt-told.ts";

// Blood pressure: 2A35, a result, and 2A36, the cuff while it is pumped [instruments.md 2.9, S11].

/** Bits of the flags. */
const flag = { kPa: 0x01, time: 0x02, pulse: 0x04, user: 0x08, status: 0x10 } as const;
/** Bits of the status, and what may be said of them. */
const notes: readonly (readonly [number, Note])[] = [
  [0x01, "moved"],
  [0x02, "cuff-loose"],
  [0x04, "irregular-pulse"],
];

/** Nothing where it is too short. 0 is no pressure and no pulse of anybody: so some tell what they do not measure. */
export function pressureOf(bytes: Uint8Array): Told | undefined {
  const fields = fieldsOf(bytes);
  const flags = fields.u8();
  const [systolic, diastolic, mean] = [fields.short(), fields.short(), fields.short()].map(unlessZero);
  const at = flags & flag.time ? fields.time() : undefined;
  const pulse = flags & flag.pulse ? unlessZero(fields.short()) : undefined;
  if (flags & flag.user) fields.u8();
  const status = flags & flag.status ? fields.u16() : 0;
  if (!fields.isWhole()) return undefined;
  if (systolic === undefined || diastolic === undefined)
    return { is: "refused", at, says: "the instrument could not measure: arm in the cuff, sit still, measure again" };

  const said = notes.flatMap(([bit, note]) => (status & bit ? [note] : []));
  const unit: Unit = flags & flag.kPa ? "kPa" : "mm[Hg]";
  const reading = (item: Item, value: Decimal | undefined, unit: Unit): readonly Reading[] =>
    value === undefined ? [] : [{ item, value: valueOf(value), unit, notes: said }];
  return {
    is: "result",
    at,
    readings: [
      ...reading("systolic", systolic, unit),
      ...reading("diastolic", diastolic, unit),
      ...reading("mean-arterial", mean, unit),
      ...reading("pulse", pulse, "/min"),
    ],
  };
}

/** The present pressure stands in the place of the upper one. Instruments that count in kPa show no cuff. */
export function cuffOf(bytes: Uint8Array): Told | undefined {
  const fields = fieldsOf(bytes);
  const flags = fields.u8();
  const pressure = fields.short();
  if (!fields.isWhole() || pressure === undefined || flags & flag.kPa) return undefined;
  return { is: "cuff", pressure: valueOf(pressure) };
}
