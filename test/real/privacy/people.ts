import type { Figures } from "./figures.ts";

// Who comes to the cabin. No two have a figure in common, and none has the edge of a reference, which everybody is shown.

type Row = readonly [number, number, number, number, number, number, number, number];
const measured = ([weight, height, bmi, waist, glucose, systolic, diastolic, pulse]: Row): Figures => ({
  weight,
  height,
  bmi,
  waist,
  glucose,
  systolic,
  diastolic,
  pulse,
});

/** Says no to everything, and is measured all the same. */
export const refuses = measured([83.7, 171.3, 28.5, 97.4, 257, 149, 93, 87]);
/** Takes a slip along. */
export const prints = measured([67.9, 163.7, 25.3, 88.6, 187, 137, 86, 79]);
/** Has the results sent to the clinic. */
export const sends = measured([91.6, 184.9, 26.8, 103.3, 223, 143, 88, 83]);
/** The power goes while the cuff is on. */
export const isCutOff = measured([58.3, 158.2, 23.3, 76.7, 241, 127, 74, 71]);
/** The power goes while the results are read. */
export const isCutShort = measured([76.9, 176.6, 24.7, 92.8, 197, 133, 82, 77]);
/** Leaves without a word. */
export const goes = measured([62.9, 167.8, 22.3, 81.7, 233, 122, 73, 69]);

export const everybody = [refuses, prints, sends, isCutOff, isCutShort, goes];
