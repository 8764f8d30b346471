import type { Item, Reading, Unit } from "../../../devices/health/capability.ts";
import { reckoned, type Factor } from "./decimal.ts";
import { figures } from "./figure.ts";
import type { Shown } from "./shown.ts";

interface Way extends Factor {
  readonly to: Unit;
}
type Ways = { readonly [from in Unit]?: Way };

const same = (unit: Unit): Ways => ({ [unit]: { to: unit } });

// [instruments 5.4]
const pressure: Ways = { ...same("mm[Hg]"), kPa: { to: "mm[Hg]", times: 7.50062 } };
const mass: Ways = { ...same("kg"), "[lb_av]": { to: "kg", times: 0.45359237 } };
const length: Ways = { ...same("cm"), m: { to: "cm", times: 100 } };
const percent: Ways = same("%");
const count: Ways = same("1");
const cholesterol: Ways = { ...same("mmol/L"), "mg/dL": { to: "mmol/L", by: 38.67 } };

/** From the instrument's unit to the one shown. mg/dL means another thing for every substance. */
const ways: Readonly<Record<Item, Ways>> = {
  systolic: pressure,
  diastolic: pressure,
  "mean-arterial": pressure,
  pulse: same("/min"),
  "irregular-beats": count,
  spo2: percent,
  perfusion: percent,
  temperature: { ...same("Cel"), "[degF]": { to: "Cel", minus: 32, times: 5, by: 9 } },
  height: length,
  weight: mass,
  bmi: same("kg/m2"),
  "body-fat": percent,
  // Scales give either, and without the weight of the same moment neither becomes the other.
  "body-water": { ...percent, ...mass },
  "muscle-mass": { ...mass, ...percent },
  "bone-mass": mass,
  "visceral-fat": count,
  // A thermochemical calorie.
  "basal-metabolism": { ...same("kcal/d"), "kJ/d": { to: "kcal/d", by: 4.184 } },
  glucose: { ...same("mmol/L"), "mg/dL": { to: "mmol/L", by: 18.016 } },
  urate: { ...same("umol/L"), "mmol/L": { to: "umol/L", times: 1000 }, "mg/dL": { to: "umol/L", times: 59.48 } },
  cholesterol,
  hdl: cholesterol,
  ldl: cholesterol,
  triglyceride: { ...same("mmol/L"), "mg/dL": { to: "mmol/L", by: 88.57 } },
  haemoglobin: { ...same("g/L"), "g/dL": { to: "g/L", times: 10 } },
  haematocrit: percent,
  ketone: same("mmol/L"),
  lactate: { ...same("mmol/L"), "mg/dL": { to: "mmol/L", by: 9.008 } },
  waist: length,
  hip: length,
  "grip-left": mass,
  "grip-right": mass,
  "vision-left": count,
  "vision-right": count,
};

/** Units in which an instrument may give an item. */
export const unitsOf = (item: Item): readonly Unit[] => Object.keys(ways[item]) as Unit[];

/**
 * The one conversion: from what the instrument said to what the person reads, rounded once.
 * @throws Error where no way is known from the unit, or the value is no number: the driver is wrong.
 */
export function converted({ item, value, unit, comparator, notes }: Reading): Shown {
  const way = ways[item][unit];
  if (way === undefined)
    throw new Error(`${item} in ${unit} cannot be shown: the driver must give it in ${unitsOf(item).join(" or ")}`);
  return {
    figure: item,
    value: reckoned(value, way, figures[item].decimals),
    unit: way.to,
    ...(comparator === undefined ? {} : { comparator }),
    notes,
    native: { value, unit },
  };
}
