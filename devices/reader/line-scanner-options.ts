import { err, ok, type Result } from "../kit/result.ts";

export interface LineScannerOptions {
  /** none: it reads by itself. honeywell: the kiosk starts each reading with Honeywell's serial command. */
  readonly trigger: "none" | "honeywell";
  /** The scanner is set to put an AIM identifier such as "]Q1" before each text. */
  readonly aim: boolean;
}

/** `trigger` ("none"), `aim` (false). */
export function readOptions(raw: unknown): Result<LineScannerOptions, readonly string[]> {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) return err(["options: expected an object"]);
  const given: Readonly<Record<string, unknown>> = { trigger: "none", aim: false, ...raw };
  const { trigger, aim } = given;
  const mistakes = Object.keys(given)
    .filter((name) => !["trigger", "aim"].includes(name))
    .map((name) => `${name}: a line scanner has no such option; it has trigger, aim`);
  const isTrigger = trigger === "none" || trigger === "honeywell";
  if (!isTrigger) mistakes.push('trigger: expected "none" or "honeywell"');
  if (typeof aim !== "boolean") mistakes.push("aim: expected true or false");
  if (mistakes.length > 0 || !isTrigger || typeof aim !== "boolean") return err(mistakes);
  return ok({ trigger, aim });
}
