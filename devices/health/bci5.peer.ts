import type { PeerDefinition } from "../kit/driver.ts";
import { knobs, oximeterPeer, type Clip } from "../kit/simulated-finger.ts";
import { framesASecond, type Bci5Options } from "./bci5-options.ts";

// An oximeter that streams five bytes at a time, always [S15].

function frame(clip: Clip, isWeak: boolean): readonly number[] {
  if (clip.is === "empty") return [0x80, 0x00, 0x10, 0x7f, 0x7f];
  const wave = Math.round(64 + 50 * Math.sin(2 * Math.PI * clip.phase));
  // PR FF is its bit 7 in the third byte and 7F in the fourth.
  if (clip.searching) return [0x84, wave, 0x60, 0x7f, 0x7f];
  const { spo2, pulse } = clip.values;
  return [0x80 | (isWeak ? 2 : 6), wave, (wave >> 3) | ((pulse >> 7) << 6), pulse & 0x7f, spo2];
}

const definition: PeerDefinition<Bci5Options, Uint8Array, Uint8Array> = {
  knobs,
  peer({ maker }, { clock }, send) {
    const rate = framesASecond[maker];
    const peer = oximeterPeer(
      {
        model: "a five-byte oximeter",
        rate,
        together: rate / 10,
        items: ["spo2", "pulse"],
        frames: (moments) => Uint8Array.from(moments.flatMap((clip) => frame(clip, peer.isWeak()))),
        damaged: (bytes) => bytes.slice(0, bytes.length - 3),
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
