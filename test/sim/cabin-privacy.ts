import type { State } from "../../controller/domain/state.ts";
import type { CabinRoom } from "./cabin-room.ts";

// What is left of people who have gone.

/** Maps and sets too. */
export const asText = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) => (inner instanceof Map || inner instanceof Set ? [...inner] : inner));

/** Names under which somebody's values and answers would stand. */
const ofSomebody = /"(?:shown|native|figures|taken|readings|samples|symptoms|person|doubtful|meal|typed)":/;

/** Undefined where nothing of a visit is left in the memory. */
export const leftInMemory = (state: State): string | undefined =>
  ofSomebody.exec(asText({ ...state, knowledge: {} }))?.[0];

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
    ["the messages", sent.map((text) => text.replaceAll(/"(?:sealed|enc)":"[^"]*"/g, "")).join("\n")],
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
