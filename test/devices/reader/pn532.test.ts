import { describe, expect, test } from "vitest";
import { millis } from "../../../devices/kit/clock.ts";
import type { PeerDefinition } from "../../../devices/kit/driver.ts";
import driver from "../../../devices/reader/pn532.ts";
import pn532Peer from "../../../devices/reader/pn532.peer.ts";
import { authenticate } from "../../../protocol/cards/desfire.ts";
import { readMirror } from "../../../protocol/cards/ntag424.ts";
import { tagProof } from "../../../protocol/cards/sdm.ts";
import { supervise } from "../../../devices/supervise.ts";
import { manualClock } from "../../kit/clock.ts";
import { layWire } from "../../kit/wire.ts";
import { hexOf, putPn532, uidOf, type CardReading } from "./card-bench.ts";

const key = "000102030405060708090A0B0C0D0E0F";
const keyBytes = Uint8Array.from(Buffer.from(key, "hex"));
const ntag = `ntag424:04DE5F1EACC040:${key}`;
const desfire = `desfire:041E2061801D80:015A59:${key}`;
const selectTag = "00A4040007D276000085010100";
const rndA = Uint8Array.from({ length: 16 }, (_, i) => 7 * i);

const commands = (said: readonly string[], code: string) =>
  said.filter((line) => line.startsWith("> 00 00 FF") && line.slice(17, 22) === `D4 ${code}`).length;
const exchangeOf = ({ exchange }: CardReading) => {
  if (exchange === undefined) throw new Error("this card takes no commands");
  return exchange;
};

describe("a card that lies there", () => {
  test("for a minute is told at most three times a second, and always as the same", async () => {
    const bench = await putPn532();
    await bench.read("FB0EE20B");
    const before = bench.wire.said.length;
    await bench.clock.pass(60_000);
    expect(new Set(bench.told.map(({ reading }) => uidOf(reading)))).toEqual(new Set(["FB0EE20B"]));
    expect(bench.told.length).toBeLessThanOrEqual(180);
    // So often that who waits for two seconds of absence never sees one.
    const gaps = bench.told.map(({ at }, i) => at - (bench.told[i - 1]?.at ?? at));
    expect(Math.max(...gaps)).toBeLessThan(1000);
    const looks = commands(bench.wire.said.slice(before), "4A");
    expect(looks).toBeGreaterThan(60);
    expect(looks).toBeLessThanOrEqual(180);
  });

  test("and flickers twenty times a second is one card, and nothing hangs", async () => {
    const bench = await putPn532();
    for (let i = 0; i < 200; i++) {
      bench.peer.turn("hold", "FB0EE20B");
      await bench.clock.pass(25);
      bench.peer.turn("take-away", true);
      await bench.clock.pass(25);
    }
    expect(bench.told.length).toBeGreaterThan(0);
    expect(new Set(bench.told.map(({ reading }) => uidOf(reading)))).toEqual(new Set(["FB0EE20B"]));
    await bench.clock.pass(5000);
    const { length } = bench.told;
    await bench.clock.pass(5000);
    expect(bench.told).toHaveLength(length);
    expect(uidOf(await bench.read("04DE5F1EACC040"))).toBe("04DE5F1EACC040");
  });

  test("is let go before it is looked for again, so that one that speaks can answer anew", async () => {
    const bench = await putPn532();
    await bench.read(desfire);
    const before = bench.wire.said.length;
    await bench.clock.pass(5000);
    const later = bench.wire.said.slice(before);
    expect(commands(later, "52")).toBeGreaterThan(5);
    expect(commands(later, "52")).toBe(commands(later, "4A"));
  });

  test.each([false, true])(
    "tapped for 100 ms is seen at whatever moment, once (a chip that gives up never: %s)",
    async (tireless) => {
      for (let phase = 0; phase < 1700; phase += 17) {
        const bench = await putPn532();
        bench.peer.turn("tireless", tireless);
        await bench.clock.pass(2000 + phase);
        bench.peer.turn("hold", desfire);
        await bench.clock.pass(100);
        bench.peer.turn("take-away", true);
        await bench.clock.pass(2500);
        expect(bench.told.map(({ reading }) => uidOf(reading))).toEqual(["041E2061801D80"]);
        bench.peer.stop();
      }
    },
  );

  test("is told within 100 ms of its coming, mostly at once", async () => {
    const waits: number[] = [];
    for (let phase = 0; phase < 1100; phase += 11) {
      const bench = await putPn532();
      await bench.clock.pass(phase);
      const since = bench.clock.mono();
      await bench.read("FB0EE20B");
      waits.push(bench.clock.mono() - since);
      bench.peer.stop();
    }
    waits.sort((a, b) => a - b);
    expect(waits[waits.length >> 1]).toBeLessThanOrEqual(12);
    expect(waits.at(-1)).toBeLessThan(100);
  });

  test("is found again where the chip's word of it was damaged on the way", async () => {
    const bench = await putPn532();
    bench.peer.turn("garble", 1);
    bench.peer.turn("hold", desfire);
    await bench.clock.pass(3000);
    expect(bench.told.map(({ reading }) => uidOf(reading))).toContain("041E2061801D80");
  });

  test("since before the kiosk started is found, even in the middle of a conversation", async () => {
    const bench = await putPn532();
    const reading = await bench.read(desfire);
    await bench.ask(reading, selectTag);
    await bench.clock.finish(bench.device.close(), 0);
    bench.told.length = 0;
    bench.wire.unplug();
    bench.wire.plug();
    await bench.plugIn();
    await bench.clock.pass(1000);
    expect(bench.told.map(({ reading }) => uidOf(reading))).toContain("041E2061801D80");
  });
});

test("of two cards at once one is read all the time, and the other when the first is taken away", async () => {
  const bench = await putPn532();
  bench.peer.turn("hold", `${desfire}+FB0EE20B`);
  await bench.clock.pass(10_000);
  expect(new Set(bench.told.map(({ reading }) => uidOf(reading)))).toEqual(new Set(["041E2061801D80"]));
  bench.told.length = 0;
  bench.peer.turn("take-away", desfire);
  await bench.clock.pass(2000);
  expect(new Set(bench.told.map(({ reading }) => uidOf(reading)))).toEqual(new Set(["FB0EE20B"]));
  bench.peer.turn("take-away", true);
  await bench.clock.pass(1000);
  expect(bench.peer.truth()).toEqual(["041E2061801D80", "FB0EE20B"]);
});

test("a number that is made up anew each time is told as a card that could not be read, never as a number", async () => {
  const bench = await putPn532();
  for (const name of ["08123456", "strange:08ABCDEF"]) {
    bench.peer.turn("card", name);
    await bench.clock.pass(2000);
  }
  expect(new Set(bench.told.map(({ reading }) => uidOf(reading)))).toEqual(new Set(["unread"]));
  // Only a number of four bytes is ever made up.
  expect(uidOf(await bench.read("08A1B2C3D4E5F6"))).toBe("08A1B2C3D4E5F6");
});

describe("a conversation", () => {
  test("with a DESFire proves that its key is here", async () => {
    const bench = await putPn532();
    const exchange = exchangeOf(await bench.read(desfire));
    expect(await bench.clock.finish(authenticate(exchange, keyBytes, rndA))).toMatchObject({ is: "present" });
    const other = keyBytes.with(0, 0xff);
    expect(await bench.clock.finish(authenticate(exchange, other, rndA))).toEqual({ is: "wrong-proof" });
  });

  test("with an NTAG 424 brings its sealed address, and the counter rises with each tap", async () => {
    const bench = await putPn532();
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

  test("is not interrupted by looking for the card, however slowly it goes on", async () => {
    const bench = await putPn532();
    const reading = await bench.read(ntag);
    expect(hexOf(await bench.ask(reading, selectTag))).toBe("9000");
    for (let i = 0; i < 8; i++) {
      await bench.clock.pass(350);
      expect(hexOf(await bench.ask(reading, "00A4000C02E104"))).toBe("9000");
    }
    // The shell must not take the card for a new one meanwhile.
    const ends = [...bench.told.map(({ at }) => at), bench.clock.mono()];
    const gaps = ends.map((at, i) => at - (ends[i - 1] ?? at));
    expect(Math.max(...gaps)).toBeLessThan(1000);
  });

  test("ended, the card is let go and looked for again", async () => {
    const bench = await putPn532();
    const reading = await bench.read(ntag);
    await bench.ask(reading, selectTag);
    const before = bench.wire.said.length;
    await bench.clock.pass(2000);
    expect(commands(bench.wire.said.slice(before), "52")).toBeGreaterThan(0);
    expect(hexOf(await bench.ask(reading, "00A4000C02E104"))).toBe("6A82");
  });

  test("may begin long after the tap, while the card still lies there", async () => {
    const bench = await putPn532();
    const reading = await bench.read(desfire);
    await bench.clock.pass(30_000);
    expect(await bench.clock.finish(authenticate(exchangeOf(reading), keyBytes, rndA))).toMatchObject({
      is: "present",
    });
  });

  test("may begin after a look at the card came to nothing: silence does not mean that it went", async () => {
    const bench = await putPn532();
    const reading = await bench.read(ntag);
    bench.peer.turn("garble", 1);
    const { length } = bench.wire.said;
    await bench.clock.until(() => bench.wire.said.slice(length).includes("> 00 00 FF 00 FF 00"), 5000);
    expect(hexOf(await bench.ask(reading, selectTag))).toBe("9000");
  });

  test("of several at once goes one command at a time", async () => {
    const bench = await putPn532();
    const exchange = exchangeOf(await bench.read(ntag));
    const all = [selectTag, "00A4000C02E103", "00B000000F"].map((one) =>
      exchange(Uint8Array.from(Buffer.from(one, "hex"))),
    );
    const answers = await bench.clock.finish(Promise.all(all));
    expect(answers.map(hexOf)).toEqual(["9000", "9000", "001720010000FF0406E104010000009000"]);
  });

  test("whose card was taken away answers with no-device at once, and later too", async () => {
    for (let pause = 0; pause < 700; pause += 50) {
      const bench = await putPn532();
      const reading = await bench.read(ntag);
      await bench.ask(reading, selectTag);
      bench.peer.turn("take-away", true);
      await bench.clock.pass(pause);
      const since = bench.clock.mono();
      expect(hexOf(await bench.ask(reading, "00A4000C02E104"))).toBe("no-device");
      expect(bench.clock.mono() - since).toBeLessThan(300);
    }
  });

  test("whose card goes in the middle of a command answers with no-device", async () => {
    for (let after = 0; after <= 12; after++) {
      const bench = await putPn532();
      const reading = await bench.read(ntag);
      const answer = exchangeOf(reading)(Uint8Array.from(Buffer.from(selectTag, "hex")));
      await bench.clock.pass(after);
      bench.peer.turn("take-away", true);
      const said = hexOf(await bench.clock.finish(answer, 1000));
      expect(["no-device", "9000"]).toContain(said);
      if (after < 6) expect(said).toBe("no-device");
    }
  });

  test("is with the card that was read, never with the one that came after it", async () => {
    const bench = await putPn532();
    const reading = await bench.read(ntag);
    bench.peer.turn("hold", desfire);
    await bench.clock.pass(2000);
    expect(hexOf(await bench.ask(reading, selectTag))).toBe("no-device");
    bench.peer.turn("hold", ntag);
    await bench.clock.pass(2000);
    expect(hexOf(await bench.ask(reading, selectTag))).toBe("no-device");
  });

  test("takes commands of up to 261 bytes, and none longer", async () => {
    const bench = await putPn532();
    const reading = await bench.read(ntag);
    expect(hexOf(await bench.ask(reading, `00A40400FF${"D2".repeat(255)}00`))).toBe("6A82");
    expect(hexOf(await bench.ask(reading, `00A40400FF${"D2".repeat(256)}00`))).toBe("misconfigured");
    await bench.ask(reading, selectTag);
    await bench.ask(reading, "00A4000C02E104");
    expect(hexOf(await bench.ask(reading, "00B0000000"))).toHaveLength(2 * 258);
  });

  test("a chip that falls silent is a fault, not a hang, and is told to give up", async () => {
    const bench = await putPn532();
    const reading = await bench.read(ntag);
    bench.peer.turn("silent", true);
    expect(hexOf(await bench.ask(reading, selectTag))).toBe("silent");
    await bench.clock.pass(5);
    const last = bench.wire.said.filter((line) => line.startsWith(">")).at(-1);
    expect(last).toBe("> 00 00 FF 00 FF 00");
  });

  test("unplugged in its middle answers with no-device", async () => {
    const bench = await putPn532();
    const answer = exchangeOf(await bench.read(ntag))(Uint8Array.from(Buffer.from(selectTag, "hex")));
    await bench.clock.pass(3);
    bench.wire.unplug();
    expect(hexOf(await bench.clock.finish(answer, 0))).toBe("no-device");
  });

  test("closed in its middle answers with no-device, and leaves nothing behind", async () => {
    const bench = await putPn532();
    const answer = exchangeOf(await bench.read(ntag))(Uint8Array.from(Buffer.from(selectTag, "hex")));
    await bench.clock.pass(3);
    await bench.clock.finish(bench.device.close(), 0);
    expect(hexOf(await bench.clock.finish(answer, 0))).toBe("no-device");
    bench.peer.stop();
    expect(bench.clock.pending().filter((label) => !label.startsWith("wire: "))).toEqual([]);
  });
});

test("late answers of one command never pass for the next one's", async () => {
  for (const late of [300, 600, 1900, 1990, 2010, 2030, 2500, 4500]) {
    const bench = await putPn532();
    const reading = await bench.read(ntag);
    await bench.ask(reading, selectTag);
    await bench.ask(reading, "00A4000C02E103");
    bench.peer.turn("slow", late);
    const first = hexOf(await bench.ask(reading, "00B000000F"));
    expect(["001720010000FF0406E104010000009000", "silent", "garbled"]).toContain(first);
    bench.peer.turn("slow", 0);
    const second = hexOf(await bench.ask(reading, "00A4000C02E199"));
    // Either its own answer, or none, because the conversation is over.
    expect(["6A82", "no-device", "silent", "garbled"]).toContain(second);
    await bench.clock.pass(10_000);
    expect(new Set(bench.told.map(({ reading }) => uidOf(reading)))).toEqual(new Set(["04DE5F1EACC040"]));
  }
});

test("a chip that lost its power is woken again by a fresh opening", async () => {
  const clock = manualClock();
  const { wire, peer } = layWire(pn532Peer, {}, clock);
  const presences: string[] = [];
  const supervisor = supervise({
    id: "reader",
    driver,
    options: {},
    clock,
    open: () => wire.open(),
    note() {},
    turned() {},
    changed: (presence) => presences.push(presence),
  });
  await clock.pass(5000);
  peer.turn("silent", true);
  await clock.pass(30_000);
  peer.turn("silent", false);
  await clock.pass(20_000);
  expect(presences.filter((presence) => presence !== "broken")).toEqual(["working", "stale", "working"]);
  await clock.finish(supervisor.stop());
  peer.stop();
  expect(clock.pending().filter((label) => !label.startsWith("wire: "))).toEqual([]);
});

test("what is no PN532 at the end of the wire is said so", async () => {
  const other: PeerDefinition<object, Uint8Array, Uint8Array> = {
    ...pn532Peer,
    peer: (options, lab, send) =>
      // A PN533 calls itself 33.
      pn532Peer.peer(options, lab, (bytes) =>
        send(bytes[6] === 0x03 ? Uint8Array.of(0, 0, 0xff, 6, 0xfa, 0xd5, 3, 0x33, 1, 6, 7, 0xe7, 0) : bytes),
      ),
  };
  const bench = await putPn532(1, {}, other);
  expect(await bench.clock.finish(bench.device.identify())).toMatchObject({
    error: { kind: "misconfigured", detail: "this is no PN532: it calls itself PN533" },
  });
});

test.each([
  [false, "about once a second"],
  [true, "less often, where the chip looks longer than we wait"],
])("an empty field costs few questions (a chip that gives up never: %s): %s", async (tireless) => {
  const bench = await putPn532();
  bench.peer.turn("tireless", tireless);
  const before = bench.wire.said.length;
  await bench.clock.pass(60_000);
  expect(bench.told).toEqual([]);
  const looks = commands(bench.wire.said.slice(before), "4A");
  // A chip that gave up when told to may hold a card; one that answered holds none.
  const releases = commands(bench.wire.said.slice(before), "52");
  expect(releases > 0).toBe(tireless);
  expect(looks).toBeGreaterThan(30);
  expect(looks).toBeLessThanOrEqual(60);
});

test("where nobody listens any more the field is left alone", async () => {
  const clock = manualClock();
  const { wire, peer } = layWire(pn532Peer, {}, clock);
  const end = await wire.open();
  if (!end.ok) throw new Error(end.error.detail);
  const opened = await clock.finish(driver.open({ id: "r", options: {}, port: end.value.port, clock, note() {} }));
  if (!opened.ok) throw new Error(opened.error.detail);
  const ear = opened.value.can.reader?.seen(() => {});
  await clock.pass(millis(1000));
  ear?.stop();
  await clock.pass(1000);
  const { length } = wire.said;
  await clock.pass(10_000);
  expect(wire.said).toHaveLength(length);
  opened.value.can.reader?.seen(() => {});
  await clock.pass(1000);
  expect(wire.said.length).toBeGreaterThan(length);
  await opened.value.close();
  peer.stop();
});
