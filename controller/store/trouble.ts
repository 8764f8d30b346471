/** What the medium did to us, as far as it changes what must be done. */
export type Trouble = "full" | "read-only" | "io" | "busy" | "damaged" | "other";

/** Something read from the file that nobody wrote there. */
export class Damaged extends Error {}

// Primary result codes of SQLite (https://sqlite.org/rescode.html) and the one extended code that means "full" under another name.
const primary: Readonly<Record<number, Trouble>> = {
  5: "busy",
  6: "busy",
  8: "read-only",
  10: "io",
  11: "damaged",
  13: "full",
  14: "read-only",
  26: "damaged",
};
/** No room for the index of the -wal file: SQLITE_IOERR_SHMSIZE. */
const noRoomForIndex = 4874;

const system: Readonly<Record<string, Trouble>> = {
  ENOSPC: "full",
  EDQUOT: "full",
  EROFS: "read-only",
  EACCES: "read-only",
  EPERM: "read-only",
  EIO: "io",
  // node:sqlite, of a number too large to be one of ours.
  ERR_OUT_OF_RANGE: "damaged",
};

interface Thrown {
  readonly errcode?: number;
  readonly code?: string;
  readonly message?: string;
}

/** Sorts what SQLite or the file system threw. */
export function troubleOf(error: unknown): Trouble {
  if (error instanceof Damaged) return "damaged";
  const { errcode, code } = error as Thrown;
  if (errcode === noRoomForIndex) return "full";
  if (errcode !== undefined) return primary[errcode & 0xff] ?? "other";
  return system[code ?? ""] ?? "other";
}

/** The sentence for the technician. `dir` is the data folder. */
export function sentenceOf(error: unknown, dir: string): string {
  const said = (error as Thrown).message ?? String(error);
  switch (troubleOf(error)) {
    case "full":
      return `The disk of the data folder ${dir} is full. Free some space there; nothing is lost and the next entry tries again.`;
    case "read-only":
      return `The data folder ${dir} cannot be written (${said}). Mount it for writing and give it to the user of the kiosk.`;
    case "io":
      return `The disk of the data folder ${dir} does not answer as it should (${said}). Check the card and its power supply, and replace the card if this comes back.`;
    case "busy":
      return `Another program holds the ledger in ${dir}. Close it and try again.`;
    case "damaged":
      return `The ledger in ${dir} is damaged (${said}). Restart the kiosk: it sets the file aside and begins a new one.`;
    case "other":
      return `The ledger in ${dir} cannot be used (${said}).`;
  }
}
