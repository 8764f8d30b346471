import type { Files } from "./files.ts";
import type { Recording } from "./forgetful.ts";
import { firstNumbers, type Told } from "./record.ts";

/** A disk as it may be found after the power went. */
export interface CrashState {
  /** After how many things told the power went. */
  readonly at: number;
  /** What the world outside had seen by then. */
  readonly marks: readonly string[];
  readonly files: Files;
}

/** 0 to 1, evenly. */
export type Chance = () => number;

/** A seeded dice (mulberry32), so that a state that fails can be built again. */
export function seeded(seed: number): Chance {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** What a medium writes as one piece. */
const sector = 512;
/** Shares of what nobody waited for that reach the medium all the same; a state takes one of them. */
const shares = [0, 0.3, 0.7, 1] as const;

type Change = Extract<Told, { readonly is: "written" | "cut" }>;
type Naming = Extract<Told, { readonly is: "made" | "unlinked" | "renamed" }>;

/** The medium while the record is played: what is safely on it, and what is still on its way. */
interface Medium {
  readonly safe: Map<number, Buffer>;
  readonly onTheWay: Map<number, Change[]>;
  safeNames: ReadonlyMap<string, number>;
  namesOnTheWay: Naming[];
}

/**
 * Crash states from one recording: `count` random moments. Of what nobody had waited for, any 512-byte sector may have
 * arrived or not, an older version of it too; of the names (made, unlinked, renamed) the first few, as a journal keeps them.
 */
export function* states(recording: Recording, count: number, chance: Chance): Generator<CrashState> {
  const { told } = recording;
  const moments = Array.from({ length: count }, () => Math.floor(chance() * (told.length + 1))).sort((a, b) => a - b);
  const numbers = firstNumbers(recording.before.keys());
  const medium: Medium = {
    safe: new Map([...recording.before].map(([name, content]) => [numbers.get(name) ?? -1, content])),
    onTheWay: new Map(),
    safeNames: numbers,
    namesOnTheWay: [],
  };
  const marks: string[] = [];
  let played = 0;
  for (const [n, at] of moments.entries()) {
    for (; played < at; played++) {
      const one = told[played];
      if (one?.is === "mark") marks.push(one.text);
      else if (one !== undefined) tell(medium, one);
    }
    yield { at, marks: [...marks], files: cutPower(medium, shares[n % shares.length] ?? 0, chance) };
  }
}

function tell(medium: Medium, told: Exclude<Told, { readonly is: "mark" }>): void {
  switch (told.is) {
    case "written":
    case "cut": {
      const changes = medium.onTheWay.get(told.file);
      if (changes === undefined) medium.onTheWay.set(told.file, [told]);
      else changes.push(told);
      return;
    }
    case "synced":
      medium.safe.set(
        told.file,
        arrived(medium, told.file, 1, () => 0),
      );
      medium.onTheWay.delete(told.file);
      return;
    case "names synced":
      medium.safeNames = named(medium, medium.namesOnTheWay.length);
      medium.namesOnTheWay = [];
      return;
    case "made":
    case "unlinked":
    case "renamed":
      medium.namesOnTheWay.push(told);
  }
}

function cutPower(medium: Medium, share: number, chance: Chance): Files {
  const count = share === 1 ? medium.namesOnTheWay.length : Math.floor(chance() * (medium.namesOnTheWay.length + 1));
  const names = named(medium, share === 0 ? 0 : count);
  return new Map([...names].map(([name, file]) => [name, arrived(medium, file, share, chance)]));
}

/** The names after the first `count` of those on their way. */
function named(medium: Medium, count: number): ReadonlyMap<string, number> {
  const names = new Map(medium.safeNames);
  for (const naming of medium.namesOnTheWay.slice(0, count)) {
    if (naming.is === "made") names.set(naming.name, naming.file);
    if (naming.is === "unlinked") names.delete(naming.name);
    if (naming.is !== "renamed") continue;
    const file = names.get(naming.from);
    names.delete(naming.from);
    if (file !== undefined) names.set(naming.to, file);
  }
  return names;
}

/** The content of a file when `share` of what is on its way arrives. */
function arrived(medium: Medium, file: number, share: number, chance: Chance): Buffer {
  const safe = medium.safe.get(file) ?? Buffer.alloc(0);
  const changes = medium.onTheWay.get(file) ?? [];
  const longest = Math.max(safe.length, ...changes.map((c) => (c.is === "cut" ? c.length : c.at + c.bytes.length)));
  const content = Buffer.alloc(longest);
  safe.copy(content);
  let length = safe.length;
  for (const change of changes) {
    if (change.is === "cut") {
      if (chance() >= share) continue;
      content.fill(0, Math.min(change.length, length));
      length = change.length;
      continue;
    }
    for (let from = 0; from < change.bytes.length;) {
      const to = Math.min(change.bytes.length, from + sector - ((change.at + from) % sector));
      if (chance() < share) {
        change.bytes.copy(content, change.at + from, from, to);
        length = Math.max(length, change.at + to);
      }
      from = to;
    }
  }
  return content.subarray(0, length);
}
