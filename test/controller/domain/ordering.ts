import { millis } from "../../../devices/kit/clock.ts";
import type { Answer, Command } from "../../../controller/domain/state.ts";
import type { Order } from "../../../protocol/commands/order.ts";
import { noon, Paper, type Sheet } from "./on-paper.ts";

// A centre that orders, and what a kiosk on paper answers.

let made = 0;
export const minute = 60_000;

export const command = (order: Order, over: Partial<Command> = {}): Command => ({
  id: `command-${String(++made).padStart(10, "0")}`,
  kid: over.role === "ops" ? "o1" : "r1",
  role: "release",
  order,
  issued: noon,
  expires: millis(noon + 10 * minute),
  ...over,
});

export const kiosk = (over: Partial<Sheet> = {}): Paper => new Paper(over).saveAll();
export const send = (paper: Paper, ...commands: readonly Command[]): Paper => {
  for (const one of commands) paper.send({ kind: "command", command: one });
  return paper;
};
export const answers = (paper: Paper, { id }: Command): readonly Answer[] =>
  paper.performed.flatMap((effect) => (effect.kind === "answer" && effect.answer.id === id ? [effect.answer] : []));
export const states = (paper: Paper, one: Command): readonly string[] =>
  answers(paper, one).map(({ state, why }) => (why === undefined ? state : `${state}: ${why}`));
export const lock: Order = { op: "lock", why: "wasps" };
export const soda: Order = { op: "vend", product: "soda", why: "test" };
export const water: Order = { op: "vend", product: "water", why: "paid twice" };
export const on = (device: string, slot: string, on: boolean): Order => ({ op: "slot", device, slot, on });
/** What the clocks can be. */
export const floorOnly = { trusted: false } as const;
/** A clock that was sure once in this run, and is not any more. */
export function coasting(): Paper {
  const paper = kiosk();
  paper.trusted = false;
  return paper.send({ kind: "tick" });
}
