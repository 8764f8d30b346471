import * as fc from "fast-check";
import { expect, test } from "vitest";
import peerOf from "../../../devices/health/onetouch-ultra2.peer.ts";
import driver from "../../../devices/health/onetouch-ultra2.ts";
import { framer, sumOf, type Ultra2Said } from "../../../devices/health/onetouch-ultra2-wire.ts";
import { minutes, seconds } from "../../../devices/kit/clock.ts";
import { expectFramed, flipped, framesOf } from "./framed.ts";
import { layMeter, outcomeOf } from "./meter-wire.ts";

/** ot2-sum, TEST [S19]. */
const summed = { text: 'T "SAT","08/03/13","22:12:00   "', sum16: "0608" };
/** ot2-rec, SYN [S19]. */
const record = 'P "SAT","08/03/13","22:12:00   ","  108 ","N","00", 00 09A7\r\n';
/** A published dump of three records [S20]. */
const published = [
  'P 003,"GMF600DCY","MG/DL " 05A6\r\n',
  'P "SAT","03/21/15","16:45:24   ","  081 ","N","03", 00 09B6\r\n',
  'P "SAT","03/21/15","16:42:11   ","  105 ","B","02", 00 099F\r\n',
  'P "SAT","03/21/15","16:39:46   ","  176 ","N","02", 00 09C1\r\n',
].join("");

const ascii = (text: string) => new TextEncoder().encode(text);
const dumpOf = (...lines: readonly string[]) => ascii(`P 00${lines.length},"GMF600DCY","MG/DL " ${header(lines)}`);
const header = (lines: readonly string[]) =>
  `${sumOf(`P 00${lines.length},"GMF600DCY","MG/DL "`)}\r\n${lines.join("")}`;
const recordLine = (value: string, meal = "N") => {
  const text = `P "SAT","08/03/13","22:12:00   ","${value}","${meal}","00", 00`;
  return `${text} ${sumOf(text)}\r\n`;
};

test("the sum of a published line is the published one", () => {
  expect(sumOf(summed.text)).toBe(summed.sum16);
});

test("a dump of the vector's record is 108 mg/dL on 2013-08-03 at 22:12:00, however the bytes come", () => {
  const dump: Ultra2Said = {
    is: "dump",
    serial: "GMF600DCY",
    records: [{ at: "13/08/03 22:12:00", glucose: 108, control: false, meal: "none" }],
  };
  expectFramed(framer, dumpOf(record), dump);
});

test("the published dump has three records", () => {
  expect(framesOf(framer, ascii(published))).toMatchObject([
    {
      is: "dump",
      records: [
        { at: "15/03/21 16:45:24", glucose: 81, meal: "none" },
        { at: "15/03/21 16:42:11", glucose: 105, meal: "before" },
        { at: "15/03/21 16:39:46", glucose: 176, meal: "none" },
      ],
    },
  ]);
});

test("a flipped bit anywhere in a dump leaves no dump", () => {
  for (const wrong of flipped(dumpOf(record)))
    expect(framesOf(framer, wrong).filter(({ is }) => is === "dump")).toEqual([]);
});

test("a line that came twice does not take the place of another", () => {
  const [first = "", second = "", third = ""] = published.split(/(?<=\n)/).slice(1);
  const [dump] = framesOf(framer, dumpOf(first, second, third));
  const doubled = ascii(
    `P 003,"GMF600DCY","MG/DL " ${header([first, second, third])}`.replace(second, second + second),
  );
  expect(framesOf(framer, doubled)[0]).toEqual(dump);
  expect(framesOf(framer, dumpOf(first, first, second))).toEqual([]);
});

test.each([
  [" HIGH ", { glucose: "above", control: false }],
  ["  LOW ", { glucose: "below", control: false }],
  ["  019 ", { glucose: "below", control: false }],
  ["  020 ", { glucose: 20, control: false }],
  ["  600 ", { glucose: 600, control: false }],
  ["  601 ", { glucose: "above", control: false }],
  ["C 110 ", { glucose: 110, control: true }],
])("the value %j means %j", (value, means) => {
  expect(framesOf(framer, dumpOf(recordLine(value)))).toMatchObject([{ is: "dump", records: [means] }]);
});

test("what is no value leaves no dump", () => {
  for (const value of ["      ", "  1.8 ", "  -08 ", "  1 8 ", "C     "])
    expect(framesOf(framer, dumpOf(recordLine(value)))).toEqual([{ is: "damaged" }]);
});

test("no bytes at all make it throw, hold more than a line, or give other frames when they come otherwise", () => {
  const piece = fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.constantFrom(ascii(record), ascii(published)));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), fc.nat(), (pieces, where) => {
      const all = Uint8Array.from(pieces.flatMap((bytes) => [...bytes]));
      const cut = where % (all.length + 1);
      expect(framesOf(framer, all.slice(0, cut), all.slice(cut))).toEqual(framesOf(framer, ...pieces));
      expect(framer.push(framer.start, all).state.text.length).toBeLessThan(100);
    }),
  );
});

test("a test of control solution is nobody's, and the drop of blood after it is the person's", async () => {
  const { clock, peer, begin, close } = await layMeter(driver, peerOf);
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

test("a full memory, whose number stays the same, gives the new result too", async () => {
  const { clock, peer, begin, close } = await layMeter(driver, peerOf);
  peer.turn("full", true);
  const { under } = begin();
  await clock.pass(seconds(5));
  peer.turn("measure", "glucose=133");
  await clock.pass(seconds(20));
  expect(outcomeOf(under.outcome)).toEqual({ glucose: 133 });
  await close();
});

test("a meter whose clock was turned back gives the new result, not the one that looks the newest", async () => {
  const { clock, peer, begin, close } = await layMeter(driver, peerOf);
  peer.turn("stale", true);
  const { under } = begin();
  await clock.pass(seconds(5));
  peer.turn("set-clock", true);
  peer.turn("measure", "glucose=133");
  await clock.pass(seconds(20));
  expect(outcomeOf(under.outcome)).toEqual({ glucose: 133 });
  await close();
});

test("another meter on the cable ends the measurement: what lies in it is somebody else's", async () => {
  const { clock, peer, begin, close } = await layMeter(driver, peerOf);
  const { under } = begin();
  await clock.pass(seconds(5));
  peer.turn("swap", true);
  await clock.pass(seconds(20));
  expect(outcomeOf(under.outcome)).toBe("refused");
  await close();
});

test("silent for two minutes because a strip is in it, it is not given up; after four it is", async () => {
  const { clock, peer, begin, device, close } = await layMeter(driver, peerOf);
  const { under } = begin();
  await clock.pass(seconds(5));
  peer.turn("silent", true);
  await clock.pass(minutes(2));
  expect(outcomeOf(under.outcome)).toBe("pending");
  expect(await clock.finish(device.identify())).toMatchObject({ ok: true });
  peer.turn("silent", false);
  await clock.pass(seconds(10));
  peer.turn("measure", "glucose=101");
  await clock.pass(seconds(20));
  expect(outcomeOf(under.outcome)).toEqual({ glucose: 101 });

  const dead = begin();
  await clock.pass(seconds(5));
  peer.turn("silent", true);
  await clock.pass(minutes(4));
  expect(outcomeOf(dead.under.outcome)).toBe("silent");
  await close();
});

test("nothing is sent but questions, and no note has a value", async () => {
  const { clock, peer, begin, wire, notes, close } = await layMeter(driver, peerOf);
  begin();
  await clock.pass(seconds(3));
  peer.turn("measure", "glucose=133");
  await clock.pass(seconds(20));
  const sent = new Set(wire.said.filter((line) => line.startsWith(">")));
  const hexOf = (command: string) =>
    `> ${Buffer.from(`\x11\r${command}\r`)
      .toString("hex")
      .toUpperCase()
      .replace(/..(?=.)/g, "$& ")}`;
  expect(sent).toEqual(new Set(["DM?", "DM@", "DMP"].map(hexOf)));
  expect(notes).toEqual([]);
  await close();
});
