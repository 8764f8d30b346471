import { crc8 } from "../kit/checksum.ts";

// A DS18B20 as the kernel's w1_therm shows it: the text of /sys/bus/w1/devices/28-*/w1_slave. Two lines of the same nine
// bytes; the first ends with the kernel's verdict on their check, the second with thousandths of a degree [kernel, w1_therm].

export type ProbeText =
  /** Degrees Celsius. */
  | { readonly is: "temperature"; readonly degrees: number }
  /** The check failed, or the text is not whole: it should be read again. */
  | { readonly is: "unread" }
  /** What the chip holds from its power-on until it has measured once. */
  | { readonly is: "not-yet" };

const bytes = "((?:[0-9a-f]{2} ){9})";
const form = new RegExp(`^${bytes}: crc=([0-9a-f]{2}) YES\\n${bytes}t=(-?\\d{1,6})\\n$`);
/** The chip tells sixteenths of a degree [DS18B20, data sheet]; the kernel cuts what is finer than a thousandth. */
const thousandthsInOne = 62.5;
const powerOn = 85;
/** Degrees that the chip can tell [DS18B20, data sheet]. */
const coldest = -55;
const hottest = 125;

/** Text, check and bytes must say the same, so that nothing that was spoiled anywhere passes. */
export function readProbe(text: string): ProbeText {
  const [, first = "", check = "", second = "", thousandths] = form.exec(text) ?? [];
  const [low = 0, high = 0, ...others] = first.trimEnd().split(" ").map(hex);
  const sixteenths = ((((high << 8) | low) & 0xffff) ^ 0x8000) - 0x8000;
  const isWhole =
    first !== "" &&
    first === second &&
    crc8([low, high, ...others]) === 0 &&
    hex(check) === others.at(-1) &&
    Math.abs(Number(thousandths) - sixteenths * thousandthsInOne) < 1;
  const degrees = sixteenths / 16;
  if (!isWhole || degrees < coldest || degrees > hottest) return { is: "unread" };
  return degrees === powerOn ? { is: "not-yet" } : { is: "temperature", degrees };
}

const hex = (pair: string): number => Number.parseInt(pair, 16);
