import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ack, encode, following, framer, poll, type Frame } from "../../../devices/vending/xy-wire.ts";
import { hex, unhex } from "../../kit/wire.ts";

/** [S-XY 2.1, 8.3]: P printed in the document, C computed from its rule. */
const vectors: readonly (readonly [mark: "P" | "C", bytes: string, command: number, pack: number, text: string])[] = [
  ["P", "FA FB 41 00 40", 0x41, 0, ""],
  ["P", "FA FB 42 00 43", 0x42, 0, ""],
  ["P", "FA FB 31 01 02 33", 0x31, 0x02, ""],
  ["P", "FA FB 06 05 04 01 00 00 01 06", 0x06, 0x04, "01 00 00 01"],
  ["P", "FA FB 06 05 02 01 00 00 01 00", 0x06, 0x02, "01 00 00 01"],
  ["P", "FA FB 21 06 C6 08 00 01 86 A0 CF", 0x21, 0xc6, "08 00 01 86 A0"],
  ["P", "FA FB 21 06 91 01 00 01 86 A0 91", 0x21, 0x91, "01 00 01 86 A0"],
  ["P", "FA FB 21 06 C3 01 00 03 0D 40 AA", 0x21, 0xc3, "01 00 03 0D 40"],
  ["P", "FA FB 70 03 44 19 00 2F", 0x70, 0x44, "19 00"],
  ["P", "FA FB 70 04 47 01 00 00 33", 0x70, 0x47, "01 00 00"],
  ["C", "FA FB 01 03 02 00 01 00", 0x01, 0x02, "00 01"],
  ["C", "FA FB 02 04 02 01 00 01 05", 0x02, 0x02, "01 00 01"],
  ["C", "FA FB 06 05 03 01 00 00 01 01", 0x06, 0x03, "01 00 00 01"],
  ["C", "FA FB 04 04 09 01 00 01 08", 0x04, 0x09, "01 00 01"],
  ["C", "FA FB 04 04 0A 02 00 01 08", 0x04, 0x0a, "02 00 01"],
  ["C", "FA FB 51 01 04 55", 0x51, 0x04, ""],
  ["C", "FA FB 11 0C 0C 00 01 00 00 00 00 07 0A 00 01 00 1D", 0x11, 0x0c, "00 01 00 00 00 00 07 0A 00 01 00"],
  ["C", "FA FB 70 05 07 24 01 64 01 33", 0x70, 0x07, "24 01 64 01"],
  ["C", "FA FB 70 05 08 27 01 64 01 3F", 0x70, 0x08, "27 01 64 01"],
  ["C", "FA FB 70 06 0A 26 01 0B B8 01 E8", 0x70, 0x0a, "26 01 0B B8 01"],
  ["C", "FA FB 70 03 09 32 00 49", 0x70, 0x09, "32 00"],
  ["C", "FA FB 70 06 06 28 01 00 02 05 5F", 0x70, 0x06, "28 01 00 02 05"],
  ["C", "FA FB 70 05 0E 50 01 00 00 2B", 0x70, 0x0e, "50 01 00 00"],
];
const printed = vectors.filter(([mark]) => mark === "P");

const read = (...chunks: readonly Uint8Array[]) => {
  let state = framer.start;
  const frames: Frame[] = [];
  let junk = 0;
  for (const chunk of chunks) {
    const pushed = framer.push(state, chunk);
    state = pushed.state;
    frames.push(...pushed.frames);
    junk += pushed.junk;
  }
  return { frames: frames.map((frame) => hex(encode(frame))), junk, held: state.length };
};

/** Bytes of text of the commands that have but one form, or two [S-XY 2.1]. */
const lengths: Readonly<Record<number, readonly number[]>> = {
  0x01: [2],
  0x02: [3],
  0x04: [3, 4],
  0x06: [4],
  0x11: [11],
  0x13: [3],
  0x14: [3],
  0x28: [3],
  0x31: [0],
};

const anyFrame: fc.Arbitrary<Frame> = fc
  .oneof(
    fc.constantFrom<Frame>(
      { command: 0x41, pack: 0, text: new Uint8Array() },
      { command: 0x42, pack: 0, text: new Uint8Array() },
    ),
    fc.record({
      command: fc.integer({ min: 1, max: 0xff }).filter((command) => command !== 0x41 && command !== 0x42),
      pack: fc.integer({ min: 1, max: 0xff }),
      text: fc.uint8Array({ maxLength: 63 }),
    }),
  )
  .filter(({ command, text }) => (lengths[command] ?? [text.length]).includes(text.length));

describe("the wire of XY", () => {
  test.each(vectors)("%s frame %s reads and writes as the document has it", (_, bytes, command, pack, text) => {
    const seen = framer.push(framer.start, unhex(bytes));
    expect(seen).toMatchObject({ junk: 0, frames: [{ command, pack, text: unhex(text) }] });
    expect(hex(encode({ command, pack, text: unhex(text) }))).toBe(bytes);
  });

  test("POLL and ACK are the printed ones", () => {
    expect([hex(poll), hex(ack)]).toEqual(["FA FB 41 00 40", "FA FB 42 00 43"]);
  });

  test.each(printed)("%s frame %s is found whole however it is cut in two", (_, bytes) => {
    const whole = unhex(bytes);
    for (let cut = 1; cut < whole.length; cut++)
      expect(read(whole.subarray(0, cut), whole.subarray(cut))).toEqual({ frames: [bytes], junk: 0, held: 0 });
  });

  test.each(printed)("%s frame %s cut short is no frame, and does not hide the next one for ever", (_, bytes) => {
    const whole = unhex(bytes);
    // The longest frame that a cut one can seem to be is 69 bytes: so many good bytes later it is given up.
    const other = bytes === hex(poll) ? ack : poll;
    const behind = Uint8Array.from(Array.from({ length: 20 }, () => [...other]).flat());
    for (let cut = 1; cut < whole.length; cut++) {
      const { frames } = read(whole.subarray(0, cut), behind);
      expect(frames).not.toContain(bytes);
      expect(frames.filter((frame) => frame === hex(other)).length).toBeGreaterThanOrEqual(18);
    }
  });

  test("a bad sum is dropped", () => {
    expect(read(unhex("FA FB 41 00 41"))).toEqual({ frames: [], junk: 5, held: 0 });
  });

  test("a false start does not swallow the true one behind it", () => {
    expect(read(unhex("FA FB FA FB 42 00 43"))).toEqual({ frames: ["FA FB 42 00 43"], junk: 2, held: 0 });
  });

  test("noise is counted, and two glued frames are two", () => {
    expect(read(unhex("99 FA FB 41 00 40 FA FB 42 00 43"))).toEqual({
      frames: ["FA FB 41 00 40", "FA FB 42 00 43"],
      junk: 1,
      held: 0,
    });
  });

  test("a length above 64 is not waited for", () => {
    expect(read(unhex("FA FB 11 41"), poll)).toEqual({ frames: ["FA FB 41 00 40"], junk: 4, held: 0 });
  });

  test("a POLL with text and a command without a number are no frames", () => {
    expect(read(unhex("FA FB 41 01 01 40"), unhex("FA FB 04 00 05")).frames).toEqual([]);
  });

  test("what is written is read again, whatever it says and however it is split", () => {
    fc.assert(
      fc.property(fc.array(anyFrame, { maxLength: 4 }), fc.array(fc.nat(300), { maxLength: 6 }), (frames, cuts) => {
        const bytes = Uint8Array.from(frames.flatMap((frame) => [...encode(frame)]));
        const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
        const chunks = places.slice(1).map((end, i) => bytes.slice(places[i], end));
        expect(read(...chunks)).toEqual({ frames: frames.map((frame) => hex(encode(frame))), junk: 0, held: 0 });
      }),
    );
  });

  test("a frame with one flipped bit is never taken for itself or for another", () => {
    for (const [, bytes] of vectors)
      for (let bit = 0; bit < unhex(bytes).length * 8; bit++) {
        const wrong = unhex(bytes);
        wrong[bit >> 3] = (wrong[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(read(wrong).frames).toEqual([]);
      }
  });

  test("every good frame with its sum gives an exclusive or of 0", () => {
    for (const [, bytes] of vectors) expect(unhex(bytes).reduce((check, byte) => check ^ byte, 0)).toBe(0);
  });

  test("numbers run from 1 to 255 and back to 1", () => {
    expect([following(1), following(254), following(255)]).toEqual([2, 255, 1]);
  });
});
