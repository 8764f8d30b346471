import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { err, ok, type Result } from "../../../../devices/kit/result.ts";
import { pidLength } from "../../../../protocol/members/secrets.ts";
import { hexOf } from "../../../../protocol/pickup-code/sign.ts";
import { readSecret, writePrivately, writeSecret } from "../../../store/secret-file.ts";

/** What an issuer keeps of a list and no kiosk ever sees: its secret, and who has which pid. */
export interface Private {
  readonly secret: Uint8Array;
  /** Pids by person, 16 hex digits. */
  readonly pids: Map<string, string>;
}

const keyEnd = ".list.key";
export const keyFile = (folder: string, id: string): string => join(folder, `${id}${keyEnd}`);
export const registerFile = (folder: string, id: string): string => join(folder, `${id}.register`);

/** The list of a secret's file, by the file's name; undefined where it is named otherwise. */
export const listOfKey = (path: string): string | undefined =>
  path.endsWith(keyEnd) ? basename(path, keyEnd) : undefined;

/** What is kept of a list, or a new secret and nobody. One without the other is a mistake: pids would begin anew. */
export function openPrivate(folder: string, id: string): Result<Private, string> {
  const [key, register] = [keyFile(folder, id), registerFile(folder, id)];
  const [hasKey, hasRegister] = [existsSync(key), existsSync(register)];
  if (!hasKey && !hasRegister) return ok({ secret: randomBytes(32), pids: new Map() });
  if (!hasKey)
    return err(`There is ${register} without ${key}: restore the key from your copy, or name a new list with --id.`);
  if (!hasRegister)
    return err(`There is ${key} without ${register}, so that everybody would begin anew: restore it from your copy.`);
  const secret = readSecret(key);
  if (!secret.ok) return secret;
  const pids = readRegister(register);
  return pids.ok ? ok({ secret: secret.value, pids: pids.value }) : pids;
}

/** The pid of a person, which a newcomer gets now. */
export function pidOf(known: Private, person: string): string {
  const pid = known.pids.get(person) ?? hexOf(randomBytes(pidLength));
  known.pids.set(person, pid);
  return pid;
}

/** Before anything that bears a pid is handed out. */
export function keepPrivate(folder: string, id: string, { secret, pids }: Private): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (!existsSync(keyFile(folder, id))) writeSecret(keyFile(folder, id), secret);
  const lines = [...pids].map(([person, pid]) => `${JSON.stringify({ person, pid })}\n`);
  writePrivately(registerFile(folder, id), lines.join(""));
}

export function destroyPrivate(folder: string, id: string): void {
  for (const path of [keyFile(folder, id), registerFile(folder, id)]) rmSync(path, { force: true });
}

const othersMay = 0o077;

function readRegister(path: string): Result<Map<string, string>, string> {
  if (statSync(path).mode & othersMay)
    return err(`${path} says who people are, and others may read it. Run: chmod 600 ${path}`);
  const pids = new Map<string, string>();
  const lines = readFileSync(path, "utf8").split("\n");
  for (const [at, line] of lines.entries()) {
    if (line === "") continue;
    const entry = entryIn(line);
    if (entry === undefined) return err(`Line ${at + 1} of ${path} is damaged: restore the file from your copy.`);
    pids.set(entry.person, entry.pid);
  }
  return ok(pids);
}

function entryIn(line: string): { readonly person: string; readonly pid: string } | undefined {
  try {
    const { person, pid } = JSON.parse(line) as { readonly person: unknown; readonly pid: unknown };
    return typeof person === "string" && typeof pid === "string" && /^[0-9a-f]{16}$/.test(pid)
      ? { person, pid }
      : undefined;
  } catch {
    return undefined;
  }
}
