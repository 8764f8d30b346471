/** Damm's quasigroup, row by interim digit, column by next digit [A33]. It finds every wrong digit and every swap of neighbours. */
const rows = [
  "0317598642",
  "7092154863",
  "4206871359",
  "1750983426",
  "6123045978",
  "3674209581",
  "5869720134",
  "8945362017",
  "9438617205",
  "2581436790",
] as const;

const table = Uint8Array.from(rows.join(""), Number);
const zero = 48;

/** The interim digit that follows from the one before and the next digit of the code, both 0 to 9. It starts at 0, and a code that checks ends at 0. */
export const afterDigit = (interim: number, digit: number): number => table[interim * 10 + digit] ?? 0;

/** The interim digit after all of `digits`, which holds nothing but 0 to 9. Leading zeros leave no trace: only for texts of fixed length. */
function interim(digits: string): number {
  let state = 0;
  for (let at = 0; at < digits.length; at++) state = afterDigit(state, digits.charCodeAt(at) - zero);
  return state;
}

/** The digit to write after `digits`. */
export const damm = (digits: string): string => String(interim(digits));

/** Whether the last digit checks those before it. */
export const checks = (digits: string): boolean => interim(digits) === 0;
