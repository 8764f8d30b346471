import {
  issueMembers,
  listedRows,
  type Identifier,
  type IssuedList,
  type ListedRows,
  type ListFields,
} from "../../../protocol/members/issue.ts";
import { listKeys } from "../../../protocol/members/secrets.ts";

export const release = new Uint8Array(32).fill(21);
export const secret = new Uint8Array(32).fill(31);
export const keys = listKeys(secret);
export const pidOf = (n: number): Uint8Array => {
  const pid = new Uint8Array(8).fill(7);
  new DataView(pid.buffer).setUint32(4, n);
  return pid;
};

export const union: ListFields = {
  id: "union",
  station: "SD-JN-0042",
  products: ["water", "salt-soda"],
  from: "2026-07-01",
  to: "2026-09-30",
  hours: "06:00-22:00",
  allowances: [{ products: ["water", "salt-soda"], perDay: 2, gap: 60 }],
  lossLimit: 1,
  issuedAt: "2026-07-14T04:00:00Z",
  kid: "r1",
};

/** Two people: one with a barcode and a card, one with an app's code. */
export const people: readonly Identifier[] = [
  { kind: "text", value: "6217000011112222", pid: pidOf(1) },
  { kind: "uid", value: "04DE5F1EACC040", pid: pidOf(1) },
  { kind: "text", value: "KM-app-7f3a9c", pid: pidOf(2) },
];

export interface Made {
  readonly fields?: Partial<ListFields>;
  readonly people?: readonly Identifier[];
  /** In place of people, where their rows were made already. */
  readonly listed?: ListedRows;
  readonly cards?: Parameters<typeof issueMembers>[0]["cards"];
  readonly secret?: Uint8Array;
  readonly release?: Uint8Array;
}

/** A list file of the tests' kiosk. */
export function made(asked: Made = {}): Promise<IssuedList> {
  const own = asked.secret ? listKeys(asked.secret) : keys;
  return issueMembers({
    fields: { ...union, ...asked.fields },
    keys: own,
    listed: asked.listed ?? listedRows(own, asked.people ?? people),
    release: asked.release ?? release,
    ...(asked.cards ? { cards: asked.cards } : {}),
  });
}
