import type { Slip, SlipLine } from "../../devices/printer/capability.ts";
import type { Results, ToldFigure } from "../domain/cabin/results.ts";
import type { Flag } from "../domain/health/findings.ts";
import type { Language } from "../screen/model.ts";
import { remarks } from "../screen/remarks.ts";
import { letterOf } from "./letter.ts";
import { momentOf, passLines, withUnit, wordsIn, type Place, type TakeawayWords } from "./told.ts";

/** From so many columns on a name, its value and where that stands find room in one line. */
const wide = 48;

/** A count stays with its word, and "call" with its number. */
const whole = (said: string): string => said.replaceAll(/(?<=\d) (?=\S)| (?=\d)/g, "\u00a0");
const text = (said: string, more: Omit<Extract<SlipLine, { is: "text" }>, "is" | "text"> = {}): SlipLine => ({
  is: "text",
  text: whole(said),
  ...more,
});
const under = (said: string): readonly SlipLine[] => (said === "" ? [] : [text(`\u00a0\u00a0${said}`)]);

/** What to do comes first, the worst of it on top. */
const flagLines = (flag: Flag, { cabin, and }: TakeawayWords): Slip => [
  text(`! ${cabin.flag(flag)}`, { bold: true }),
  ...under(flag.steps.map((step) => cabin.does(step)).join(and)),
  ...(flag.ambulance === "no" ? [] : [text(`\u00a0\u00a0${cabin.ambulance[flag.ambulance]}`, { bold: true })]),
];

/** The number with its unit; where it stands against which reference; what is to be known of it. */
function figureLines(told: ToldFigure, words: TakeawayWords, columns: number): Slip {
  const { cabin, and } = words;
  const { shown, place } = told;
  const stands = place === undefined ? "" : told.class ? cabin.class[told.class] : cabin.place[place];
  const beside = columns >= wide && stands !== "";
  // The unit stands beside the value.
  const range = cabin.range(told.bands, "") ?? "";
  const below = [beside ? "" : stands, range, ...remarks(told, words)].filter((said) => said !== "");
  return [
    {
      is: "pair",
      left: cabin.figure[shown.figure],
      right: beside ? `${withUnit(told, words)} ${stands}` : withUnit(told, words),
      ...(place === "above" || place === "below" ? { bold: true } : {}),
    },
    ...under(below.join(and)),
  ];
}

/**
 * The slip that a person takes home: all that was on the glass, in the same order, a code with the same for the telephone,
 * and nothing that names the person.
 * @param asked.columns letters that fit into a line of the paper.
 */
export function slipOf(asked: {
  readonly results: Results;
  readonly station: Place;
  readonly language: Language;
  readonly columns: number;
}): Slip {
  const { results, station, language, columns } = asked;
  const words = wordsIn(language);
  const { cabin } = words;
  const centre = (said: string): SlipLine => text(said, { align: "centre" });
  const part = (lines: Slip): Slip => (lines.length > 0 ? [...lines, { is: "rule" }] : []);
  return [
    text(words.title, { size: "large", align: "centre", bold: true }),
    centre(words.name(station.name)),
    ...momentOf(results.at, words).map(centre),
    { is: "rule" },
    ...part(results.flags.flatMap((flag) => flagLines(flag, words))),
    ...part(results.figures.flatMap((told) => figureLines(told, words, columns))),
    ...part(results.doubtful.flatMap((figure) => [text(cabin.figure[figure]), ...under(cabin.doubtful)])),
    ...part(passLines(results, words).map((said) => text(said, { bold: true }))),
    { is: "qr", text: letterOf(results, station, language) },
    text(cabin.reference, { align: "centre", bold: true }),
    centre(words.yours),
    centre(words.ask(station.phone)),
    centre(words.machine(station.machine)),
  ];
}
