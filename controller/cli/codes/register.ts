import { existsSync, statSync } from "node:fs";
import { err, type Result } from "../../../devices/kit/result.ts";
import { readPaper } from "./paper.ts";

const pidField = /^[0-9a-f]{16}$/;
const othersMay = 0o077;

/** Reads the register that `codes members` made. The error is a sentence. */
export function readRegister(path: string): Result<string, string> {
  if (existsSync(path) && statSync(path).mode & othersMay)
    return err(`${path} says who people are, and others may read it. Run: chmod 600 ${path}`);
  return readPaper(path);
}

/** The people on a register that `codes members` made: their pids, each once, in its order. What else stands in it is passed over. */
export function pidsIn(register: string): readonly string[] {
  const pids = register.split("\n").flatMap((line) => {
    const pid = pidOf(line);
    return pid === undefined ? [] : [pid];
  });
  return [...new Set(pids)];
}

function pidOf(line: string): string | undefined {
  try {
    const row: unknown = JSON.parse(line);
    const pid = typeof row === "object" && row !== null && "pid" in row ? row.pid : undefined;
    return typeof pid === "string" && pidField.test(pid) ? pid : undefined;
  } catch {
    return undefined;
  }
}
