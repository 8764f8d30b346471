import type { Listening } from "../kit/port.ts";
import type { SlotReport } from "./capability.ts";
import { command, word, type Frame } from "./xy-wire.ts";

/** Status 0 normal, 1 paused [S-XY 2.1, command 11]. */
const normal = 0;
/** "Slot 1000+n = whole tray n, 0000 = whole machine" [S-XY 2.1, commands 12 to 15]. */
const everySlot = 0;
const firstTray = 1000;

/** What the board tells of its slots. Its counts are taken as they are, never counted here [S-XY 2.1, command 11]. */
export interface XySlots {
  hear(frame: Frame): void;
  listen(heard: (report: SlotReport) => void): Listening;
  known(): readonly SlotReport[];
}

export function xySlots(trayOf: (slot: number) => number): XySlots {
  const slots = new Map<number, SlotReport>();
  const listeners = new Set<(report: SlotReport) => void>();

  const tell = (slot: number, report: SlotReport) => {
    slots.set(slot, report);
    for (const listener of listeners) listener(report);
  };
  const change = (which: number, to: (report: SlotReport) => SlotReport) => {
    for (const [slot, report] of Array.from(slots))
      if (which === everySlot || which === slot || which - firstTray === trayOf(slot)) tell(slot, to(report));
  };

  return {
    hear({ command: what, text }) {
      const count = text[2];
      if (what === command.slot) {
        const slot = word(text, 0);
        const stock = text[6] ?? 0;
        const capacity = text[7] ?? 0;
        tell(slot, { slot: String(slot), sells: text[10] === normal, stock, capacity });
      } else if (what === command.stock && count !== undefined) {
        change(word(text, 0), (report) => ({ ...report, stock: count }));
      } else if (what === command.capacity && count !== undefined) {
        change(word(text, 0), (report) => ({ ...report, capacity: count }));
      } else if (what === command.filled || what === command.filledToo) {
        // Somebody pressed "one-key fill": each slot now counts as full [S-XY 2.1, commands 17 and 68].
        change(everySlot, (report) => (report.capacity === undefined ? report : { ...report, stock: report.capacity }));
      }
    },
    listen(heard) {
      for (const report of slots.values()) heard(report);
      listeners.add(heard);
      return { stop: () => void listeners.delete(heard) };
    },
    known: () => Array.from(slots.values()),
  };
}
