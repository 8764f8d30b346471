import type { ToldFigure } from "../domain/cabin/results.ts";
import type { CabinWords } from "./text-cabin.ts";

/** What is to be known of a number before anything is made of it, in small words: on the glass, the slip and in the code. */
export function remarks(
  { shown, mean, unrested, overdue, entered }: ToldFigure,
  { cabin }: { readonly cabin: CabinWords },
): readonly string[] {
  return [
    ...(mean === undefined ? [] : [cabin.mean(mean)]),
    ...(unrested ? [cabin.unrested] : []),
    ...(overdue ? [cabin.overdueFigure] : []),
    ...(entered ? [cabin.entered] : []),
    ...shown.notes.flatMap((note) => (note === "entered" ? [] : [cabin.note[note]])),
  ];
}
