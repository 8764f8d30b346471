import { deviceMetrics, schemaVersion, type Ability } from "../../protocol/sparkplug/metrics.ts";
import type { Value } from "../../protocol/sparkplug/datatype.ts";
import { calibrationDay, daysLeft } from "../domain/cabin/calibration.ts";
import { presenceTold } from "../domain/cabin/roll-call.ts";
import { shelf } from "../domain/shelf.ts";
import type { Presence, Setting, State } from "../domain/state.ts";
import { countAt, placeKey, slotRests, type Place } from "../domain/stock.ts";
import type { Vitals } from "../world.ts";
import { healthOf } from "./health.ts";
import type { Part } from "./metric-set.ts";
import type { Reading } from "./tidings.ts";

/** A device of the station file, and what it can be. */
export interface Fitted {
  readonly id: string;
  readonly can: readonly Ability[];
  /** Its slots in the planogram, with the goods after a usual refill. */
  readonly slots: readonly { readonly slot: string; readonly par: number }[];
}

/** What does not change while the kiosk runs; what cannot be known is absent. */
export interface Standing {
  readonly code: string;
  readonly name: string;
  readonly release: string;
  readonly computer?: {
    readonly make?: string;
    readonly model?: string;
    readonly os?: string;
    readonly osVersion?: string;
  };
  readonly devices: readonly Fitted[];
}

/** How the cabinet around a device is. */
export interface Cabinet {
  readonly open?: boolean;
  /** When it was last opened or closed: UTC, milliseconds. */
  readonly moved?: number;
  readonly temperatureC?: number;
  readonly humidityPercent?: number;
}

/** Everything that telemetry is made of. */
export interface Sources {
  readonly standing: Standing;
  readonly setting: Setting;
  readonly state: State;
  readonly vitals?: Vitals;
  readonly network?: {
    readonly type?: string;
    readonly rssiDbm?: number;
    readonly sentMb?: number;
    readonly receivedMb?: number;
  };
  readonly cabinets?: ReadonlyMap<string, Cabinet>;
  readonly outbox: { readonly depth: number; readonly oldestSeconds: number; readonly dropped: number };
  readonly configuration?: { readonly version: string; readonly hash: string };
  readonly certificateDays?: number;
  /** How far the clock was off when it was last set, milliseconds. */
  readonly clockOffset?: number;
}

/** What the kiosk is now. */
export interface Telemetry {
  readonly readings: readonly Reading[];
  /** Devices that answer. */
  readonly there: ReadonlySet<string>;
}

/** The Sparkplug devices of a kiosk, in the order of its station file. */
export const partsOf = (devices: readonly Fitted[]): readonly Part[] =>
  devices.map(({ id, can, slots }, ordinal) => ({
    id,
    metrics: deviceMetrics(
      can,
      ordinal,
      slots.map(({ slot }) => slot),
    ),
  }));

/** A device whose last life question went unanswered has another chance; then it is lost. */
const answers = (presence: Presence | undefined): boolean => presence === "working" || presence === "stale";

/** The whole kiosk as readings. No code, card or person is in it. */
export function telemetry(sources: Sources): Telemetry {
  const { standing, setting, state } = sources;
  return {
    readings: [...nodeReadings(sources), ...standing.devices.flatMap((device) => deviceReadings(sources, device))],
    there: new Set(standing.devices.map(({ id }) => id).filter((id) => answers(presenceTold(setting, state, id)))),
  };
}

const reading = (name: string, value: Value | undefined): Reading => ({ name, value: value ?? null });

function nodeReadings(sources: Sources): readonly Reading[] {
  const { standing, setting, state, vitals, network, outbox, configuration } = sources;
  const { computer } = standing;
  const health = healthOf(setting, state);
  return [
    reading("Properties/Hardware Make", computer?.make),
    reading("Properties/Hardware Model", computer?.model),
    reading("Properties/OS", computer?.os),
    reading("Properties/OS Version", computer?.osVersion),
    reading("Properties/FW", standing.release),
    reading("Properties/Schema", schemaVersion),
    reading("Station/Code", standing.code),
    reading("Station/Name", standing.name),
    reading("Health/State", health.state),
    reading("Health/Reason", health.reason),
    reading("Sys/Uptime_s", vitals?.uptimeSeconds),
    reading("Sys/Boot Id", vitals?.bootId),
    reading("Sys/Cpu_pct", vitals?.cpuPercent),
    reading("Sys/Mem_mb", vitals?.memoryMb),
    reading("Sys/Disk_pct", vitals?.diskPercent),
    reading("Sys/Temp_c", vitals?.temperatureC),
    reading("Sys/Undervoltage", vitals?.underVoltage),
    reading("Net/Type", network?.type),
    reading("Net/Rssi_dbm", network?.rssiDbm),
    reading("Net/Tx_mb", network?.sentMb),
    reading("Net/Rx_mb", network?.receivedMb),
    reading("Clock/Synced", state.now.trusted),
    reading("Clock/Offset_ms", sources.clockOffset),
    reading("Outbox/Depth", outbox.depth),
    reading("Outbox/Oldest_s", outbox.oldestSeconds),
    reading("Outbox/Dropped", outbox.dropped),
    reading("Config/Version", configuration?.version),
    reading("Config/Hash", configuration?.hash),
    reading("Cert/Days Left", sources.certificateDays),
    reading("Ledger/Life", state.books.life),
    reading("Ledger/Seq", state.books.seq),
  ];
}

function deviceReadings(sources: Sources, { id, can, slots }: Fitted): readonly Reading[] {
  const { setting, state, cabinets } = sources;
  const of = (name: string, value: Value | undefined): Reading => ({ ...reading(name, value), device: id });
  const cabinet = cabinets?.get(id);
  const vending = [of("Fault/Code", state.books.ills.get(id) ?? ""), of("Sales/Count", state.books.given.get(id) ?? 0)];
  const board = [
    of("Door/Open", cabinet?.open),
    of("Door/Last", cabinet?.moved),
    of("Temp_c", cabinet?.temperatureC),
    of("Humidity_pct", cabinet?.humidityPercent),
  ];
  const instrument = setting.cabin?.instruments.find((one) => one.id === id);
  // As they were at the last telling: what is told live shows nobody's visit.
  const health = [
    of("Tests/Ok", state.counts.told[id]?.ok ?? 0),
    of("Tests/Fail", state.counts.told[id]?.fail ?? 0),
    of("Calibration/Days Left", instrument && daysLeft(instrument, calibrationDay(state))),
  ];
  const ready = shelf(setting, state);
  const goods = slots.flatMap(({ slot, par }) => [
    of(`Slot/${slot}/Stock`, countAt(ready, { device: id, slot, product: "" })),
    of(`Slot/${slot}/Par`, par),
    of(`Slot/${slot}/State`, slotState(sources, { device: id, slot })),
  ]);
  return [
    of("State", presenceTold(setting, state, id) ?? "starting"),
    ...(can.includes("vending") ? vending : []),
    ...(can.includes("board") ? board : []),
    ...(can.includes("health") ? health : []),
    ...goods,
  ];
}

/** Why nothing is given out of a slot, the reason that needs a person first. */
function slotState({ setting, state }: Sources, place: Omit<Place, "product">): string {
  const ready = shelf(setting, state);
  const key = placeKey(place);
  const slot = ready.stock.slots.get(key);
  if (ready.off.has(key)) return "off";
  if ((slot?.failures ?? 0) >= slotRests) return "resting";
  if (slot?.expires !== undefined && ready.day > slot.expires) return "expired";
  if (countAt(ready, { ...place, product: "" }) === 0) return "empty";
  return (ready.reports.get(key)?.sells ?? true) ? "ready" : "off";
}
