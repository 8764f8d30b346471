import type { ToldFigure } from "../domain/cabin/results.ts";
import type { Figure } from "../domain/health/figure.ts";
import type { CabinWords } from "./text-cabin.ts";

/** "131/82", "128/79": the readings whose mean is told, as people say them; undefined where there is no such mean. */
export function readingsOf(figures: readonly ToldFigure[]): readonly string[] | undefined {
  const each = (figure: Figure) => figures.find(({ shown }) => shown.figure === figure)?.each;
  const [upper, lower] = [each("systolic"), each("diastolic")];
  return upper?.map((one, i) => (lower?.[i] === undefined ? String(one) : `${one}/${lower[i]}`));
}

/** What is to be known of a number before anything is made of it, in small words: on the glass, the slip and in the code. */
export function remarks(
  { shown, mean, each, unrested, overdue, entered }: ToldFigure,
  { cabin }: { readonly cabin: CabinWords },
  readings: readonly string[] | undefined = each?.map(String),
): readonly string[] {
  return [
    ...(mean === undefined ? [] : [cabin.mean(mean, readings)]),
    ...(unrested ? [cabin.unrested] : []),
    ...(overdue ? [cabin.overdueFigure] : []),
    ...(entered ? [cabin.entered] : []),
    ...shown.notes.flatMap((note) => (note === "entered" ? [] : [cabin.note[note]])),
  ];
}
