import { describe, expect, test } from "vitest";
import type { Slip } from "../../devices/printer/capability.ts";
import { patience } from "./bench.ts";
import { printers, type Found } from "./drivers.ts";
import { marker, putPrinter, slip, wordsOf, type PrinterBench } from "./printer-bench.ts";
import { replugged } from "./plugging.ts";

const asked = ({ wire }: PrinterBench) => wire.said.filter((line) => line.startsWith(">"));
const isText = (line: string) => !/^\[(qr|picture|cut|unknown)/.test(line);
const meant = wordsOf(
  slip.flatMap((line) => {
    if (line.is === "text") return [line.text];
    return line.is === "pair" ? [line.left, line.right] : [];
  }),
);
/** What stands on paper, without rules. */
const onPaper = (bench: PrinterBench) =>
  wordsOf(bench.peer.truth().filter((line) => isText(line) && !/^-+$/.test(line)));
/** Letters that a line takes up. */
const widthOf = (line: string): number => {
  const [, style = "", text = ""] = /^(\[[a-z ]+\] )?(.*)$/.exec(line) ?? [];
  const width = Array.from(text, (char) => (char > "~" ? 2 : 1)).reduce((sum, one) => sum + one, 0);
  return style.includes("large") ? 2 * width : width;
};

describe.each(printers)("$profile", (one: Found) => {
  test("prints a slip once, word by word, in lines that the paper holds", async () => {
    const bench = await putPrinter(one);
    expect(await bench.print()).toEqual({ ok: true, value: undefined });
    await bench.clock.pass(10_000);
    expect(onPaper(bench)).toBe(meant);
    for (const line of bench.peer.truth()) {
      expect(line).not.toMatch(/^\[(broken|unknown)/);
      if (isText(line)) expect(widthOf(line)).toBeLessThanOrEqual(bench.printer.columns);
    }
    expect(bench.peer.truth()).toContainEqual(expect.stringMatching(/^\[centre large bold\] 健康小屋$/));
    expect(bench.peer.truth()).toContainEqual(expect.stringMatching(/^\[bold\] 血压 +128\/82 mmHg$/));
    await bench.end();
  });

  test("two slips one after the other are two, and modes of the first do not reach the second", async () => {
    const bench = await putPrinter(one);
    const titled: Slip = [{ is: "text", text: "一", size: "large", bold: true, align: "centre" }];
    for (const what of [titled, [{ is: "text", text: "二" }] satisfies Slip])
      expect(await bench.print(what)).toMatchObject({ ok: true });
    expect(bench.peer.truth().filter((line) => /[一二]/.test(line))).toEqual(["[centre large bold] 一", "二"]);
    await bench.end();
  });

  test("any split of what is written prints the same", async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const bench = await putPrinter(one, seed, { split: true, delay: 4 });
      expect(await bench.print()).toMatchObject({ ok: true });
      expect(onPaper(bench)).toBe(meant);
      await bench.end();
    }
  });

  test.each([
    ["paper", 0, "empty"],
    ["cover", true, "door-open"],
    ["error", true, "self-test"],
    ["silent", true, "silent"],
  ] as const)("with %s at %s before it begins nothing is printed, and the fault says so", async (knob, to, kind) => {
    const bench = await putPrinter(one);
    bench.peer.turn(knob, to);
    const answer = await bench.print();
    expect(answer).toMatchObject({ error: { kind, detail: expect.stringMatching(/nothing was printed$/) } });
    bench.peer.turn(knob, knob === "paper" ? "full" : false);
    await bench.clock.pass(60_000);
    expect(bench.peer.truth()).toEqual([]);
    // Set right, it prints the next.
    expect(await bench.print()).toMatchObject({ ok: true });
    expect(onPaper(bench)).toBe(meant);
    await bench.end();
  });

  test("paper that ends in the middle is a fault that says so, and nothing of the slip comes out with the next roll", async () => {
    for (const lines of [1, 3, 7]) {
      const bench = await putPrinter(one);
      bench.peer.turn("paper", lines);
      const answer = await bench.print();
      expect(answer).toMatchObject({ error: { kind: "empty", detail: expect.stringMatching(/may be cut short$/) } });
      const printed = bench.peer.truth().length;
      expect(printed).toBe(lines);
      await bench.clock.pass(1000);
      bench.peer.turn("paper", "full");
      await bench.clock.pass(60_000);
      expect(bench.peer.truth()).toHaveLength(printed);
      expect(await bench.print([{ is: "text", text: "下一位" }])).toMatchObject({ ok: true });
      expect(bench.peer.truth().slice(printed)).not.toContainEqual(expect.stringContaining(marker));
      expect(bench.peer.truth()).toContain("下一位");
      await bench.end();
    }
  });

  test("a cover that is opened in the middle is a fault, and nothing comes out when it is shut", async () => {
    const bench = await putPrinter(one);
    const printing = bench.printer.print(slip);
    await bench.clock.pass(200);
    bench.peer.turn("cover", true);
    expect(await bench.clock.finish(printing, patience)).toMatchObject({ error: { kind: "door-open" } });
    const printed = bench.peer.truth().length;
    await bench.clock.pass(1000);
    bench.peer.turn("cover", false);
    await bench.clock.pass(60_000);
    expect(bench.peer.truth()).toHaveLength(printed);
    await bench.end();
  });

  test("switched off in the middle it is a fault within half a minute, and never printed again", async () => {
    const bench = await putPrinter(one);
    const printing = bench.printer.print(slip);
    await bench.clock.pass(200);
    bench.peer.turn("silent", true);
    const answer = await bench.clock.finish(printing, 30_000);
    expect(answer).toMatchObject({
      error: { kind: "interrupted", detail: expect.stringMatching(/may be cut short$/) },
    });
    bench.peer.turn("silent", false);
    await bench.clock.pass(60_000);
    expect(wordsOf(bench.peer.truth()).match(/健康小屋/g)).toHaveLength(1);
    await bench.end();
  });

  test("what the paper had no room for comes out with no later roll, when the kiosk lost its power or its wire meanwhile", async () => {
    const bench = await putPrinter(one);
    bench.peer.turn("paper", 7);
    const printing = bench.printer.print(slip);
    await bench.clock.pass(1500);
    bench.wire.unplug();
    await bench.clock.finish(printing, patience);
    expect(bench.peer.truth()).toHaveLength(7);
    bench.wire.plug();
    const again = await bench.plugIn();
    await bench.clock.pass(1000);
    bench.peer.turn("paper", "full");
    await bench.clock.pass(60_000);
    expect(bench.peer.truth()).toHaveLength(7);
    expect(await bench.print([{ is: "text", text: "下一位" }], again)).toMatchObject({ ok: true });
    expect(wordsOf(bench.peer.truth().slice(7).filter(isText))).toBe("下一位");
    await bench.clock.finish(again.close(), patience);
    await bench.end();
  });

  test("a slow printer and slow answers are waited for", async () => {
    const bench = await putPrinter(one);
    bench.peer.turn("line-time", 400);
    bench.peer.turn("slow", 300);
    expect(await bench.print()).toMatchObject({ ok: true });
    expect(onPaper(bench)).toBe(meant);
    // It was told that it is printed only when it was: nothing more comes.
    const { length } = bench.peer.truth();
    await bench.clock.pass(60_000);
    expect(bench.peer.truth()).toHaveLength(length);
    await bench.end();
  });

  test("while a slip is being printed a second one is busy, and nothing of it is printed", async () => {
    const bench = await putPrinter(one);
    const first = bench.printer.print(slip);
    const second = await bench.clock.finish(bench.printer.print([{ is: "text", text: "第二张" }]), 0);
    expect(second).toMatchObject({ error: { kind: "busy" } });
    expect(await bench.clock.finish(first, patience)).toMatchObject({ ok: true });
    await bench.clock.pass(10_000);
    expect(onPaper(bench)).toBe(meant);
    await bench.end();
  });

  test("asked whether it lives in the middle of a slip, the slip stays whole", async () => {
    for (let after = 0; after < 1000; after += 50) {
      const bench = await putPrinter(one, 1, { split: true, delay: 3 });
      const early = bench.device.identify();
      const printing = bench.printer.print(slip);
      await bench.clock.pass(after);
      const late = bench.device.identify();
      const look = bench.device.selfTest("look");
      expect(await bench.clock.finish(printing, patience)).toMatchObject({ ok: true });
      for (const life of await bench.clock.finish(Promise.all([early, late, look]), patience))
        expect(life).toMatchObject({ ok: true });
      expect(onPaper(bench)).toBe(meant);
      await bench.end();
    }
  });

  test("a damaged answer never becomes a printed slip that is not on paper, nor a second one", async () => {
    for (const damaged of [1, 2, 3, 5]) {
      const bench = await putPrinter(one);
      bench.peer.turn("garble", damaged);
      const answer = await bench.print();
      await bench.clock.pass(60_000);
      const times = onPaper(bench).split(meant).length - 1;
      expect(times).toBeLessThanOrEqual(1);
      if (answer.ok) expect(times).toBe(1);
      else if (answer.error.detail.endsWith("nothing was printed")) expect(times).toBe(0);
      await bench.end();
    }
  });

  test("unplugged in the middle: a fault at once; what it says of the paper is true; plugged in again it prints the next", async () => {
    for (let after = 0; after <= 1000; after += 40) {
      const bench = await putPrinter(one, after + 1, { delay: 10 });
      const printing = bench.printer.print(slip);
      await bench.clock.pass(after);
      const before = bench.peer.truth().length;
      bench.wire.unplug();
      const answer = await bench.clock.finish(printing, 0);
      if (!answer.ok) {
        expect(["no-device", "interrupted"]).toContain(answer.error.kind);
        if (answer.error.kind === "no-device") expect(before).toBe(0);
      }
      expect(await bench.clock.finish(bench.printer.print(slip), 0)).toMatchObject({ error: { kind: "no-device" } });
      expect(await bench.clock.finish(bench.device.identify(), 0)).toMatchObject({ error: { kind: "no-device" } });
      await bench.clock.finish(bench.device.close(), 0);
      await bench.clock.pass(10_000);
      bench.wire.plug();
      const again = await bench.plugIn();
      expect(await bench.print([{ is: "text", text: "下一位" }], again)).toMatchObject({ ok: true });
      expect(bench.peer.truth()).toContain("下一位");
      await bench.clock.finish(again.close(), 0);
      bench.peer.stop();
    }
  });

  test("closed in the middle: settled at once, no timer and no listener is left, and nothing more is said", async () => {
    for (const after of [0, 1, 5, 30, 300, 900]) {
      const bench = await putPrinter(one, 1, { delay: 4 });
      const open = [bench.printer.print(slip), bench.device.identify(), bench.device.selfTest("look")];
      await bench.clock.pass(after);
      await bench.clock.finish(bench.device.close(), 0);
      await bench.clock.finish(Promise.all(open), 0);
      const said = asked(bench).length;
      bench.peer.stop();
      expect(bench.clock.pending().filter((label) => !label.startsWith("wire: "))).toEqual([]);
      expect(bench.wire.listeners()).toBe(0);
      expect(await bench.clock.finish(bench.printer.print(slip), 0)).toMatchObject({ ok: false });
      expect(await bench.clock.finish(bench.device.identify(), 0)).toMatchObject({ ok: false });
      await bench.clock.pass(60_000);
      expect(asked(bench)).toHaveLength(said);
      await bench.clock.finish(bench.device.close(), 0);
    }
  });

  test("no word of a slip stands in a note, a fault or a sentence of the self-test", async () => {
    for (const [knob, to] of [
      ["paper", 2],
      ["paper", 0],
      ["silent", true],
      ["garble", 9],
      ["line-time", 60],
    ] as const) {
      const bench = await putPrinter(one);
      bench.peer.turn(knob, to);
      const said = [
        await bench.print(),
        await bench.clock.finish(bench.device.selfTest("look"), patience),
        bench.notes,
      ];
      const text = JSON.stringify(said);
      for (const word of [marker, "128/82", "血压", "Bailong"]) expect(text).not.toContain(word);
      await bench.end();
    }
  });

  test("replugged, it works again within 10 s, also without paper", async () => {
    const bench = await putPrinter(one);
    bench.peer.turn("paper", 0);
    expect(await replugged(one, bench)).toEqual({ told: ["working", "absent", "working"], listeners: 0 });
  });
});
