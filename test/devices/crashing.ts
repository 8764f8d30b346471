import { millis } from "../../devices/kit/clock.ts";
import type { Device, DriverDefinition } from "../../devices/kit/driver.ts";
import { ok } from "../../devices/kit/result.ts";

/** The places in which a driver can go wrong. */
export const places = [
  "open",
  "open-sync",
  "identify",
  "identify-sync",
  "timer",
  "heard",
  "lost",
  "release",
  "release-sync",
  "door",
  "close",
  "hang-open",
  "hang-identify",
  "hang-close",
] as const;
export type Place = (typeof places)[number];

const crash = (where: Place): never => {
  throw new TypeError(`crashed in ${where}`);
};
const never = new Promise<never>(() => {});

/** A driver that works, but for the places it is told to fail in. */
export const crashing: DriverDefinition<ReadonlySet<Place>> = {
  id: "crashing",
  provides: ["vending", "board"],
  port: "bytes",
  remembers: false,
  options: () => ok(new Set()),
  open({ options: bad, port, clock }) {
    if (bad.has("open-sync")) crash("open-sync");
    const device: Device = {
      can: {
        vending: {
          release() {
            if (bad.has("release-sync")) crash("release-sync");
            return bad.has("release")
              ? Promise.reject(new TypeError("crashed in release"))
              : Promise.resolve({ kind: "delivered", evidence: "motor-home" });
          },
        },
        board: {
          door: () => (bad.has("door") ? crash("door") : { stop() {} }),
        },
      },
      identify() {
        if (bad.has("identify-sync")) crash("identify-sync");
        if (bad.has("hang-identify")) return never;
        return bad.has("identify")
          ? Promise.reject(new TypeError("crashed in identify"))
          : Promise.resolve(ok({ model: "crashing" }));
      },
      selfTest: () => Promise.resolve(ok([])),
      async close() {
        ear.stop();
        timer.cancel();
        if (bad.has("hang-close")) await never;
        if (bad.has("close")) crash("close");
      },
    };
    const ear = port.listen({
      heard: () => bad.has("heard") && crash("heard"),
      lost: () => bad.has("lost") && crash("lost"),
    });
    const timer = clock.after(millis(1000), "crashing: its timer", () => bad.has("timer") && crash("timer"));
    if (bad.has("hang-open")) return never;
    return bad.has("open") ? Promise.reject(new TypeError("crashed in open")) : Promise.resolve(ok(device));
  },
};
