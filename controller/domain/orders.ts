import { mayOrder, ops, vendsADay } from "../../protocol/commands/ops.ts";
import type { CommandRefusal } from "../../protocol/commands/result.ts";
import type { Millis } from "../../devices/kit/clock.ts";
import { delays } from "../delays.ts";
import { today } from "./almanac.ts";
import type { Obeyed, OrderEnd } from "./books.ts";
import { sameOrder } from "./obeyed.ts";
import { ledgerDay, stay, type Answer, type Command, type Setting, type State, type Stepped } from "./state.ts";
import { placeKey } from "./stock.ts";

// Whether a signed command is obeyed. What it does is in obeying.ts, once it is on the disk.

/** A signed command has come. */
export function ordered(setting: Setting, state: State, command: Command): Stepped {
  const { id, kid, order, expires } = command;
  const doing = state.obeying.get(id);
  // It has been said before it could be written down: the answer comes when it is.
  if (doing?.is === "saving") return sameOrder(doing.order, order) ? stay(state) : refused(state, id, "id-reused");
  const known = state.books.orders.get(id);
  if (known !== undefined) {
    const same = known.kid === kid && known.until === expires && sameOrder(known.order, order);
    return same ? answered(state, { id, ...standing(known, state) }) : refused(state, id, "id-reused");
  }
  if (!mayOrder(command.role, order.op)) return refused(state, id, "wrong-role");
  const untimely = timeliness(state, command);
  if (untimely === "expired") return answered(ordersRefused(state, { expired: 1 }), { id, state: "expired" });
  const why = untimely ?? impossible(setting, state, command);
  if (why !== undefined) return refused(state, id, why);
  const saving = new Map(state.obeying).set(id, { is: "saving", order });
  return stay(
    { ...state, obeying: saving },
    { kind: "save", entry: { kind: "command", id, kid, order, until: expires } },
  );
}

const answered = (state: State, answer: Answer): Stepped => stay(state, { kind: "answer", answer });

export const refused = (state: State, id: string, why: CommandRefusal): Stepped =>
  stay(ordersRefused(state, { [why]: 1 }), { kind: "answer", answer: { id, state: "refused", why } });

/** How a command that is in the ledger is answered when it comes again. */
function standing(known: Obeyed, state: State): Omit<Answer, "id"> {
  if (known.ended !== undefined) return endOf(known.ended);
  const moving = known.order.op === "vend" && state.scene.is === "vending";
  return { state: moving ? "running" : "accepted" };
}

export const endOf = ({ as, why }: OrderEnd): Omit<Answer, "id"> =>
  as === "failed" && why === "expired" ? { state: "expired" } : { state: as, ...(why === undefined ? {} : { why }) };

/** Whether its time is over, as far as the kiosk can know. */
export function isOver(state: State, expires: Millis): boolean {
  const now = today(state.almanac, state.now);
  return expires <= (now.state === "floor-only" ? state.almanac.floor : now.utc);
}

/**
 * What the clock has against a command. With only a floor nobody can know whether it has expired, so that only what
 * does no harm when it comes late is obeyed. A beacon is what puts a floor right that a wild clock has driven ahead:
 * there it cannot be judged by that floor, but none comes twice, for its id is remembered.
 */
function timeliness(state: State, { order, issued, expires }: Command): "expired" | CommandRefusal | undefined {
  if (expires <= state.books.forgotten) return "expired";
  const now = today(state.almanac, state.now);
  if (now.state === "floor-only") {
    if (!ops[order.op].withoutClock) return "needs-clock";
    return order.op !== "beacon" && isOver(state, expires) ? "expired" : undefined;
  }
  if (isOver(state, expires)) return "expired";
  return issued > now.utc + delays.issuedAhead ? "issued-ahead" : undefined;
}

/** Why it cannot be obeyed here, whenever it comes. */
function impossible(setting: Setting, state: State, { role, order }: Command): CommandRefusal | undefined {
  switch (order.op) {
    case "slot":
    case "refill":
      return setting.places.some((place) => placeKey(place) === placeKey(order)) ? undefined : "no-such-place";
    case "vend":
      if (!setting.places.some(({ product }) => product === order.product)) return "no-such-place";
      return role === "ops" && vendsToday(state) >= vendsADay ? "too-many-vends" : undefined;
    case "restart":
    case "lock":
    case "unlock":
    case "log":
    case "beacon":
      return undefined;
  }
}

/** Those on their way to the disk count too. */
function vendsToday(state: State): number {
  const { ordered } = state.books;
  const written = ordered.day === ledgerDay(state) ? ordered.count : 0;
  return (
    written + [...state.obeying.values()].filter((doing) => doing.is === "saving" && doing.order.op === "vend").length
  );
}

/** Counted now, written down once a minute. */
export function ordersRefused(state: State, counts: Readonly<Record<string, number>>): State {
  const sums = { ...state.ordersRefused };
  for (const [why, count] of Object.entries(counts)) sums[why] = (sums[why] ?? 0) + count;
  return { ...state, ordersRefused: sums };
}
