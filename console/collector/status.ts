import { absence, ills, lasting } from "./causes.ts";
import { ago } from "./ago.ts";

/** What is known of one station, as the database holds it. Times are UTC in milliseconds. */
export interface StationFacts {
  readonly kiosk: string;
  readonly group: string;
  readonly zh: string | null;
  readonly en: string | null;
  readonly certificateExpires: number | null;
  /** Null: it was never heard. */
  readonly presence: {
    readonly online: boolean;
    readonly since: number;
    readonly heard: number;
    readonly losses: readonly number[];
  } | null;
  /** The newest values that are not stale. `device` "" is the kiosk itself. */
  readonly metrics: readonly { readonly device: string; readonly metric: string; readonly value: unknown }[];
  readonly alarms: readonly { readonly what: string; readonly level: number; readonly detail: string }[];
  /** Batches of events that wait behind a gap. */
  readonly waiting: number;
  /** A configuration that it did not take, in a sentence. */
  readonly configFailed: string | null;
}

/** What the centres that write this database say of themselves. */
export interface CentreFacts {
  readonly name: string;
  /** "works", "listens", or "broker <address>" for one that is lost. */
  readonly what: string;
  readonly at: number;
  readonly said: string;
}

/**
 * online; unstable: gone for less than five minutes, or gone and back again and again; offline; never: it was not heard
 * yet; unknown: the centre itself is blind, and nothing is said against the kiosk.
 */
export type Presence = "online" | "unstable" | "offline" | "never" | "unknown";

export interface StationStatus {
  readonly kiosk: string;
  readonly group: string;
  readonly name: { readonly zh: string; readonly en: string } | null;
  readonly state: Presence;
  /** Since when it is so. */
  readonly since: number | null;
  /** In words, the worst first; empty where all is well. */
  readonly causes: readonly string[];
  /** What to do first; empty where nothing is. */
  readonly todo: string;
  /** 1 (now) to 9 (nothing to do). */
  readonly urgency: number;
}

/** What the staff see. */
export interface Overview {
  /** When it was so. */
  readonly at: number;
  /** What the centre itself lacks, in sentences: read these first. */
  readonly trouble: readonly string[];
  /** The most urgent first. */
  readonly stations: readonly StationStatus[];
}

const minute = 60_000;
/** A connection that is lost is mostly there again soon; before this nobody need go. */
const debounce = 5 * minute;
/** Three heartbeats [docs/topics.md, Sys/Uptime_s]. */
const silence = 3 * minute;
/** So many losses within an hour are no accident. */
const flapping = { losses: 3, within: 60 * minute } as const;
/** The centre writes that it works every ten seconds. */
const noPulse = minute;

/** Stations by urgency. A centre that hears nothing says so, and calls no kiosk broken for it. */
export function statusOf(stations: readonly StationFacts[], centres: readonly CentreFacts[], now: number): Overview {
  const trouble = troubleOf(centres, now);
  const listens = Math.max(0, ...centres.filter(({ what }) => what === "listens").map(({ at }) => at));
  return {
    at: now,
    trouble,
    stations: stations
      .map((facts) => judge(facts, trouble.length > 0, listens, now))
      .toSorted((a, b) => a.urgency - b.urgency || (a.since ?? 0) - (b.since ?? 0) || (a.kiosk < b.kiosk ? -1 : 1)),
  };
}

function troubleOf(centres: readonly CentreFacts[], now: number): readonly string[] {
  const working = centres.filter(({ what }) => what === "works");
  if (working.length === 0) return ["No centre has worked with this database yet. Start one: npx yizhan centre run."];
  const still = working
    .filter(({ at }) => now - at > noPulse)
    .map(
      ({ name, at }) => `The centre "${name}" has not worked for ${ago(now - at)}. Start it, or look why it stopped.`,
    );
  const lost = centres
    .filter(({ what }) => what.startsWith("broker "))
    .map(
      ({ name, what, at, said }) =>
        `The centre "${name}" lost its ${what} ${ago(now - at)} ago: ${said} What kiosks do now is not known.`,
    );
  return [...still, ...lost];
}

function judge(facts: StationFacts, blind: boolean, listens: number, now: number): StationStatus {
  const { kiosk, group, zh, en } = facts;
  const { state, since } = blind ? { state: "unknown" as const, since: null } : presenceOf(facts, listens, now);
  const causes = [
    ...lasting(facts, now),
    ...(state === "unknown" ? [] : absence(state, since, now)),
    ...ills(facts, state),
  ];
  const sorted = causes.toSorted((a, b) => a.urgency - b.urgency);
  return {
    kiosk,
    group,
    name: zh === null && en === null ? null : { zh: zh ?? en ?? "", en: en ?? zh ?? "" },
    state,
    since,
    causes: sorted.map(({ words }) => words),
    todo: sorted[0]?.todo ?? "",
    urgency: sorted[0]?.urgency ?? 9,
  };
}

function presenceOf(
  { presence }: StationFacts,
  listens: number,
  now: number,
): { state: Presence; since: number | null } {
  if (presence === null) return { state: "never", since: null };
  const { online, since, heard, losses } = presence;
  // Where the centre was deaf itself, a kiosk's silence begins only with our listening.
  const silentSince = Math.max(heard, listens);
  const gone = online ? (now - silentSince > silence ? silentSince : undefined) : since;
  if (gone !== undefined) return { state: now - gone < debounce ? "unstable" : "offline", since: gone };
  const recent = losses.filter((at) => now - at < flapping.within);
  return { state: recent.length >= flapping.losses ? "unstable" : "online", since };
}
