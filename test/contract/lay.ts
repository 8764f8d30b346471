import type { Clock } from "../../devices/kit/clock.ts";
import type { Wires } from "../../devices/kit/port.ts";
import { layCardWire } from "../kit/card-wire.ts";
import { layFileWire } from "../kit/file-wire.ts";
import { layGattWire } from "../kit/gatt-wire.ts";
import { layReportWire } from "../kit/report-wire.ts";
import { layWire, type Laid, type Noise } from "../kit/wire.ts";
import { readOptions } from "./bench.ts";
import type { Found, Sent } from "./drivers.ts";

type Laying = Pick<Found, "driver" | "options" | "peer">;

type Lay = (
  peer: Found["peer"],
  options: unknown,
  clock: Clock,
  seed: number,
  noise: Partial<Noise>,
) => Laid<Sent, Wires[keyof Wires]>;

/** Lays the kind of wire that a driver asks for, with its simulated machine at the other end. */
export function lay(one: Laying, clock: Clock, seed = 1, noise: Partial<Noise> = {}, over: object = {}) {
  // Which words pass over which kind of wire no type can say: the driver's `port` does.
  const kinds = { bytes: layWire, reports: layReportWire, cards: layCardWire, gatt: layGattWire, files: layFileWire };
  const layKind = kinds[one.driver.port] as unknown as Lay;
  return layKind(one.peer, readOptions(one, over), clock, seed, noise);
}
