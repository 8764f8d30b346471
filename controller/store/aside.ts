import { closeSync, existsSync, fsyncSync, openSync, readdirSync, renameSync } from "node:fs";
import { join } from "node:path";

/** The database and its two companions, which must never be parted: the -wal may hold the newest entries. */
const companions = ["", "-wal", "-shm"] as const;

/** How many ledgers were set aside in `dir` so far: the highest number that one of them bears. */
export function setAsideIn(dir: string): number {
  const form = /^kiosk\.db\.set-aside-(\d+)(-wal|-shm)?$/;
  return Math.max(0, ...readdirSync(dir).map((name) => Number(form.exec(name)?.[1] ?? 0)));
}

/**
 * Renames kiosk.db and its companions to kiosk.db.set-aside-<n>, the first free number, and answers that name.
 * The database goes first: a power cut in between leaves companions without a database, which the next start sends
 * after it. The other way round it would leave a database without its newest entries, which looks sound.
 */
export function setAside(dir: string): string {
  const last = setAsideIn(dir);
  const name = followsTheLast(dir, last) ? asideName(last) : asideName(last + 1);
  for (const companion of companions) {
    const from = join(dir, `kiosk.db${companion}`);
    if (existsSync(from)) renameSync(from, join(dir, `${name}${companion}`));
  }
  makeNamesDurable(dir);
  return name;
}

const asideName = (n: number) => `kiosk.db.set-aside-${n}`;

/** Whether what lies there are companions that the last database set aside has lost. */
function followsTheLast(dir: string, last: number): boolean {
  if (!hasLeftovers(dir) || !existsSync(join(dir, asideName(last)))) return false;
  return companions.every(
    (part) => !existsSync(join(dir, `kiosk.db${part}`)) || !existsSync(join(dir, `${asideName(last)}${part}`)),
  );
}

/** True where a companion lies there without a database. A new database would take its entries for its own. */
export function hasLeftovers(dir: string): boolean {
  return !existsSync(join(dir, "kiosk.db")) && companions.some((part) => existsSync(join(dir, `kiosk.db${part}`)));
}

/** A rename survives a power cut only once the folder itself is on the medium. */
export function makeNamesDurable(dir: string): void {
  const folder = openSync(dir, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
