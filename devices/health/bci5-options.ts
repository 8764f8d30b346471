import { err, ok, type Result } from "../kit/result.ts";

/** Who made it says how some bits are meant, and how many frames come a second: Contec 60, Berry 100 [S15]. */
export type Maker = "contec" | "berry";

export interface Bci5Options {
  readonly maker: Maker;
}

export const framesASecond: Readonly<Record<Maker, number>> = { contec: 60, berry: 100 };

/** `maker`: must be given. */
export function readOptions(raw: unknown): Result<Bci5Options, readonly string[]> {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) return err(["options: expected an object"]);
  const { maker, ...others }: Readonly<Record<string, unknown>> = { ...raw };
  const mistakes = Object.keys(others).map((name) => `${name}: there is no such option; there is maker`);
  if (maker !== "contec" && maker !== "berry") return err(['maker: expected "contec" or "berry"', ...mistakes]);
  return mistakes.length > 0 ? err(mistakes) : ok({ maker });
}
