import { bytesOf, longestReport, reportsOf, uartConfig, uartEnable } from "./cp2110.ts";

// The chip itself, for simulated instruments that have one.

/** One end is the USB plug, the other the instrument's serial line. */
export interface Cp2110Chip {
  /** What came over USB: data and feature reports. */
  hear(report: Uint8Array): void;
  /** What the instrument says, as reports. Nothing passes before the chip is set to the instrument's speed and enabled. */
  say(bytes: Uint8Array): void;
}

export function cp2110Chip(
  baud: number,
  send: (report: Uint8Array) => void,
  heard: (bytes: Uint8Array) => void,
): Cp2110Chip {
  let speed = 0;
  let enabled = false;
  const passes = () => enabled && speed === baud;
  return {
    hear(report) {
      const [number, b3 = 0, b2 = 0, b1 = 0, b0 = 0] = report;
      if (number === uartConfig) speed = ((b3 << 24) | (b2 << 16) | (b1 << 8) | b0) >>> 0;
      else if (number === uartEnable) enabled = b3 === 1;
      else if (passes()) heard(bytesOf(report));
    },
    say(bytes) {
      if (passes()) for (const report of reportsOf(bytes)) send(report);
    },
  };
}

const bytes = (hex: string) => Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const item = (head: number, value: number) => [head, value];

/** A page of the maker's own; each data report both ways, and the two that set the chip up [AN434, 2]. */
export const cp2110Descriptor = Uint8Array.from([
  ...bytes("0600FF0901A101150026FF007508"),
  ...Array.from({ length: longestReport }, (_, i) => [
    ...item(0x85, i + 1),
    ...item(0x95, i + 1),
    ...bytes("0901810209019102"),
  ]).flat(),
  ...item(0x85, uartEnable),
  ...bytes("95010901B102"),
  ...item(0x85, uartConfig),
  ...bytes("95080901B102C0"),
]);
