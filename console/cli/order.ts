import { randomUUID } from "node:crypto";
import * as v from "valibot";
import { signEnvelope, longestLife } from "../../protocol/commands/envelope.ts";
import { ops } from "../../protocol/commands/ops.ts";
import { orderSchema, type Op, type Order } from "../../protocol/commands/order.ts";
import { commandRefusals } from "../../protocol/commands/result.ts";
import { kioskName } from "../../protocol/fleet/topics.ts";
import { bad, good, type Judged } from "../../protocol/pickup-code/judged.ts";
import { kids, openIssuerKeys } from "../authority/issuer-keys.ts";
import type { CommandLife, Desk } from "../desk/desk.ts";
import { placesIn } from "../folder.ts";
import { withDesk, type CentrePlace } from "./with-desk.ts";
import { refused, say } from "./words.ts";

export interface OrderOptions extends CentrePlace {
  /** How long the kiosk may obey it. Milliseconds. */
  readonly for: number;
  readonly wait: boolean;
  /** Sign with the release key what the ops key may order too: more than five vends a day. */
  readonly release: boolean;
}

/** What a word of the command line is in an order. */
const readAs: Readonly<Record<string, (text: string) => unknown>> = {
  count: Number,
  lines: Number,
  utc: Number,
  on: (text) => ({ true: true, false: false })[text] ?? text,
};

/** Reads `vend product=water why="paid twice"`. The error says what is missing or too much. */
export function readOrder(op: string, words: readonly string[], now: number): Judged<Order> {
  if (!Object.hasOwn(ops, op)) return bad(`There is no command "${op}". There are: ${Object.keys(ops).join(", ")}.`);
  const args: Record<string, unknown> = op === "beacon" ? { utc: now } : {};
  for (const word of words) {
    const [, name, text] = /^([a-z]+)=(.*)$/s.exec(word) ?? [];
    if (name === undefined || text === undefined) return bad(`"${word}": expected name=value, such as slot=7.`);
    args[name] = (readAs[name] ?? String)(text);
  }
  const judged = v.safeParse(orderSchema, { ...args, op });
  if (judged.success) return good(judged.output);
  return bad(
    ...judged.issues.map((issue) => {
      const path = v.getDotPath(issue) ?? op;
      if (issue.expected === "never") return `${path}: ${op} knows no such argument.`;
      if (issue.received === "undefined") return `${path}: this argument is missing.`;
      return `${path}: ${issue.message.startsWith("expected") ? issue.message : `expected ${issue.expected ?? "something else"}`}.`;
    }),
  );
}

/** Signs a command, writes it down for the running centre to send, and waits for its end where asked. @returns the exit code. */
export async function order(
  kiosk: string,
  op: string,
  words: readonly string[],
  options: OrderOptions,
): Promise<number> {
  const now = Date.now();
  const read = readOrder(op, words, now);
  if (!read.ok) return refused(read.error);
  const keys = openIssuerKeys(placesIn(options.data).keys);
  if (!keys.ok) return refused(keys.error);
  const role = options.release || ops[op as Op].role === "release" ? "release" : "ops";
  const envelope = signEnvelope(
    read.value,
    {
      id: randomUUID(),
      kid: kids[role],
      aud: kioskName(kiosk),
      iat: now,
      exp: now + Math.min(options.for, longestLife),
    },
    keys.value[role],
  );
  return withDesk(options, async ({ desk, runs }) => {
    if (!(await desk.issue(envelope)))
      return refused([`No kiosk ${kiosk} is registered. npx yizhan centre kiosk list shows all.`]);
    const until = new Date(envelope.exp).toISOString();
    say(`${envelope.id} ${op} for ${envelope.aud} is written down; the kiosk may obey it until ${until}.`);
    if (runs === false) say("No centre runs in this folder: it is sent when one does.");
    return options.wait ? told(desk, envelope.id) : 0;
  });
}

const look = 250;
/** After the end of a command its kiosk may still tell what it did in the last moment. Milliseconds. */
const grace = 2000;
const ends: ReadonlySet<string> = new Set(["done", "failed", "expired", "refused"]);

async function told(desk: Desk, id: string): Promise<number> {
  for (let before = "issued"; ;) {
    const life = await desk.command(id);
    if (life === null) return refused([`The command ${id} is not in the database any more.`]);
    if (life.state !== before) say(sentence(life));
    before = life.state;
    if (ends.has(life.state)) return life.state === "done" ? 0 : 1;
    if (Date.now() > life.expires + grace) {
      const heard = life.state === "issued" ? "did not answer" : `said "${life.state}" and nothing more`;
      return refused([
        `The kiosk ${heard} before the command expired. Whether it was obeyed is known when the kiosk is heard again.`,
      ]);
    }
    await new Promise((resolve) => setTimeout(resolve, look));
  }
}

function sentence({ state, why }: CommandLife): string {
  const reason =
    why !== null && Object.hasOwn(commandRefusals, why) ? commandRefusals[why as keyof typeof commandRefusals] : "";
  return [`${state}${why === null ? "" : `: ${why}`}`, reason].filter((part) => part !== "").join(". ");
}
