import { err, ok, type Result } from "../kit/result.ts";

export interface ToledoOptions {
  /** Whether the scale is set to send a checksum behind each frame: let it. */
  readonly checksum: boolean;
  /** 7e1 where the scale is set to seven bits and even parity; the port stays at 8N1 all the same. */
  readonly line: "8n1" | "7e1";
}

const names = ["checksum", "line"];

/** `checksum` (true), `line` ("8n1"). */
export function readOptions(raw: unknown): Result<ToledoOptions, readonly string[]> {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) return err(["options: expected an object"]);
  const given: Readonly<Record<string, unknown>> = { checksum: true, line: "8n1", ...raw };
  const { checksum, line } = given;
  const mistakes = Object.keys(given)
    .filter((name) => !names.includes(name))
    .map((name) => `${name}: a Toledo scale has no such option; it has ${names.join(", ")}`);
  if (typeof checksum !== "boolean") mistakes.push("checksum: expected true or false");
  const isLine = line === "8n1" || line === "7e1";
  if (!isLine) mistakes.push('line: expected "8n1" or "7e1"');
  return mistakes.length > 0 || typeof checksum !== "boolean" || !isLine ? err(mistakes) : ok({ checksum, line });
}
