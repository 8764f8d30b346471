import type { Stamped } from "../../controller/domain/entry.ts";
import type { Day } from "../../controller/domain/credential.ts";
import { perDay, sodasADay } from "./members.ts";

// What members took, read anew from the ledger: nothing of the kiosk's own counting is used.

export interface Took {
  readonly seq: number;
  readonly pid: string;
  readonly day: Day;
  readonly product: string;
  /** gone: given, or nobody knows and it is not given back. open: no outcome yet. back: not given, or given back. */
  readonly is: "gone" | "open" | "back";
}

export function takings(entries: readonly Stamped[]): readonly Took[] {
  const ended = new Map<number, Took["is"]>();
  for (const { entry } of entries) {
    if (entry.kind === "outcome" && !ended.has(entry.of)) {
      const back = entry.delivery === "not-delivered" || (entry.delivery === "unknown" && entry.frees);
      ended.set(entry.of, back ? "back" : "gone");
    }
    if (entry.kind === "taken") ended.set(entry.of, "gone");
  }
  return entries.flatMap(({ seq, entry }) => {
    if (entry.kind !== "attempt") return [];
    const who = entry.credential.kind === "member" ? entry.credential : entry.member;
    if (who === undefined || entry.day === undefined) return [];
    return [{ seq, pid: who.pid, day: entry.day, product: entry.product, is: ended.get(seq) ?? "open" }];
  });
}

/** What one member has of a day's share, where the ledger ends here. */
export function hadOn(
  entries: readonly Stamped[],
  pid: string,
  day: Day,
): { readonly all: number; readonly soda: number } {
  const own = takings(entries).filter((took) => took.pid === pid && took.day === day && took.is !== "back");
  return { all: own.length, soda: own.filter(({ product }) => product === "soda").length };
}

/** Every attempt found something left of its member's share when it was made, and at the end nobody had more. */
export function sharesKept(entries: readonly Stamped[]): readonly string[] {
  return takings(entries).flatMap(({ seq, pid, day, product, is }) => {
    const before = entries.filter((entry) => entry.seq < seq);
    const { all, soda } = hadOn(before, pid, day);
    const end = hadOn(entries, pid, day);
    return [
      ...(all >= perDay ? [`attempt ${seq} was made though member ${pid} had ${all} on day ${day}`] : []),
      ...(product === "soda" && soda >= sodasADay ? [`attempt ${seq} gave a soda too many to member ${pid}`] : []),
      ...(end.all > perDay || end.soda > sodasADay
        ? [`member ${pid} had ${end.all} goods, ${end.soda} sodas, on day ${day}`]
        : []),
      ...(is === "open" ? [`attempt ${seq} of member ${pid} has no end`] : []),
    ];
  });
}
