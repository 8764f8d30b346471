import type { Knowledge } from "../../controller/domain/state.ts";
import { openNeighbours, type Neighbours } from "../../controller/link/neighbours.ts";
import type { Message } from "../../controller/link/uplink.ts";
import { ok, type Result } from "../../devices/kit/result.ts";
import { readStock, writeStock, type Stock } from "../../protocol/fleet/stock.ts";
import { recordsABatch, signUsed, writeUsed, type UsedDraft } from "../../protocol/fleet/used.ts";
import { manualClock, type ManualClock } from "../kit/clock.ts";
import { memory, release, station, type Keep } from "../store/issuing.ts";

const group = "320583";
const here = {
  ...station,
  neighbours: [
    { kiosk: "ZP-002", name: { zh: "二号站", en: "Second" }, metres: 320, minutes: 5 },
    { kiosk: "ZP-003", name: { zh: "三号站", en: "Third" }, metres: 700, minutes: 10 },
  ],
};
export const idOf = (n: number): string => n.toString(16).padStart(16, "0");
export const names = { 7: { zh: "七号站", en: "Seventh" }, 8: { zh: "八号站", en: "Eighth" } };
export const noon = Math.floor(Date.UTC(2026, 6, 15, 4) / 60_000);

export function list(batch: string, ids: readonly number[], over: Partial<UsedDraft> = {}, key = release): Uint8Array {
  const records = ids.map((n) => ({ id: idOf(n), station: 7, minute: noon }));
  const issuedAt = "2026-07-15T04:00:00Z";
  return writeUsed(signUsed({ group, batch, issuedAt, kid: "r1", records, stations: names, ...over }, key));
}
export const later = (minute: number): string => `2026-07-15T04:${String(minute).padStart(2, "0")}:00Z`;
export const full = (first: number): readonly number[] => Array.from({ length: recordsABatch }, (_, n) => first + n);
export const stock = (left: Stock["left"], at = 1): Uint8Array => writeStock({ v: 1, at, left });

/** One kiosk among its neighbours: what it is told, what it says, and what lies on its disk. */
export class Street {
  readonly clock: ManualClock = manualClock();
  readonly disk: Keep;
  readonly sent: Message[] = [];
  readonly told: { readonly kiosk: string; readonly stock: Stock }[] = [];
  readonly notes: string[] = [];
  known: Knowledge["elsewhere"] | undefined;
  taken: Knowledge["taken"] | undefined;
  changes = 0;
  readonly talk: Neighbours;
  /** What the broker answers. */
  answer: () => Promise<Result<void>> = () => Promise.resolve(ok(undefined));

  constructor(disk: Keep = memory()) {
    this.disk = disk;
    this.talk = openNeighbours({
      station: here,
      group,
      keep: disk.keep,
      clock: this.clock,
      log: { note: (event) => this.notes.push(event), fail: (event) => this.notes.push(event) },
      given: ({ elsewhere, taken }) => {
        this.known = elsewhere;
        this.taken = taken;
        this.changes += 1;
      },
      nearby: (kiosk, stock) => this.told.push({ kiosk, stock }),
    });
  }

  used(batch: string, payload: Uint8Array, of = group): boolean {
    return this.talk.heard({ topic: `yz/v1/${of}/used/${batch}`, payload });
  }

  stock(kiosk: string, payload: Uint8Array): boolean {
    return this.talk.heard({ topic: `yz/v1/${group}/stock/${kiosk}`, payload });
  }

  where(n: number): string | undefined {
    return this.talk.known.elsewhere.get(idOf(n))?.station.en;
  }

  connect(): void {
    this.talk.connected((message) => {
      this.sent.push(message);
      return this.answer();
    });
  }

  get tellings(): readonly Stock["left"][] {
    return this.sent.map(({ payload }) => {
      const read = readStock(payload);
      return read.ok ? read.value.left : { unreadable: 1 };
    });
  }
}
