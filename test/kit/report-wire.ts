import type { Clock } from "../../devices/kit/clock.ts";
import type { PeerDefinition } from "../../devices/kit/driver.ts";
import type { ReportPort } from "../../devices/kit/port.ts";
import { reportPort } from "../../controller/cli/sim-wire.ts";
import type { Dice } from "./dice.ts";
import { flipBit, hex, layOver, saysBytes, type Laid, type Medium, type Noise } from "./wire.ts";

/**
 * USB neither cuts nor glues reports; what may happen is that a whole one is lost, because its ring was full, comes
 * twice, or that another program's stray one comes between.
 */
function* disturbed(report: Uint8Array, dice: Dice, noise: Noise): Iterable<Uint8Array> {
  if (dice.chance(noise.garbage)) yield report.map((byte, i) => (i === 0 ? byte : dice.between(0, 256)));
  if (dice.chance(noise.lose)) return;
  yield dice.chance(noise.flip) ? flipBit(report, dice) : report;
  if (dice.chance(noise.double)) yield report;
}

/** The wire of a HID device: each item is one report with its number first. */
const reports = (descriptor: Uint8Array): Medium<Uint8Array, ReportPort> => ({
  copy: (report) => report.slice(),
  text: hex,
  disturbed,
  ...saysBytes,
  disturbedOutward: disturbed,
  port: (plain) => reportPort(plain, descriptor),
});

/** Lays the wire of a simulated HID device, which introduces itself with its descriptor. */
export function layReportWire<O>(
  definition: PeerDefinition<O, Uint8Array, Uint8Array>,
  options: O,
  clock: Clock,
  seed = 1,
  noise: Partial<Noise> = {},
): Laid<Uint8Array, ReportPort> {
  const descriptor = definition.descriptor?.(options);
  if (descriptor === undefined) throw new Error("a simulated HID device needs a descriptor");
  return layOver(reports(descriptor), definition, options, clock, seed, noise);
}
