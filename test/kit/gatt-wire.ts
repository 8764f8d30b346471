import type { Clock } from "../../devices/kit/clock.ts";
import type { PeerDefinition } from "../../devices/kit/driver.ts";
import type { GattDoing, GattPort, GattWord } from "../../devices/kit/port.ts";
import type { Dice } from "./dice.ts";
import { hex, layOver, unhex, type Laid, type Medium, type Noise } from "./wire.ts";

/** As transcripts have it: "hear 2a35", "write 2a52 01 06". */
export const doingText = (doing: GattDoing): string =>
  doing.do === "write" ? `write ${doing.to} ${hex(doing.bytes)}` : `${doing.do} ${doing.of}`;

/** "value 2a35 1E 8A", "gone", "connected 2a35,2a2b NAME". */
export const gattText = (word: GattWord): string => {
  if (word.is === "value") return `value ${word.of} ${hex(word.bytes)}`;
  return word.is === "gone" ? "gone" : `connected ${word.has.join(",")} ${word.name}`;
};

/** The words of `gattText`; undefined for others. */
export function gattWord(text: string): GattWord | undefined {
  const [, word = "", of = "", more = ""] = /^(connected|value) (\S+) ?(.*)$/.exec(text) ?? [];
  if (word === "connected") return { is: "connected", name: more, has: of.split(",") };
  return word === "value" ? { is: "value", of, bytes: unhex(more) } : undefined;
}

/** The radio checks what it carries, and repeats it until it arrived; an instrument may indicate a value twice. */
function* disturbed(word: GattWord, dice: Dice, noise: Noise): Iterable<GattWord> {
  yield word;
  if (word.is === "value" && dice.chance(noise.double)) yield word;
}

const words: Medium<GattWord, GattPort, GattDoing> = {
  copy: (word) => structuredClone(word),
  text: gattText,
  disturbed,
  copyOutward: (doing) => structuredClone(doing),
  textOutward: doingText,
  disturbedOutward: (doing) => [doing],
  port: (plain) => plain,
};

/** Lays the wire between the kiosk and a simulated Bluetooth instrument. */
export const layGattWire = <O>(
  definition: PeerDefinition<O, GattDoing, GattWord>,
  options: O,
  clock: Clock,
  seed = 1,
  noise: Partial<Noise> = {},
): Laid<GattWord, GattPort, GattDoing> => layOver(words, definition, options, clock, seed, noise);
