import type { DriverDefinition, PeerDefinition } from "../../../devices/kit/driver.ts";
import { putMeter } from "../../contract/meter-bench.ts";

/** An instrument of one's own options before its simulated machine. */
export const benchOf =
  <O>(
    protocol: string,
    driver: DriverDefinition<O>,
    peer: PeerDefinition<O, Uint8Array, Uint8Array>,
    usual: Readonly<Record<string, unknown>> = {},
  ) =>
  (options: Readonly<Record<string, unknown>> = {}) =>
    putMeter({
      profile: protocol,
      protocol,
      driver,
      peer,
      options: { ...usual, ...options },
      checked: true,
    });
