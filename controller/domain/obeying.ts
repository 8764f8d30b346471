import { millis } from "../../devices/kit/clock.ts";
import type { Order } from "../../protocol/commands/order.ts";
import { beaconed, today } from "./almanac.ts";
import type { Books, Obeyed, OrderEnd } from "./books.ts";
import type { Candidate, Credential } from "./credential.ts";
import type { Entry } from "./entry.ts";
import { endOf, isOver, refused } from "./orders.ts";
import { take } from "./pickup.ts";
import { shelf, sickDisk } from "./shelf.ts";
import { andThen, stay, type Effect, type Obeying, type Setting, type State, type Stepped } from "./state.ts";
import { pick, placeKey } from "./stock.ts";

// What a command does. It is written down first, obeyed then, and its end is written down before it is told.

type CommandEntry = Extract<Entry, { kind: "command" }>;

function withStage(state: State, id: string, stage: Obeying | undefined): State {
  const obeying = new Map(state.obeying);
  if (stage === undefined) obeying.delete(id);
  else obeying.set(id, stage);
  return { ...state, obeying };
}

/** Commands of before the start whose end nobody wrote down. */
export const leftOver = ({ orders }: Books): ReadonlyMap<string, Obeying> =>
  new Map([...orders].flatMap(([id, { ended }]) => (ended === undefined ? [[id, { is: "left" }] as const] : [])));

/** The command is on the disk: now it is obeyed. */
export function commandSaved(setting: Setting, state: State, { id, order }: CommandEntry): Stepped {
  const accepted: Effect = { kind: "answer", answer: { id, state: "accepted" } };
  return andThen(stay(state, accepted), (now) => begun(setting, now, id, order));
}

function begun(setting: Setting, state: State, id: string, order: Order): Stepped {
  const acting = withStage(state, id, { is: "acting" });
  switch (order.op) {
    // True from now on, because it is written.
    case "lock":
    case "unlock":
    case "slot":
      return end(state, id, { as: "done" });
    case "restart":
    case "vend":
      return stay(withStage(state, id, { is: "waiting" }));
    case "refill": {
      const product = setting.places.find((place) => placeKey(place) === placeKey(order))?.product;
      if (product === undefined) return end(state, id, { as: "failed", why: "no-such-place" });
      const { op: _, ...filled } = order;
      return stay(acting, { kind: "save", entry: { kind: "refill", ...filled, product, by: "centre", command: id } });
    }
    case "log":
      return stay(acting, { kind: "pull-log", id, lines: order.lines });
    case "beacon": {
      const floor = millis(order.utc);
      const set: State = {
        ...state,
        almanac: beaconed(state.almanac, floor, state.now),
        floorKept: floor,
        countedKept: floor,
      };
      const kept: readonly Effect[] = [
        { kind: "keep-floor", floor },
        { kind: "keep-counted", utc: floor },
      ];
      return andThen(stay(set, ...kept), (now) => end(now, id, { as: "done" }));
    }
  }
}

/** The disk did not take it, so that it is not obeyed. */
export const commandNotSaved = (state: State, { id }: CommandEntry): Stepped =>
  refused(withStage(state, id, undefined), id, "disk");

const end = (state: State, id: string, { as, why }: OrderEnd): Stepped =>
  stay(withStage(state, id, { is: "ending" }), {
    kind: "save",
    entry: { kind: "command-ended", id, ended: as, ...(why === undefined ? {} : { why }) },
  });

/** Its end is on the disk: the centre may hear of it. */
export function endSaved(state: State, { id, ended, why }: Extract<Entry, { kind: "command-ended" }>): Stepped {
  const told = endOf({ as: ended, ...(why === undefined ? {} : { why }) });
  return stay(withStage(state, id, undefined), { kind: "answer", answer: { id, ...told } });
}

/** A command that takes its time has ended. */
export function ended(state: State, id: string, as: "done" | "failed"): Stepped {
  return state.obeying.get(id)?.is === "acting" ? end(state, id, { as }) : stay(state);
}

/** After every event: what waits for a quiet moment, and what has come to its end. */
export function goOn(setting: Setting, state: State): Stepped {
  return [...state.obeying].reduce(
    (step, [id, stage]) => andThen(step, (now) => furthered(setting, now, id, stage)),
    stay(state),
  );
}

function furthered(setting: Setting, state: State, id: string, stage: Obeying): Stepped {
  const known = state.books.orders.get(id);
  if (known === undefined || stage.is === "saving" || stage.is === "ending") return stay(state);
  // A motion that is under way, or may be followed by another.
  if (known.order.op === "vend" && isUnderWay(state, id)) return stay(state);
  if (known.became !== undefined) return end(state, id, known.became);
  switch (stage.is) {
    case "left":
      return end(state, id, leftAs(known));
    case "waiting":
      return waited(setting, state, id, known);
    case "acting":
      return acted(state, id, known);
  }
}

/** What became of a command that a start found without an end: what is true because it is written is done. */
function leftAs({ order }: Obeyed): OrderEnd {
  switch (order.op) {
    case "lock":
    case "unlock":
    case "slot":
    // The kiosk has started since.
    case "restart":
      return { as: "done" };
    case "vend":
    case "refill":
    case "log":
    case "beacon":
      return { as: "failed", why: "interrupted" };
  }
}

/** Nobody is served, nothing moves, and no choice of language says that somebody stands there. */
const isQuiet = ({ scene }: State): boolean => scene.is === "idle" && scene.at === undefined;

function waited(setting: Setting, state: State, id: string, { order, until }: Obeyed): Stepped {
  if (isOver(state, until)) return end(state, id, { as: "failed", why: "expired" });
  if (!isQuiet(state)) return stay(state);
  if (order.op === "vend") return vended(setting, state, id, order.product);
  const why = "the centre ordered it";
  return stay(withStage(state, id, { is: "acting" }), { kind: "restart", why });
}

/** The ordinary way of a good: an attempt on the disk, a motion, an outcome on the disk. */
function vended(setting: Setting, state: State, id: string, product: string): Stepped {
  if (state.books.locked) return end(state, id, { as: "failed", why: "locked" });
  if (sickDisk(state)) return stay(state);
  if (pick(shelf(setting, state), product, new Set()) === undefined)
    return end(state, id, { as: "failed", why: "nothing to give" });
  const running: Effect = { kind: "answer", answer: { id, state: "running" } };
  return andThen(stay(withStage(state, id, { is: "acting" }), running), (now) =>
    take(setting, now, candidateOf(now, id, product), product),
  );
}

function candidateOf(state: State, id: string, product: string): Candidate {
  const { day } = today(state.almanac, state.now);
  return {
    credential: { kind: "command", id },
    offer: { id: "command", products: [product], from: day, to: day, opens: 0, closes: 1440 },
    validFrom: day,
    validTo: day,
  };
}

const isOf = (credential: Credential, id: string): boolean => credential.kind === "command" && credential.id === id;

const isUnderWay = ({ scene, books }: State, id: string): boolean =>
  (scene.is === "vending" && isOf(scene.vend.candidate.credential, id)) ||
  [...books.open.values()].some(({ credential }) => isOf(credential, id));

function acted(state: State, id: string, { order, until }: Obeyed): Stepped {
  // It was told to move, and neither moves nor did: the disk did not take its attempt.
  if (order.op === "vend") return end(state, id, { as: "failed", why: "disk" });
  return order.op === "log" && isOver(state, until) ? end(state, id, { as: "failed", why: "expired" }) : stay(state);
}
