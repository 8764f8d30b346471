import type { Millis } from "../../devices/kit/clock.ts";
import { civil, dayOf, minuteOf } from "../../protocol/pickup-code/calendar.ts";
import { grouped } from "../domain/cabin/pass.ts";
import type { Results, ToldFigure } from "../domain/cabin/results.ts";
import { printed } from "../domain/health/shown.ts";
import type { Language, Name } from "../screen/model.ts";
import { cabinEnglish } from "../screen/text-cabin.en.ts";
import type { CabinWords } from "../screen/text-cabin.ts";
import { cabinChinese } from "../screen/text-cabin.zh-CN.ts";
import { slipEnglish } from "../screen/text-slip.en.ts";
import type { SlipWords } from "../screen/text-slip.ts";
import { slipChinese } from "../screen/text-slip.zh-CN.ts";
import { clockFace } from "../screen/when.ts";

/** Where somebody was measured, as the station file has it. */
export interface Place {
  readonly name: Name;
  readonly machine: string;
  readonly phone: string;
}

/** All words of what is taken home. */
export interface TakeawayWords extends SlipWords {
  readonly cabin: CabinWords;
  name(name: Name): string;
}

const spoken: Readonly<Record<Language, TakeawayWords>> = {
  "zh-CN": { ...slipChinese, cabin: cabinChinese, name: ({ zh }) => zh },
  en: { ...slipEnglish, cabin: cabinEnglish, name: ({ en }) => en },
};
export const wordsIn = (language: Language): TakeawayWords => spoken[language];

/** Nothing where no clock can be trusted. */
export function momentOf(at: Millis | undefined, words: TakeawayWords): readonly string[] {
  if (at === undefined) return [];
  const { year, month, day } = civil(dayOf(at));
  return [words.moment(year, month, day, clockFace(minuteOf(at)))];
}

/** "5.6 mmol/L", never parted at the end of a line. */
export function withUnit({ shown }: ToldFigure, { cabin }: TakeawayWords): string {
  const unit = cabin.unit(shown.unit);
  return unit === "" ? printed(shown) : `${printed(shown)}\u00a0${unit}`;
}

/** Nothing where the visit has no check-up pass. Without its code nobody finds it again. */
export const passLines = ({ pass }: Pick<Results, "pass">, { cabin }: TakeawayWords): readonly string[] =>
  pass === undefined ? [] : [cabin.passHint(grouped(pass.code)), cabin.passTicked(pass.ticked, pass.of)];
