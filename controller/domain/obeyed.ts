import type { Books } from "./books.ts";
import type { Entry } from "./entry.ts";

// What the commands of the ledger make true: the kiosk is locked because it is written that it was told to be.

/** A command was written down: from now on it is obeyed, and never again. */
export function obeyed(books: Books, entry: Extract<Entry, { kind: "command" }>): Books {
  const { id, kid, order, until } = entry;
  return { ...books, orders: new Map(books.orders).set(id, { kid, order, until }) };
}

export function orderEnded(books: Books, { id, ended, why }: Extract<Entry, { kind: "command-ended" }>): Books {
  const order = books.orders.get(id);
  if (order === undefined) return books;
  const result = { as: ended, ...(why === undefined ? {} : { why }) };
  return { ...books, orders: new Map(books.orders).set(id, { ...order, ended: result }) };
}
