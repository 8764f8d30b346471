import type { LoadedStation } from "../config/load.ts";
import type { Clock } from "../devices/kit/clock.ts";
import type { Fault } from "../devices/kit/fault.ts";
import { dateOf } from "../protocol/pickup-code/calendar.ts";
import { today } from "./domain/almanac.ts";
import { calibrationDay, calibrationOf, daysLeft } from "./domain/cabin/calibration.ts";
import { sickDisk } from "./domain/shelf.ts";
import type { Setting, State } from "./domain/state.ts";
import type { Readers } from "./readers.ts";
import type { Release } from "./release.ts";
import type { InstrumentReport, LinkReport, ReaderReport, Report } from "./screen/report.ts";
import type { Keys } from "./store/keys.ts";

interface Told {
  readonly loaded: LoadedStation;
  readonly release: Release;
  readonly state: State;
  /** Why a device does not work, in its driver's words. */
  readonly faults: ReadonlyMap<string, Fault>;
  readonly link: LinkReport;
  readonly clock: Pick<Clock, "mono">;
  readonly setting: Setting;
  readonly readers: Pick<Readers, "lastOf">;
  readonly keys: Pick<Keys, "members" | "memberLists">;
}

/** What the technician's page tells. */
export function reportOf(told: Told): Report {
  const { release, state, faults, link, keys } = told;
  const { station, devices } = told.loaded;
  return {
    kiosk: station.station.id,
    release: release.version,
    clock: today(state.almanac, state.now).state,
    ledger: { life: state.books.life, seq: state.books.seq },
    disk: sickDisk(state) ? "refuses" : "well",
    devices: devices.map(({ id }) => {
      const why = faults.get(id);
      const reader = readerOf(told, id);
      const instrument = instrumentOf(told, id);
      return {
        id,
        presence: state.presence.get(id) ?? "starting",
        ...(why ? { detail: why.detail } : {}),
        ...(reader ? { reader } : {}),
        ...(instrument ? { instrument } : {}),
        ...(told.setting.cabin?.printers.includes(id) ? { printer: true as const } : {}),
      };
    }),
    bare: bareOf(keys),
    link,
  };
}

function readerOf({ setting, readers, clock }: Told, id: string): ReaderReport | undefined {
  const reader = setting.readers.find((one) => one.id === id);
  if (reader === undefined) return undefined;
  const last = readers.lastOf(id);
  const ago = last && Math.max(0, clock.mono() - last.at) / 1000;
  return { reads: reader.reads, ...(last && ago !== undefined ? { last: { what: last.what, ago } } : {}) };
}

function instrumentOf({ setting, state }: Told, id: string): InstrumentReport | undefined {
  const instrument = setting.cabin?.instruments.find((one) => one.id === id);
  if (instrument === undefined) return undefined;
  const day = calibrationDay(state);
  const days = daysLeft(instrument, day);
  const { due, items: measures } = instrument;
  // Whoever holds a finger on the station's name sees this page, also the next person.
  const tests = state.counts.told[id] ?? { ok: 0, fail: 0 };
  if (due === undefined || days === undefined) return { measures, tests };
  return { measures, calibration: { due: dateOf(due), days, is: calibrationOf(instrument, day) }, tests };
}

/** What of the lists in force is an identifier and no proof. */
function bareOf({ members, memberLists }: Told["keys"]): Report["bare"] {
  const lists = memberLists.files.filter(({ id }) => members.some((book) => book.id === id));
  return [
    ...(lists.some(({ identifiers }) => identifiers.uids > 0) ? ["card" as const] : []),
    ...(lists.some(({ identifiers }) => identifiers.texts.length > 0) ? ["code" as const] : []),
  ];
}
