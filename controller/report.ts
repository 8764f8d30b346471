import type { LoadedStation } from "../config/load.ts";
import type { Fault } from "../devices/kit/fault.ts";
import { today } from "./domain/almanac.ts";
import { sickDisk } from "./domain/shelf.ts";
import type { State } from "./domain/state.ts";
import type { Release } from "./release.ts";
import type { LinkReport, Report } from "./screen/report.ts";

interface Told {
  readonly loaded: LoadedStation;
  readonly release: Release;
  readonly state: State;
  /** Why a device does not work, in its driver's words. */
  readonly faults: ReadonlyMap<string, Fault>;
  readonly link: LinkReport;
}

/** What the technician's page tells. */
export function reportOf({ loaded: { station, devices }, release, state, faults, link }: Told): Report {
  return {
    kiosk: station.station.id,
    release: release.version,
    clock: today(state.almanac, state.now).state,
    ledger: { life: state.books.life, seq: state.books.seq },
    disk: sickDisk(state) ? "refuses" : "well",
    devices: devices.map(({ id }) => {
      const why = faults.get(id);
      return { id, presence: state.presence.get(id) ?? "starting", ...(why ? { detail: why.detail } : {}) };
    }),
    link,
  };
}
