import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { err, ok, type Result } from "../../devices/kit/result.ts";
import { hasLeftovers, makeNamesDurable, setAside, setAsideIn } from "./aside.ts";
import { headerOf } from "./header.ts";
import { form, LedgerFile, lock, makeLedger, type Synchronous } from "./sqlite.ts";
import { Damaged, sentenceOf, troubleOf } from "./trouble.ts";
import { lostCommits } from "./wal.ts";

export interface OpenLedger {
  readonly file: LedgerFile;
  /** The sentence about a database that was put aside, now or by an earlier start that the power ended. */
  readonly setAside: string | undefined;
  close(): void;
}

/** Why a ledger did not open: the sentence for the technician. `held`: another kiosk has it, so that waiting is of no use. */
export interface Unopened {
  readonly held: boolean;
  readonly says: string;
}

export interface Opening {
  readonly dir: string;
  /** The number of this process, which a second kiosk on the same folder is told. */
  readonly pid: number;
  /** A new life is not lower than this: the kiosk's clock floor, in seconds since 1970. */
  readonly lifeFloorSeconds: number;
  readonly synchronous: Synchronous;
}

/**
 * Opens the ledger in a data folder, or begins one.
 * The whole chain is not walked here, so that a start takes as long after ten years as on the first day.
 */
export function openLedger(opening: Opening): Result<OpenLedger, Unopened> {
  const { dir, pid } = opening;
  const folder = checkFolder(dir);
  if (!folder.ok) return unusable(folder.error);
  const held = hold(dir, pid);
  if (!held.ok) return held;
  try {
    const found = take(opening);
    if (!found.ok) {
      held.value.release();
      return unusable(found.error);
    }
    const { file, setAside } = found.value;
    const close = () => {
      file.close();
      held.value.release();
    };
    return ok({ file, setAside, close });
  } catch (error) {
    held.value.release();
    return unusable(sentenceOf(error, dir));
  }
}

const unusable = (says: string): Result<never, Unopened> => err({ held: false, says });

function checkFolder(dir: string): Result<void, string> {
  try {
    if (!statSync(dir).isDirectory()) return err(`The data folder ${dir} is a file. Name a folder with --data.`);
    tryWriting(dir);
    return ok(undefined);
  } catch (error) {
    if (troubleOf(error) !== "other") return err(sentenceOf(error, dir));
    return err(`The data folder ${dir} does not exist. Make it, or name another with --data.`);
  }
}

/** SQLite says of a full and of a write-protected folder alike that it cannot open a file; the system says which. */
function tryWriting(dir: string): void {
  const probe = join(dir, "kiosk.probe");
  try {
    writeFileSync(probe, Buffer.alloc(4096));
  } finally {
    rmSync(probe, { force: true });
  }
}

/** Two kiosks on one ledger would both give a bottle for one code. */
function hold(dir: string, pid: number): Result<{ release(): void }, Unopened> {
  const pidFile = join(dir, "kiosk.pid");
  try {
    const held = lock(join(dir, "kiosk.lock"));
    try {
      writeFileSync(pidFile, `${pid}\n`);
    } catch (error) {
      held.release();
      throw error;
    }
    return ok(held);
  } catch (error) {
    if (troubleOf(error) !== "busy") return unusable(sentenceOf(error, dir));
    const says =
      `Another kiosk (process ${holder(pidFile)}) already uses the data folder ${dir}. ` +
      "Stop that one first, or name another folder with --data.";
    return err({ held: true, says });
  }
}

function holder(pidFile: string): string {
  try {
    return readFileSync(pidFile, "utf8").trim() || "unknown";
  } catch {
    return "unknown";
  }
}

interface Taken {
  readonly file: LedgerFile;
  readonly setAside: string | undefined;
}

function take(opening: Opening): Result<Taken, string> {
  const { dir, synchronous } = opening;
  const path = join(dir, "kiosk.db");
  if (!existsSync(path)) {
    const why = hasLeftovers(dir) ? "its database file is missing" : undefined;
    return ok(begin(opening, why, 0));
  }
  const header = headerOf(path);
  if (header.is === "newer") {
    return err(
      `The ledger in ${dir} has form ${header.form}, and this release knows forms up to ${form}. Install the newer release again.`,
    );
  }
  if (header.is !== "ours") return ok(begin(opening, header.why, header.is === "damaged" ? lastLife(path) : 0));
  try {
    inspect(opening, path);
    return ok({ file: LedgerFile.toWrite(path, synchronous), setAside: undefined });
  } catch (error) {
    if (!isDamage(error)) throw error;
    return ok(begin(opening, error instanceof Error ? error.message : "it cannot be read", lastLife(path)));
  }
}

/** Throws what is wrong with the ledger. It only reads, so that a damaged file is set aside as it was found. */
function inspect({ dir, synchronous }: Opening, path: string): void {
  const marked = damageMark(dir);
  if (marked !== undefined) throw new Damaged(marked);
  // Where commits are not waited for, a power cut leaves the same picture as a rotten card.
  if (synchronous === "FULL" && existsSync(`${path}-wal`)) {
    const lost = lostCommits(readFileSync(`${path}-wal`));
    if (lost !== undefined) throw new Damaged(lost);
  }
  const file = LedgerFile.toRead(path);
  try {
    const wrong = file.look();
    if (wrong !== undefined) throw new Damaged(wrong);
  } finally {
    file.close();
  }
}

/** Of a file that bears our mark, a table or column that is missing ("other") is damage too. */
function isDamage(error: unknown): boolean {
  const trouble = troubleOf(error);
  return trouble === "damaged" || trouble === "other";
}

/** Begins a new ledger. `why`: what is wrong with what lies there now, which is then set aside. */
function begin(opening: Opening, why: string | undefined, previousLife: number): Taken {
  const { dir, lifeFloorSeconds, synchronous } = opening;
  const aside = why === undefined ? undefined : setAside(dir);
  // Two unreadable ledgers in a row, with a clock that stands: the count keeps their successors' lives apart.
  const floor = Math.trunc(lifeFloorSeconds) + setAsideIn(dir);
  const life = Math.max(previousLife + 1, floor);
  const unborn = join(dir, "kiosk.db.new");
  for (const rest of ["", "-journal", "-wal", "-shm"]) rmSync(`${unborn}${rest}`, { force: true });
  makeLedger(unborn, life);
  renameSync(unborn, join(dir, "kiosk.db"));
  makeNamesDurable(dir);
  forgetDamage(dir);
  const setAsideSentence =
    aside === undefined
      ? undefined
      : `The ledger in ${dir} could not be used (${why}). It was set aside as ${aside}, and a new one was begun as life ${life}. ` +
        "Keep that file and send it to the staff: it tells which codes were used.";
  return { file: LedgerFile.toWrite(join(dir, "kiosk.db"), synchronous), setAside: setAsideSentence };
}

/** The life of a ledger that is about to be set aside, 0 where it cannot be read any more. */
function lastLife(path: string): number {
  try {
    const file = LedgerFile.toRead(path);
    const { life } = file;
    file.close();
    return Number.isSafeInteger(life) ? life : 0;
  } catch {
    return 0;
  }
}

const damageFile = (dir: string) => join(dir, "kiosk.db.damaged");

/** Damage was met while the kiosk ran: the next start must not take up the same file again. */
export function markDamaged(dir: string, why: string): void {
  writeFileSync(damageFile(dir), why);
}

function damageMark(dir: string): string | undefined {
  return existsSync(damageFile(dir)) ? readFileSync(damageFile(dir), "utf8") || "it was damaged" : undefined;
}

function forgetDamage(dir: string): void {
  rmSync(damageFile(dir), { force: true });
}
