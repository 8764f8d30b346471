import { millis, seconds, type Clock, type Millis, type Timer } from "./clock.ts";

// What all pulse oximeters have in common: when a number may be shown, and how the pulse wave is handed on.

/** What one frame of a pulse oximeter says of the finger in it. */
export type Finger =
  | { readonly is: "out" }
  /** `pleth` from 0 to 100. No `values` where the pulse is weak, still searched for, or has no number yet. */
  | { readonly is: "in"; readonly pleth: number; readonly values?: Values };

export interface Values {
  /** Percent. */
  readonly spo2: number;
  /** Beats a minute. */
  readonly pulse: number;
  /** Percent; only some instruments tell it. */
  readonly perfusion?: number;
}

/** A number that may be shown, in the form of a reading. */
export interface Steady {
  readonly item: keyof Values;
  readonly value: number;
  readonly unit: "%" | "/min";
  readonly notes: readonly [];
}

/** What is told of a finger while it is watched. */
export interface Watcher {
  /** It was taken out. */
  out(): void;
  /** Pulse wave, 0 to 100, the oldest first. */
  wave(samples: readonly number[]): void;
  steady(readings: readonly Steady[]): void;
}

// The kiosk's rule [instruments 2.2.1]: shown after 8 s of valid frames whose SpO2 differs by 2 at most; the median of the last 5 s.
const settling = seconds(8);
const looksBack = seconds(5);
const spread = 2;
/** Signals of 0 to 8: below this a frame counts as weak. */
export const leastSignal = 3;
/** A stream that was away so long begins anew. */
const longestGap = seconds(1);
/** The wave is handed on so many times a second. */
const wavesASecond = 20;

/** @param rate frames a second. What is given back takes the frames as they come. */
export function watchFinger(clock: Clock, rate: number, { out, wave, steady }: Watcher): (frame: Finger) => void {
  const batch = Math.max(1, Math.round(rate / wavesASecond));
  let isIn = false;
  let samples: number[] = [];
  /** The frames since the values are steady; of 8 s at most, as it ends with them. */
  let run: { readonly at: Millis; readonly values: Values }[] = [];
  let low = Infinity;
  let high = -Infinity;

  const begin = () => {
    run = [];
    low = Infinity;
    high = -Infinity;
  };
  const add = (values: Values) => {
    const at = clock.mono();
    const last = run.at(-1);
    if (last !== undefined && at - last.at > longestGap) begin();
    low = Math.min(low, values.spo2);
    high = Math.max(high, values.spo2);
    if (high - low > spread) {
      begin();
      low = high = values.spo2;
    }
    run.push({ at, values });
    const [first] = run;
    if (first === undefined || at - first.at < settling) return;
    const shown = run.filter((frame) => at - frame.at <= looksBack).map((frame) => frame.values);
    begin();
    steady(medians(shown));
  };

  return (frame) => {
    if (frame.is === "out") {
      begin();
      samples = [];
      if (isIn) out();
      isIn = false;
      return;
    }
    isIn = true;
    samples.push(frame.pleth);
    if (samples.length >= batch) {
      wave(samples);
      samples = [];
    }
    if (frame.values) add(frame.values);
    else begin();
  };
}

/** The frames of an oximeter that speaks all the time while it is on. */
export interface Stream {
  see(frame: Finger): void;
  stop(): void;
}

/** As `watchFinger`; one whose stream ends in the middle has no finger in it any more, and is waited for anew. */
export function watchStream(clock: Clock, rate: number, watcher: Watcher): Stream {
  const see = watchFinger(clock, rate, watcher);
  let seen = clock.mono();
  let timer: Timer | undefined;
  const listen = (span: Millis) => {
    timer = clock.after(span, "oximeter: the next frame", () => {
      const left = millis(seen + longestGap - clock.mono());
      timer = undefined;
      if (left > 0) listen(left);
      else see({ is: "out" });
    });
  };
  return {
    see(frame) {
      seen = clock.mono();
      see(frame);
      if (timer === undefined) listen(longestGap);
    },
    stop: () => timer?.cancel(),
  };
}

function medians(shown: readonly Values[]): readonly Steady[] {
  const perfusion = shown.flatMap((values) => values.perfusion ?? []);
  return [
    { item: "spo2", value: median(shown.map(({ spo2 }) => spo2)), unit: "%", notes: [] },
    { item: "pulse", value: median(shown.map(({ pulse }) => pulse)), unit: "/min", notes: [] },
    // Told in a few frames only, it is noise.
    ...(2 * perfusion.length > shown.length
      ? [{ item: "perfusion", value: median(perfusion), unit: "%", notes: [] } as const]
      : []),
  ];
}

/** Of an even number the lower of the two in the middle: a value that was really sent. */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[(sorted.length - 1) >> 1] ?? NaN;
}
