import { createServer } from "node:net";
import type { AddressInfo } from "node:net";

/** A centre as main.ts hands it over: the kiosk never imports it. */
export interface DemoCentre {
  start(options: {
    readonly folder: string;
    readonly port: number;
    readonly acceptAll: true;
    readonly arrived: (event: Arrival) => void;
  }): Promise<
    | { readonly ok: true; readonly value: { stop(): Promise<void> } }
    | { readonly ok: false; readonly error: readonly string[] }
  >;
}

export interface Arrival {
  readonly seq: number;
  readonly kind: string;
  readonly dev: string | null;
}

/** A loopback port on which nobody listens now. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

/** So many in one moment are told as a sum: the drain of an outage, or the first filling. */
const most = 4;
const moment = 250;

/** Tells on the terminal what has arrived in the centre's database. */
export function tellArrivals(say: (line: string) => void): (event: Arrival) => void {
  let waiting: Arrival[] = [];
  const tell = (): void => {
    const arrived = waiting;
    waiting = [];
    const [first] = arrived;
    const last = arrived.at(-1);
    if (first === undefined || last === undefined) return;
    if (arrived.length > most) return say(`  centre: ${arrived.length} events, ${first.seq} to ${last.seq}`);
    for (const { seq, kind, dev } of arrived) say(`  centre: event ${seq}, ${kind}${dev === null ? "" : ` of ${dev}`}`);
  };
  return (event) => {
    if (waiting.push(event) === 1) setTimeout(tell, moment);
  };
}
