import { join } from "node:path";
import { parseJson } from "../../config/json.ts";
import { loadStation, stationFile, type LoadedStation } from "../../config/load.ts";
import { mistakeLine, type Mistake } from "../../config/mistake.ts";
import { thisHouse, type House } from "../../config/profile.ts";
import { err, ok, type Result } from "../../devices/kit/result.ts";
import { documentHash, type DesiredConfig } from "../../protocol/commands/desired.ts";
import { readFileSync } from "node:fs";
import type { Entry } from "../domain/entry.ts";
import { configFolder, fileHash, type ConfigFolder } from "./config-folder.ts";
import { notOurs } from "./generations.ts";
import { startsAllowed, type Failed, type Held, type Holding, type Trial } from "./trial.ts";

export type Configured = Extract<Entry, { kind: "configured" }>;

/** The station by which the kiosk shall work now, and where it comes from. */
export interface InForce {
  readonly loaded: LoadedStation;
  /** The version of a configuration from the centre; null for the technician's own station file. */
  readonly version: string | null;
  /** documentHash of the station file. */
  readonly hash: string;
  /** It has still to prove itself. */
  readonly trial?: Trial;
  /** For the ledger, once it is open: what this start decided. */
  readonly entries: readonly Configured[];
}

/**
 * Decides which station file is in force: a configuration on trial, the last good one of the centre, or the
 * technician's own. Call it once at each start of the kiosk, in the process or anew: a trial counts its starts.
 * @returns the mistakes of the technician's file, where that one is in force.
 */
export async function stationInForce(
  folder: string,
  dataFolder: string,
  house: House = thisHouse,
): Promise<Result<InForce, readonly Mistake[]>> {
  const files = configFolder(dataFolder);
  const base = fileHash(join(folder, stationFile));
  const entries: Configured[] = [];
  const load = (held: Held) => loadHeld(folder, held, house);

  const { trial, now, before } = edited(files, base, entries);
  // The power may have gone between the writes by which it was kept.
  const kept = trial !== undefined && trial.document.sig === now?.document.sig;
  if (kept) files.write({ trial: null });
  else if (trial !== undefined) {
    const loaded = await tried(files, trial, load, entries);
    if (loaded !== undefined) return ok({ ...loaded, entries });
  }
  for (const held of [now, before]) {
    if (held === undefined) continue;
    const loaded = await load(held);
    if (loaded.ok) return ok({ ...loaded.value, entries });
    const { version } = held.document;
    entries.push({ kind: "configured", version, state: "rolled-back", why: shortened(loaded.error) });
  }
  const own = await loadStation(folder, house);
  return own.ok ? ok({ loaded: own.value, version: null, hash: ownHash(folder), entries }) : own;
}

const shortened = (why: string): string => (why.length > 500 ? `${why.slice(0, 499)}…` : why);

/** A technician's later edit of the station file wins over everything from the centre that was laid over the old one. */
function edited(files: ConfigFolder, base: string | undefined, entries: Configured[]): Holding {
  const holding = files.read();
  const newest = holding.trial ?? holding.now;
  // A station file that cannot be read is no edit.
  if (newest === undefined || base === undefined || newest.base === base) return holding;
  const failed = failedOf(newest.document, "rolled-back", "The station file was edited at the kiosk, and that wins.");
  entries.push({ kind: "configured", version: failed.version, state: failed.state, why: failed.why });
  files.write({ failed, trial: null, now: null, before: null });
  return {};
}

export const failedOf = ({ sig, version, issuedAt }: DesiredConfig, state: Failed["state"], why: string): Failed => ({
  sig,
  version,
  issuedAt,
  state,
  why: shortened(why),
});

type Loading = Omit<InForce, "entries">;

/** The configuration on trial, where it may be started once more and can be. Else it is given up. */
async function tried(
  files: ConfigFolder,
  trial: Trial,
  load: (held: Held) => Promise<Result<Loading, string>>,
  entries: Configured[],
): Promise<Loading | undefined> {
  const giveUp = (why: string): undefined => {
    entries.push({ kind: "configured", version: trial.document.version, state: "rolled-back", why: shortened(why) });
    files.write({ failed: failedOf(trial.document, "rolled-back", why), trial: null });
  };
  if (trial.starts >= startsAllowed)
    return giveUp(
      `The kiosk was started ${trial.starts} times with it, and each time ended before it had proved itself.`,
    );
  const counted: Trial = { ...trial, starts: trial.starts + 1 };
  // Where starts cannot be counted, nothing would end a kiosk that starts and falls, over and over.
  if (!files.write({ trial: counted }).ok) return undefined;
  const loaded = await load(trial);
  return loaded.ok ? { ...loaded.value, trial: counted } : giveUp(loaded.error);
}

async function loadHeld(folder: string, { document }: Held, house: House): Promise<Result<Loading, string>> {
  const loaded = await loadStation(folder, house, JSON.stringify(document.config));
  if (!loaded.ok) return err(told(loaded.error));
  const why = notOurs("config", document, loaded.value.station);
  if (why !== undefined) return err(why);
  return ok({ loaded: loaded.value, version: document.version, hash: documentHash(document.config) });
}

/** At most three mistakes: the centre has the file and can find the rest. */
export const told = (mistakes: readonly Mistake[]): string =>
  [...mistakes.slice(0, 3).map(mistakeLine), ...(mistakes.length > 3 ? [`and ${mistakes.length - 3} more`] : [])].join(
    "; ",
  );

/** Of the file that was just loaded, so that it is there and is JSON. */
function ownHash(folder: string): string {
  const parsed = parseJson(readFileSync(join(folder, stationFile), "utf8"));
  return documentHash(parsed.ok ? (parsed.value as object) : {});
}
