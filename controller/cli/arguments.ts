import { InvalidArgumentError } from "commander";

/** Reads a whole number from `low` to `high` from the command line, or says what was expected. */
export function wholeNumber(low: number, high: number): (text: string) => number {
  return (text) => {
    const n = Number(text);
    if (!/^\d+$/.test(text) || n < low || n > high)
      throw new InvalidArgumentError(`Expected a whole number from ${low} to ${high}.`);
    return n;
  };
}
