import type { FaultKind } from "../../devices/kit/fault.ts";
import type { SlotReport } from "../../devices/vending/capability.ts";
import type { Day } from "./credential.ts";

/** One slot of the planogram, as the station file has it. */
export interface Place {
  readonly device: string;
  readonly slot: string;
  readonly product: string;
}

export const placeKey = (place: { readonly device: string; readonly slot: string }): string =>
  `${place.device}/${place.slot}`;

/** What is known of the goods in one slot. */
export interface Slot {
  /** Goods left by the ledger's count. */
  readonly count: number;
  /** Last day on which this batch may be given. */
  readonly expires?: Day;
  /** Failures in a row that the slot is to blame for. */
  readonly failures: number;
}

/** Slots by "device/slot", and failures in a row of each machine. */
export interface Stock {
  readonly slots: ReadonlyMap<string, Slot>;
  readonly failures: ReadonlyMap<string, number>;
}

/** A slot rests after this many failures in a row, a machine after that many. */
export const slotRests = 2;
export const machineRests = 5;

export const noStock: Stock = { slots: new Map(), failures: new Map() };
const unseen: Slot = { count: 0, failures: 0 };

/** Faults for which the slot is to blame, and not the machine around it. */
const slotsOwn: ReadonlySet<string> = new Set<FaultKind>(["jammed", "empty", "no-drop", "misconfigured"]);

/** The machine was not there to try, or somebody had it open: nobody is to blame. */
const nobodys: ReadonlySet<string> = new Set<FaultKind>(["no-device", "busy", "door-open", "interrupted"]);

function changed(stock: Stock, key: string, change: (slot: Slot) => Slot): Stock {
  return { ...stock, slots: new Map(stock.slots).set(key, change(stock.slots.get(key) ?? unseen)) };
}

function machine(stock: Stock, device: string, failures: number): Stock {
  return { ...stock, failures: new Map(stock.failures).set(device, failures) };
}

export function filled(stock: Stock, place: { device: string; slot: string }, count: number, expires?: Day): Stock {
  const slot: Slot = { count, failures: 0, ...(expires === undefined ? {} : { expires }) };
  return machine(
    changed(stock, placeKey(place), () => slot),
    place.device,
    0,
  );
}

export function gave(stock: Stock, place: { device: string; slot: string }): Stock {
  return machine(
    changed(stock, placeKey(place), (slot) => ({ ...slot, count: Math.max(0, slot.count - 1), failures: 0 })),
    place.device,
    0,
  );
}

/** Perhaps gone: it is not promised to the next worker, and nobody is blamed. */
export function mayHaveGiven(stock: Stock, place: { device: string; slot: string }): Stock {
  return changed(stock, placeKey(place), (slot) => ({ ...slot, count: Math.max(0, slot.count - 1) }));
}

export function failed(stock: Stock, place: { device: string; slot: string }, why: string): Stock {
  if (nobodys.has(why)) return stock;
  const slotToBlame = slotsOwn.has(why);
  const blamed = slotToBlame
    ? changed(stock, placeKey(place), (slot) => ({
        ...slot,
        count: why === "empty" ? 0 : slot.count,
        failures: slot.failures + 1,
      }))
    : stock;
  return machine(blamed, place.device, (stock.failures.get(place.device) ?? 0) + 1);
}

/** What the boards themselves report, by place. It wins over our count: the board's maker counts at the motor. */
export type Reports = ReadonlyMap<string, SlotReport>;

export interface Shelf {
  readonly places: readonly Place[];
  readonly stock: Stock;
  readonly reports: Reports;
  /** Devices that can move now. */
  readonly working: ReadonlySet<string>;
  /** Places that the centre switched off, as "device/slot". */
  readonly off: ReadonlySet<string>;
  /** Today, or with an untrusted clock the day before which it is not: what had expired by then has expired. */
  readonly day: Day;
}

export const countAt = (shelf: Shelf, place: Place): number =>
  shelf.reports.get(placeKey(place))?.stock ?? shelf.stock.slots.get(placeKey(place))?.count ?? 0;

/** Whether a good can be given out of this slot now. */
export function sells(shelf: Shelf, place: Place): boolean {
  const slot = shelf.stock.slots.get(placeKey(place));
  const expired = slot?.expires !== undefined && shelf.day > slot.expires;
  return (
    shelf.working.has(place.device) &&
    !shelf.off.has(placeKey(place)) &&
    (shelf.stock.failures.get(place.device) ?? 0) < machineRests &&
    (slot?.failures ?? 0) < slotRests &&
    (shelf.reports.get(placeKey(place))?.sells ?? true) &&
    !expired &&
    countAt(shelf, place) > 0
  );
}

/** Goods of a product that can be given now. */
export const left = (shelf: Shelf, product: string): number =>
  shelf.places.reduce(
    (sum, place) => (place.product === product && sells(shelf, place) ? sum + countAt(shelf, place) : sum),
    0,
  );

/** The slot to take from: first expired first out, then the fuller slot, so that motors wear alike. */
export function pick(shelf: Shelf, product: string, except: ReadonlySet<string>): Place | undefined {
  const expiry = (place: Place): number => shelf.stock.slots.get(placeKey(place))?.expires ?? Number.MAX_SAFE_INTEGER;
  return shelf.places
    .filter((place) => place.product === product && !except.has(placeKey(place)) && sells(shelf, place))
    .sort((a, b) => expiry(a) - expiry(b) || countAt(shelf, b) - countAt(shelf, a))[0];
}
