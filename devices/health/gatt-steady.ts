import { seconds, type Clock, type Millis } from "../kit/clock.ts";
import type { Item, Reading } from "./capability.ts";
import type { Moment } from "./gatt-told.ts";

// When a number of a stream may be shown that comes about once a second [instruments.md 2.2.1: 8 s, spread 2, median of 5 s].

const settling = seconds(8);
const looksBack = seconds(5);
/** A stream that was away longer begins anew; several makers send every second, some every two. */
const longestGap = seconds(3);
const spread = 2;

const units = { spo2: "%", pulse: "/min", perfusion: "%" } as const;
const items = ["spo2", "pulse", "perfusion"] as const satisfies readonly Item[];

export interface Steadying {
  /** The readings, once they may be shown. */
  see(moment: Moment): readonly Reading[] | undefined;
  /** No finger is in it. */
  forget(): void;
}

export function steadying(clock: Clock): Steadying {
  let run: { readonly at: Millis; readonly moment: Moment }[] = [];
  return {
    see(moment) {
      const at = clock.mono();
      const last = run.at(-1);
      const held = [
        ...run.flatMap(({ moment: { spo2 } }) => spo2 ?? []),
        ...(moment.spo2 === undefined ? [] : [moment.spo2]),
      ];
      const isSteady = Math.max(...held) - Math.min(...held) <= spread || held.length === 0;
      if (!isSteady || (last && at - last.at > longestGap)) run = [];
      run.push({ at, moment });
      const since = run[0]?.at ?? at;
      if (at - since < settling) return undefined;
      const shown = run.filter((one) => at - one.at <= looksBack).map((one) => one.moment);
      return items.flatMap((item): readonly Reading[] => {
        const values = shown.flatMap((one) => one[item] ?? []);
        if (2 * values.length <= shown.length) return [];
        return [{ item, value: median(values), unit: units[item], notes: [] }];
      });
    },
    forget: () => (run = []),
  };
}

/** Of an even number the lower of the two in the middle: a value that was really sent. */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[(sorted.length - 1) >> 1] ?? NaN;
}
