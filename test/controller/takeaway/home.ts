import type { Results, ToldFigure } from "../../../controller/domain/cabin/results.ts";
import { bandsOf, classify } from "../../../controller/domain/health/classify.ts";
import type { Flag } from "../../../controller/domain/health/findings.ts";
import type { Figure } from "../../../controller/domain/health/figure.ts";
import type { Place } from "../../../controller/takeaway/told.ts";
import { loadHealthRanges } from "../../../config/health-ranges.ts";
import { shown } from "../domain/health/readings.ts";
import { noon, told } from "./results.ts";

/** A station with names as long as real ones. */
export const place: Place = {
  name: { zh: "邳州市碾庄镇工业园区职工服务驿站", en: "Nianzhuang Industrial Park service station" },
  machine: "ZP-001",
  phone: "0516-8622-1234",
};

const loaded = await loadHealthRanges();
if (!loaded.ok) throw new Error("the tables do not load");
const ranges = loaded.value;

/** What a courier of 34 takes home from a long visit, some of it above or below the reference. */
const values: readonly (readonly [Figure, number])[] = [
  ["systolic", 142],
  ["diastolic", 91],
  ["pulse", 78],
  ["spo2", 97],
  ["temperature", 36.6],
  ["height", 171.5],
  ["weight", 78.4],
  ["bmi", 26.7],
  ["waist", 92],
  ["hip", 101.5],
  ["waist-to-hip", 0.91],
  ["body-fat", 24.8],
  ["body-water", 52.3],
  ["muscle-mass", 55.1],
  ["visceral-fat", 11],
  ["basal-metabolism", 1640],
  ["glucose", 5.6],
  ["urate", 438],
  ["cholesterol", 5.31],
  ["hdl", 1.12],
  ["ldl", 3.44],
  ["triglyceride", 1.92],
  ["haemoglobin", 148],
  ["haematocrit", 44],
];
const remarked: Readonly<Partial<Record<Figure, Partial<ToldFigure>>>> = {
  systolic: { mean: 2, unrested: true },
  diastolic: { mean: 2, unrested: true },
  temperature: { overdue: true },
  waist: { entered: true },
};

const figureOf = ([figure, value]: readonly [Figure, number]): ToldFigure => {
  const one = shown(figure, value, figure === "glucose" ? { notes: ["fasting"] } : {});
  const whose = { sex: "male", meal: "fasting" } as const;
  const found = classify(ranges, one, whose);
  return told(one, {
    bands: bandsOf(ranges, figure, whose),
    ...(found.is === "classed" ? { place: found.place, class: found.class } : {}),
    ...remarked[figure],
  });
};

export const courier: Results = { at: noon, figures: values.map(figureOf), doubtful: ["ketone"], flags: [] };

/** Two that a rule may raise. */
export const flags: readonly Flag[] = [
  {
    rule: "pressure-emergency",
    level: "emergency",
    steps: [{ do: "call-120" }, { do: "call-staff" }, { do: "rest", minutes: 10 }],
    ambulance: "now",
    needsClinician: true,
  },
  {
    rule: "heat-r4",
    level: "advice",
    steps: [{ do: "water-and-salt" }],
    ambulance: "no",
    needsClinician: true,
  },
];
