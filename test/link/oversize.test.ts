import fc from "fast-check";
import { generate } from "mqtt-packet";
import { expect, test } from "vitest";
import { oversize } from "../../controller/link/oversize.ts";

const publish = (bytes: number) =>
  generate({ cmd: "publish", topic: "t", payload: Buffer.alloc(bytes), qos: 0, dup: false, retain: false });

/** What was said of each chunk. */
const judged = (most: number, chunks: readonly Uint8Array[]) => chunks.map(oversize(most));

test("packets up to the limit pass, however they are split", () => {
  const packets = Buffer.concat([0, 1, 100, 124, 125, 200, 16_380, 20_000].map(publish));
  fc.assert(
    fc.property(fc.array(fc.nat(packets.length), { maxLength: 20 }), (cuts) => {
      const at = [0, ...cuts.sort((a, b) => a - b), packets.length];
      const chunks = at.slice(1).map((end, i) => packets.subarray(at[i], end));
      expect(judged(20_003, chunks)).not.toContain(true);
      expect(judged(20_002, chunks)).toContain(true);
    }),
  );
});

test("one byte too many is known from the first bytes, before the rest has come", () => {
  for (const bytes of [200, 20_000, 3_000_000, 250_000_000]) {
    const whole = Buffer.from([0x30]);
    const length: number[] = [];
    for (let rest = bytes; rest > 0; rest = Math.floor(rest / 128)) length.push((rest % 128) | (rest >= 128 ? 128 : 0));
    expect(judged(bytes, [Buffer.from([...whole, ...length])])).toEqual([false]);
    expect(judged(bytes - 1, [Buffer.from([...whole, ...length])])).toEqual([true]);
  }
});

test("a length that never ends is too large", () => {
  expect(judged(1024, [Buffer.from([0x30, 0x80, 0x80, 0x80, 0x80]), Buffer.from([0x80])])).toContain(true);
});
