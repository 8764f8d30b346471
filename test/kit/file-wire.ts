import type { Clock } from "../../devices/kit/clock.ts";
import type { PeerDefinition } from "../../devices/kit/driver.ts";
import type { FilePort } from "../../devices/kit/port.ts";
import { hex, layOver, type Laid, type Medium, type Noise } from "./wire.ts";

/** What stands in a file of the kernel comes whole; a disturbance on the sensor's own wire is its machine's to show. */
const texts: Medium<Uint8Array, FilePort, "read"> = {
  copy: (text) => text.slice(),
  text: hex,
  disturbed: (text) => [text],
  copyOutward: (asked) => asked,
  textOutward: (asked) => asked,
  disturbedOutward: (asked) => [asked],
  port: (plain) => plain,
};

/** Lays the wire between the kiosk and a simulated sensor behind the kernel. */
export const layFileWire = <O>(
  definition: PeerDefinition<O, "read", Uint8Array>,
  options: O,
  clock: Clock,
  seed = 1,
  noise: Partial<Noise> = {},
): Laid<Uint8Array, FilePort, "read"> => layOver(texts, definition, options, clock, seed, noise);
