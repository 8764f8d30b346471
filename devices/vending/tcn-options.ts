import { err, ok, type Result } from "../kit/result.ts";

/** One motor. Its name is how the station file calls it: "12", or "1/12" on a board that is not the main one. */
export interface TcnSlot {
  readonly name: string;
  readonly board: number;
  readonly number: number;
}

export interface TcnOptions {
  /** Number set on the main board: it has the door, the probes and the light curtain. */
  readonly board: number;
  readonly slots: readonly TcnSlot[];
  /** Whether a light curtain is fitted, and every drop is to be proven by it. */
  readonly lightCheck: boolean;
}

const known = ["board", "slots", "lightCheck"];
/** D3 of the manual: 01 to 50 (hex) are slots. */
const lastSlot = 80;
/** Boards are numbered 0, 1, … [S-TCN]; the byte has room for as many. */
const lastBoard = 254;

const isBoard = (value: unknown): value is number =>
  typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= lastBoard;

/**
 * `board` (0), `lightCheck` (true) and `slots`: a list of numbers and ranges as text, "1-24" or "30";
 * those of a second board with its number before a stroke, "1/1-24".
 */
export function readOptions(raw: unknown): Result<TcnOptions, readonly string[]> {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) return err(["options: expected an object"]);
  const given: Readonly<Record<string, unknown>> = { board: 0, lightCheck: true, ...raw };
  const mistakes = Object.keys(given)
    .filter((name) => !known.includes(name))
    .map((name) => `${name}: a TCN board has no such option; it has ${known.join(", ")}`);

  const { board, lightCheck, slots } = given;
  if (!isBoard(board)) mistakes.push(`board: expected the board's number, from 0 to ${lastBoard}`);
  if (typeof lightCheck !== "boolean") mistakes.push("lightCheck: expected true or false");
  const found = readSlots(slots, isBoard(board) ? board : 0, mistakes);

  if (mistakes.length > 0 || !isBoard(board) || typeof lightCheck !== "boolean") return err(mistakes);
  return ok({ board, lightCheck, slots: found });
}

function readSlots(raw: unknown, main: number, mistakes: string[]): readonly TcnSlot[] {
  const form = `expected slots from 1 to ${lastSlot} such as "1-24" or "30", or "1/1-24" on board 1`;
  if (!Array.isArray(raw) || raw.length === 0) {
    mistakes.push(`slots: ${form}, in a list`);
    return [];
  }
  const found = new Map<string, TcnSlot>();
  for (const [i, entry] of raw.entries()) {
    const match = typeof entry === "string" ? /^(?:(\d{1,3})\/)?(\d{1,2})(?:-(\d{1,2}))?$/.exec(entry) : null;
    const board = match?.[1] === undefined ? main : Number(match[1]);
    const first = Number(match?.[2]);
    const last = Number(match?.[3] ?? match?.[2]);
    if (!match || !isBoard(board) || first < 1 || last > lastSlot || last < first) {
      mistakes.push(`slots.${i}: ${form}`);
      continue;
    }
    for (let number = first; number <= last; number++) {
      const name = board === main ? `${number}` : `${board}/${number}`;
      if (found.has(name)) mistakes.push(`slots.${i}: slot ${name} is named twice`);
      found.set(name, { name, board, number });
    }
  }
  return [...found.values()];
}
