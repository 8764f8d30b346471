import { credentialKey, type Credential } from "../../controller/domain/credential.ts";
import { sequenceOf } from "../../controller/domain/reference.ts";
import { yizhan, type Street } from "./street.ts";

/** A line of `yizhan ledger export`. */
export interface Item {
  readonly seq: number;
  readonly type: string;
  readonly data: {
    readonly credential?: Credential;
    readonly slot?: string;
    readonly of?: number;
    readonly delivery?: "delivered" | "not-delivered" | "unknown";
    readonly frees?: boolean;
    readonly why?: string;
    readonly [other: string]: unknown;
  };
}

/** The ledger as an outsider gets it. Throws where the chain is not whole. */
export async function ledgerOf(street: Street): Promise<readonly Item[]> {
  const verified = await yizhan("ledger", "verify", "--data", street.folder.data);
  if (verified.code !== 0) throw new Error(verified.complaint);
  const exported = await yizhan("ledger", "export", "--data", street.folder.data);
  return exported.out
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Item);
}

/** What the kiosk promised and did not keep, each as a sentence: its ledger against what the machine really did. */
export function broken(street: Street, items: readonly Item[]): readonly string[] {
  const attempts = items.filter(({ type }) => type === "attempt");
  const outcomes = items.filter(({ type }) => type === "outcome");
  return [
    ...motionsExplained(street, attempts),
    ...settledOnce(attempts, outcomes),
    ...honest(street, attempts, outcomes),
    ...oncePerCode(attempts, outcomes),
    ...referencesFound(street, items),
    ...noSecrets(street, items),
  ];
}

/** Before a motor is told to turn, the attempt stands in the ledger; and one attempt tells it once. */
function motionsExplained(street: Street, attempts: readonly Item[]): readonly string[] {
  const { driven } = street.machine.journal();
  const seen = new Set<number>();
  return driven.flatMap(({ driven: slot, attempt }) => {
    const entry = attempts.find(({ seq }) => seq === attempt);
    if (attempt === null || entry === undefined)
      return [`slot ${slot} was told to turn without an attempt in the ledger`];
    if (seen.has(attempt)) return [`attempt ${attempt} moved twice`];
    seen.add(attempt);
    return entry.data.slot === slot ? [] : [`attempt ${attempt} moved slot ${slot}`];
  });
}

function settledOnce(attempts: readonly Item[], outcomes: readonly Item[]): readonly string[] {
  const count = (seq: number): number => outcomes.filter(({ data }) => data.of === seq).length;
  return attempts.filter(({ seq }) => count(seq) !== 1).map(({ seq }) => `attempt ${seq} has ${count(seq)} outcomes`);
}

function honest(street: Street, attempts: readonly Item[], outcomes: readonly Item[]): readonly string[] {
  const { drops } = street.machine.journal();
  const fell = (seq: number | undefined): number => drops.filter(({ attempt }) => attempt === seq).length;
  return [
    ...drops.flatMap(({ slot, attempt }) =>
      attempts.some(({ seq }) => seq === attempt) ? [] : [`a good fell from slot ${slot} and no attempt explains it`],
    ),
    ...outcomes.flatMap(({ data: { of, delivery } }) => [
      ...(fell(of) > 1 ? [`attempt ${of} dropped ${fell(of)} goods`] : []),
      ...(delivery === "delivered" && fell(of) === 0 ? [`attempt ${of} was called delivered and nothing fell`] : []),
      ...(delivery === "not-delivered" && fell(of) > 0
        ? [`attempt ${of} was called not delivered and a good fell`]
        : []),
    ]),
  ];
}

/** One code, at most one motion, unless the one before has freed it; and an unknown one frees a code once. */
function oncePerCode(attempts: readonly Item[], outcomes: readonly Item[]): readonly string[] {
  const outcomeOf = (seq: number): Item | undefined => outcomes.find(({ data }) => data.of === seq);
  const byCode = Map.groupBy(attempts, ({ data }) => (data.credential ? credentialKey(data.credential) : "nobody"));
  return [...byCode].flatMap(([code, motions]) => {
    const before = motions.slice(0, -1).map(({ seq }) => outcomeOf(seq)?.data);
    const favours = motions.filter(({ seq }) => {
      const outcome = outcomeOf(seq)?.data;
      return outcome?.delivery === "unknown" && outcome.frees;
    });
    return [
      ...(before.some((outcome) => outcome?.frees !== true || outcome.delivery === "delivered")
        ? [`code ${code} moved again although its motion before did not free it`]
        : []),
      ...(favours.length > 1 ? [`code ${code} was freed twice after an unknown outcome`] : []),
    ];
  });
}

/** A reference on a screen leads to an attempt, a fault, or the command that locked the kiosk; one in a log to its entry. */
function referencesFound(street: Street, items: readonly Item[]): readonly string[] {
  const typeOf = (ref: string): string => items.find(({ seq }) => seq === sequenceOf(ref))?.type ?? "nothing";
  const shown = street.kiosks.flatMap(({ refs }) => [...refs]);
  const logged = street.kiosks.flatMap(({ log }) => log.flatMap(({ ref }) => (typeof ref === "string" ? [ref] : [])));
  return [
    ...shown
      .filter((ref) => !["attempt", "fault", "command"].includes(typeOf(ref)))
      .map((ref) => `the screen showed reference ${ref}, which leads to ${typeOf(ref)}`),
    ...logged.filter((ref) => typeOf(ref) === "nothing").map((ref) => `the log names ${ref}, which leads to nothing`),
  ];
}

/** No log line and no entry bears a code or a key. */
function noSecrets(street: Street, items: readonly Item[]): readonly string[] {
  const written = street.kiosks.map(({ said }) => said).join("\n") + JSON.stringify(items);
  return street.folder
    .secrets()
    .filter((secret) => written.includes(secret))
    .map((secret) => `the secret ${secret} stands in the log or the ledger`);
}
