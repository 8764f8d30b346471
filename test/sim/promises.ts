import { foldLedger } from "../../controller/store/checkpoint.ts";
import { credentialKey } from "../../controller/domain/credential.ts";
import type { Entry, Stamped } from "../../controller/domain/entry.ts";
import { sequenceOf } from "../../controller/domain/reference.ts";
import { misfitOf } from "../protocol/events/misfit.ts";
import type { Street } from "./street.ts";

type Attempt = Extract<Entry, { kind: "attempt" }>;
type Outcome = Extract<Entry, { kind: "outcome" }>;

const attemptsOf = (entries: readonly Stamped[]): ReadonlyMap<number, Attempt> =>
  new Map(entries.flatMap(({ seq, entry }) => (entry.kind === "attempt" ? [[seq, entry] as const] : [])));
const outcomesOf = (entries: readonly Stamped[]): ReadonlyMap<number, Outcome> =>
  new Map(entries.flatMap(({ entry }) => (entry.kind === "outcome" ? [[entry.of, entry] as const] : [])));

/** What the kiosk promised and did not keep, each as a sentence. Empty after a good day. */
export async function broken(street: Street): Promise<readonly string[]> {
  const entries = street.entries();
  const attempts = attemptsOf(entries);
  const outcomes = outcomesOf(entries);
  return [
    ...dropsExplained(street),
    ...oncePerCode(attempts, outcomes),
    ...settled(attempts, outcomes),
    ...honest(street, attempts, outcomes),
    ...twoOutcomes(entries),
    ...referencesFound(street),
    ...noSecrets(street),
    ...unhurried(street),
    ...inTheCatalogue(street),
    ...(await restartTellsTheSame(street)),
  ];
}

function dropsExplained({ drops }: Street): readonly string[] {
  return drops.flatMap(({ at, slot, attempt, screen, sameLife }) => [
    ...(attempt === undefined ? [`at ${at} a good fell from slot ${slot} and no attempt on the card explains it`] : []),
    ...(sameLife && screen !== "dispensing"
      ? [`at ${at} a good fell from slot ${slot} while the screen showed ${screen}`]
      : []),
  ]);
}

/** One code, at most one motion, unless the one before is proven not delivered or is the code's one marked unknown. */
function oncePerCode(
  attempts: ReadonlyMap<number, Attempt>,
  outcomes: ReadonlyMap<number, Outcome>,
): readonly string[] {
  const byCode = new Map<string, number[]>();
  for (const [seq, { credential }] of attempts) {
    // Members come again: see takings.ts.
    if (credential.kind === "member") continue;
    const key = credentialKey(credential);
    byCode.set(key, [...(byCode.get(key) ?? []), seq]);
  }
  return [...byCode].flatMap(([code, seqs]) => {
    const before = seqs.slice(0, -1).map((seq) => outcomes.get(seq));
    const favours = seqs
      .map((seq) => outcomes.get(seq))
      .filter((outcome) => outcome?.delivery === "unknown" && outcome.frees);
    return [
      ...(before.some((outcome) => outcome === undefined || outcome.delivery === "delivered" || !outcome.frees)
        ? [`code ${code} moved again although its motion before was delivered, closed or not settled`]
        : []),
      ...(favours.length > 1 ? [`code ${code} was freed twice after an unknown outcome`] : []),
    ];
  });
}

const settled = (attempts: ReadonlyMap<number, Attempt>, outcomes: ReadonlyMap<number, Outcome>): readonly string[] =>
  [...attempts.keys()].filter((seq) => !outcomes.has(seq)).map((seq) => `attempt ${seq} was never settled`);

function honest(
  { drops }: Street,
  attempts: ReadonlyMap<number, Attempt>,
  outcomes: ReadonlyMap<number, Outcome>,
): readonly string[] {
  const fell = new Map<number, number>();
  for (const { attempt } of drops) if (attempt !== undefined) fell.set(attempt, (fell.get(attempt) ?? 0) + 1);
  return [...outcomes].flatMap(([seq, { delivery }]) => {
    const count = fell.get(seq) ?? 0;
    return [
      ...(count > 1 ? [`attempt ${seq} dropped ${count} goods`] : []),
      ...(delivery === "delivered" && count === 0 ? [`attempt ${seq} was called delivered and nothing fell`] : []),
      ...(delivery === "not-delivered" && count > 0 ? [`attempt ${seq} was called not delivered and a good fell`] : []),
      ...(attempts.has(seq) ? [] : [`outcome of ${seq}, which is no attempt`]),
    ];
  });
}

function twoOutcomes(entries: readonly Stamped[]): readonly string[] {
  const seen = new Set<number>();
  return entries.flatMap(({ entry }) => {
    if (entry.kind !== "outcome") return [];
    if (seen.has(entry.of)) return [`attempt ${entry.of} has two outcomes`];
    seen.add(entry.of);
    return [];
  });
}

/** Every reference that stood on the screen leads to an entry: an attempt or a fault. */
function referencesFound(street: Street): readonly string[] {
  return [...street.refs].flatMap((ref) => {
    const seq = sequenceOf(ref);
    const entry = street.entries().find((stamped) => stamped.seq === seq)?.entry;
    return entry?.kind === "attempt" || entry?.kind === "fault"
      ? []
      : [`the screen showed reference ${ref}, which leads to ${entry?.kind ?? "nothing"}`];
  });
}

function noSecrets(street: Street): readonly string[] {
  const { today, expired, tomorrow, otherSite, mistyped, unknown } = street.codes;
  const written = street.log.join("\n") + JSON.stringify(street.entries());
  const ofMembers = street.people.flatMap(({ uid, printed, tokens }) => [uid, printed, ...tokens]);
  return [ofMembers, today, expired, tomorrow, otherSite, mistyped, unknown]
    .flat()
    .filter((code) => written.includes(code))
    .map((code) => `the code ${code} stands in the log or the ledger`);
}

/** The centre knows every entry's form before it comes. */
const inTheCatalogue = (street: Street): readonly string[] =>
  street.entries().flatMap(({ seq, entry }) => misfitOf(entry).map((why) => `entry ${seq}, ${entry.kind}: ${why}`));

/** A time that has passed and on which nobody acts would make the kiosk tick without end, and its processor hot. */
function unhurried({ clock }: Street): readonly string[] {
  const ticks = clock.woken("kiosk: tick");
  return ticks <= 100 + clock.mono() / 1000 ? [] : [`the kiosk ticked ${ticks} times in ${clock.mono()} ms`];
}

/** What a restart would believe is what the kiosk believed. */
async function restartTellsTheSame(street: Street): Promise<readonly string[]> {
  const living = street.kiosk?.state().books;
  if (living === undefined) return ["the kiosk does not run at the end of the day"];
  const disk = street.card.open(street.clock, street.clock, () => true);
  const { books } = await foldLedger(disk);
  const text = (value: unknown): string =>
    JSON.stringify(value, (_, inner: unknown) => (inner instanceof Map ? [...inner] : inner));
  return text(books) === text(living) ? [] : ["the fold of the ledger differs from the living state"];
}
