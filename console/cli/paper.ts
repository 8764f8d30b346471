import { existsSync, readFileSync } from "node:fs";
import { bad, good, type Judged } from "../../protocol/pickup-code/judged.ts";

/** Reads a text file. The error is a sentence. */
export function readPaper(path: string): Judged<string> {
  if (!existsSync(path)) return bad(`There is no file ${path}.`);
  try {
    return good(readFileSync(path, "utf8"));
  } catch (thrown) {
    return bad(`${path} cannot be read: ${thrown instanceof Error ? thrown.message : String(thrown)}.`);
  }
}

/** Reads a JSON object. The error is a sentence. */
export function readObject(path: string): Judged<Readonly<Record<string, unknown>>> {
  const text = readPaper(path);
  if (!text.ok) return text;
  try {
    const value: unknown = JSON.parse(text.value);
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return good(value as Readonly<Record<string, unknown>>);
    return bad(`${path} is no JSON object.`);
  } catch (mistake) {
    return bad(`${path} is not JSON: ${mistake instanceof Error ? mistake.message : String(mistake)}.`);
  }
}
