import type { CabinPage } from "../../../../controller/screen/cabin-model.ts";
import type { CabinInstrument, CabinSetting } from "../../../../controller/domain/cabin/setting.ts";
import type { StepId } from "../../../../controller/domain/cabin/steps.ts";
import type { Effect, Presence } from "../../../../controller/domain/state.ts";
import type { Item, Progress, Reading } from "../../../../devices/health/capability.ts";
import { millis, type Millis } from "../../../../devices/kit/clock.ts";
import { fault, type FaultKind } from "../../../../devices/kit/fault.ts";
import { err, ok } from "../../../../devices/kit/result.ts";
import { figures } from "../../../../controller/domain/health/figure.ts";
import { Paper, setting, type Sheet } from "../on-paper.ts";
import { ranges } from "../health/chinese-ranges.ts";

// The seat of a cabin, on paper: keys, answers of instruments, time.

export const instrument = (
  id: string,
  items: readonly Item[],
  more: Partial<CabinInstrument> = {},
): CabinInstrument => ({
  id,
  name: { zh: id, en: id },
  model: id,
  items,
  ...more,
});

export const cuff = instrument("cuff", ["systolic", "diastolic", "pulse"], { starts: true });
export const oximeter = instrument("oximeter", ["spo2", "pulse"]);
export const thermometer = instrument("thermometer", ["temperature"]);
export const strips = instrument("strips", ["glucose", "urate", "cholesterol", "triglyceride"]);
export const scale = instrument("scale", ["height", "weight"]);
export const analyser = instrument("analyser", ["body-fat", "muscle-mass"], { starts: true });

export const cabin: CabinSetting = {
  instruments: [cuff, oximeter, thermometer, strips, scale, analyser],
  entered: ["waist", "hip"],
  ranges,
  printers: ["printer"],
  overdue: "say",
};

/** A number in the unit in which it is shown. */
export const gives = (item: Item, value: number, more: Partial<Reading> = {}): Reading => ({
  item,
  value,
  unit: figures[item].unit,
  notes: [],
  ...more,
});
export const pressure = (systolic: number, diastolic: number, pulse = 72): readonly Reading[] => [
  gives("systolic", systolic),
  gives("diastolic", diastolic),
  gives("pulse", pulse),
];

export type Measure = Extract<Effect, { kind: "measure" }>;

export class Seat {
  readonly paper: Paper;
  /** Numbers of the measurements that ended by themselves. */
  readonly ended = new Set<number>();

  constructor(over: Partial<CabinSetting> = {}, sheet: Partial<Sheet> = {}) {
    const all = { ...cabin, ...over };
    this.paper = new Paper({ ...sheet, setting: { ...(sheet.setting ?? setting), cabin: all } });
    for (const { id } of all.instruments) this.device(id, "working");
    for (const id of all.printers) this.device(id, "working");
  }

  device(id: string, presence: Presence): this {
    this.paper.device(presence, undefined, id);
    return this;
  }

  press(...keys: readonly string[]): this {
    this.paper.press(...keys);
    return this;
  }

  pass(span: number): this {
    this.paper.pass(span);
    return this;
  }

  /** From the first screen to the list of steps. */
  sit({ consent = "agree", sex = "male", age = "45", ticks = [] as readonly string[] } = {}): this {
    return this.press("cabin", consent, sex, ...Array.from(age), "next", ...ticks.map((one) => `tick:${one}`), "next");
  }

  /** A step is chosen, and its picture understood. */
  take(step: StepId): this {
    this.press(`step:${step}`);
    if (this.page.is === "meal") this.press("unknown");
    return this.press("ready");
  }

  /** The measurement that was asked for last. */
  get asked(): Measure {
    const last = this.effects("measure").at(-1);
    if (last === undefined) throw new Error("nothing was asked of any instrument");
    return last;
  }

  answers(readings: readonly Reading[], number = this.asked.number): this {
    this.ended.add(number);
    this.paper.send({ kind: "measured", number, result: ok(readings) });
    return this;
  }

  fails(kind: FaultKind = "refused", number = this.asked.number): this {
    this.ended.add(number);
    this.paper.send({ kind: "measured", number, result: err(fault(kind, "as the test wants it")) });
    return this;
  }

  shows(progress: Progress, number = this.asked.number): this {
    this.paper.send({ kind: "progress", number, progress });
    return this;
  }

  /** A step with one measurement, from the list to what it gave. */
  measure(step: StepId, ...readings: readonly Reading[]): this {
    return this.take(step).answers(readings);
  }

  effects<K extends Effect["kind"]>(kind: K): readonly Extract<Effect, { kind: K }>[] {
    return this.paper.performed.flatMap((effect) =>
      effect.kind === kind ? [effect as Extract<Effect, { kind: K }>] : [],
    );
  }

  get page(): CabinPage {
    const { body } = this.paper;
    if (body.is !== "cabin") throw new Error(`the glass shows ${body.is}, and no page of the cabin`);
    return body.page;
  }

  /** The page's name, or the name of the screen where nobody is in the cabin. */
  get on(): string {
    const { body } = this.paper;
    return body.is === "cabin" ? body.page.is : body.is;
  }

  get still(): number | undefined {
    const { body } = this.paper;
    return body.is === "cabin" ? body.still : undefined;
  }

  get now(): Millis {
    return millis(this.paper.mono);
  }

  /** All that this kiosk has in its memory. */
  get memory(): string {
    return text(this.paper.state);
  }
}

const text = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    inner instanceof Map || inner instanceof Set ? [...(inner as Iterable<unknown>)] : inner,
  );

/** How a step stands in the list, where that is shown. */
export const stateOf = (seat: Seat, step: string): string | undefined => {
  const { page } = seat;
  return page.is === "steps" ? page.steps.find((tile) => tile.step === step)?.state : undefined;
};
