import type { Order } from "../../protocol/commands/order.ts";
import { dayOf } from "../../protocol/pickup-code/calendar.ts";
import type { Books, Obeyed, OrderEnd } from "./books.ts";
import type { Credential } from "./credential.ts";
import type { Entry } from "./entry.ts";
import { placeKey } from "./stock.ts";

// What the commands of the ledger make true: the kiosk is locked because it is written that it was told to be.

/** A command was written down: from now on it is obeyed, and never again. */
export function obeyed(books: Books, { id, kid, order, until }: Extract<Entry, { kind: "command" }>): Books {
  const noted: Books = { ...books, orders: new Map(books.orders).set(id, { kid, order, until }) };
  switch (order.op) {
    case "lock":
      return { ...noted, locked: { seq: books.seq, why: order.why } };
    case "unlock": {
      const { locked: _, ...open } = noted;
      return open;
    }
    case "slot":
      return { ...noted, off: switched(books.off, placeKey(order), order.on) };
    case "vend": {
      const day = dayOf(books.at);
      return { ...noted, ordered: { day, count: (books.ordered.day === day ? books.ordered.count : 0) + 1 } };
    }
    case "restart":
    case "refill":
    case "log":
    case "beacon":
      return noted;
  }
}

function switched(off: ReadonlySet<string>, place: string, on: boolean): ReadonlySet<string> {
  const now = new Set(off);
  if (on) now.delete(place);
  else now.add(place);
  return now;
}

const changed = (books: Books, id: string, change: Partial<Obeyed>): Books => {
  const known = books.orders.get(id);
  return known === undefined ? books : { ...books, orders: new Map(books.orders).set(id, { ...known, ...change }) };
};

export const orderEnded = (books: Books, { id, ended, why }: Extract<Entry, { kind: "command-ended" }>): Books =>
  changed(books, id, { ended: { as: ended, ...(why === undefined ? {} : { why }) } });

/** An ordered vend has an outcome: so has its command, unless a second motion follows. */
export function vendBecame(books: Books, credential: Credential, end: OrderEnd): Books {
  return credential.kind === "command" ? changed(books, credential.id, { became: end }) : books;
}

/** An ordered refill stands in the ledger. */
export const refillBecame = (books: Books, { command }: Extract<Entry, { kind: "refill" }>): Books =>
  command === undefined ? books : changed(books, command, { became: { as: "done" } });

/** Whether two orders say the same. */
export function sameOrder(a: Order, b: Order): boolean {
  const fields = Object.entries(a);
  const other = new Map<string, unknown>(Object.entries(b));
  return fields.length === other.size && fields.every(([name, value]) => other.get(name) === value);
}
