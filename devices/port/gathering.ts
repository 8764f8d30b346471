import { millis, type Clock } from "../kit/clock.ts";

/** What is needed of an open port of serialport's bindings. */
export interface ReadablePort {
  /** Waits for bytes, and puts all that are there into the buffer, from `offset` on. */
  read(
    buffer: Buffer,
    offset: number,
    length: number,
  ): Promise<{ readonly buffer: Buffer; readonly bytesRead: number }>;
}

/**
 * How long a port is left alone after each reading: at most 25 readings a second instead of 120, and a value is on the
 * glass so much later at the most.
 */
export const rests = millis(40);

/**
 * From now on the kernel gathers what a device streams: an oximeter sends 60 frames a second, for each of which
 * serialport reads twice, once in vain. What comes after a quiet is told at once; that the line is lost is felt apart from
 * the reading.
 */
export function gather(port: ReadablePort, clock: Pick<Clock, "after">): void {
  const read = port.read.bind(port);
  let rested = Promise.resolve();
  port.read = async (buffer, offset, length) => {
    await rested;
    const gathered = await read(buffer, offset, length);
    rested = new Promise((wake) => clock.after(rests, "serial: a stream is gathered", wake));
    return gathered;
  };
}
