import { sum } from "../kit/checksum.ts";
import { millis } from "../kit/clock.ts";
import type { Dialect } from "../kit/exchange.ts";
import { searching, type Framer } from "../kit/framer.ts";

// GY-MCU90614 and GY-MCU90615 modules [S24]: infrared thermometers on a UART. 5A 5A 45 04, object and ambience as two signed
// bytes each in hundredths of a degree, and the sum of the first eight.

const header = [0x5a, 0x5a, 0x45, 0x04] as const;
const length = 9;

export interface Temperatures {
  /** Degrees Celsius of what the sensor looks at. */
  readonly object: number;
  /** Degrees Celsius of the sensor itself. */
  readonly ambience: number;
}

const degrees = (high = 0, low = 0) => (((high << 24) >> 16) | low) / 100;

/** A frame takes 10 ms at 9600 bits a second; the next begins 70 ms later. */
export const framer: Framer<Temperatures, Uint8Array> = searching(millis(200), (bytes) => {
  const there = Math.min(header.length, bytes.length);
  for (let at = 0; at < there; at++) if (bytes[at] !== header[at]) return { is: "noise" };
  if (bytes.length < length) return { is: "part" };
  if (sum(bytes.subarray(0, length - 1)) !== bytes[length - 1]) return { is: "noise" };
  const frame = { object: degrees(bytes[4], bytes[5]), ambience: degrees(bytes[6], bytes[7]) };
  return { is: "frame", frame, length };
});

/** Tells temperatures from now on, 10 to 14 times a second [S24]. It may be said again. */
export const speak = Uint8Array.of(0xa5, 0x45, 0xea);

export const dialect: Dialect<"speak", Temperatures, Uint8Array> = {
  framer,
  encode: () => speak,
  answers: () => true,
};
