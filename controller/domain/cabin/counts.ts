import type { Item } from "../../../devices/health/capability.ts";
import type { Day } from "../credential.ts";
import type { Entry } from "../entry.ts";

// What the union may learn of a cabin: how many came, and how many measured what. Never a value, and never of so few that
// somebody could be recognised. Three rules, each of which a number alone does not keep:
//
// 1. Only full tens are told; what is left over stays here and is told with later ones. Whoever adds and subtracts what
//    was told, over days, items and people, gets tens again: 12 came and 11 of them measured their sugar is told as ten
//    and ten, so that nobody learns that one did not.
// 2. Nothing is told before ten more people came, however much was left over. Else an eleventh person alone, whom others
//    saw, could fill up a ten of sugar, and the telling would say what this person measured.
// 3. It is told once, after the day: no hour shows who it was that made the ten full.
//
// The same holds for what is told of instruments, which are counted in people and not in measurements: one person who fails
// ten times is no ten.

/** People and items that are not told, and what the centre may know of the instruments. No name, value or hour is in it. */
export interface Counts {
  /** The first day that the next telling speaks of; 0 before anybody came. */
  readonly since: Day;
  /** The day of the newest visit. */
  readonly newest: Day;
  /** People who came since the last telling. */
  readonly fresh: number;
  /** People who were not told, with those that the last telling left over. */
  readonly people: number;
  /** … and of how many each item. */
  readonly items: Readonly<Partial<Record<Item, number>>>;
  /** By instrument: how its measurements ended since the first visit, … */
  readonly tests: Readonly<Record<string, Tests>>;
  /** … and as much of that as was told: full tens, as they were at the last telling. */
  readonly told: Readonly<Record<string, Tests>>;
  /** People who came since then. What is told of instruments is seen at once, also where the disk refuses the entry. */
  readonly unseen: number;
}

/** To how many people measurements of an instrument gave something, and to how many, at least once, nothing. */
export interface Tests {
  readonly ok: number;
  readonly fail: number;
}

/** One measurement: of which instrument, and whether it gave a value. */
export interface Test {
  readonly device: string;
  readonly ok: boolean;
}

export type Telling = Extract<Entry, { kind: "checked" }>;

export const noCounts: Counts = { since: 0, newest: 0, fresh: 0, people: 0, items: {}, tests: {}, told: {}, unseen: 0 };

/** No group that is told is smaller. */
export const group = 10;

const fullTens = (count: number): number => count - (count % group);

/**
 * One person was here on `day`, who gave consent. Whoever measured nothing, and on whom no instrument failed, is nobody.
 * @param items what was measured; twice the same is once.
 */
export function counted(counts: Counts, items: Iterable<Item>, day: Day, tests: readonly Test[] = []): Counts {
  const measured = new Set(items);
  if (measured.size === 0 && tests.length === 0) return counts;
  return {
    ...counts,
    // A clock that went back makes the time longer, never empty.
    since: counts.since === 0 ? day : Math.min(counts.since, day),
    newest: day,
    fresh: counts.fresh + 1,
    people: counts.people + 1,
    items: added(
      counts.items,
      [...measured].map((item) => [item, 1]),
    ),
    tests: tested(counts.tests, tests),
    unseen: counts.unseen + 1,
  };
}

/** What is told on the day `today`, and what stays untold; undefined while there is nothing to tell, or not yet. */
export function told(counts: Counts, today: Day): { readonly entry: Telling; readonly rest: Counts } | undefined {
  const { since, newest, fresh, people } = counts;
  if (fresh < group || newest === today) return undefined;
  const items = Object.entries(counts.items).flatMap(([item, count]) =>
    count < group ? [] : [[item, fullTens(count)] as const],
  );
  const entry: Telling = {
    kind: "checked",
    since,
    until: Math.max(since, today - 1),
    people: fullTens(people),
    items: Object.fromEntries(items),
  };
  const rest: Counts = {
    ...counts,
    since: today,
    fresh: 0,
    people: people % group,
    items: Object.fromEntries(Object.entries(counts.items).map(([item, count]) => [item, count % group])),
    ...(counts.unseen < group ? {} : { told: testsTold(counts), unseen: 0 }),
  };
  return { entry, rest };
}

const testsTold = ({ tests }: Counts): Counts["told"] =>
  Object.fromEntries(
    Object.entries(tests).map(([device, { ok, fail }]) => [device, { ok: fullTens(ok), fail: fullTens(fail) }]),
  );

/** The disk did not take a telling: whoever came since then is told with them. */
export const untold = (counts: Counts, { since, people, items }: Telling): Counts => ({
  ...counts,
  since,
  fresh: counts.fresh + people,
  people: counts.people + people,
  items: added(counts.items, Object.entries(items)),
});

const added = (items: Counts["items"], more: readonly (readonly [string, number])[]): Counts["items"] =>
  more.reduce<Readonly<Record<string, number>>>((sum, [item, n]) => ({ ...sum, [item]: (sum[item] ?? 0) + n }), items);

/** Adds one person's measurements. */
function tested(before: Counts["tests"], tests: readonly Test[]): Counts["tests"] {
  const after = [...new Set(tests.map(({ device }) => device))].map((device) => {
    const { ok, fail } = before[device] ?? { ok: 0, fail: 0 };
    const ended = (how: boolean): number => (tests.some((one) => one.device === device && one.ok === how) ? 1 : 0);
    return [device, { ok: ok + ended(true), fail: fail + ended(false) }] as const;
  });
  return { ...before, ...Object.fromEntries(after) };
}
