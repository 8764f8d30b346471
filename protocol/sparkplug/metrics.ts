import type { DataType } from "./datatype.ts";

/** A metric of a kiosk, the same in every kiosk: an alias is never given to another definition. */
export interface Definition {
  readonly name: string;
  /** Absent only where Sparkplug wants the name in every message. */
  readonly alias?: number;
  readonly type: DataType;
  /** What it tells the staff, with its unit. */
  readonly means: string;
  /** A change by less than this is no news. In the metric's unit. */
  readonly deadBand?: number;
  /** Waited for by somebody: sent with the next batch, not once a minute. */
  readonly urgent?: true;
}

/** Sparkplug's own [Sparkplug 3.0, 6.4.21]: bdSeq and what may be commanded without a signature. */
export const bdSeq: Definition = { name: "bdSeq", type: "Int64", means: "number of the connection" };
export const rebirth: Definition = {
  name: "Node Control/Rebirth",
  type: "Boolean",
  means: "written true: all births again",
};
export const nextServer: Definition = {
  name: "Node Control/Next Server",
  alias: 1,
  type: "Boolean",
  means: "written true: to the next broker of the list",
};

/** Of the kiosk itself. `bdSeq` and `Node Control/*` stand beside these in every NBIRTH. */
export const nodeMetrics: readonly Definition[] = [
  { name: "Properties/Hardware Make", alias: 2, type: "String", means: "maker of the computer" },
  { name: "Properties/Hardware Model", alias: 3, type: "String", means: "model of the computer" },
  { name: "Properties/OS", alias: 4, type: "String", means: "operating system" },
  { name: "Properties/OS Version", alias: 5, type: "String", means: "its version" },
  { name: "Properties/FW", alias: 6, type: "String", means: "release of Yizhan" },
  { name: "Properties/Schema", alias: 7, type: "Int32", means: "version of this list" },
  { name: "Station/Code", alias: 8, type: "String", means: "id of the kiosk as its station file has it" },
  { name: "Station/Name", alias: 9, type: "String", means: "what people call the station" },
  {
    name: "Health/State",
    alias: 10,
    type: "Int32",
    means: "0 serves, 1 serves in part, 2 serves nobody",
    urgent: true,
  },
  { name: "Health/Reason", alias: 11, type: "String", means: "why not 0: a word of docs/events.md", urgent: true },
  { name: "Sys/Uptime_s", alias: 12, type: "Int64", means: "seconds since the computer started; the heartbeat" },
  { name: "Sys/Boot Id", alias: 13, type: "String", means: "another at every start of the computer" },
  { name: "Sys/Cpu_pct", alias: 14, type: "Float", means: "processor in use, percent", deadBand: 10 },
  { name: "Sys/Mem_mb", alias: 15, type: "Float", means: "memory of the kiosk's process, MiB", deadBand: 10 },
  { name: "Sys/Disk_pct", alias: 16, type: "Float", means: "card in use, percent", deadBand: 1 },
  { name: "Sys/Temp_c", alias: 17, type: "Float", means: "temperature of the processor, degrees Celsius", deadBand: 2 },
  { name: "Sys/Undervoltage", alias: 18, type: "Boolean", means: "the power supply is too weak" },
  { name: "Net/Type", alias: 19, type: "String", means: "ethernet, wifi or modem" },
  { name: "Net/Rssi_dbm", alias: 20, type: "Int32", means: "strength of the radio signal, dBm", deadBand: 5 },
  { name: "Net/Tx_mb", alias: 21, type: "Float", means: "sent since the start, MB", deadBand: 1 },
  { name: "Net/Rx_mb", alias: 22, type: "Float", means: "received since the start, MB", deadBand: 1 },
  { name: "Clock/Synced", alias: 23, type: "Boolean", means: "the clock can be trusted", urgent: true },
  { name: "Clock/Offset_ms", alias: 24, type: "Int64", means: "how far the clock was off at its last setting, ms" },
  { name: "Outbox/Depth", alias: 25, type: "Int64", means: "events that the centre has not confirmed", deadBand: 10 },
  { name: "Outbox/Oldest_s", alias: 26, type: "Int64", means: "age of the oldest of them, seconds", deadBand: 60 },
  { name: "Outbox/Dropped", alias: 27, type: "Int64", means: "telemetry of outages that found no room" },
  { name: "Config/Version", alias: 28, type: "String", means: "version of the configuration in force", urgent: true },
  { name: "Config/Hash", alias: 29, type: "String", means: "SHA-256 of the configuration in force", urgent: true },
  { name: "Update/Version", alias: 30, type: "String", means: "release that is being installed" },
  { name: "Update/State", alias: 31, type: "String", means: "where that stands" },
  { name: "Cert/Days Left", alias: 32, type: "Int32", means: "days until the certificate ends" },
  { name: "Ledger/Life", alias: 33, type: "Int64", means: "life of the ledger" },
  { name: "Ledger/Seq", alias: 34, type: "Int64", means: "its newest entry", deadBand: 10 },
];

/** Version of this list, told as `Properties/Schema`: raised with every change. */
export const schemaVersion = 2;

/** What a box on a wire can be; an XY controller is vending and board at once. */
export type Ability = "vending" | "board" | "reader" | "health";

const common: readonly Definition[] = [
  { name: "State", alias: 0, type: "String", means: "working, starting, stale, broken, absent or off", urgent: true },
];

const abilities: Readonly<Record<Ability, readonly Definition[]>> = {
  vending: [
    {
      name: "Fault/Code",
      alias: 1,
      type: "String",
      means: "kind of the fault, empty while there is none",
      urgent: true,
    },
    { name: "Sales/Count", alias: 2, type: "Int64", means: "goods given since the ledger began", urgent: true },
  ],
  board: [
    { name: "Door/Open", alias: 10, type: "Boolean", means: "the cabinet's door is open", urgent: true },
    { name: "Door/Last", alias: 11, type: "DateTime", means: "when it was last opened or closed" },
    { name: "Temp_c", alias: 12, type: "Float", means: "temperature in the cabinet, degrees Celsius", deadBand: 0.5 },
    { name: "Humidity_pct", alias: 13, type: "Float", means: "humidity in the cabinet, percent", deadBand: 5 },
  ],
  reader: [
    { name: "Reads/Ok", alias: 20, type: "Int64", means: "cards and codes read since the start" },
    { name: "Reads/Fail", alias: 21, type: "Int64", means: "cards and codes that could not be read" },
  ],
  health: [
    {
      name: "Tests/Ok",
      alias: 30,
      type: "Int64",
      means: "people to whom it gave a value, in full tens; never the value",
    },
    { name: "Tests/Fail", alias: 31, type: "Int64", means: "people to whom it gave none, in full tens" },
    { name: "Calibration/Days Left", alias: 32, type: "Int32", means: "days until the calibration ends" },
  ],
};

const slotMetrics: readonly Definition[] = [
  { name: "Stock", alias: 0, type: "Int32", means: "goods in the slot", urgent: true },
  { name: "Par", alias: 1, type: "Int32", means: "goods after a usual refill" },
  { name: "State", alias: 2, type: "String", means: "ready, empty, resting, off or expired", urgent: true },
];

/** Aliases below are the node's. Each device has a block of `aDevice`, in it one of `aSlot` for each slot. */
const firstBlock = 64;
const aDevice = 4096;
const firstSlot = 64;
const aSlot = 4;
/** Slots with a number keep its alias whatever the planogram; others follow in the order of the planogram. */
const numbered = 700;

/**
 * The metrics of one device. `ordinal` is its place in the station file, from 0, so that aliases are unique over the
 * kiosk; `slots` are the slots of the planogram that belong to it.
 */
export function deviceMetrics(
  can: readonly Ability[],
  ordinal: number,
  slots: readonly string[],
): readonly Definition[] {
  const block = firstBlock + ordinal * aDevice;
  const plain = [...common, ...can.flatMap((ability) => abilities[ability])];
  const inBlock = (definition: Definition, offset: number): Definition => ({
    ...definition,
    alias: block + offset + (definition.alias ?? 0),
  });
  const named = slots.filter((slot) => !hasNumber(slot));
  const placeOf = (slot: string): number => (hasNumber(slot) ? Number(slot) : numbered + named.indexOf(slot));
  return [
    ...plain.map((definition) => inBlock(definition, 0)),
    ...slots.flatMap((slot) =>
      slotMetrics.map((definition) =>
        inBlock({ ...definition, name: `Slot/${slot}/${definition.name}` }, firstSlot + placeOf(slot) * aSlot),
      ),
    ),
  ];
}

const hasNumber = (slot: string): boolean =>
  /^\d{1,3}$/.test(slot) && Number(slot) < numbered && String(Number(slot)) === slot;
