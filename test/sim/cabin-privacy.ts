import type { State } from "../../controller/domain/state.ts";
import type { CabinRoom } from "./cabin-room.ts";

// What is left of people who have gone.

/** Maps and sets too. */
export const asText = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) => (inner instanceof Map || inner instanceof Set ? [...inner] : inner));

/** Names under which somebody's values and answers would stand. */
const ofSomebody = {
  anything: /"(?:shown|native|figures|taken|readings|samples|symptoms|person|doubtful|meal|typed)":/,
  shown: /"(?:shown|native|meal|hotWork|age|sex)":/,
} as const;

/** Undefined where nothing of a visit is left in the memory. */
export const leftInMemory = (state: State, what: keyof typeof ofSomebody): string | undefined =>
  ofSomebody[what].exec(asText({ ...state, knowledge: {} }))?.[0];

/** What nobody but the recipient reads, and sums over it. */
const sealed = /"(?:sealed|enc|prev)":"[^"]*"/g;

/** Everything that the kiosk ever wrote down, said and sent; sealed letters are left out. */
export function everythingLeft(room: CabinRoom): readonly (readonly [where: string, text: string])[] {
  const entries = room.card.entries.map(({ entry, ...rest }) =>
    asText(
      entry.kind === "handed-over"
        ? { kind: entry.kind, to: entry.to, length: entry.sealed.length }
        : { ...rest, entry },
    ),
  );
  const kept = [...room.card.kept].map(([name, bytes]) => `${name} ${Buffer.from(bytes).toString("latin1")}`);
  const sent = room.way.went.map(({ topic, payload }) => `${topic} ${Buffer.from(payload).toString("latin1")}`);
  return [
    ["the ledger", entries.join("\n")],
    ["what is kept", kept.join("\n")],
    ["the log", room.log.join("\n")],
    ["the messages", sent.map((text) => text.replaceAll(sealed, "")).join("\n")],
  ];
}

/** Values that could be nothing else: with a point and three digits at least. */
export function markersLeft(room: CabinRoom): readonly string[] {
  const markers = new Set(
    room.uses.flatMap(({ values }) => [...values.values()].map(String).filter((text) => /^\d{2,}\.\d+$/.test(text))),
  );
  return everythingLeft(room).flatMap(([where, text]) => {
    const numbers = new Set(text.match(/(?<![\d.])\d{2,}\.\d+(?![\d.])/g));
    return [...markers]
      .filter((marker) => numbers.has(marker))
      .map((marker) => `${marker} was measured, and stands in ${where}`);
  });
}
