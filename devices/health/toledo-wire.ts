import { sum } from "../kit/checksum.ts";
import { millis } from "../kit/clock.ts";
import { searching, type Framer } from "../kit/framer.ts";
import { ofSevenBits } from "../kit/seven-bits.ts";
import type { ToledoOptions } from "./toledo-options.ts";

// Toledo continuous: STX, three status words, six digits of weight, six of tare, CR, and a checksum where it is switched on
// [instruments.md 2.6.6].

export interface ToledoFrame {
  readonly value: number;
  readonly unit: "kg" | "[lb_av]";
  readonly moving: boolean;
  readonly overload: boolean;
  /** Units or a tenfold fineness that status word C tells of, and that no source explains. */
  readonly strange: boolean;
}

const stx = 0x02;
const carriageReturn = 0x0d;
const statusWords = [1, 2, 3];
const digits = 6;
const weightAt = 4;
/** From STX to CR. */
const length = weightAt + 2 * digits + 1;

/** Always set in a status word, so that none is taken for a control character. */
const alwaysSet = 0x20;
/** Of word A: 2 stands for a whole number, 3 for one decimal, 4 for two. */
const pointMask = 0x07;
const wholeNumber = 2;
/** Of word B. */
const negative = 0x02;
const overload = 0x04;
const motion = 0x08;
const kilograms = 0x10;
/** Of word C, where its other bits are known to mean other units and a finer weight (ours: such frames are not read). */
const strange = 0x17;

const isDigit = (byte: number) => (byte >= 0x30 && byte <= 0x39) || byte === 0x20;
const isAt = (bytes: Uint8Array, place: number, good: (byte: number) => boolean): boolean => {
  const byte = bytes[place];
  return byte === undefined || good(byte);
};

export function framerOf({ checksum, line }: ToledoOptions): Framer<ToledoFrame, Uint8Array> {
  const whole = checksum ? length + 1 : length;
  const framer = searching<ToledoFrame>(millis(500), (bytes) => {
    if (bytes[0] !== stx) return { is: "noise" };
    if (!statusWords.every((at) => isAt(bytes, at, (byte) => byte < 0x80 && (byte & alwaysSet) !== 0)))
      return { is: "noise" };
    if (!bytes.subarray(weightAt, length - 1).every(isDigit)) return { is: "noise" };
    if (!isAt(bytes, length - 1, (byte) => byte === carriageReturn)) return { is: "noise" };
    if (bytes.length < whole) return { is: "part" };
    // Low seven bits of the two's complement of the sum: all together they are zero.
    const check = bytes[length] ?? 0;
    if (checksum && (check > 0x7f || (sum(bytes.subarray(0, whole)) & 0x7f) !== 0)) return { is: "noise" };
    return { is: "frame", frame: meaning(bytes), length: whole };
  });
  return line === "7e1" ? ofSevenBits(framer) : framer;
}

function meaning(bytes: Uint8Array): ToledoFrame {
  const [, a = 0, b = 0, c = 0] = bytes;
  const text = String.fromCharCode(...bytes.subarray(weightAt, weightAt + digits)).replaceAll(" ", "");
  const value = Number(`${text || "0"}e${wholeNumber - (a & pointMask)}`);
  return {
    value: (b & negative) === 0 ? value : -value,
    unit: (b & kilograms) === 0 ? "[lb_av]" : "kg",
    moving: (b & motion) !== 0,
    overload: (b & overload) !== 0,
    strange: (c & strange) !== 0,
  };
}
