import { valueOf, type Decimal } from "../kit/medical-float.ts";
import { fieldsOf } from "./gatt-fields.ts";
import type { Moment, Told } from "./gatt-told.ts";

// Oximeters, 2A5E a single result and 2A5F a stream, and pulse belts, 2A37 [instruments.md 2.9].

const spotFlag = { time: 0x01, status: 0x02, device: 0x04, amplitude: 0x08, clockNotSet: 0x10 } as const;
/** Besides the normal numbers there may be fast and slow ones. */
const streamFlag = { fast: 0x01, slow: 0x02, status: 0x04, device: 0x08, amplitude: 0x10 } as const;
/**
 * Bits of the measurement's status [PLXS 1.0.1, table 3.4]: taken from the memory, and what is no measurement of a person:
 * a demonstration, a test, a calibration; none there, a questionable one, an invalid one.
 */
const stored = 0x0200;
const noMeasurement = 0xfc00;
/** Contact is told at all; the skin touches. */
const beltFlag = { wide: 0x01, contact: 0x02, contactTold: 0x04 } as const;

/** 0 stands for none too: an oximeter that finds no pulse. */
const number = (value: Decimal | undefined): number | undefined => (value && valueOf(value)) || undefined;

export function spotOf(bytes: Uint8Array): Told | undefined {
  const fields = fieldsOf(bytes);
  const flags = fields.u8();
  const [spo2, pulse] = [number(fields.short()), number(fields.short())];
  const time = flags & spotFlag.time ? fields.time() : undefined;
  const status = flags & spotFlag.status ? fields.u16() : 0;
  if (flags & spotFlag.device) fields.u24();
  const amplitude = flags & spotFlag.amplitude ? number(fields.short()) : undefined;
  if (!fields.isWhole()) return undefined;
  // A clock that was never set tells nothing.
  const at = flags & spotFlag.clockNotSet ? undefined : time;
  if (spo2 === undefined || pulse === undefined || status & noMeasurement)
    return { is: "refused", at, says: "the oximeter found no pulse: a warm finger, kept still" };
  return {
    is: "result",
    at,
    ...(status & stored && { stored: true }),
    readings: [
      { item: "spo2", value: spo2, unit: "%", notes: [] },
      { item: "pulse", value: pulse, unit: "/min", notes: [] },
      ...(amplitude === undefined ? [] : [{ item: "perfusion", value: amplitude, unit: "%", notes: [] } as const]),
    ],
  };
}

export function streamOf(bytes: Uint8Array): Told | undefined {
  const fields = fieldsOf(bytes);
  const flags = fields.u8();
  const [spo2, pulse] = [number(fields.short()), number(fields.short())];
  for (const more of [streamFlag.fast, streamFlag.slow])
    if (flags & more) {
      fields.short();
      fields.short();
    }
  const status = flags & streamFlag.status ? fields.u16() : 0;
  if (flags & streamFlag.device) fields.u24();
  const perfusion = flags & streamFlag.amplitude ? number(fields.short()) : undefined;
  if (!fields.isWhole()) return undefined;
  if (spo2 === undefined || pulse === undefined || status & (noMeasurement | stored)) return { is: "empty" };
  return { is: "moment", moment: { spo2, pulse, ...(perfusion === undefined ? {} : { perfusion }) } };
}

/** Energy and the times between beats stand behind it and are left there. */
export function beltOf(bytes: Uint8Array): Told | undefined {
  const fields = fieldsOf(bytes);
  const flags = fields.u8();
  const pulse = flags & beltFlag.wide ? fields.u16() : fields.u8();
  if (!fields.isWhole()) return undefined;
  const isOff = (flags & beltFlag.contactTold) !== 0 && (flags & beltFlag.contact) === 0;
  const moment: Moment = { pulse };
  return isOff || pulse === 0 ? { is: "empty" } : { is: "moment", moment };
}
