import { itemsOf, stepIds, type StepId } from "../../controller/domain/cabin/steps.ts";
import { leavesOf, rowsALeaf, rowsOf } from "../../controller/domain/cabin/leaf.ts";
import type { Results, ToldFigure } from "../../controller/domain/cabin/results.ts";
import type { HealthRanges } from "../../controller/domain/health/ranges.ts";
import { bandsOf, classify } from "../../controller/domain/health/classify.ts";
import { displayOrder, figures, type Figure } from "../../controller/domain/health/figure.ts";
import { allSymptoms } from "../../controller/domain/cabin/asking.ts";
import type { Flag, Level } from "../../controller/domain/health/findings.ts";
import type { Shown } from "../../controller/domain/health/shown.ts";
import type { Again, CabinBody, CabinPage, StepTile } from "../../controller/screen/cabin-model.ts";
import type { Name, Screen } from "../../controller/screen/model.ts";
import { minutes, seconds } from "../../devices/kit/clock.ts";
import type { Note } from "../../devices/health/capability.ts";
import { now } from "./gallery.ts";
import table from "../../config/health-ranges.json" with { type: "json" };

export const ranges = table as unknown as HealthRanges;

/** A value that lies far up in its table, and is as wide as any when printed. */
const high: Readonly<Partial<Record<Figure, number>>> = {
  systolic: 186,
  diastolic: 112,
  "mean-arterial": 137,
  pulse: 128,
  "irregular-beats": 12,
  spo2: 88,
  perfusion: 12.4,
  temperature: 38.4,
  height: 178.5,
  weight: 103.4,
  bmi: 32.5,
  waist: 104.5,
  hip: 112.5,
  "waist-to-hip": 0.93,
  "body-fat": 34.5,
  "body-water": 104.5,
  "muscle-mass": 62.4,
  "bone-mass": 3.2,
  "visceral-fat": 14.5,
  "basal-metabolism": 1845,
  glucose: 17.4,
  urate: 1250,
  cholesterol: 11.35,
  hdl: 0.85,
  ldl: 6.42,
  "non-hdl": 10.5,
  triglyceride: 12.35,
  haemoglobin: 108,
  haematocrit: 52,
  ketone: 1.4,
  lactate: 12.4,
  "grip-left": 42.5,
  "grip-right": 104.5,
  "vision-left": 4.8,
  "vision-right": 5.1,
};

const shown = (figure: Figure, value = high[figure] ?? 1, notes: readonly Note[] = []): Shown => ({
  figure,
  value,
  unit: figures[figure].unit,
  notes,
});

/** As it is told to a man who fasted. */
export function told(figure: Figure, value?: number, more: Partial<ToldFigure> = {}): ToldFigure {
  const one = shown(figure, value);
  const circumstances = { sex: "male", meal: "fasting" } as const;
  const classed = classify(ranges, one, circumstances);
  return {
    shown: one,
    ...(classed.is === "classed" && { place: classed.place, class: classed.class }),
    bands: bandsOf(ranges, figure, circumstances),
    ...more,
  };
}

/** All that may have to be said of one number at once. */
function worst(figure: Figure): ToldFigure {
  const notes: readonly Note[] = /stolic|pulse/.test(figure) ? ["moved", "irregular-pulse"] : ["weak-signal"];
  const unrested: Partial<ToldFigure> = { mean: 3, each: [186, 180, 192], unrested: true, overdue: true };
  const own = entered.has(figure) ? { entered: true as const } : /stolic|pulse/.test(figure) ? unrested : overdue;
  return {
    ...told(figure, undefined, own),
    shown: { ...shown(figure, undefined, entered.has(figure) ? ["entered"] : notes), comparator: ">" },
  };
}
const overdue: Partial<ToldFigure> = { overdue: true };
const entered: ReadonlySet<Figure> = new Set([
  "waist",
  "hip",
  "waist-to-hip",
  "grip-left",
  "grip-right",
  "vision-left",
  "vision-right",
]);

export const flag = (rule: Flag["rule"], level: Level, steps: Flag["steps"], ambulance: Flag["ambulance"]): Flag => ({
  rule,
  level,
  steps,
  ambulance,
  needsClinician: true,
});

export const flags: readonly Flag[] = [
  flag(
    "pressure-very-high",
    "red",
    [{ do: "rest", minutes: 15 }, { do: "measure-again" }, { do: "see-doctor-today" }],
    "if-symptoms",
  ),
  flag(
    "heat-r1",
    "red",
    [
      { do: "stop-work" },
      { do: "cool-now" },
      { do: "drink" },
      { do: "tell-supervisor" },
      { do: "measure-again", minutes: 15 },
    ],
    "if-symptoms",
  ),
  flag("pulse-fast", "red", [{ do: "call-staff" }, { do: "see-doctor-today" }], "if-symptoms"),
];
const early = flag(
  "heat-early",
  "amber",
  [{ do: "stop-work" }, { do: "cool-now" }, { do: "drink" }, { do: "tell-supervisor" }],
  "if-faint",
);
const advice = flag("heat-r4", "advice", [{ do: "water-and-salt" }], "no");
const emergencies: readonly Flag[] = [
  flag("heat-r2", "emergency", [{ do: "call-120" }, { do: "cool-now" }, { do: "call-staff" }], "now"),
  flag("pressure-emergency", "emergency", [{ do: "call-120" }, { do: "call-staff" }], "now"),
  ...flags,
];

const instrument: Name = {
  zh: "欧姆龙医用全自动电子血压计 HBP-9030",
  en: "Omron automatic blood pressure monitor HBP-9030",
};
const union: Name = { zh: "昆山市张浦镇社区卫生服务中心", en: "Zhangpu Community Health Service Centre" };

const all: Results = {
  flags,
  figures: displayOrder.map((figure) => worst(figure)),
  doubtful: ["glucose", "spo2"],
};
const calm: Results = {
  flags: [advice],
  figures: [
    told("systolic", 118, { mean: 2, each: [119, 117] }),
    told("diastolic", 76, { mean: 2, each: [75, 77] }),
    told("pulse", 72),
  ],
  doubtful: [],
};

const tiles = (state: (index: number) => StepTile["state"]): readonly StepTile[] =>
  stepIds.map((step, index) => ({ step, state: state(index) }));
const mixed = ["ready", "done", "skipped", "absent", "overdue"] as const;

const wave = Array.from({ length: 240 }, (_, i) => 50 + 45 * Math.sin(i / 8) * Math.cos(i / 3));
const why: readonly Again[] = ["instrument-error", "nothing-came", "instrument-gone", "doubtful"];

/** Figures that a step gives, those that are reckoned from them too. */
const givenBy = (step: StepId): readonly Figure[] => [
  ...itemsOf[step],
  ...(step === "lipids" ? (["non-hdl"] as const) : step === "waist" ? (["waist-to-hip"] as const) : []),
];

const passItems = [
  { code: "103", name: { zh: "身高", en: "Height" }, ticked: true, here: true },
  {
    code: "210",
    name: { zh: "宫颈液基细胞学检查（TCT）", en: "Womb and ovaries, ultrasound" },
    ticked: false,
    here: false,
  },
  { code: "321", name: { zh: "低密度脂蛋白胆固醇", en: "Low-density lipoprotein" }, ticked: false, here: true },
  { code: "766", name: { zh: "人乳头瘤病毒检测（HPV）", en: "Womb and ovaries, by touch" }, ticked: true, here: false },
];
const pass = { code: "401728395640", ticked: 38, of: 76, items: passItems };

const leavesOfAll = leavesOf(rowsOf(all).length, rowsALeaf);

/** Every page by its name. */
export const cabinPages: Readonly<Record<string, CabinPage>> = {
  consent: { is: "consent" },
  sex: { is: "sex" },
  age: { is: "age", typed: "" },
  "age typed": { is: "age", typed: "120" },
  "age wrong": { is: "age", typed: "121", wrong: true },
  symptoms: { is: "symptoms", all: allSymptoms, ticked: [], hotWork: false },
  "symptoms all ticked": { is: "symptoms", all: allSymptoms, ticked: allSymptoms, hotWork: true },
  steps: { is: "steps", steps: tiles(() => "ready"), any: false },
  "steps mixed": { is: "steps", steps: tiles((i) => mixed[i % 5] ?? "ready"), any: true },
  "steps all done": { is: "steps", steps: tiles(() => "done"), any: true },
  "steps of three": {
    is: "steps",
    steps: tiles(() => "ready").filter(({ step }) => ["pressure", "oxygen", "glucose"].includes(step)),
    any: false,
  },
  ...Object.fromEntries(
    stepIds.map((step): [string, CabinPage] => [
      `prepare ${step}`,
      { is: "prepare", step, instrument, items: itemsOf[step] },
    ]),
  ),
  "prepare overdue": { is: "prepare", step: "pressure", instrument, items: itemsOf.pressure, overdue: true },
  "prepare blood overdue": { is: "prepare", step: "lipids", instrument, items: itemsOf.lipids, overdue: true },
  rest: { is: "rest", left: minutes(5), of: minutes(5) },
  "rest nearly over": { is: "rest", left: seconds(17), of: minutes(5) },
  "still you": { is: "still-you" },
  meal: { is: "meal" },
  ...Object.fromEntries(
    stepIds.flatMap((step): readonly [string, CabinPage][] => [
      [`measuring ${step}`, { is: "measuring", step, starts: false, reading: 1, live: { is: "waiting" } }],
    ]),
  ),
  "measuring started": { is: "measuring", step: "pressure", starts: true, reading: 2, live: { is: "waiting" } },
  "measuring cuff": {
    is: "measuring",
    step: "pressure",
    starts: true,
    reading: 3,
    live: { is: "cuff", pressure: 187 },
  },
  "measuring wave": {
    is: "measuring",
    step: "oxygen",
    starts: true,
    reading: 1,
    live: { is: "wave", samples: wave, rate: 60 },
  },
  "measuring wave begins": {
    is: "measuring",
    step: "oxygen",
    starts: true,
    reading: 1,
    live: { is: "wave", samples: wave.slice(0, 30), rate: 60 },
  },
  "measuring preview": {
    is: "measuring",
    step: "body",
    starts: true,
    reading: 1,
    live: { is: "preview", shown: shown("weight") },
  },
  between: { is: "between", left: seconds(60), reading: 2 },
  "between the second and the third": { is: "between", left: seconds(60), reading: 3 },
  ...Object.fromEntries(
    why.map((one): [string, CabinPage] => [`again ${one}`, { is: "again", step: "pressure", why: one, instrument }]),
  ),
  "again without": { is: "again", step: "glucose", why: "instrument-gone" },
  ...Object.fromEntries(
    stepIds.map((step): [string, CabinPage] => [
      `told ${step}`,
      {
        is: "told",
        step,
        figures: givenBy(step).map((figure) => told(figure)),
        doubtful: [],
        flags: [],
        more: true,
      },
    ]),
  ),
  "told calm": { is: "told", step: "pressure", figures: calm.figures, doubtful: [], flags: [], more: false },
  "told the worst": {
    is: "told",
    step: "pressure",
    figures: givenBy("pressure").map((figure) => worst(figure)),
    doubtful: [],
    flags,
    more: true,
  },
  "told haemoglobin high up": {
    is: "told",
    step: "haemoglobin",
    figures: [
      told("haemoglobin", 152, {
        place: "unclear",
        class: "high-up",
        bands: bandsOf(ranges, "haemoglobin", { sex: "male", spo2: { within: 88, urgent: 80 } }),
      }),
    ],
    doubtful: [],
    flags: [],
    more: true,
  },
  "told after hot work": {
    is: "told",
    step: "temperature",
    figures: [told("temperature", 36.4)],
    doubtful: [],
    flags: [early],
    more: true,
  },
  "told warm": { is: "told", step: "temperature", figures: [worst("temperature")], doubtful: [], flags, more: true },
  "told one flag": {
    is: "told",
    step: "glucose",
    figures: [worst("glucose")],
    doubtful: [],
    flags: flags.slice(0, 1),
    more: true,
  },
  "told some doubtful": {
    is: "told",
    step: "lipids",
    figures: givenBy("lipids")
      .slice(0, 3)
      .map((figure) => worst(figure)),
    doubtful: ["triglyceride", "ldl"],
    flags: [],
    more: true,
  },
  "enter waist": { is: "enter", step: "waist", item: "waist", typed: "" },
  "enter grip at first": { is: "enter", step: "grip", item: "grip-right", typed: "" },
  "enter vision at first": { is: "enter", step: "vision", item: "vision-right", typed: "" },
  "enter grip": { is: "enter", step: "grip", item: "grip-right", typed: "104.5" },
  "enter vision wrong": { is: "enter", step: "vision", item: "vision-left", typed: "12.55", wrong: true },
  alert: { is: "alert", flags: emergencies.slice(0, 1) },
  "alert of all": { is: "alert", flags: emergencies },
  "alert of symptoms": {
    is: "alert",
    flags: [flag("emergency-symptom", "emergency", [{ do: "call-120" }, { do: "call-staff" }], "now")],
  },
  ...Object.fromEntries(
    Array.from({ length: leavesOfAll }, (_, i): [string, CabinPage] => [
      `results leaf ${i + 1}`,
      {
        is: "results",
        results: all,
        leaf: i + 1,
        leaves: leavesOfAll,
        print: "no-paper",
        send: "failed",
        pass: "ready",
      },
    ]),
  ),
  "results calm": { is: "results", results: calm, leaf: 1, leaves: 1, print: "ready", send: "ready", pass: "ready" },
  "results printing": { is: "results", results: calm, leaf: 1, leaves: 1, print: "printing", send: "kept" },
  "results of nothing": { is: "results", results: { flags: [], figures: [], doubtful: [] }, leaf: 1, leaves: 1 },
  qr: { is: "qr", results: calm },
  "qr of all": { is: "qr", results: all },
  send: { is: "send", to: union },
  "pass code": { is: "pass-code", typed: "" },
  "pass code asking": { is: "pass-code", typed: "401728395640", asking: true },
  "pass code unknown": { is: "pass-code", typed: "401728395640", said: "unknown" },
  "pass code full": { is: "pass-code", typed: "", said: "full" },
  "pass code failed": { is: "pass-code", typed: "", said: "failed" },
  pass: { is: "pass", pass, leaf: 7, leaves: 19, typed: "" },
  "pass typing": { is: "pass", pass, leaf: 1, leaves: 19, typed: "32" },
  "pass wrong": { is: "pass", pass, leaf: 19, leaves: 19, typed: "322", wrong: true },
  bye: { is: "bye" },
};

export const cabin = (page: CabinPage, more: Partial<CabinBody> = {}): CabinBody => ({
  is: "cabin",
  page,
  forgets: false,
  ...more,
});

/** Each as it needs the most room: with the mark of a visit that leaves nothing; and the question whether anybody is there. */
export const cabinBodies: Readonly<Record<string, CabinBody>> = {
  ...Object.fromEntries(
    Object.entries(cabinPages).map(([name, page]) => [
      `cabin ${name}`,
      cabin(page, { forgets: name !== "consent" && name !== "bye" }),
    ]),
  ),
  "cabin still": cabin(
    { is: "told", step: "pressure", figures: calm.figures, doubtful: [], flags: [], more: true },
    { still: 15, forgets: true },
  ),
};

/** … as screens. */
export const cabinGallery = (language: Screen["language"]): ReadonlyMap<string, Screen> =>
  new Map(
    Object.entries(cabinBodies).map(([name, body]): [string, Screen] => [
      name,
      { language, time: now, offline: true, body },
    ]),
  );
