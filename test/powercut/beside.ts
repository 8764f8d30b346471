import type { Entry } from "../../controller/domain/entry.ts";

/** What vends.ts keeps in the same commit as an entry: were a commit torn in two, the one would not fit the other. */
export function besideOf(entry: Entry | undefined): string {
  if (entry?.kind === "attempt" && entry.credential.kind === "derived") return `attempt ${entry.credential.index}`;
  if (entry?.kind === "outcome") return `outcome of ${entry.of}`;
  if (entry?.kind === "refusals") return `refusals ${entry.counts["E1"]}`;
  return "";
}
