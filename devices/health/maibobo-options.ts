import { err, ok, type Result } from "../kit/result.ts";

export interface MaiboboOptions {
  /**
   * At which byte of a result's data the systolic pressure begins; diastolic and pulse follow. 7 in all whole frames that
   * are known: user, six bytes of date and time, then the numbers [S8].
   */
  readonly resultAt: number;
}

/** `resultAt` (7). */
export function readOptions(raw: unknown): Result<MaiboboOptions, readonly string[]> {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) return err(["options: expected an object"]);
  const { resultAt = 7, ...others }: Readonly<Record<string, unknown>> = { ...raw };
  const mistakes = Object.keys(others).map((name) => `${name}: a Maibobo has no such option; it has resultAt`);
  const isPlace = typeof resultAt === "number" && Number.isInteger(resultAt) && resultAt >= 0 && resultAt <= 20;
  if (!isPlace) return err(["resultAt: expected a byte from 0 to 20, counted behind the command", ...mistakes]);
  return mistakes.length > 0 ? err(mistakes) : ok({ resultAt });
}
