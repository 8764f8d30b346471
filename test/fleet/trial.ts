import { startFleet, type Fleet, type FleetAsked } from "./fleet.ts";
import type { Stored } from "./database.ts";
import type { Ledgers } from "./district.ts";

export interface TrialAsked extends FleetAsked {
  /** Of the whole fleet. */
  readonly vendsASecond: number;
  /** Seconds of vending before the broker is killed, while it is gone, and after it is back. */
  readonly before: number;
  readonly gone: number;
  readonly after: number;
  /** How long births and confirmations are waited for at most; milliseconds. */
  readonly patience?: number;
}

/** What a fleet went through, and what came of it. */
export interface Trial {
  /** Seconds from the first call to the last birth in the database, and the same after the broker was back. */
  readonly steadyAfter: number;
  readonly steadyAgainAfter: number;
  /** Kiosks whose entries are not in the database as they are on the card: each once, in order, and nothing else. */
  readonly differing: readonly string[];
  readonly entries: number;
  readonly stored: Omit<Stored, "ledgers">;
  readonly disagreed: readonly string[];
}

const seconds = (count: number) => new Promise<void>((resolve) => setTimeout(resolve, count * 1000));
/** Within so long a fleet is in a steady state. Milliseconds. */
export const promised = 60_000;

/** Births, vends, a broker that is killed and comes back meanwhile, and the end of the day. */
export async function trial(asked: TrialAsked): Promise<Trial> {
  const fleet = await startFleet(asked);
  try {
    return await go(fleet, asked);
  } finally {
    await fleet.stop();
  }
}

async function go(fleet: Fleet, asked: TrialAsked): Promise<Trial> {
  const { kiosks, vendsASecond, before, gone, after, patience = promised } = asked;
  const took = async (work: Promise<void>): Promise<number> => {
    const began = performance.now();
    await work;
    return (performance.now() - began) / 1000;
  };
  const steadyAfter = await took(fleet.switchOn().then(() => fleet.steady(patience)));
  console.log(`${kiosks} kiosks: every birth is stored after ${steadyAfter.toFixed(1)} s`);
  const memory = fleet.memory();

  await fleet.vend(vendsASecond);
  await seconds(before);
  await fleet.broker.kill();
  await seconds(gone);
  const back = Date.now();
  await fleet.broker.start();
  const drained = async () => {
    await seconds(after);
    await fleet.vend(0);
    const { waiting } = await fleet.report();
    return { waiting, confirmedAfter: await took(fleet.confirmed(patience)) };
  };
  const [steadyAgainAfter, { waiting, confirmedAfter }] = await Promise.all([
    took(fleet.steady(patience, back)),
    drained(),
  ]);

  const { disagreed, memory: districts, entries } = await fleet.report();
  const later = fleet.memory();
  const says =
    `after a killed broker again after ${steadyAgainAfter.toFixed(1)} s; ${entries} events, ${waiting} of them waiting ` +
    `when the last vend was done, all confirmed ${confirmedAfter.toFixed(1)} s later. Memory: centre ` +
    `${memory.centre.toFixed(0)} MiB after the births, ${later.centre.toFixed(0)} at the end; mosquitto ` +
    `${memory.mosquitto.toFixed(0)} and ${later.mosquitto.toFixed(0)}; a kiosk ${(districts / kiosks).toFixed(2)} of ` +
    `${districts.toFixed(0)}.`;
  console.log(says);
  const { ledgers, ...stored } = await fleet.stored();
  const differing = differences(await fleet.ledgers(), ledgers);
  return { steadyAfter, steadyAgainAfter, differing, entries, stored, disagreed };
}

function differences(cards: Ledgers, database: Ledgers): readonly string[] {
  return [...new Set([...Object.keys(cards), ...Object.keys(database)])].flatMap((kiosk) => {
    const [card = [], rows = []] = [cards[kiosk], database[kiosk]];
    const at = Array.from({ length: Math.max(card.length, rows.length) }).findIndex((_, n) => card[n] !== rows[n]);
    return at < 0 ? [] : [`${kiosk}: of ${card.length} entries ${rows.length} are stored, and ${at + 1} is another`];
  });
}
