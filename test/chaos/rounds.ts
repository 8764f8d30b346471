import { setTimeout as sleep } from "node:timers/promises";
import { dice as seeded, type Dice } from "../kit/dice.ts";
import { broken, ledgerOf } from "../real/promises.ts";
import { disagreements, told } from "./agreement.ts";
import { Installation } from "./installation.ts";
import { troubles, type Trouble } from "./troubles.ts";
import { vend } from "./worker.ts";

export interface Round {
  readonly troubles: readonly string[];
  /** Milliseconds until the database agreed with the ledger again. */
  readonly took: number;
  /** Workers that got their bottle, and such whose kiosk was killed under their hands. */
  readonly served: number;
  readonly cutOff: number;
}

export interface Rounds {
  readonly rounds: readonly Round[];
  /** Promises that were broken, each as a sentence with its round. */
  readonly broken: readonly string[];
}

type Troubles = Readonly<Record<string, Trouble>>;

/** Each of them comes once before any comes again. */
function* shuffled<T>(cards: readonly T[], dice: Dice): Generator<T, never> {
  for (;;) {
    const deck = [...cards];
    while (deck.length > 0) yield* deck.splice(dice.between(0, deck.length), 1);
  }
}

/** What takes a minute to be found out comes once for so many times of what does not. */
const oftener = 4;
/** Conversations in a row that were cut off: then a kiosk waits half a minute before it calls again. */
const cutOffs = 2;

/**
 * Rounds at one installation: workers come, trouble strikes, and at the end of each round everything that the kiosk
 * wrote down stands in the database. Each of `which` comes once before any comes again.
 */
export async function rounds(
  seed: number,
  count: number,
  which: Troubles = troubles,
  rarely: Troubles = {},
): Promise<Rounds> {
  const place = await Installation.start();
  try {
    return await played(place, seeded(seed), count, which, rarely);
  } finally {
    await place.end();
  }
}

async function played(
  place: Installation,
  dice: Dice,
  count: number,
  which: Troubles,
  rarely: Troubles,
): Promise<Rounds> {
  const times = Object.keys(rarely).length === 0 ? 1 : oftener;
  const deck = Array.from({ length: times }, () => Object.keys(which)).flat();
  const names = shuffled([...deck, ...Object.keys(rarely)], dice);
  const rounds: Round[] = [];
  const failed: string[] = [];
  await place.boot();
  for (let n = 0; n < count && failed.length === 0; n += 1) {
    const struck = [names.next().value, ...(dice.chance(0.5) ? [names.next().value] : [])];
    const round = await one(place, struck, dice, { ...which, ...rarely }).catch((error: unknown) => String(error));
    if (typeof round === "string") failed.push(`round ${n} (${struck.join(", ")}): ${round}`);
    else rounds.push(round);
    const found = typeof round === "string" ? [] : await disagreements(place);
    failed.push(...found.map((promise) => `round ${n} (${struck.join(", ")}): ${promise}`));
    if (n % cutOffs === cutOffs - 1) await place.rebooted();
  }
  const items = await ledgerOf(place.street);
  return { rounds, broken: [...failed, ...broken(place.street, items)] };
}

async function one(place: Installation, names: readonly string[], dice: Dice, which: Troubles): Promise<Round> {
  const began = performance.now();
  const strikes = names.map((name) => which[name]).filter((trouble) => trouble !== undefined);
  const queue = workers(place, dice.between(1, 3), dice);
  await Promise.all(strikes.map((trouble) => trouble(place, dice)));
  const came = await queue;
  await told(place);
  return { troubles: names, took: performance.now() - began, ...came };
}

/** They come one after the other; whose vend is cut off by a kill leaves, and the next waits for the kiosk. */
async function workers(place: Installation, count: number, dice: Dice): Promise<Pick<Round, "served" | "cutOff">> {
  let [served, cutOff] = [0, 0];
  for (let n = 0; n < count; n += 1)
    if (await takes(place, dice.between(1, 3))) served += 1;
    else cutOff += 1;
  return { served, cutOff };
}

/** Whether the worker got a bottle. What else than a kill keeps a worker from it is thrown. */
async function takes(place: Installation, product: number): Promise<boolean> {
  const kiosk = place.kiosk;
  if (kiosk === undefined || !kiosk.running) {
    await sleep(20);
    return takes(place, product);
  }
  try {
    await vend(place.street, kiosk, product);
    return true;
  } catch (error) {
    if (kiosk.running) throw error;
    return false;
  }
}
