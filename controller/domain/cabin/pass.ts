import type { Item } from "../../../devices/health/capability.ts";
import { checks, damm } from "../../../protocol/pickup-code/damm.ts";
import type { ToldPass } from "../../screen/cabin-model.ts";
import type { Name } from "../../screen/model.ts";
import type { Sex } from "../health/ranges.ts";

/** An examination of the union's check-up. */
export interface PassItem {
  /** Two digits, its own for good: what is ticked is kept under it. */
  readonly number: number;
  readonly group: string;
  readonly name: Name;
  /** For one sex only. */
  readonly for?: Sex;
  /** What ticks it here: all items of one of these lists, measured or entered. Absent: it is done elsewhere. */
  readonly by?: readonly (readonly Item[])[];
}

/** The union's list, in the order in which it is shown. */
export type CheckUpList = readonly PassItem[];

/** What the kept passes answer. Only ticks are kept, under the code's own fingerprint: no name, no value. */
export type FoundPass =
  | {
      readonly is: "found";
      /** 12 digits, for whoever made it now. */
      readonly code: string;
      readonly sex: Sex;
      /** Codes of the items that are ticked. */
      readonly ticked: readonly string[];
    }
  | { readonly is: "unknown" }
  /** There is no room for a new one, and no old one that nobody has used for long enough. */
  | { readonly is: "full" }
  /** The disk did not take it, or too many unknown codes were tried lately: later again. */
  | { readonly is: "failed" };

/** Eleven random digits and their check digit: with 5,000 passes one guess in twenty million finds one. */
export const passDigits = 12;
/** After so many unknown codes a visit has no further try. */
export const passTries = 5;

/** Whether it can be the code of a pass at all. A slip of the finger cannot, and costs no try. */
export const isPassCode = (typed: string): boolean => /^\d{12}$/.test(typed) && checks(typed);

/** "4017 2839 5640", as it is read out: typed again it is found whatever stands between. */
export const grouped = (code: string): string => code.replaceAll(/(?<=\d)(?=(\d{4})+$)/g, " ");

/** Three digits; the last is Damm's, so that a wrong digit or two swapped ones tick nothing. */
export const codeOf = ({ number }: Pick<PassItem, "number">): string => `${number}${damm(String(number))}`;

/** The number in an item's code; undefined where it is none. */
export const numberIn = (code: string): number | undefined =>
  /^[1-9]\d\d$/.test(code) && checks(code) ? Number(code.slice(0, 2)) : undefined;

export const passItems = (list: CheckUpList, sex: Sex): readonly PassItem[] =>
  list.filter((item) => item.for === undefined || item.for === sex);

/** Whether what was measured, or may be measured, covers an item. */
export const coveredBy = ({ by = [] }: PassItem, measured: readonly Item[]): boolean =>
  by.some((all) => all.every((one) => measured.includes(one)));

/** Codes of the items that a visit ticks in which these were measured or entered. */
export const ticksOf = (list: CheckUpList, sex: Sex, measured: readonly Item[]): readonly string[] =>
  passItems(list, sex)
    .filter((item) => coveredBy(item, measured))
    .map(codeOf);

/** The item of which somebody typed the code since it was done elsewhere; undefined where this person's list has none. */
export function typedItem(list: CheckUpList, sex: Sex, typed: string): PassItem | undefined {
  const number = numberIn(typed);
  return passItems(list, sex).find((item) => item.number === number);
}

/** A pass as it is shown, `size` items on a leaf; `may`: what can be measured or entered at this station. */
export function passLeaf(
  list: CheckUpList,
  { code, sex, ticked }: Extract<FoundPass, { is: "found" }>,
  { may, leaf, size }: { readonly may: readonly Item[]; readonly leaf: number; readonly size: number },
): { readonly pass: ToldPass; readonly leaf: number; readonly leaves: number } {
  const all = passItems(list, sex).map((item) => ({
    code: codeOf(item),
    name: item.name,
    ticked: ticked.includes(codeOf(item)),
    here: coveredBy(item, may),
  }));
  const leaves = Math.max(1, Math.ceil(all.length / size));
  const shown = Math.min(Math.max(leaf, 1), leaves);
  const pass: ToldPass = {
    code,
    ticked: all.filter((item) => item.ticked).length,
    of: all.length,
    items: all.slice((shown - 1) * size, shown * size),
  };
  return { pass, leaf: shown, leaves };
}
