import * as fc from "fast-check";
import { expect, test } from "vitest";
import { models, type ModelName } from "../../../devices/health/onetouch-model.ts";
import peerOf from "../../../devices/health/onetouch.peer.ts";
import driver from "../../../devices/health/onetouch.ts";
import { encode, framer } from "../../../devices/health/onetouch-wire.ts";
import { minutes, seconds } from "../../../devices/kit/clock.ts";
import { unhex } from "../../kit/wire.ts";
import { expectChecked, expectFramed, framesOf } from "./framed.ts";
import { layMeter, outcomeOf } from "./meter-wire.ts";

/** Vectors of the envelope: id, kind, bytes, what they are [S19]. */
const vectors = [
  ["otue-ack", "TEST", "02 06 08 03 c2 62", 0x08, ""],
  ["otue-ver", "TEST", "02 09 03 05 0d 02 03 08 9f", 0x03, "05 0d 02"],
  ["otue-count", "SYN", "02 0a 03 05 1f f5 01 03 d8 64", 0x03, "05 1f f5 01"],
  ["otue-rec", "SYN", "02 10 03 05 06 ca ee 94 66 65 00 00 00 03 bc d2", 0x03, "05 06 ca ee 94 66 65 00 00 00"],
] as const;

test.each(vectors)(
  "%s (%s) is one packet, however its bytes come, and no flipped bit leaves one",
  (_, _kind, bytes, link, message) => {
    const packet = { link, message: unhex(message) };
    expectFramed(framer, unhex(bytes), packet);
    expectChecked(framer, unhex(bytes));
    expect(encode(packet)).toEqual(unhex(bytes));
  },
);

test("the record of otue-rec is 101 mg/dL at 2024-07-15 09:41:30", () => {
  const [packet] = framesOf(framer, unhex(vectors[3][2]));
  const data = new DataView((packet?.message ?? new Uint8Array()).slice(2).buffer);
  expect(models.ultraeasy.record(data)).toEqual({
    at: Date.UTC(2024, 6, 15, 9, 41, 30) / 1000,
    glucose: 101,
    control: false,
    notes: [],
  });
});

test("what was packed is found again, and no bytes make it throw or hold more than a packet", () => {
  const packet = fc.record({
    link: fc.nat(31),
    message: fc.uint8Array({ maxLength: 57 }).map((body) => Uint8Array.of(0x05, ...body)),
  });
  fc.assert(
    fc.property(packet, fc.uint8Array({ maxLength: 300 }), (sent, noise) => {
      expect(framesOf(framer, encode(sent))).toEqual([sent]);
      expect(framer.push(framer.start, noise).state.length).toBeLessThan(64);
    }),
  );
});

const lay = (model: ModelName) => layMeter(driver, peerOf, { model });

test.each<ModelName>(["ultraeasy", "verio-iq"])("%s: a full memory gives the new result too", async (model) => {
  const { clock, peer, begin, close } = await lay(model);
  peer.turn("full", true);
  const { under } = begin();
  await clock.pass(seconds(5));
  peer.turn("measure", "glucose=133");
  await clock.pass(seconds(20));
  expect(outcomeOf(under.outcome)).toEqual({ glucose: 133 });
  await close();
});

test.each<ModelName>(["ultraeasy", "verio-iq"])(
  "%s: where the oldest record stands first nothing is told, full or not: it would be somebody else's",
  async (model) => {
    for (const full of [false, true]) {
      const { clock, peer, begin, close } = await lay(model);
      peer.turn("backwards", true);
      if (full) peer.turn("full", true);
      else peer.turn("stale", true);
      const { under } = begin();
      await clock.pass(seconds(5));
      peer.turn("measure", "glucose=133");
      await clock.pass(seconds(20));
      expect(outcomeOf(under.outcome)).toBe("refused");
      await close();
    }
  },
);

test.each<ModelName>(["ultraeasy", "verio-iq"])(
  "%s: another meter on the cable ends the measurement",
  async (model) => {
    const { clock, peer, begin, close } = await lay(model);
    const { under } = begin();
    await clock.pass(seconds(5));
    peer.turn("swap", true);
    await clock.pass(seconds(20));
    expect(outcomeOf(under.outcome)).toBe("refused");
    await close();
  },
);

test("a Verio tells what was control solution: it is nobody's, the drop of blood after it is the person's", async () => {
  const { clock, peer, begin, close } = await lay("verio-iq");
  const { under } = begin();
  await clock.pass(seconds(5));
  peer.turn("control", true);
  await clock.pass(seconds(20));
  expect(outcomeOf(under.outcome)).toBe("pending");
  peer.turn("measure", "glucose=133");
  await clock.pass(seconds(20));
  expect(outcomeOf(under.outcome)).toEqual({ glucose: 133 });
  await close();
});

test("silent for two minutes because a strip is in it, it is not given up; after four it is", async () => {
  const { clock, peer, begin, device, close } = await lay("ultraeasy");
  const { under } = begin();
  await clock.pass(seconds(5));
  peer.turn("silent", true);
  await clock.pass(minutes(2));
  expect(outcomeOf(under.outcome)).toBe("pending");
  expect(await clock.finish(device.identify())).toMatchObject({ ok: true });
  await clock.pass(minutes(2));
  expect(outcomeOf(under.outcome)).toBe("silent");
  await close();
});

test("nothing is sent but questions: neither a command that erases nor one that sets", async () => {
  const { clock, peer, begin, wire, notes, close } = await lay("ultraeasy");
  begin();
  await clock.pass(seconds(5));
  peer.turn("measure", "glucose=133");
  await clock.pass(seconds(20));
  const commands = wire.said.flatMap((line) => /^> 02 .. .. (05 ..) ../.exec(line)?.[1] ?? []);
  expect(new Set(commands)).toEqual(new Set(["05 0B", "05 0D", "05 1F"]));
  expect(notes).toEqual([]);
  await close();
});
