// A process with many kiosks of a fleet. Its parent tells it what to do: see fleet.ts.
import { clock, startFleetKiosk, type FleetKiosk } from "./kiosk.ts";
import type { FleetLink } from "./station.ts";
import type { Credentials } from "../../controller/link/tls.ts";

export interface DistrictKiosk {
  readonly number: number;
  readonly link: FleetLink;
  readonly credentials?: Credentials;
}

/** What a district is told. Each has one answer; that to "start" and "vend" comes at once. */
export type Order =
  | { readonly is: "start"; readonly kiosks: readonly DistrictKiosk[] }
  /** So many vends a second from now on, in all; 0 ends it. */
  | { readonly is: "vend"; readonly aSecond: number }
  | { readonly is: "report" }
  | { readonly is: "ledgers" }
  | { readonly is: "stop" };

export interface DistrictReport {
  readonly online: number;
  /** Events that the centre has not confirmed, of all kiosks. */
  readonly waiting: number;
  readonly entries: number;
  readonly disagreed: readonly string[];
  /** MiB. */
  readonly memory: number;
  /** What the links complained of, and how often. */
  readonly complaints: readonly string[];
}

/** Chain hashes by kiosk: the place in the list, from 1, is the number of the entry. */
export type Ledgers = Readonly<Record<string, readonly string[]>>;

/** Vends are done so often. Milliseconds. */
const beat = 20;

const kiosks: FleetKiosk[] = [];
const complaints = new Map<string, number>();
let vending: NodeJS.Timeout | undefined;

function start(asked: readonly DistrictKiosk[]): void {
  for (const one of asked)
    kiosks.push(
      startFleetKiosk({
        ...one,
        failed(event, { detail }) {
          const sentence = `${event}: ${detail}`;
          complaints.set(sentence, (complaints.get(sentence) ?? 0) + 1);
        },
      }),
    );
}

function vend(aSecond: number): void {
  clearInterval(vending);
  if (aSecond === 0) return;
  const began = clock.mono();
  let done = 0;
  vending = setInterval(() => {
    for (const due = ((clock.mono() - began) / 1000) * aSecond; done < due; done += 1)
      kiosks[Math.floor(Math.random() * kiosks.length)]?.vend();
  }, beat);
}

function report(): DistrictReport {
  const all = kiosks.map((kiosk) => kiosk.report());
  return {
    online: all.filter(({ online }) => online).length,
    waiting: all.reduce((sum, { waiting }) => sum + waiting, 0),
    entries: kiosks.reduce((sum, { card }) => sum + card.length, 0),
    disagreed: all.flatMap(({ disagreed }) => disagreed),
    memory: process.memoryUsage.rss() / 2 ** 20,
    complaints: [...complaints].map(([sentence, times]) => `${times} of ${sentence}`),
  };
}

async function obey(order: Order): Promise<DistrictReport | Ledgers | true> {
  switch (order.is) {
    case "start":
      start(order.kiosks);
      return true;
    case "vend":
      vend(order.aSecond);
      return true;
    case "report":
      return report();
    case "ledgers":
      return Object.fromEntries(kiosks.map(({ name, card }) => [name, card.hashes()]));
    case "stop":
      await Promise.all(kiosks.map((kiosk) => kiosk.stop()));
      return true;
  }
}

process.on("message", (order: Order) => void obey(order).then((answer) => process.send?.(answer)));
// Whoever ordered it is gone.
process.on("disconnect", () => process.exit());
