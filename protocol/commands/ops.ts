import type { Op } from "./order.ts";

/** Who may sign a command. A release key may sign every one. */
export type CommandRole = "release" | "ops";

/** What there is to know of a command besides the form of its arguments. docs/topics.md shows it as a table. */
export interface OpRule {
  /** The least key that is obeyed. */
  readonly role: CommandRole;
  /** Obeyed too while the kiosk knows of the time only what it cannot be earlier than. */
  readonly withoutClock: boolean;
  readonly says: string;
}

export const ops: Readonly<Record<Op, OpRule>> = {
  restart: { role: "ops", withoutClock: false, says: "The kiosk starts anew when nobody is served." },
  lock: { role: "ops", withoutClock: true, says: "Nothing is given until an unlock; workers read that it pauses." },
  unlock: { role: "release", withoutClock: false, says: "Ends a lock." },
  slot: { role: "ops", withoutClock: false, says: "Nothing is given from this slot until it is switched on again." },
  vend: {
    role: "ops",
    withoutClock: false,
    says: "Gives one good without a code as soon as nobody is served, at most 5 a day by ops keys.",
  },
  refill: { role: "ops", withoutClock: false, says: "Sets the number of goods in a slot, as a keeper counted them." },
  log: {
    role: "ops",
    withoutClock: true,
    says: "Sends the newest lines of the log to up/log, but for those of a health cabin's devices.",
  },
  beacon: {
    role: "release",
    withoutClock: true,
    says: "The centre's time: sets what the kiosk knows of the time at least, also back.",
  },
};

export const mayOrder = (role: CommandRole, op: Op): boolean => role === "release" || ops[op].role === "ops";

/** Vends that ops keys may order at one kiosk a day. */
export const vendsADay = 5;
