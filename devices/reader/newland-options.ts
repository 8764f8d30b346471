import { err, ok, type Result } from "../kit/result.ts";

export interface NewlandOptions {
  /** sense: it reads by itself when something comes. trigger: the kiosk starts each reading. */
  readonly mode: "sense" | "trigger";
  /** The scanner is set to put an AIM identifier such as "]Q1" before each text. */
  readonly aim: boolean;
}

/** `mode` ("sense"), `aim` (false). */
export function readOptions(raw: unknown): Result<NewlandOptions, readonly string[]> {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) return err(["options: expected an object"]);
  const given: Readonly<Record<string, unknown>> = { mode: "sense", aim: false, ...raw };
  const { mode, aim } = given;
  const mistakes = Object.keys(given)
    .filter((name) => !["mode", "aim"].includes(name))
    .map((name) => `${name}: a Newland scanner has no such option; it has mode, aim`);
  const isMode = mode === "sense" || mode === "trigger";
  if (!isMode) mistakes.push('mode: expected "sense" or "trigger"');
  if (typeof aim !== "boolean") mistakes.push("aim: expected true or false");
  if (mistakes.length > 0 || !isMode || typeof aim !== "boolean") return err(mistakes);
  return ok({ mode, aim });
}
