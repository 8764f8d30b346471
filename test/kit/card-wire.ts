import type { Clock } from "../../devices/kit/clock.ts";
import type { PeerDefinition } from "../../devices/kit/driver.ts";
import type { CardPort, CardWord } from "../../devices/kit/port.ts";
import { hex, layOver, saysBytes, type Laid, type Medium, type Noise } from "./wire.ts";

const text = (word: CardWord): string => {
  if (word.is === "card") return `card ${hex(word.atr)}`;
  if (word.is === "answer") return hex(word.bytes);
  return word.is === "gone" ? "gone" : `no-answer ${word.why.kind}`;
};

/** What the PC/SC service says comes whole and in order: nothing happens to it but a delay. */
const words: Medium<CardWord, CardPort> = {
  copy: (word) => structuredClone(word),
  text,
  disturbed: (word) => [word],
  ...saysBytes,
  disturbedOutward: (command) => [command],
  port: (plain) => plain,
};

/** Lays the wire between the kiosk and a simulated reader behind PC/SC. */
export const layCardWire = <O>(
  definition: PeerDefinition<O, Uint8Array, CardWord>,
  options: O,
  clock: Clock,
  seed = 1,
  noise: Partial<Noise> = {},
): Laid<CardWord, CardPort> => layOver(words, definition, options, clock, seed, noise);
