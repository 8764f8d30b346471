import type { Ack } from "../../protocol/events/ack.ts";
import type { Mark } from "../domain/entry.ts";
import type { Disk } from "../world.ts";

/** What an acknowledgement says, held against our own ledger: anybody may have written it. */
export type Meaning =
  /** Our own chain leads to that hash: everything up to there is in the centre's database. */
  | { readonly is: "confirms"; readonly upTo: Mark }
  /** rolled-back: the centre holds entries that this card lacks. forked: others under the same numbers. */
  | { readonly is: "disagrees"; readonly why: "rolled-back" | "forked" }
  /** Nothing that moves us: of a life that is over, or of no entry. */
  | { readonly is: "history" }
  | { readonly is: "unanswered" };

/** `newest`: the newest entry of our ledger. */
export async function meaningOf(ack: Ack, disk: Disk, newest: () => Mark): Promise<Meaning> {
  const { life, upTo, hash } = ack;
  if (life > newest().life) return { is: "disagrees", why: "rolled-back" };
  if (upTo === 0) return { is: "history" };
  const found = await disk.outgoing({ life, seq: upTo - 1 }, 1);
  if (!found.ok) return { is: "unanswered" };
  const [own] = found.value;
  const there = own?.life === life && own.seq === upTo;
  if (there && own.hash === hash) return { is: "confirms", upTo: { life, seq: upTo } };
  // A new life may have begun while the disk was asked: then this is history already.
  if (life < newest().life) return { is: "history" };
  return { is: "disagrees", why: there ? "forked" : "rolled-back" };
}
