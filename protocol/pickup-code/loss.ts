/** Guesses a kiosk grants in a day with nobody stopping it: one a minute, and a full bucket. */
export const guessesADay = 1450;
const daysAYear = 365;
/** Yesterday's, today's and, with a coasting clock, one more epoch are open at a time. */
const openEpochs = 3;
const derivedSpace = 1e9;

/** The limit where a file names no other: drinks a kiosk-year. */
export const usualLossLimit = 1;

/** Drinks a kiosk-year that guessing takes when `open` codes out of `space` are good all the time. */
export const expectedLoss = (open: number, space: number): number => (open * guessesADay * daysAYear) / space;

/** … for a derived list with so many codes an epoch, the keeper's included. */
export const derivedLoss = (codesAnEpoch: number): number => expectedLoss(codesAnEpoch * openEpochs, derivedSpace);

/** … for an imported list. */
export const listLoss = (entries: number, alphabetSize: number, codeLength: number): number =>
  expectedLoss(entries, alphabetSize ** codeLength);

const figure = (n: number): string => (n >= 100 ? n.toFixed(0) : n.toPrecision(2));

/** Undefined where the loss is bearable, else the sentence of refusal. */
export function derivedLossTooHigh(codesAnEpoch: number, lossLimit: number): string | undefined {
  const loss = derivedLoss(codesAnEpoch);
  if (loss <= lossLimit) return undefined;
  const bearable = Math.floor(lossLimit / derivedLoss(1));
  return `Guessing would cost ${figure(loss)} drinks a kiosk-year with ${codesAnEpoch} codes an epoch, and lossLimit is ${lossLimit}: issue at most ${bearable} codes an epoch (the keeper's included), or raise lossLimit knowingly.`;
}

/** Undefined where the loss is bearable, else the sentence of refusal. */
export function listLossTooHigh(
  entries: number,
  alphabetSize: number,
  codeLength: number,
  lossLimit: number,
): string | undefined {
  const loss = listLoss(entries, alphabetSize, codeLength);
  if (loss <= lossLimit) return undefined;
  const longer = Math.ceil(Math.log(expectedLoss(entries, lossLimit)) / Math.log(alphabetSize));
  return `Guessing would cost ${figure(loss)} drinks a kiosk-year with ${entries} codes of ${codeLength} characters out of ${alphabetSize}, and lossLimit is ${lossLimit}: ask the issuer for codes of at least ${longer} characters, import fewer at a time, or raise lossLimit knowingly.`;
}
