import type { Results, ToldFigure } from "../domain/cabin/results.ts";
import type { Flag } from "../domain/health/findings.ts";
import { printed } from "../domain/health/shown.ts";
import type { Language } from "../screen/model.ts";
import { readingsOf, remarks } from "../screen/remarks.ts";
import { momentOf, passLines, withUnit, wordsIn, type Place, type TakeawayWords } from "./told.ts";

/**
 * Bytes in UTF-8 that a telephone reads easily from the glass, and that it still reads: QR codes of level L with 101 and
 * 117 modules a side [ISO/IEC 18004, table 7, versions 21 and 25], of 0.6 and 0.5 mm on a glass of 7 inches.
 */
const easy = 929;
const readable = 1273;
const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

const arrows = { above: "↑", below: "↓", within: "", unclear: "" } as const;
const arrowOf = ({ place }: ToldFigure): string => (place === undefined ? "" : arrows[place]);
const numberOf = (told: ToldFigure): string => `${printed(told.shown)}${arrowOf(told)}`;

/** A figure under the name by which it stands in the letter. */
interface Line {
  readonly name: string;
  readonly value: string;
  readonly told: ToldFigure;
  /** Of the two pressures together. */
  readonly readings?: readonly string[];
}

/** The two pressures stand in one line, as people say them. */
function linesOf(figures: readonly ToldFigure[], words: TakeawayWords): readonly Line[] {
  const find = (figure: "systolic" | "diastolic") => figures.find(({ shown }) => shown.figure === figure);
  const [upper, lower] = [find("systolic"), find("diastolic")];
  return figures.flatMap((told): readonly Line[] => {
    if (!upper || !lower || (told !== upper && told !== lower))
      return [{ name: words.cabin.figure[told.shown.figure], value: `${withUnit(told, words)}${arrowOf(told)}`, told }];
    const value = `${numberOf(upper)}/${withUnit(lower, words)}${arrowOf(lower)}`;
    const readings = readingsOf(figures);
    return told === upper ? [{ name: words.pressure, value, told, ...(readings && { readings }) }] : [];
  });
}

/** Each remark once, with the figures that it is made of. */
function remarkLines(lines: readonly Line[], words: TakeawayWords): readonly string[] {
  const said = new Map<string, readonly string[]>();
  for (const { told, name, readings } of lines)
    for (const remark of remarks(told, words, readings)) said.set(remark, [...(said.get(remark) ?? []), name]);
  return [...said].map(([remark, names]) => `${remark}: ${names.join(words.and)}`);
}

function flagLine({ steps, ambulance, ...flag }: Flag, { cabin, and }: TakeawayWords): string {
  const calls = steps.some((step) => step.do === "call-120");
  const help = ambulance === "no" || calls ? [] : [cabin.ambulance[ambulance]];
  return `! ${[cabin.flag({ steps, ambulance, ...flag }), ...steps.map((step) => cabin.does(step)), ...help].join(and)}`;
}

const isUrgent = ({ level }: Flag): boolean => level === "emergency" || level === "red";

/** What the QR code says beside the numbers: all; no advice that can wait; and no remarks either. */
type Detail = "all" | "urgent" | "numbers";

function written(results: Results, place: Place, words: TakeawayWords, detail: Detail): string {
  const { at, figures, doubtful, flags } = results;
  const { cabin } = words;
  const lines = linesOf(figures, words);
  const unsure = doubtful.map((figure) => cabin.figure[figure]).join(words.and);
  return [
    [words.title, ...momentOf(at, words)].join(" "),
    words.name(place.name),
    ...flags.filter((flag) => detail === "all" || isUrgent(flag)).map((flag) => flagLine(flag, words)),
    ...lines.map(({ name, value }) => `${name} ${value}`),
    ...(detail === "numbers" ? [] : remarkLines(lines, words)),
    ...(unsure === "" ? [] : [`${unsure}: ${cabin.doubtful}`]),
    ...(figures.some((told) => arrowOf(told) !== "") ? [words.arrows] : []),
    ...passLines(results, words),
    cabin.reference,
    words.ask(place.phone),
  ]
    .join("\n")
    .replaceAll("\u00a0", " ");
}

/**
 * What the QR code on the glass says: plain text that a telephone shows without a network, with every value and its unit.
 * Where it grows too long for a code that is read easily, advice that can wait is left to glass and slip; never a value.
 */
export function letterOf(results: Results, place: Place, language: Language): string {
  const words = wordsIn(language);
  const whole = written(results, place, words, "all");
  if (bytesOf(whole) <= easy) return whole;
  const shorter = written(results, place, words, "urgent");
  return bytesOf(shorter) <= readable ? shorter : written(results, place, words, "numbers");
}
