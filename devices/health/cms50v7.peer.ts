import { millis, seconds } from "../kit/clock.ts";
import type { PeerDefinition } from "../kit/driver.ts";
import { knobs, oximeterPeer, type Clip } from "../kit/simulated-finger.ts";

// A Contec CMS50 with firmware V7.0 [S13]: it streams while it is told once a second that somebody listens, and speaks of its
// model when asked.

const rate = 60;
/** Not written by the maker, who says "about once a second": the stream is given up after a few of them. */
const forgetsAfter = seconds(5);

/** Seven data bytes; their bit 7 goes into the second byte of the frame. */
function packed(type: number, data: readonly number[]): readonly number[] {
  const high = data.reduce((bits, byte, k) => bits | ((byte >> 7) << k), 0x80);
  return [type, high, ...data.map((byte) => byte | 0x80)];
}

function frame(clip: Clip, isWeak: boolean): readonly number[] {
  // As captured: the number fields of an empty clip are 0, not the manual's FF and 7F.
  if (clip.is === "empty") return packed(0x01, [0x84, 0x40, 0x10, 0, 0, 0xff, 0xff]);
  const wave = Math.round(64 + 50 * Math.sin(2 * Math.PI * clip.phase));
  if (clip.searching) return packed(0x01, [0x04, 0x80 | wave, 0x13, 0xff, 0x7f, 0xff, 0xff]);
  const { spo2, pulse, perfusion } = clip.values;
  const index = Math.round(perfusion * 100);
  return packed(0x01, [isWeak ? 2 : 6, wave, wave >> 3, pulse, spo2, index & 0xff, index >> 8]);
}

const letters = (text: string) => Array.from(text, (letter) => letter.charCodeAt(0));

const definition: PeerDefinition<object, Uint8Array, Uint8Array> = {
  knobs,
  peer(_options, { clock }, send) {
    let listened = millis(-Infinity);
    const peer = oximeterPeer(
      {
        model: "a CMS50",
        rate,
        together: rate / 10,
        items: ["spo2", "pulse", "perfusion"],
        frames: (moments) => Uint8Array.from(moments.flatMap((clip) => frame(clip, peer.isWeak()))),
        damaged: (bytes) => bytes.slice(0, bytes.length - 5),
        streams: () => clock.mono() - listened < forgetsAfter,
        hear([start, second, command]) {
          if (start !== 0x7d || second !== 0x81) return;
          if (command === 0xa1) listened = clock.mono();
          if (command === 0xaf && clock.mono() - listened < forgetsAfter) listened = clock.mono();
          if (command === 0xa2) listened = millis(-Infinity);
          if (command !== 0xa8) return;
          send(Uint8Array.from(packed(0x02, [0x00, ...letters("50D(A)")])));
          send(Uint8Array.from(packed(0x02, [0xff, ...letters("+     ")])));
        },
      },
      clock,
      send,
    );
    return peer;
  },
};

export default definition;
