import { join } from "node:path";
import { loadStation, stationFile } from "../../config/load.ts";
import { thisHouse, type House } from "../../config/profile.ts";
import type { Clock, Timer } from "../../devices/kit/clock.ts";
import { readDesiredConfig, type DesiredConfig } from "../../protocol/commands/desired.ts";
import type { CommandRefusal } from "../../protocol/commands/result.ts";
import type { Reported } from "../../protocol/commands/reported.ts";
import { delays } from "../delays.ts";
import type { State } from "../domain/state.ts";
import { configFolder, fileHash } from "./config-folder.ts";
import { notOurs } from "./generations.ts";
import { failedOf, told, type Configured, type InForce } from "./in-force.ts";
import { judgeTrial, offered, unproven, wayBackLost, type Failed, type Trial } from "./trial.ts";

export interface ConfigurationAsked {
  /** Folder of station.json, and the data folder: as stationInForce had them. */
  readonly folder: string;
  readonly dataFolder: string;
  readonly inForce: InForce;
  readonly clock: Clock;
  readonly house?: House;
  state(): Pick<State, "link" | "presence">;
  /** To the ledger. */
  write(entry: Configured): void;
  /** It was not signed by anybody whom this kiosk trusts, or is old: counted with the refused commands. */
  refused(why: CommandRefusal): void;
  /** Stops the kiosk and starts it anew with what stationInForce then says. */
  restart(why: string): void;
  /** What is reported has changed. */
  changed(): void;
}

/** The configuration of a kiosk while it runs. */
export interface Configuration {
  /** A message on down/desired/config. */
  desired(payload: Uint8Array): Promise<void>;
  reported(): Reported["config"];
  stop(): void;
}

export function openConfiguration(asked: ConfigurationAsked): Configuration {
  const { folder, dataFolder, inForce, clock, house = thisHouse } = asked;
  const files = configFolder(dataFolder);
  const { station } = inForce.loaded;
  const began = clock.mono();
  let trial = inForce.trial;
  let { failed } = files.read();
  let restarting = false;
  let timer: Timer | undefined;

  const note = (document: DesiredConfig, state: Configured["state"], why?: string): void =>
    asked.write({ kind: "configured", version: document.version, state, ...(why === undefined ? {} : { why }) });
  const fail = (document: DesiredConfig, state: Failed["state"], why: string): void => {
    failed = failedOf(document, state, why);
    files.write({ failed, ...(state === "rolled-back" ? { trial: null } : {}) });
    note(document, state, failed.why);
    asked.changed();
  };
  const restart = (why: string): void => {
    restarting = true;
    timer?.cancel();
    asked.restart(why);
  };

  const look = (): void => {
    timer = undefined;
    if (trial === undefined || restarting) return;
    const { document } = trial;
    const missing = unproven(trial, station, asked.state());
    switch (judgeTrial(missing, began, clock.mono())) {
      case "wait":
        timer = clock.after(delays.trialLookedAt, "configuration: trial", look);
        return;
      case "proven": {
        const { now } = files.read();
        const kept = { base: trial.base, document };
        const done = files.write({
          ...(now === undefined ? {} : { before: now }),
          now: kept,
          trial: null,
          failed: null,
        });
        // The disk refuses for the moment: it stays on trial, and is kept when it can be.
        if (!done.ok) {
          timer = clock.after(delays.diskRetried, "configuration: trial", look);
          return;
        }
        trial = undefined;
        failed = undefined;
        note(document, "in-force");
        asked.changed();
        return;
      }
      case "given-up":
        trial = undefined;
        fail(document, "rolled-back", `${missing.join(", ")}.`);
        restart(`the configuration ${document.version} did not prove itself`);
    }
  };
  if (trial !== undefined) look();

  const judged = async (document: DesiredConfig): Promise<string | undefined> => {
    const next = await loadStation(folder, house, JSON.stringify(document.config));
    if (!next.ok) return told(next.error);
    return wayBackLost(station, next.value.station, document.kid);
  };

  return {
    async desired(payload) {
      if (payload.length === 0 || restarting) return;
      const read = readDesiredConfig(payload);
      if (!read.ok) return asked.refused("wrong-form");
      const document = read.value;
      if (document.station !== station.station.id) return asked.refused("wrong-station");
      if (notOurs("config", document, station) !== undefined) return asked.refused("bad-signature");
      const is = offered(document, files.read());
      if (is === "known") return;
      if (is === "older") return asked.refused("older");
      const why = await judged(document);
      if (why !== undefined) return fail(document, "refused", why);
      const base = fileHash(join(folder, stationFile)) ?? "";
      const working = trial?.working ?? workingOf(asked.state(), inForce.loaded);
      const next: Trial = { base, document, starts: 0, working };
      const done = files.write({ trial: next });
      if (!done.ok) return asked.refused("disk");
      note(document, "trial");
      restart(`the configuration ${document.version} is tried`);
    },
    reported: () => ({
      version: inForce.version,
      hash: inForce.hash,
      state: trial ? "trial" : (failed?.state ?? (inForce.version === null ? "local" : "in-force")),
      ...(failed === undefined ? {} : { failed: { version: failed.version, why: failed.why } }),
    }),
    stop: () => timer?.cancel(),
  };
}

/**
 * What of a station works, but for instruments and printers of a health cabin: they sleep until a person takes them up. A
 * configuration must not be given up because that person has gone, nor its report say that somebody was there.
 */
function workingOf({ presence }: Pick<State, "presence">, { devices }: InForce["loaded"]): readonly string[] {
  const lasting = devices.filter(({ driver }) => !driver.provides.some((one) => one === "meter" || one === "printer"));
  return lasting.flatMap(({ id }) => (presence.get(id) === "working" ? [id] : []));
}
