import { millis } from "../../devices/kit/clock.ts";
import type { Name, Product, Readable, Refusal } from "../screen/model.ts";
import { civil, startOf } from "../../protocol/pickup-code/calendar.ts";
import { reference } from "./reference.ts";
import type { Candidate, Offer } from "./credential.ts";
import { nearby } from "./nearby.ts";
import { today } from "./almanac.ts";
import { quotaNow } from "./share.ts";
import { left, machineRests, type Shelf } from "./stock.ts";
import type { Setting, State } from "./state.ts";
import { inHours, season, validUntil } from "./verdict.ts";

/** What stands ready to be given at this moment. */
export function shelf(setting: Setting, state: State): Shelf {
  const now = today(state.almanac, state.now);
  const working = setting.machines
    .map((machine) => machine.id)
    .filter((id) => state.presence.get(id) === "working" && !state.shut.has(id));
  return {
    places: setting.places,
    stock: state.books.stock,
    reports: state.reports,
    working: new Set(state.books.locked ? [] : working),
    off: state.books.off,
    day: now.day,
  };
}

export function nameOf(setting: Setting, product: string): Name {
  return setting.products.find(({ id }) => id === product)?.name ?? { zh: product, en: product };
}

/** What a worker may choose from, each with the key that takes it. */
export function choices(
  setting: Setting,
  state: State,
  candidate: Candidate,
): readonly (Product & { readonly id: string })[] {
  const now = shelf(setting, state);
  const had = quotaNow(setting, state, candidate)?.had;
  return candidate.offer.products.map((id, index) => ({
    id,
    key: String(index + 1),
    name: nameOf(setting, id),
    left: left(now, id),
    ...(had?.has(id) ? { had: true as const } : {}),
  }));
}

/** Sold out, or the worker had the share of it. */
export const cannotTake = ({ left, had }: Product): boolean => left === 0 || had === true;

/** The reference of what is wrong with the machines, where it is written down. */
export function faultReference(setting: Setting, state: State): string | undefined {
  const seq = ["disk", ...setting.machines.map(({ id }) => id)].flatMap((id) => state.books.faults.get(id) ?? [])[0];
  return seq === undefined ? undefined : reference(seq);
}

/** The disk refused, or took so long that somebody was sent away: nothing moves before it is well again. */
export const sickDisk = ({ diskFault, unsaved, abandoned }: State): boolean =>
  diskFault !== undefined || unsaved.length > 0 || abandoned;

/** Whether something is broken, rather than the slots empty. */
function trouble(setting: Setting, state: State): boolean {
  if (sickDisk(state)) return true;
  return setting.machines.some(
    ({ id }) =>
      state.presence.get(id) !== "working" ||
      state.shut.has(id) ||
      (state.books.stock.failures.get(id) ?? 0) >= machineRests,
  );
}

/** Why a good code gets nothing here now: the machine cannot, or all is given out. Either way the code is kept. */
export function cannotGive(setting: Setting, state: State, candidate?: Candidate): Refusal {
  const kept = candidate && { until: validUntil(candidate), ...nearby(setting, state, candidate) };
  if (state.books.locked) return { id: "E21", ref: reference(state.books.locked.seq), ...kept };
  if (!trouble(setting, state)) return { id: "E8b", ...kept };
  const ref = faultReference(setting, state);
  return { id: "E10", ...kept, ...(ref === undefined ? {} : { ref }) };
}

/** What can be read here now: a reader that is broken closes nothing, but nobody is told to use it. */
export function reads({ readers }: Setting, { presence }: State): readonly Readable[] {
  const working = readers.filter(({ id }) => presence.get(id) === "working");
  return (["card", "code"] as const).filter((kind) => working.some((reader) => reader.reads.includes(kind)));
}

/** Between the seasons: when the next begins. */
function coming(offers: readonly Offer[]): Refusal {
  const from = Math.min(...offers.map((offer) => offer.from));
  const to = Math.max(...offers.map((offer) => offer.to));
  return { id: "E7a", from: millis(startOf(from)), until: millis(startOf(to + 1)) };
}

/** Why nothing is given at this moment whatever code is typed; undefined while the machine serves. */
export function closed(setting: Setting, state: State): Refusal | undefined {
  const { offers, typed } = state.knowledge;
  const now = today(state.almanac, state.now);
  if (offers.length === 0 || (typed === undefined && reads(setting, state).length === 0)) return { id: "E21" };
  if (offers.every((offer) => season(offer, now) === "over"))
    return { id: "E20", month: civil(Math.min(...offers.map((offer) => offer.from))).month };
  if (state.books.locked || sickDisk(state)) return cannotGive(setting, state);
  const open = offers.filter((offer) => season(offer, now) === "on");
  if (open.length === 0) return coming(offers.filter((offer) => season(offer, now) === "coming"));
  const ready = shelf(setting, state);
  if (!open.some((offer) => offer.products.some((product) => left(ready, product) > 0)))
    return cannotGive(setting, state);
  if (!inHours(setting, now)) return { id: "E7c", opens: setting.opens, closes: setting.closes };
  return undefined;
}
