import { existsSync, readFileSync } from "node:fs";
import { err, ok, type Result } from "../../../devices/kit/result.ts";
import { writeWhole } from "../../store/secret-file.ts";

const standard = "-";
const standardInput = 0;
const modes = { open: 0o644, private: 0o600 } as const;

/** Writes an answer to a file, or to standard output where that is asked for by "-". `private`: it is worth goods, others may not read it. */
export function handOver(
  content: string | Uint8Array,
  out: string,
  mode: keyof typeof modes = "open",
): Result<void, string> {
  if (out === standard) {
    process.stdout.write(content);
    return ok(undefined);
  }
  try {
    writeWhole(out, content, modes[mode]);
    return ok(undefined);
  } catch (thrown) {
    return err(`${out} cannot be written: ${saidBy(thrown)}.`);
  }
}

/** Reads a text file, or standard input for "-". The error is a sentence. */
export function readPaper(path: string): Result<string, string> {
  if (path !== standard && !existsSync(path)) return err(`There is no file ${path}.`);
  try {
    return ok(readFileSync(path === standard ? standardInput : path, "utf8"));
  } catch (thrown) {
    return err(`${path} cannot be read: ${saidBy(thrown)}.`);
  }
}

/** Prints the complaints. @returns the exit code of a refusal. */
export function refused(...complaints: readonly string[]): 1 {
  for (const complaint of complaints) console.error(complaint);
  return 1;
}

const saidBy = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));
