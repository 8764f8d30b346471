import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readTarget } from "../../../devices/reader/pn532-chip.ts";
import {
  ack,
  dialect,
  encode,
  errorFrame,
  frames,
  nack,
  patience,
  speaker,
} from "../../../devices/reader/pn532-wire.ts";
import { hex, unhex } from "../../kit/wire.ts";
import { fuzz, genuine, parsers } from "./pn532-frames.ts";

const host = (body: string) => {
  const [, code = 0, ...data] = unhex(body);
  return hex(encode(speaker.host, code, Uint8Array.from(data)));
};
const push = (bytes: Uint8Array) => frames.push(frames.start, bytes);

test.each([
  ["firmware [E21]", "D4 02", "00 00 FF 02 FE D4 02 2A 00"],
  ["SAM [E22]", "D4 14 01", "00 00 FF 03 FD D4 14 01 17 00"],
  ["SAM, three bytes [E22]", "D4 14 01 14 01", "00 00 FF 05 FB D4 14 01 14 01 02 00"],
  ["poll [E23]", "D4 4A 01 00", "00 00 FF 04 FC D4 4A 01 00 E1 00"],
  [
    "Classic authentication, as framing only [E24]",
    "D4 40 01 60 07 FF FF FF FF FF FF FB 0E E2 0B",
    "00 00 FF 0F F1 D4 40 01 60 07 FF FF FF FF FF FF FB 0E E2 0B 94 00",
  ],
  ["Classic read, as framing only [E24]", "D4 40 01 30 04", "00 00 FF 05 FB D4 40 01 30 04 B7 00"],
  ["retries [E24]", "D4 32 05 FF 01 FF", "00 00 FF 06 FA D4 32 05 FF 01 FF F6 00"],
])("frames the question %s as printed", (_, body, frame) => {
  expect(host(body)).toBe(frame);
});

test.each([
  ["firmware [E21]", "00 00 FF 06 FA D5 03 32 01 06 07 E8 00", 0x03, "32 01 06 07"],
  ["SAM [E22]", "00 00 FF 02 FE D5 15 16 00", 0x15, ""],
  ["poll [E23]", "00 00 FF 0C F4 D5 4B 01 01 00 04 08 04 FB 0E E2 0B D8 00", 0x4b, "01 01 00 04 08 04 FB 0E E2 0B"],
])("understands the answer %s as printed", (_, frame, code, data) => {
  expect(push(unhex(frame))).toMatchObject({
    frames: [{ is: "told", by: speaker.chip, code, data: unhex(data) }],
    junk: 0,
  });
});

test("knows ACK, NACK and the chip's own error from each other, and from a frame", () => {
  const glued = Uint8Array.of(...ack, ...nack, ...errorFrame, ...encode(speaker.chip, 0x03, Uint8Array.of(1)));
  expect(push(glued).frames.map(({ is }) => is)).toEqual(["ack", "nack", "error", "told"]);
});

test("the card of E23 is a MIFARE Classic: its number, and no commands", () => {
  const found = readTarget(unhex("01 01 00 04 08 04 FB 0E E2 0B"));
  expect(found).toEqual({ is: "card", target: { number: 1, uid: unhex("FB 0E E2 0B"), speaks: false } });
});

test.each([
  ["nothing", "00", { is: "nothing" }],
  ["a UID of seven bytes", "01 01 00 44 00 07 04 DE 5F 1E AC C0 40", { is: "card" }],
  ["a UID of ten bytes", "01 01 00 84 00 0A 04 DE 5F 1E AC C0 40 01 02 03", { is: "card" }],
  ["a UID of five bytes", "01 01 00 04 08 05 FB 0E E2 0B 11", { is: "strange" }],
  ["a UID cut short", "01 01 00 04 08 07 FB 0E E2 0B", { is: "strange" }],
  ["an ATS cut short", "01 01 03 44 20 07 04 1E 20 61 80 1D 80 06 75 77", { is: "strange" }],
  ["two cards, although one was asked for", "02 01 00 04 08 04 FB 0E E2 0B", { is: "strange" }],
  ["no bytes at all", "", { is: "strange" }],
])("a list of %s is what it is", (_, data, found) => {
  expect(readTarget(unhex(data))).toMatchObject(found);
});

test("a frame of any length comes back as it went, the long ones extended", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 263 }), fc.nat(255), (data, code) => {
      const bytes = encode(speaker.chip, code, data);
      expect(push(bytes)).toEqual({
        state: frames.start,
        frames: [{ is: "told", by: speaker.chip, code, data }],
        junk: 0,
      });
      expect(bytes[3] === 0xff && bytes[4] === 0xff).toBe(data.length + 2 > 255);
    }),
  );
});

test("frames are found however they are cut, glued together, and with noise between them", () => {
  const noise = fc.uint8Array({ maxLength: 8 }).filter((bytes) => !bytes.includes(0x00));
  const pieces = fc.array(fc.tuple(noise, fc.constantFrom(...genuine)), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(pieces, fc.array(fc.nat(400), { maxLength: 6 }), (all, cuts) => {
      const bytes = Uint8Array.from(all.flatMap(([before, frame]) => [...before, ...frame]));
      const places = [...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
      let state = frames.start;
      let found = 0;
      let from = 0;
      for (const place of places) {
        const pushed = frames.push(state, bytes.subarray(from, place));
        found += pushed.frames.length;
        state = pushed.state;
        from = place;
      }
      expect(found).toBe(all.length);
      expect(state).toHaveLength(0);
    }),
  );
});

test("no lost and no flipped byte makes another card of one", () => {
  // With a 00 in it, whose loss no sum notices.
  const uid = unhex("04 00 5F 00 AC C0 40");
  const frame = [...encode(speaker.chip, 0x4b, Uint8Array.of(1, 1, 0, 0x44, 0, 7, ...uid))];
  const heard = (bytes: readonly number[]) => push(Uint8Array.from(bytes)).frames;
  expect(heard(frame)).toHaveLength(1);
  for (let at = 0; at < frame.length; at++) {
    expect(heard(frame.toSpliced(at, 1))).toEqual([]);
    for (let bit = 0; bit < 8; bit++) expect(heard(frame.with(at, (frame[at] ?? 0) ^ (1 << bit)))).toEqual([]);
  }
});

describe("an answer counts only behind the ACK of its question", () => {
  const question = { code: 0x4a, data: Uint8Array.of(1, 0), patience: patience.look };
  const hear = (bytes: Uint8Array) =>
    dialect.framer
      .push(dialect.framer.start, bytes)
      .frames.filter((frame) => dialect.answers(question, frame))
      .map(({ data }) => data && hex(data));
  const answer = encode(speaker.chip, 0x4b, Uint8Array.of(0));

  test("late words of the question before are not heard", () => {
    const late = encode(speaker.chip, 0x4b, Uint8Array.of(9));
    expect(hear(Uint8Array.of(...late, ...ack, ...answer))).toEqual(["00"]);
    expect(hear(late)).toEqual([]);
  });

  test("nor those of another command, nor what we said ourselves", () => {
    const other = encode(speaker.chip, 0x03, Uint8Array.of(1));
    const echo = encode(speaker.host, 0x4b, Uint8Array.of(1));
    expect(hear(Uint8Array.of(...ack, ...other, ...echo, ...answer))).toEqual(["00"]);
  });

  test("the chip's own error ends it", () => {
    expect(hear(Uint8Array.of(...ack, ...errorFrame))).toEqual([undefined]);
  });
});

describe("no input throws, hangs or passes for a card", () => {
  for (const [name, parse] of Object.entries(parsers)) test(name, () => fuzz(parse, 20_000, 1));
});
