import type { Item, Reading, Unit } from "./capability.ts";
import { valueOf } from "../kit/medical-float.ts";
import { fieldsOf } from "./gatt-fields.ts";
import type { Told } from "./gatt-told.ts";

// Temperature 2A1C, weight 2A9D, body composition 2A9C [instruments.md 2.9], and what a Mi Scale 2 advertises [2.6.5, S28].

/** A whole number of parts, as these scales send it: 23584 of 1/200 kg. */
const parts = (count: number, ofOne: number): number => count / ofOne;
const reading = (item: Item, value: number, unit: Unit): Reading => ({ item, value, unit, notes: [] });

const temperatureFlag = { fahrenheit: 0x01, time: 0x02, site: 0x04 } as const;

/** Where it was measured stands behind it; the kiosk guides the person itself. */
export function temperatureOf(bytes: Uint8Array): Told | undefined {
  const fields = fieldsOf(bytes);
  const flags = fields.u8();
  const value = fields.long();
  const at = flags & temperatureFlag.time ? fields.time() : undefined;
  if (flags & temperatureFlag.site) fields.u8();
  if (!fields.isWhole()) return undefined;
  if (value === undefined) return { is: "refused", at, says: "the thermometer could not measure: measure again" };
  const unit = flags & temperatureFlag.fahrenheit ? "[degF]" : "Cel";
  return { is: "result", at, readings: [reading("temperature", valueOf(value), unit)] };
}

const weightFlag = { pounds: 0x01, time: 0x02, user: 0x04, height: 0x08 } as const;
/** FFFF says that the weighing failed. */
const failed = 0xffff;

export function weightOf(bytes: Uint8Array): Told | undefined {
  const fields = fieldsOf(bytes);
  const flags = fields.u8();
  const weight = fields.u16();
  const at = flags & weightFlag.time ? fields.time() : undefined;
  if (flags & weightFlag.user) fields.u8();
  const [bmi, height] = flags & weightFlag.height ? [fields.u16(), fields.u16()] : [0, 0];
  if (!fields.isWhole()) return undefined;
  if (weight === failed) return { is: "refused", at, says: "the scale could not weigh: stand still on it" };
  if (weight === 0) return undefined;
  const isMetric = (flags & weightFlag.pounds) === 0;
  return {
    is: "result",
    at,
    readings: [
      isMetric ? reading("weight", parts(weight, 200), "kg") : reading("weight", parts(weight, 100), "[lb_av]"),
      // A height in inches no station shows; the scale knows it only from its user's settings.
      ...(height > 0 && isMetric ? [reading("height", parts(height, 1000), "m")] : []),
      ...(bmi > 0 ? [reading("bmi", parts(bmi, 10), "kg/m2")] : []),
    ],
  };
}

const bodyFlag = {
  pounds: 0x0001,
  time: 0x0002,
  user: 0x0004,
  metabolism: 0x0008,
  muscleShare: 0x0010,
  muscle: 0x0020,
  fatFree: 0x0040,
  softLean: 0x0080,
  water: 0x0100,
  impedance: 0x0200,
  weight: 0x0400,
  height: 0x0800,
} as const;

/** A fat of 0 is the stub that a scale sends when feet were not bare, FFFF that it failed: neither tells anything. */
export function compositionOf(bytes: Uint8Array): Told | undefined {
  const fields = fieldsOf(bytes);
  const flags = fields.u16();
  const fat = fields.u16();
  const at = flags & bodyFlag.time ? fields.time() : undefined;
  if (flags & bodyFlag.user) fields.u8();
  const next = (bit: number): number => (flags & bit ? fields.u16() : 0);
  const metabolism = next(bodyFlag.metabolism);
  const muscleShare = next(bodyFlag.muscleShare);
  const muscle = next(bodyFlag.muscle);
  next(bodyFlag.fatFree);
  next(bodyFlag.softLean);
  const water = next(bodyFlag.water);
  next(bodyFlag.impedance);
  const weight = next(bodyFlag.weight);
  const height = next(bodyFlag.height);
  if (!fields.isWhole() || fat === 0 || fat === failed) return undefined;

  const [massUnit, ofOne]: readonly [Unit, number] = flags & bodyFlag.pounds ? ["[lb_av]", 100] : ["kg", 200];
  const mass = (item: Item, count: number) => (count > 0 ? [reading(item, parts(count, ofOne), massUnit)] : []);
  // The muscle is told as a mass where the scale has both.
  const muscles = mass("muscle-mass", muscle);
  const share = muscleShare > 0 ? [reading("muscle-mass", parts(muscleShare, 10), "%")] : [];
  return {
    is: "result",
    at,
    readings: [
      reading("body-fat", parts(fat, 10), "%"),
      ...mass("weight", weight),
      ...(height > 0 && massUnit === "kg" ? [reading("height", parts(height, 1000), "m")] : []),
      ...(muscles.length > 0 ? muscles : share),
      ...mass("body-water", water),
      ...(metabolism > 0 ? [reading("basal-metabolism", metabolism, "kJ/d")] : []),
    ],
  };
}

/** What a Mi Scale 2 says to everybody, 13 bytes under 181B; undefined while somebody steps on or off. Ohms for no item. */
export function miScaleOf(bytes: Uint8Array): (Told & { readonly is: "result" }) | undefined {
  const fields = fieldsOf(bytes);
  const [units, state] = [fields.u8(), fields.u8()];
  const at = fields.time();
  fields.u16();
  const weight = fields.u16();
  const isSteady = (state & 0x20) !== 0 && (state & 0x80) === 0;
  if (!fields.isWhole() || !isSteady || weight === 0) return undefined;
  if (units & 0x01) return { is: "result", at, readings: [reading("weight", parts(weight, 100), "[lb_av]")] };
  // A catty, shown in hundredths, is half a kilogram.
  return { is: "result", at, readings: [reading("weight", parts(weight, 200), "kg")] };
}
