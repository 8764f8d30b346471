import fc from "fast-check";
import { deflateRawSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { batchBounds } from "../../../protocol/events/batch.ts";
import { fingerprintOf, readLetter, type Letter } from "../../../protocol/health/letter.ts";
import { openLetter, sealLetter, type Writing } from "../../../protocol/health/sealing.ts";
import { letterSizes, longestSealed, sealedLengths } from "../../../protocol/health/sizes.ts";
import { seal } from "../../../protocol/pickup-code/seal.ts";
import { publicOf } from "../../../protocol/pickup-code/sign.ts";

const key = new Uint8Array(32).fill(41);
const recipient = publicOf("x25519", key);
const writing: Writing = { kiosk: "zp-001", recipient, content: { resourceType: "Bundle" }, chance: key };

async function letterOf(over: Partial<Writing> = {}): Promise<Letter> {
  const letter = await sealLetter({ ...writing, ...over });
  if (!letter.ok) throw new Error(letter.error.join());
  return letter.value;
}
const keyBytes = fc.uint8Array({ minLength: 32, maxLength: 32 });
/** A letter made by hand, as docs/health-export.md tells. */
async function handMade(inside: Uint8Array, purpose = "yizhan/health/v1\0"): Promise<Letter> {
  const to = fingerprintOf(recipient);
  const beside = Buffer.from(`{"kind":"health","kiosk":"zp-001","to":"${to}","v":1}`);
  return { v: 1, kind: "health", kiosk: "zp-001", to, ...(await seal(recipient, purpose, inside, beside)) };
}
const withLength = (small: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from([0, 0, small.length >> 8, small.length & 255]), small]);
const content = fc.dictionary(fc.string({ maxLength: 20 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 20 });

describe("a letter", () => {
  test("is opened by its recipient, as it was written, and has one of two lengths", async () => {
    await fc.assert(
      fc.asyncProperty(content, keyBytes, keyBytes, async (written, own, chance) => {
        const letter = await letterOf({ content: written, recipient: publicOf("x25519", own), chance });
        const opened = await openLetter(letter, own);
        expect(opened.ok && JSON.parse(opened.value)).toEqual(JSON.parse(JSON.stringify(written)));
        expect(sealedLengths).toContain(letter.sealed.length);
        expect(readLetter(JSON.stringify(letter))).toEqual({ ok: true, value: letter });
      }),
      { numRuns: 60 },
    );
  });

  test("is opened by nobody else, also where another key is said to be its own", async () => {
    const letter = await letterOf();
    await fc.assert(
      fc.asyncProperty(keyBytes, async (other) => {
        const to = fingerprintOf(publicOf("x25519", other));
        fc.pre(to !== letter.to);
        expect((await openLetter(letter, other)).ok).toBe(false);
        expect((await openLetter({ ...letter, to }, other)).ok).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  test("never opens with a bit of it turned", async () => {
    const letter = await letterOf();
    const turned = (text: string, bit: number): string => {
      const bytes = Buffer.from(text, "base64url");
      bytes.writeUInt8(bytes.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      return bytes.toString("base64url");
    };
    await fc.assert(
      fc.asyncProperty(fc.nat(8 * (letterSizes[0] + 16) - 1), async (bit) => {
        expect((await openLetter({ ...letter, sealed: turned(letter.sealed, bit) }, key)).ok).toBe(false);
      }),
      { numRuns: 100 },
    );
    // All but the highest bit of the sender's X25519 key, which counts for nothing [RFC 7748, 5] but is hashed too.
    for (let bit = 0; bit < 256; bit++)
      expect((await openLetter({ ...letter, enc: turned(letter.enc, bit) }, key)).ok).toBe(false);
  });

  test("cannot be passed off as another kiosk's", async () => {
    const letter = await letterOf();
    expect((await openLetter(letter, key)).ok).toBe(true);
    expect((await openLetter({ ...letter, kiosk: "zp-002" }, key)).ok).toBe(false);
  });

  test("can be made by whoever reads docs/health-export.md, and not for another purpose", async () => {
    const inside = Buffer.concat([withLength(deflateRawSync('{"a":1}'))], letterSizes[0]);
    expect(await openLetter(await handMade(inside), key)).toEqual({ ok: true, value: '{"a":1}' });
    expect((await openLetter(await handMade(inside, "yizhan/keys/v1\0"), key)).ok).toBe(false);
  });

  test("whose inside is nonsense, or grows beyond all bounds, is refused and does no harm", async () => {
    const insides = [
      Buffer.alloc(0),
      Buffer.alloc(letterSizes[0], 0xff),
      withLength(Buffer.from("nothing deflated")),
      // A thousandth of what it grows to.
      withLength(deflateRawSync(Buffer.alloc(8 * 1024 * 1024))),
    ];
    for (const inside of insides)
      expect(await openLetter(await handMade(inside), key)).toEqual({
        ok: false,
        error: [expect.stringMatching(/^It opens, and/)],
      });
  });

  test("of nothing at all is as long as one of much, and two of the same have nothing in common", async () => {
    const much = Object.fromEntries(
      Array.from({ length: 30 }, (_, n) => [`figure-${n}`, { value: n * 7.3, unit: "kg" }]),
    );
    const [none, all] = [await letterOf({ content: {} }), await letterOf({ content: much })];
    expect(all.sealed).toHaveLength(none.sealed.length);
    const again = await letterOf({ content: {}, chance: new Uint8Array(32).fill(7) });
    expect([again.enc === none.enc, again.sealed === none.sealed]).toEqual([false, false]);
  });

  test("that would be larger than the largest is not written, and a key that is none is told", async () => {
    const chance = Array.from({ length: 9000 }, (_, n) => Math.imul(n + 1, 0x9e3779b1) >>> 0);
    expect(await sealLetter({ ...writing, content: chance })).toMatchObject({ ok: false });
    expect(await sealLetter({ ...writing, recipient: new Uint8Array(32) })).toEqual({
      ok: false,
      error: [expect.stringMatching(/key/)],
    });
  });

  test("of the largest size goes in a batch with room to spare", () => {
    expect(2 * longestSealed).toBeLessThan(batchBounds.bytes);
  });

  test("that was damaged is told field by field", () => {
    const read = readLetter(
      JSON.stringify({ v: 1, kind: "health", kiosk: "Z P", to: "ab", enc: "e", sealed: "s".repeat(5482) }),
    );
    expect(read.ok ? [] : read.error.map((sentence) => sentence.split(":")[0])).toEqual([
      "to",
      "enc",
      "sealed",
      "kiosk",
    ]);
  });
});
