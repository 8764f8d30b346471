import { describe, expect, test } from "vitest";
import { fault } from "../../../devices/kit/fault.ts";
import type { CardPort, CardWord, Sink } from "../../../devices/kit/port.ts";
import { err, ok, type Result } from "../../../devices/kit/result.ts";
import type { Reading } from "../../../devices/reader/capability.ts";
import driver, { kindOf, uidIn } from "../../../devices/reader/pcsc.ts";
import { authenticate } from "../../../protocol/cards/desfire.ts";
import { readMirror } from "../../../protocol/cards/ntag424.ts";
import { tagProof } from "../../../protocol/cards/sdm.ts";
import { manualClock } from "../../kit/clock.ts";
import { hex, unhex } from "../../kit/wire.ts";
import { hexOf, putPcsc, uidOf, type CardReading } from "./card-bench.ts";

const key = "000102030405060708090A0B0C0D0E0F";
const keyBytes = Uint8Array.from(Buffer.from(key, "hex"));
const ntag = `ntag424:04DE5F1EACC040:${key}:${key}`;
const desfire = `desfire:041E2061801D80:015A59:${key}`;
const selectTag = "00A4040007D276000085010100";
const rndA = Uint8Array.from({ length: 16 }, (_, i) => 5 * i);
const exchangeOf = ({ exchange }: CardReading) => {
  if (exchange === undefined) throw new Error("this card takes no commands");
  return exchange;
};

test.each([
  ["MIFARE Classic 1K", "3B 8F 80 01 80 4F 0C A0 00 00 03 06 03 00 01 00 00 00 00 6A", "stores"],
  ["FeliCa", "3B 8F 80 01 80 4F 0C A0 00 00 03 06 11 00 3B 00 00 00 00 42", "other"],
  ["DESFire EV1", "3B 81 80 01 80 80", "speaks"],
  ["a card with no historical bytes", "3B 80 80 01 01", "speaks"],
  ["a card with contacts", "3B 6D 00 00 00 31 C0 71 D6 61 91 88 03 00 90 00", "other"],
  ["nothing", "", "other"],
])("the answer to reset of %s says what it is", (_, atr, kind) => {
  expect(kindOf(unhex(atr))).toBe(kind);
});

test.each([
  ["FB 0E E2 0B 90 00", "FB0EE20B"],
  ["04 1E 20 61 80 1D 80 90 00", "041E2061801D80"],
  ["63 00", undefined],
  ["6A 81", undefined],
  ["90 00", undefined],
  ["", undefined],
  ["FB 0E E2 0B 63 00", undefined],
  ["01 02 03 04 05 06 07 08 90 00", undefined],
  ["08 0E E2 0B 90 00", undefined],
])("the answer %s to the question for the UID [E31] means %s", (answer, uid) => {
  expect(uidIn(unhex(answer))).toBe(uid);
});

describe("a card on a PC/SC reader", () => {
  test("is told once, however long it lies there, and anew when it comes again", async () => {
    const bench = await putPcsc();
    await bench.read("FB0EE20B");
    await bench.clock.pass(60_000);
    bench.peer.turn("take-away", true);
    await bench.clock.pass(1000);
    await bench.read("FB0EE20B");
    expect(bench.told.map(({ reading }) => uidOf(reading))).toEqual(["FB0EE20B", "FB0EE20B"]);
  });

  test("that flickers twenty times a second is one card, and nothing hangs", async () => {
    const bench = await putPcsc();
    for (let i = 0; i < 40; i++) {
      bench.peer.turn("hold", "FB0EE20B");
      await bench.clock.pass(25 + (i % 5) * 26);
      bench.peer.turn("take-away", true);
      await bench.clock.pass(25);
    }
    await bench.clock.pass(5000);
    for (const { reading } of bench.told) expect(["FB0EE20B", "unread"]).toContain(uidOf(reading));
    expect(uidOf(await bench.read("04DE5F1EACC040"))).toBe("04DE5F1EACC040");
  });

  test("proves that its key is here", async () => {
    const bench = await putPcsc();
    const exchange = exchangeOf(await bench.read(desfire));
    expect(await bench.clock.finish(authenticate(exchange, keyBytes, rndA))).toMatchObject({ is: "present" });
  });

  test("brings its sealed address, and the counter rises with each tap", async () => {
    const bench = await putPcsc();
    const counters: unknown[] = [];
    for (let tap = 0; tap < 3; tap++) {
      const reading = await bench.read(ntag);
      const read = await bench.clock.finish(readMirror(exchangeOf(reading)));
      if (read.is !== "read") throw new Error(read.is);
      counters.push(tagProof(read.mirror, Buffer.from(reading.uid.reveal(), "hex"), keyBytes));
      bench.peer.turn("take-away", true);
      await bench.clock.pass(1000);
    }
    expect(counters).toEqual([1, 2, 3].map((counter) => ({ is: "proven", counter })));
  });

  test("that went answers with no-device, at whatever moment it went, and takes nothing of the next card", async () => {
    for (let after = 0; after <= 20; after += 2) {
      const bench = await putPcsc();
      const reading = await bench.read(ntag);
      const answer = exchangeOf(reading)(Uint8Array.from(Buffer.from(selectTag, "hex")));
      await bench.clock.pass(after);
      bench.peer.turn("take-away", true);
      const said = hexOf(await bench.clock.finish(answer, 1000));
      if (after < 10) expect(said).toBe("no-device");
      expect(hexOf(await bench.ask(reading, selectTag))).toBe("no-device");
      const next = await bench.read(desfire);
      expect(hexOf(await bench.ask(reading, selectTag))).toBe("no-device");
      expect(hexOf(await bench.ask(next, selectTag))).toBe("6A82");
    }
  });

  test("takes commands of up to 261 bytes, and none longer", async () => {
    const bench = await putPcsc();
    const reading = await bench.read(ntag);
    expect(hexOf(await bench.ask(reading, `00A40400FF${"D2".repeat(255)}00`))).toBe("6A82");
    expect(hexOf(await bench.ask(reading, `00A40400FF${"D2".repeat(256)}00`))).toBe("misconfigured");
  });

  test("that only stores takes no commands", async () => {
    const bench = await putPcsc();
    expect((await bench.read("04A1B2C3D4E5F6")).exchange).toBeUndefined();
    expect((await bench.read("classic:FB0EE20B")).exchange).toBeUndefined();
  });

  test("whose number is made up anew each time is told as a card that could not be read", async () => {
    const bench = await putPcsc();
    bench.peer.turn("hold", "strange:08123456");
    await bench.clock.pass(1000);
    expect(bench.told.map(({ reading }) => reading)).toEqual([{ is: "unread", of: "card" }]);
  });
});

/** The driver at a port that says what a test lets it say. */
async function byHand(send: () => Promise<Result<void>> = async () => ok(undefined), lying?: CardWord) {
  const clock = manualClock();
  const said: string[] = [];
  const told: Reading[] = [];
  let sink: Sink<CardWord> | undefined;
  const port: CardPort = {
    label: "reader",
    send(command) {
      said.push(hex(command));
      return send();
    },
    listen(to) {
      sink = to;
      if (lying) to.heard(lying);
      return { stop: () => (sink = undefined) };
    },
  };
  const opened = await driver.open({ id: "r", options: {}, port, clock, note() {} });
  if (!opened.ok) throw new Error(opened.error.detail);
  const hear = async (word: CardWord) => {
    sink?.heard(word);
    await clock.pass(0);
  };
  return { clock, said, told, device: opened.value, hear, lose: () => sink?.lost(fault("no-device", "gone")) };
}
const came: CardWord = { is: "card", atr: unhex("3B 81 80 01 80 80") };
const answer = (text: string): CardWord => ({ is: "answer", bytes: unhex(text) });

test("an answer that comes after its patience does not pass for the next one's", async () => {
  const { clock, said, told, device, hear } = await byHand();
  device.can.reader?.seen((reading) => told.push(reading));
  await hear(came);
  await hear(answer("04 A1 B2 C3 D4 E5 F6 90 00"));
  const [reading] = told;
  if (reading?.is !== "card") throw new Error("no card");
  const first = exchangeOf(reading)(Uint8Array.of(1, 0, 0, 0));
  expect(hexOf(await clock.finish(first, 10_000))).toBe("silent");
  const second = exchangeOf(reading)(Uint8Array.of(2, 0, 0, 0));
  await clock.pass(10);
  expect(said).toEqual(["FF CA 00 00 00", "01 00 00 00", "02 00 00 00"]);
  await hear(answer("11 11 90 00"));
  await hear(answer("22 22 90 00"));
  expect(hexOf(await clock.finish(second, 0))).toBe("22229000");
});

test("answers that come when another card lies there are nobody's", async () => {
  const { clock, said, told, device, hear } = await byHand();
  device.can.reader?.seen((reading) => told.push(reading));
  // The first card goes before its number is known, the second while it is asked something.
  await hear(came);
  await hear({ is: "gone" });
  await hear(came);
  await hear(answer("04 11 11 11 11 11 11 90 00"));
  expect(told).toEqual([]);
  await hear(answer("04 22 22 22 22 22 22 90 00"));
  const [second] = told;
  if (second?.is !== "card") throw new Error("no card");
  expect(uidOf(second)).toBe("04222222222222");
  const asked = exchangeOf(second)(Uint8Array.of(1, 0, 0, 0));
  await clock.pass(0);
  await hear({ is: "gone" });
  await hear(came);
  await hear(answer("90 00"));
  expect(hexOf(await clock.finish(asked, 0))).toBe("no-device");
  const { length } = said;
  expect(hexOf(await clock.finish(exchangeOf(second)(Uint8Array.of(2, 0, 0, 0)), 0))).toBe("no-device");
  expect(said).toHaveLength(length);
});

test("an answer that nobody asked for is nothing", async () => {
  const { told, device, hear } = await byHand();
  device.can.reader?.seen((reading) => told.push(reading));
  await hear(answer("04 A1 B2 C3 D4 E5 F6 90 00"));
  await hear({ is: "no-answer", why: fault("refused", "no") });
  await hear({ is: "gone" });
  expect(told).toEqual([]);
});

test("a card that lay there before anybody listened is told to whoever begins to listen", async () => {
  const { told, device, hear } = await byHand();
  await hear(came);
  await hear(answer("04 A1 B2 C3 D4 E5 F6 90 00"));
  device.can.reader?.seen((reading) => told.push(reading));
  expect(told.map(uidOf)).toEqual(["04A1B2C3D4E5F6"]);
  await hear({ is: "gone" });
  device.can.reader?.seen((reading) => told.push(reading));
  expect(told).toHaveLength(1);
});

test("a card that lay there before the reader was opened is read too", async () => {
  const { told, device, hear } = await byHand(undefined, came);
  device.can.reader?.seen((reading) => told.push(reading));
  await hear(answer("04 A1 B2 C3 D4 E5 F6 90 00"));
  expect(told.map(uidOf)).toEqual(["04A1B2C3D4E5F6"]);
});

test("a command that does not leave is a fault at once, and owes no answer", async () => {
  let works = true;
  const { clock, told, device, hear } = await byHand(async () => (works ? ok(undefined) : err(fault("refused", "no"))));
  device.can.reader?.seen((reading) => told.push(reading));
  await hear(came);
  await hear(answer("04 A1 B2 C3 D4 E5 F6 90 00"));
  const [reading] = told;
  if (reading?.is !== "card") throw new Error("no card");
  works = false;
  expect(hexOf(await clock.finish(exchangeOf(reading)(Uint8Array.of(1, 0, 0, 0)), 0))).toBe("refused");
  works = true;
  const second = exchangeOf(reading)(Uint8Array.of(2, 0, 0, 0));
  await clock.pass(0);
  await hear(answer("22 22 90 00"));
  expect(hexOf(await clock.finish(second, 0))).toBe("22229000");
});

test("a lost reader settles what is asked, says so when asked for its life, and tells nothing more", async () => {
  const { clock, told, device, hear, lose } = await byHand();
  device.can.reader?.seen((reading) => told.push(reading));
  await hear(came);
  await hear(answer("04 A1 B2 C3 D4 E5 F6 90 00"));
  const [reading] = told;
  if (reading?.is !== "card") throw new Error("no card");
  const open = exchangeOf(reading)(Uint8Array.of(1, 0, 0, 0));
  await clock.pass(1);
  lose();
  expect(hexOf(await clock.finish(open, 0))).toBe("no-device");
  expect(await device.identify()).toMatchObject({ error: { kind: "no-device" } });
  expect(clock.pending()).toEqual([]);
});
