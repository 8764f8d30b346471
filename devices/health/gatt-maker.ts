import { crc8, sum } from "../kit/checksum.ts";
import { searching, type Beginning, type Framer } from "../kit/framer.ts";
import type { Told } from "./gatt-told.ts";

// Oximeters with services of their makers: Viatom PC-60FW [2.2.3, S16] and ChoiceMMed iChoice [2.2.4, S17].

/** A frame that begins with certain bytes, then a length of what follows, its check among it. */
function counted(
  head: readonly number[],
  most: number,
  meaning: (payload: Uint8Array) => Told | undefined,
  isRight: (frame: Uint8Array) => boolean,
): Framer<Told | undefined, Uint8Array> {
  return searching(null, (bytes): Beginning<Told | undefined> => {
    const begins = head.every((byte, i) => i >= bytes.length || bytes[i] === byte);
    if (!begins) return { is: "noise" };
    const length = bytes[head.length];
    if (length === undefined) return { is: "part" };
    if (length < 2 || length > most) return { is: "noise" };
    const whole = head.length + 1 + length;
    if (bytes.length < whole) return { is: "part" };
    const frame = bytes.subarray(0, whole);
    if (!isRight(frame)) return { is: "noise" };
    return { is: "frame", frame: meaning(frame.subarray(head.length + 1, -1)), length: whole };
  });
}

/** AA 55 0F, length, kind: 01 numbers once a second, 02 five samples of the wave [S16]. */
export const pc60Framer = counted([0xaa, 0x55, 0x0f], 20, pc60Meaning, (frame) => crc8(frame) === 0);

function pc60Meaning([kind, ...data]: Uint8Array): Told | undefined {
  if (kind === 0x02) return { is: "wave", samples: data.map((sample) => Math.min(100, sample & 0x7f)) };
  const [spo2 = 0, low = 0, high = 0, perfusion = 0] = data;
  if (kind !== 0x01 || data.length < 4) return undefined;
  const pulse = low | (high << 8);
  if (spo2 === 0 || spo2 > 100 || pulse === 0 || pulse > 250) return { is: "empty" };
  return { is: "moment", moment: { spo2, pulse, ...(perfusion === 0 ? {} : { perfusion: perfusion / 10 }) } };
}

/** 55 AA, length, saturation, pulse, sum from the length on; B1 00 answers the password [S17]. */
export const ichoiceFramer = counted(
  [0x55, 0xaa],
  8,
  ichoiceMeaning,
  (frame) => sum(frame.subarray(2, -1)) === frame.at(-1),
);

function ichoiceMeaning([spo2 = 0, pulse = 0, ...more]: Uint8Array): Told | undefined {
  // B1 answers the password.
  if (more.length > 0 || spo2 === 0xb1) return undefined;
  if (spo2 === 0 || spo2 > 100 || pulse === 0 || pulse === 0xff) return { is: "empty" };
  return { is: "moment", moment: { spo2, pulse } };
}

/** Without it an iChoice says nothing. The maker's one word for all, not a secret [S17]. */
export const ichoicePassword = Uint8Array.of(0xaa, 0x55, 0x04, 0xb1, 0x00, 0x00, 0xb5);
