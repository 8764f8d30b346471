import { expect, test } from "vitest";
import gm65 from "../../../devices/reader/gm65.ts";
import peerOf from "../../../devices/reader/gm65.peer.ts";
import { address, encode, framer } from "../../../devices/reader/gm65-wire.ts";
import { hex, unhex } from "../../kit/wire.ts";
import { layReader } from "./serial-bench.ts";

const save = "7E 00 09 01 00 00 00 DE C8";
const trigger = "7E 00 08 01 00 02 01 02 DA";
const lay = (options: object = {}) => layReader(gm65, peerOf, options);
const look = async ({ clock, open }: ReturnType<typeof lay>) => {
  const device = await open();
  const looked = await clock.finish(device.selfTest("look"));
  if (!looked.ok) throw new Error(looked.error.detail);
  return looked.value;
};

test.each([
  ["P", { do: "write", address: address.trigger, value: 1 }, trigger, "starts a reading, with its true CRC"],
  ["P", { do: "read", address: 0x0000 }, "7E 00 07 01 00 00 01 01 41", "reads the mode, with its true CRC"],
  ["P", { do: "read", address: 0x000a }, "7E 00 07 01 00 0A 01 EE 8A", "reads 000A, as the manual prints it"],
  ["P", { do: "write", address: 0x000a, value: 0x3e }, "7E 00 08 01 00 0A 3E 4C CF", "writes 000A, as printed"],
  ["P", { do: "save" }, save, "saves"],
] as const)("%s %j is %s: it %s", (_mark, question, bytes, _does) => {
  expect(hex(encode(question))).toBe(bytes);
});

test("the printed answers are understood, and none whose CRC is wrong", () => {
  const push = (bytes: string) => framer.push(framer.start, unhex(bytes)).frames;
  expect(push("02 00 00 01 00 33 31")).toEqual([{ is: "answer", answer: 0 }]);
  expect(push("02 00 00 01 3E E4 AC")).toEqual([{ is: "answer", answer: 0x3e }]);
  expect(push("02 00 00 01 00 33 30")).toEqual([]);
  // AB CD stands for "not checked" only where the kiosk asks.
  expect(push("02 00 00 01 00 AB CD")).toEqual([]);
});

test("a new module is set up, and saved once; opened again nothing is written and nothing saved", async () => {
  const bench = lay();
  const device = await bench.open();
  expect(bench.asked(save)).toBe(1);
  expect(bench.notes).toEqual([["gm65.set-up", undefined]]);
  await device.close();
  bench.peer.turn("power", true);
  const before = bench.wire.said.length;
  await bench.open();
  expect(bench.wire.said.slice(before).filter((line) => /^> 7E 00 0[89]/.test(line))).toEqual([]);
});

test("a printed setup code sets a new module to manual mode, but not one that the kiosk has opened", async () => {
  const untouched = lay();
  untouched.peer.turn("memory", "0=D6");
  untouched.peer.turn("setup-code", true);
  await untouched.clock.pass(2000);
  untouched.peer.turn("scan", "4829163550");
  await untouched.clock.pass(3000);
  expect(untouched.peer.truth()).toEqual([]);

  const opened = lay();
  expect(await look(opened)).toContain("setup codes: off");
  opened.peer.turn("setup-code", true);
  await opened.clock.pass(2000);
  opened.peer.turn("scan", "4829163550");
  await opened.clock.pass(3000);
  expect(opened.peer.truth()).toEqual(["4829163550"]);
  expect(opened.texts()).toContain("4829163550");
});

test("setup codes stay off when the module loses its power", async () => {
  const bench = lay();
  const device = await bench.open();
  bench.peer.turn("power", true);
  const looked = await bench.clock.finish(device.selfTest("look"));
  expect(looked.ok && looked.value).toContain("setup codes: off");
});

test("a module that says yes and keeps its setup codes on is told of, to the log and to the technician", async () => {
  const bench = lay();
  bench.peer.turn("stubborn", "3");
  expect(await look(bench)).toEqual([
    "firmware V1.30",
    "mode: continuous",
    "setup codes: ON: a printed code can change this scanner",
    "not taken by the module: setup codes",
    expect.stringMatching(/^noise on the line/),
  ]);
  expect(bench.notes).toContainEqual(["gm65.setting-not-taken", { setting: "setup codes" }]);
});

test("what an earlier owner left in the module does not show in the texts", async () => {
  const bench = lay();
  // CR LF and a code letter, 12.7 s for the same code, asleep after 30 s, cut texts, texts to the USB keyboard.
  for (const byte of ["60=25", "13=FF", "7=81", "B0=1", "D=81"]) bench.peer.turn("memory", byte);
  await bench.open();
  bench.peer.turn("scan", "4829163550");
  await bench.clock.pass(3000);
  expect(new Set(bench.texts())).toEqual(new Set(["4829163550"]));
  for (const [at, value] of [
    [0x60, 0x01],
    [0x13, 0x8a],
    [0x07, 0x01],
    [0xb0, 0x00],
    // Its upper bits stay as they were.
    [0x0d, 0x80],
  ] as const)
    expect(bench.asked(hex(encode({ do: "write", address: at, value })))).toBe(1);
});

test.each([
  ["the serial line", "80"],
  ["the virtual serial port of its USB plug", "83"],
])("a module that speaks over %s is left so", async (_where, output) => {
  const bench = lay();
  bench.peer.turn("memory", `D=${output}`);
  await bench.open();
  expect(bench.wire.said.filter((line) => line.startsWith("> 7E 00 08 01 00 0D"))).toEqual([]);
});

test("only firmware 69 gets raw output", async () => {
  for (const [firmware, writes] of [
    [0x69, 1],
    [0x6e, 0],
    [0x82, 0],
  ] as const) {
    const bench = lay();
    bench.peer.turn("firmware", firmware);
    await bench.open();
    expect(bench.asked(hex(encode({ do: "write", address: address.raw, value: 8 })))).toBe(writes);
    expect(bench.wire.said.filter((line) => line.startsWith("> 7E 00 07 01 00 BC")).length > 0).toBe(writes > 0);
  }
});

test.each(["continuous", "command"])(
  "a code that is held in %s mode is told again within 2 s, for a minute",
  async (mode) => {
    const bench = lay({ mode });
    await bench.open();
    bench.peer.turn("hold", "4829163550");
    await bench.clock.pass(60_000);
    const gaps = bench.told.map(({ at }, i) => at - (bench.told[i - 1]?.at ?? at)).slice(1);
    expect(gaps.length).toBeGreaterThan(30);
    expect(Math.max(...gaps)).toBeLessThan(2000);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1000);
  },
);

test("in command mode a reading is started at once, after each text, and when nothing came", async () => {
  const bench = lay({ mode: "command" });
  await bench.open();
  expect(bench.asked(trigger)).toBe(1);
  bench.peer.turn("scan", "6901028075763");
  await bench.clock.pass(200);
  expect(bench.asked(trigger)).toBe(2);
  await bench.clock.pass(20_000);
  expect(bench.asked(trigger)).toBeGreaterThanOrEqual(5);
  bench.peer.turn("scan", "4829163550");
  await bench.clock.pass(2000);
  expect(bench.texts()).toEqual(["6901028075763", "4829163550"]);
});

test("in command mode it reads again within 6 s of a loss of power", async () => {
  const bench = lay({ mode: "command" });
  await bench.open();
  bench.peer.turn("power", true);
  await bench.clock.pass(6000);
  bench.peer.turn("scan", "4829163550");
  await bench.clock.pass(1000);
  expect(bench.texts()).toEqual(["4829163550"]);
});

test("with codeId the text comes without its letter, and says how it was printed", async () => {
  const bench = lay({ codeId: true });
  await bench.open();
  bench.peer.turn("scan", "4829163550");
  await bench.clock.pass(1000);
  expect(bench.told[0]?.reading).toMatchObject({ is: "text", symbology: "qr" });
  expect(bench.texts()[0]).toBe("4829163550");
});

test("scans while the kiosk asks: every text is told, every question answered", async () => {
  const bench = lay();
  const device = await bench.open();
  const texts = Array.from({ length: 40 }, (_, i) => `48291635${i + 10}`);
  for (const text of texts) {
    bench.peer.turn("scan", text);
    for (let ask = 0; ask < 5; ask++) {
      const life = await bench.clock.finish(device.identify());
      expect(life).toEqual({ ok: true, value: { model: "GM65", firmware: "V1.30" } });
    }
    await bench.clock.pass(1300);
  }
  expect(Array.from(new Set(bench.texts()))).toEqual(texts);
});

test("where nobody answers it does not open, and says so", async () => {
  const bench = lay();
  bench.peer.turn("silent", true);
  await expect(bench.open()).rejects.toThrow("silent: no answer in 500 ms");
  expect(bench.wire.listeners()).toBe(0);
  bench.peer.stop();
  expect(bench.clock.pending()).toEqual([]);
});
