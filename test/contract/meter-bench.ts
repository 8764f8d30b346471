import { getEventListeners } from "node:events";
import type { Device } from "../../devices/kit/driver.ts";
import type { Result } from "../../devices/kit/result.ts";
import type { Item, Meter, Person, Progress, Reading } from "../../devices/health/capability.ts";
import { manualClock } from "../kit/clock.ts";
import type { Noise } from "../kit/wire.ts";
import { patience } from "./bench.ts";
import type { Found } from "./drivers.ts";
import { lay } from "./lay.ts";
import { plugging } from "./plugging.ts";

/** Values of people, at least two in each unit and fineness that an instrument may have; its machine refuses the others. */
const values: Readonly<Record<Item, readonly (number | string)[]>> = {
  systolic: [127, 141, 16.9, 18.8],
  diastolic: [76, 88, 10.1, 11.7],
  "mean-arterial": [97, 105, 12.9, 14],
  pulse: [78, 64],
  "irregular-beats": [2, 0],
  spo2: [97, 95],
  perfusion: [4.2, 1.8],
  temperature: [36.6, 37.4, 36.625, 37.4375, 97.9, 99.3],
  height: [168.5, 171.2, 168, 172, 1.685, 1.712],
  weight: [62.3, 80.5, 62, 81],
  bmi: [22.1, 27.3],
  "body-fat": [21.4, 25.7],
  "body-water": [55.2, 51.3],
  "muscle-mass": [46.3, 52.1],
  "bone-mass": [2.9, 3.1],
  "visceral-fat": [7, 9],
  "basal-metabolism": [1480, 1620],
  glucose: [101, 133, 5.6, 7.2],
  urate: [6.4, 5.1, 381, 412, 0.38, 0.41],
  cholesterol: [194, 172, 4.9, 5.6],
  hdl: [52, 47, 1.3, 1.1],
  ldl: [110, 124, 2.8, 3.2],
  triglyceride: [120, 151, 1.4, 1.9],
  haemoglobin: [14.2, 13.1, 142, 131],
  haematocrit: [43, 39],
  ketone: [0.6, 1.2],
  lactate: [18, 25, 1.8, 2.5],
  waist: [86.5, 91],
  hip: [98, 102.5],
  "grip-left": [38.5, 41.2],
  "grip-right": [40.1, 43.7],
  "vision-left": [5, 4.8],
  "vision-right": [4.9, 5.1],
};

/** Somebody whose body composition can be reckoned. */
export const somebody: Person = { sex: "male", age: 29, heightCm: 168, weightKg: 62.3 };

/** After this a half result has been given up, and nothing is on its way any more. */
export const rest = 3000;
/** After this a person who was measured has left the instrument. */
export const gone = 30_000;

export const readingsOf = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text.split(",").map((part) => {
      const [item = "", value = ""] = part.split("=");
      return [item, value === "HI" || value === "LO" ? value : String(Number(value))];
    }),
  );

/** What was read, in the form of `readingsOf`. */
export const told = (readings: readonly Reading[]): ReadonlyMap<string, string> =>
  new Map(readings.map(({ item, value, comparator }) => [item, beyond(comparator) ?? String(value)]));

const beyond = (comparator: "<" | ">" | undefined) => (comparator === ">" ? "HI" : comparator && "LO");

/** Tries the knob on a machine of its own. */
function accepts(one: Found, text: string): boolean {
  const { peer } = lay(one, manualClock());
  try {
    peer.turn("measure", text);
    return true;
  } catch {
    return false;
  } finally {
    peer.stop();
  }
}

/** People as the knob `measure` takes them: no two of them have the same value of an item. At least two. */
export async function samplesOf(one: Found): Promise<readonly string[]> {
  const bench = await putMeter(one);
  const { items } = bench.meter;
  await bench.end();
  const each = items.map((item) =>
    values[item].map((value) => `${item}=${value}`).filter((text) => accepts(one, text)),
  );
  const whole = [0, 1].map((i) => each.flatMap((texts) => texts[i] ?? []).join(","));
  const samples = whole.every((text) => accepts(one, text)) ? whole : each.flatMap((texts) => texts.slice(0, 2));
  if (new Set(samples).size < 2)
    throw new Error(`${one.profile} can measure fewer than two of the people in meter-bench.ts`);
  return samples;
}

/** The first two samples. */
export async function twoOf(one: Found): Promise<readonly [string, string]> {
  const [first = "", second = ""] = await samplesOf(one);
  return [first, second];
}

/** Of its items those of which the instrument can say that they lie beyond. */
export async function beyondOf(one: Found): Promise<readonly string[]> {
  const bench = await putMeter(one);
  const { items } = bench.meter;
  await bench.end();
  return items.flatMap((item) => [`${item}=HI`, `${item}=LO`]).filter((text) => accepts(one, text));
}

/** One call of `measure` that is under way. */
export interface Measurement {
  readonly outcome: Promise<Result<readonly Reading[]>>;
  readonly progress: readonly Progress[];
  settled(): boolean;
  stop(): void;
  /** How many listeners the driver has on `stop`. */
  listeners(): number;
}

/** Opens a meter's driver on a wire whose other end is its simulated machine. */
export async function putMeter(one: Found, seed = 1, noise: Partial<Noise> = {}, over: object = {}) {
  const { clock, wire, peer, dice, notes, plugIn } = plugging(one, seed, noise, over);
  const meterOf = (from: Device): Meter => {
    if (!from.can.meter) throw new Error(`${one.profile} measures nothing`);
    return from.can.meter;
  };
  const device = await plugIn();
  const meter = meterOf(device);
  // An instrument that is set up at its start is given the time.
  await clock.pass(rest);

  /** Somebody sits down: the measurement begins. */
  const begin = (on: Device = device, person: Person = somebody): Measurement => {
    const stopping = new AbortController();
    const progress: Progress[] = [];
    let settled = false;
    const outcome = meterOf(on)
      .measure({ stop: stopping.signal, began: clock.mono(), person, heard: (now) => progress.push(now) })
      .finally(() => (settled = true));
    // Who waits for it hears of a rejection too.
    outcome.catch(() => {});
    return {
      outcome,
      progress,
      settled: () => settled,
      stop: () => stopping.abort(),
      listeners: () => getEventListeners(stopping.signal, "abort").length,
    };
  };
  /** Begins, and lets the person do their part: before, where the kiosk starts the instrument, else a little later. */
  const beginWith = async (text: string, on: Device = device): Promise<Measurement> => {
    if (meter.starts) peer.turn("measure", text);
    const measurement = begin(on);
    if (meter.starts) return measurement;
    await clock.pass(2000);
    peer.turn("measure", text);
    return measurement;
  };
  /** Measures a person to the end, and lets them leave. */
  const measure = async (text: string, on: Device = device): Promise<Result<readonly Reading[]>> => {
    const measurement = await beginWith(text, on);
    const outcome = await clock.finish(measurement.outcome, patience);
    await clock.pass(gone);
    return outcome;
  };
  const turn = (knob: string, to: string | number | boolean) => {
    if (one.peer.knobs.includes(knob)) peer.turn(knob, to);
  };
  const end = async () => {
    peer.stop();
    await clock.finish(device.close(), patience);
  };
  return { clock, wire, peer, dice, notes, device, meter, plugIn, begin, beginWith, measure, turn, end };
}
export type MeterBench = Awaited<ReturnType<typeof putMeter>>;

/** Values as they came, or the kind of fault. */
export const said = (outcome: Result<readonly Reading[]>): ReadonlyMap<string, string> | string =>
  outcome.ok ? told(outcome.value) : outcome.error.kind;

/** What the simulated instrument measured last, in the form of `readingsOf`. */
export const truth = ({ peer }: Pick<MeterBench, "peer">): ReadonlyMap<string, string> =>
  readingsOf(peer.truth().at(-1) ?? "nothing=0");
