import { sum } from "../kit/checksum.ts";
import { searching, type Framer } from "../kit/framer.ts";
import type { Finger } from "../kit/oximetry.ts";

// Nonin OEM III, Xpod, 3150: serial data format 2 [S18]. 9600 8N1; three packets a second of 25 frames of five bytes:
// 01, status, pleth, a byte whose meaning goes by the frame's place in the packet, and the sum of the four.

const frameLength = 5;
const framesAPacket = 25;
const packetLength = frameLength * framesAPacket;
export const samplesASecond = 75;

/** Bits of the status byte [S18]. */
const bit = { always: 0x80, disconnected: 0x40, artifact: 0x20, outOfTrack: 0x10, alarm: 0x08, sync: 0x01 };
/** Both perfusion bits: red alone is low, green is good, both are yellow [S18]. */
const perfusionBits = 0x06;
const red = 0x04;

export interface Frame {
  readonly status: number;
  /** 0 to 255. */
  readonly pleth: number;
  /** The fourth byte. */
  readonly value: number;
}

/** A frame whose sum is right; of `bytes` the first five are looked at. */
export function frameOf(bytes: Uint8Array): Frame | undefined {
  const [start, status = 0, pleth = 0, value = 0, check] = bytes;
  if (start !== 0x01 || (status & bit.always) === 0) return undefined;
  return check === sum(bytes.subarray(0, frameLength - 1)) ? { status, pleth, value } : undefined;
}

export interface Packet {
  readonly disconnected: boolean;
  /** Artifacts, out of track, the sensor's alarm, or a pulse that is too small, in any of its frames. */
  readonly weak: boolean;
  /** 25 samples, 0 to 255. */
  readonly pleth: readonly number[];
  readonly pulse?: number;
  readonly spo2?: number;
  readonly revision: number;
}

function meaning(frames: readonly Frame[]): Packet {
  const value = (place: number) => frames[place - 1]?.value ?? 0;
  const has = (mask: number) => frames.some(({ status }) => (status & mask) !== 0);
  const pulse = ((value(1) & 0x03) << 7) | (value(2) & 0x7f);
  const spo2 = value(3) & 0x7f;
  return {
    disconnected: has(bit.disconnected),
    weak:
      has(bit.artifact | bit.outOfTrack | bit.alarm) || frames.some(({ status }) => (status & perfusionBits) === red),
    pleth: frames.map(({ pleth }) => pleth),
    // Missing: 511 and 127 [S18].
    ...(pulse !== 0 && pulse !== 511 && { pulse }),
    ...(spo2 >= 1 && spo2 <= 100 && { spo2 }),
    revision: value(4),
  };
}

/** A packet whole or not at all: with a frame lost, the places of the others would lie. */
export const framer: Framer<Packet, Uint8Array> = searching(null, (bytes) => {
  const frames: Frame[] = [];
  for (let at = 0; at < packetLength; at += frameLength) {
    if (bytes.length < at + frameLength) return mayBegin(bytes.subarray(at), at) ? { is: "part" } : { is: "noise" };
    const frame = frameOf(bytes.subarray(at));
    if (frame === undefined || isSync(frame.status) !== (at === 0)) return { is: "noise" };
    frames.push(frame);
  }
  return { is: "frame", frame: meaning(frames), length: packetLength };
});

const isSync = (status: number) => (status & bit.sync) !== 0;

/** Whether the first bytes of a frame, of which some are still to come, may be its beginning. */
function mayBegin([start = 0x01, status]: Uint8Array, at: number): boolean {
  return start === 0x01 && (status === undefined || (status >= bit.always && isSync(status) === (at === 0)));
}

/** The samples of a packet, each with its values. */
export function fingersOf({ disconnected, weak, pleth, pulse, spo2 }: Packet): readonly Finger[] {
  if (disconnected) return [{ is: "out" }];
  const isGood = !weak && pulse !== undefined && spo2 !== undefined;
  return pleth.map((sample) => {
    const shown = Math.round((sample * 100) / 255);
    return isGood ? { is: "in", pleth: shown, values: { pulse, spo2 } } : { is: "in", pleth: shown };
  });
}
