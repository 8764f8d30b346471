import { sum } from "../kit/checksum.ts";
import type { PeerDefinition } from "../kit/driver.ts";
import { knobs, oximeterPeer, type Clip } from "../kit/simulated-finger.ts";

// A Nonin OEM III in data format 2 [S18]: three packets of 25 frames a second, always.

const framesAPacket = 25;

function frame(clip: Clip, place: number, isWeak: boolean): readonly number[] {
  const sync = place === 1 ? 0x01 : 0;
  const isEmpty = clip.is === "empty";
  const state = isEmpty ? 0x40 : clip.searching ? 0x10 : isWeak ? 0x04 : 0x02;
  const has = !isEmpty && !clip.searching;
  const pulse = has ? clip.values.pulse : 511;
  const spo2 = has ? clip.values.spo2 : 127;
  const values: Readonly<Record<number, number>> = { 1: pulse >> 7, 2: pulse & 0x7f, 3: spo2, 4: 48, 9: spo2 };
  const pleth = isEmpty ? 0 : Math.round(128 + 100 * Math.sin(2 * Math.PI * clip.phase));
  const bytes = [0x01, 0x80 | state | sync, pleth, values[place] ?? 0];
  return [...bytes, sum(bytes)];
}

const definition: PeerDefinition<object, Uint8Array, Uint8Array> = {
  knobs,
  peer(_options, { clock }, send) {
    const peer = oximeterPeer(
      {
        model: "a Nonin",
        rate: 75,
        together: framesAPacket,
        items: ["spo2", "pulse"],
        frames: (moments) => Uint8Array.from(moments.flatMap((clip, i) => frame(clip, i + 1, peer.isWeak()))),
        // A frame in the middle has a wrong sum.
        damaged: (bytes) => bytes.with(64, (bytes[64] ?? 0) ^ 0x40),
        streams: () => true,
        hear() {},
      },
      clock,
      send,
    );
    return peer;
  },
};

export default definition;
