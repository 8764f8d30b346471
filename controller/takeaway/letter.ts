import type { Results, ToldFigure } from "../domain/cabin/results.ts";
import type { Flag } from "../domain/health/findings.ts";
import { printed } from "../domain/health/shown.ts";
import type { Language } from "../screen/model.ts";
import { momentOf, remarks, withUnit, wordsIn, type Place, type TakeawayWords } from "./told.ts";

/**
 * Bytes in UTF-8 that a telephone reads well from the glass: up to 929 a QR code of level L has 101 modules a side
 * [ISO/IEC 18004, table 7, version 21]. More is written only where the numbers alone are more.
 */
const comfortable = 929;
const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

const arrows = { above: "↑", below: "↓", within: "", unclear: "" } as const;
const arrowOf = ({ place }: ToldFigure): string => (place === undefined ? "" : arrows[place]);

/** How much is said beside the numbers: all; without remarks; without what to do, which the glass and the slip say. */
type Detail = "all" | "numbers and what to do" | "numbers";

const plain = (text: string): string => text.replaceAll("\u00a0", " ");

function figureLine(told: ToldFigure, words: TakeawayWords, detail: Detail): string {
  const said = detail === "all" ? remarks(told, words) : [];
  const value = `${words.cabin.figure[told.shown.figure]} ${withUnit(told, words)}${arrowOf(told)}`;
  return said.length > 0 ? `${value} (${said.join(words.and)})` : value;
}

/** The two pressures in one line, as people say them. */
function figureLines(figures: readonly ToldFigure[], words: TakeawayWords, detail: Detail): readonly string[] {
  const find = (figure: "systolic" | "diastolic") => figures.find(({ shown }) => shown.figure === figure);
  const [upper, lower] = [find("systolic"), find("diastolic")];
  return figures.flatMap((told) => {
    if (!upper || !lower || (told !== upper && told !== lower)) return [figureLine(told, words, detail)];
    if (told === lower) return [];
    const value = `${printed(upper.shown)}${arrowOf(upper)}/${withUnit(lower, words)}${arrowOf(lower)}`;
    const said = detail === "all" ? remarks(upper, words) : [];
    return [`${words.pressure} ${value}${said.length > 0 ? ` (${said.join(words.and)})` : ""}`];
  });
}

function flagLine(flag: Flag, { cabin, and }: TakeawayWords): string {
  const doing = flag.steps.map((step) => cabin.does(step)).join(and);
  const help = flag.ambulance === "no" ? [] : [cabin.ambulance[flag.ambulance]];
  return `! ${[cabin.flag(flag), doing, ...help].join(and)}`;
}

function written({ at, figures, doubtful, flags }: Results, place: Place, words: TakeawayWords, detail: Detail) {
  const { cabin } = words;
  const isOutside = figures.some((told) => arrowOf(told) !== "");
  const urgent = flags.filter(({ level }) => level === "emergency" || level === "red");
  const lines = [
    [words.title, ...momentOf(at, words)].join(" "),
    words.name(place.name),
    ...(detail === "numbers" ? urgent : flags).map((flag) => flagLine(flag, words)),
    ...figureLines(figures, words, detail),
    ...(doubtful.length > 0
      ? [`${doubtful.map((figure) => cabin.figure[figure]).join(words.and)}: ${cabin.doubtful}`]
      : []),
    ...(isOutside ? [words.arrows] : []),
    cabin.reference,
    words.ask(place.phone),
  ];
  return plain(lines.join("\n"));
}

/**
 * What the QR code on the glass says: plain text that a telephone shows without a network, with every value and its unit.
 * Where it grows too long for a code that is read easily, remarks go first, then advice that is not urgent; never a value.
 */
export function letterOf(results: Results, place: Place, language: Language): string {
  const words = wordsIn(language);
  const ways: readonly Detail[] = ["all", "numbers and what to do", "numbers"];
  const letters = ways.map((detail) => written(results, place, words, detail));
  return letters.find((letter) => bytesOf(letter) <= comfortable) ?? letters.at(-1) ?? "";
}
