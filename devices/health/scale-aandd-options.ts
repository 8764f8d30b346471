import { err, ok, type Result } from "../kit/result.ts";

export interface ScaleAanddOptions {
  /** 7e1 where the scale is set to seven bits and even parity, as A&D's are at first; the port stays at 8N1 all the same. */
  readonly line: "8n1" | "7e1";
  /** stream: it speaks all the time. once: it speaks when the weight is stable, once a person. */
  readonly output: "stream" | "once";
}

const names = ["line", "output"];

/** `line` ("8n1"), `output` ("stream"). */
export function readOptions(raw: unknown): Result<ScaleAanddOptions, readonly string[]> {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) return err(["options: expected an object"]);
  const given: Readonly<Record<string, unknown>> = { line: "8n1", output: "stream", ...raw };
  const { line, output } = given;
  const mistakes = Object.keys(given)
    .filter((name) => !names.includes(name))
    .map((name) => `${name}: an A&D scale has no such option; it has ${names.join(", ")}`);
  const isLine = line === "8n1" || line === "7e1";
  if (!isLine) mistakes.push('line: expected "8n1" or "7e1"');
  const isOutput = output === "stream" || output === "once";
  if (!isOutput) mistakes.push('output: expected "stream" or "once"');
  return mistakes.length > 0 || !isLine || !isOutput ? err(mistakes) : ok({ line, output });
}
