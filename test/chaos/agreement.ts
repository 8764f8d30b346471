import { setTimeout as sleep } from "node:timers/promises";
import { everyRow, ledgerToRead } from "../../controller/store/reading.ts";
import { itemText, type Item } from "../../protocol/events/chain.ts";
import { hexOf } from "../../protocol/pickup-code/sign.ts";
import type { Installation } from "./installation.ts";

/** An entry with its hash, as one line that an equal one equals. */
const lineOf = (item: Item, hash: Uint8Array): string => `${hexOf(hash)} ${itemText(item)}`;

/** Everything in the kiosk's own file, in order, also while it is written. */
export function ledgerIn(data: string): readonly string[] {
  const opened = ledgerToRead(data);
  if (!opened.ok) throw new Error(opened.error);
  const entries = [...everyRow(opened.value)].map((row) => lineOf(row, row.hash));
  opened.value.close();
  return entries;
}

interface EventRow {
  readonly life: string;
  readonly seq: string;
  readonly at: string;
  readonly trusted: boolean;
  readonly type: string;
  readonly dev: string | null;
  readonly data: string;
  readonly hash: Buffer;
}

const columns = "life, seq, at, trusted, type, dev, data, hash";
const read = ({ life, seq, at, trusted, type, dev, data, hash }: EventRow): string =>
  lineOf({ life: Number(life), seq: Number(seq), at: Number(at), trusted, kind: type, dev, body: data }, hash);

/** Everything that the centre holds of this kiosk, in the order of its numbers. */
export async function eventsOf(place: Installation, kiosk = "real-1"): Promise<readonly string[]> {
  const rows = await place.ask<EventRow>(`SELECT ${columns} FROM events WHERE kiosk = $1 ORDER BY life, seq`, [kiosk]);
  return rows.map(read);
}

/** What the centre keeps apart of this kiosk. */
export async function forksOf(place: Installation, kiosk = "real-1"): Promise<readonly string[]> {
  const rows = await place.ask<EventRow>(`SELECT ${columns} FROM forks WHERE kiosk = $1 ORDER BY life, seq, hash`, [
    kiosk,
  ]);
  return rows.map(read);
}

/** Whether the kiosk itself holds everything for delivered: as its technician reads it. */
export async function allDelivered({ kiosk }: Installation): Promise<boolean> {
  if (kiosk === undefined) return false;
  const page = await fetch(`http://127.0.0.1:${kiosk.port}/technician`).catch(() => undefined);
  return (await page?.text().catch(() => ""))?.includes("都已确认") ?? false;
}

/** Longer than any wait of kiosk or centre that one trouble can cause: a line that is dead without a word for longest. */
export const longestWait = 180_000;

/** Waits until the kiosk has nothing left to tell, and the database nothing left to learn. */
export async function told(place: Installation, within: number = longestWait): Promise<void> {
  let [here, there] = [0, 0];
  for (const end = performance.now() + within; performance.now() < end; await sleep(25)) {
    if (!(await allDelivered(place))) continue;
    here = ledgerIn(place.street.folder.data).length;
    there = (await place.ask("SELECT 1 FROM events")).length;
    if (here === there) return;
  }
  const waits = (await allDelivered(place)) ? "holds all for delivered" : "has entries left";
  throw new Error(`After ${within} ms the kiosk ${waits}: ${here} in its ledger, ${there} in the database.`);
}

/** What of the promises about events is broken, each as a sentence. */
export async function disagreements(place: Installation): Promise<readonly string[]> {
  const ledger = ledgerIn(place.street.folder.data);
  const events = await eventsOf(place);
  const first = ledger.findIndex((entry, n) => entry !== events[n]);
  const count = async (table: "forks" | "waiting" | "alarms" | "refused"): Promise<readonly string[]> => {
    const rows = await place.ask(`SELECT * FROM ${table}`);
    return rows.length === 0 ? [] : [`${table} has ${rows.length} rows: ${JSON.stringify(rows[0])}`];
  };
  return [
    ...(events.length === ledger.length
      ? []
      : [`the ledger has ${ledger.length} entries, the database ${events.length}`]),
    ...(first < 0 ? [] : [`entry ${first} is ${ledger[first]} in the ledger, ${events[first]} in the database`]),
    ...(await outOfOrder(place)),
    ...(await count("forks")),
    ...(await count("waiting")),
    ...(await count("alarms")),
    ...(await count("refused")),
    ...place.centre.falls,
  ];
}

/** An entry that came into the database before one that it follows. */
async function outOfOrder(place: Installation): Promise<readonly string[]> {
  const rows = await place.ask<{ readonly seq: string }>(
    `SELECT seq FROM (SELECT seq, received_at, lag(received_at) OVER (ORDER BY life, seq) AS before FROM events) AS e
     WHERE before > received_at`,
  );
  return rows.map(({ seq }) => `entry ${seq} came into the database before the one that it follows`);
}
