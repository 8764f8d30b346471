import { err, ok, type Result } from "../kit/result.ts";

export interface HbpOptions {
  /** Which machine, and with it which line: hbp-9030 in output format 5, hbp-9020 in mode 5/F3. */
  readonly model: "hbp-9030" | "hbp-9020";
}

/** `model` ("hbp-9030"). */
export function readOptions(raw: unknown): Result<HbpOptions, readonly string[]> {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) return err(["options: expected an object"]);
  const given: Readonly<Record<string, unknown>> = { model: "hbp-9030", ...raw };
  const { model } = given;
  const mistakes = Object.keys(given)
    .filter((name) => name !== "model")
    .map((name) => `${name}: an Omron HBP has no such option; it has model`);
  const isModel = model === "hbp-9030" || model === "hbp-9020";
  if (!isModel) mistakes.push('model: expected "hbp-9030" or "hbp-9020"');
  return mistakes.length > 0 || !isModel ? err(mistakes) : ok({ model });
}
