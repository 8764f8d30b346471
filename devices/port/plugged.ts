import { watch } from "node:fs";
import type { Listening } from "../kit/port.ts";

/** Device files of what may be plugged in as a wire. */
const wires = /^(hidraw|ttyUSB|ttyACM)\d+$/;

/**
 * Told when such a device file appears. Watched only while somebody waits for a device, since every write to any device
 * wakes the watcher. Where it cannot be watched nothing is told: whoever waits tries again by himself.
 */
export function whenPlugged(heard: () => void, dev = "/dev"): Listening {
  try {
    const watcher = watch(dev, { persistent: false }, (what, name) => {
      if (what === "rename" && name !== null && wires.test(name)) heard();
    });
    watcher.on("error", () => {});
    return { stop: () => watcher.close() };
  } catch {
    return { stop() {} };
  }
}
