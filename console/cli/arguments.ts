import { InvalidArgumentError } from "commander";

/** Reads a whole number from `low` to `high` from the command line, or says what was expected. */
export const wholeNumber =
  (low: number, high: number) =>
  (text: string): number => {
    const n = Number(text);
    if (!/^\d+$/.test(text) || n < low || n > high)
      throw new InvalidArgumentError(`Expected a whole number from ${low} to ${high}.`);
    return n;
  };

/** Reads a text of a form, such as a group or a broker. */
export const formed =
  (form: RegExp, example: string) =>
  (text: string): string => {
    if (!form.test(text)) throw new InvalidArgumentError(`Expected something such as ${example}.`);
    return text;
  };

/** The same for an option that may stand several times. */
export const eachFormed =
  (form: RegExp, example: string) =>
  (text: string, before: readonly string[] = []): readonly string[] => [...before, formed(form, example)(text)];

const units = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Reads "90s", "10m", "2h" or "3d" as milliseconds. */
export function span(text: string): number {
  const [, n, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (n === undefined) throw new InvalidArgumentError("Expected a time such as 90s, 10m, 2h or 3d.");
  return Number(n) * units[unit as keyof typeof units];
}

export const groupForm = /^[a-z0-9][a-z0-9-]{0,31}$/;
export const brokerForm = /^mqtts?:\/\/[^\s/]+$/;
export const kioskForm = /^[A-Za-z0-9][A-Za-z0-9-]{1,31}$/;
export const fingerprintForm = /^[0-9a-f]{16}$/;
