import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import fc from "fast-check";
import jsQR from "jsqr";
import { describe, expect, test } from "vitest";
import type { BytePort, Sink } from "../../../devices/kit/port.ts";
import { ok, type Result } from "../../../devices/kit/result.ts";
import type { Slip } from "../../../devices/printer/capability.ts";
import { encoded } from "../../../devices/printer/escpos-encode.ts";
import type { EscposOptions } from "../../../devices/printer/escpos-options.ts";
import driver from "../../../devices/printer/escpos.ts";
import { pageOf } from "../../../devices/printer/escpos-page.ts";
import { printers } from "../../contract/drivers.ts";
import { putPrinter, slip } from "../../contract/printer-bench.ts";
import { manualClock } from "../../kit/clock.ts";
import { unhex } from "../../kit/wire.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const options: EscposOptions = { columns: 32, cut: "none", codePage: "gb18030", qr: "raster", tells: "printed" };
const [narrow] = printers;
if (narrow === undefined) throw new Error("there is no printer");

describe("a printer that does not take its bytes", () => {
  test("is given up, and what it did not take is never sent again on that wire", async () => {
    const clock = manualClock();
    const sent: Uint8Array[] = [];
    const takes: ((answer: Result<void>) => void)[] = [];
    const sinks = new Set<Sink<Uint8Array>>();
    const port: BytePort = {
      label: "wire",
      send(bytes) {
        sent.push(bytes);
        const isSlip = bytes.length > 20;
        // It says that it is well, whatever it is asked.
        if (!isSlip) queueMicrotask(() => sinks.forEach((sink) => sink.heard(Uint8Array.of(0x12))));
        return isSlip ? new Promise((resolve) => takes.push(resolve)) : Promise.resolve(ok(undefined));
      },
      listen(sink) {
        sinks.add(sink);
        return { stop: () => void sinks.delete(sink) };
      },
    };
    const opened = await driver.open({ id: "printer", options, port, clock, note() {} });
    if (!opened.ok) throw new Error(opened.error.detail);
    const printing = opened.value.can.printer?.print(slip) ?? expect.unreachable();
    await clock.pass(3000);
    // Asked meanwhile whether it lives, it is not taken for dead because the answer stands behind the slip.
    const asked = sent.length;
    expect(await clock.finish(opened.value.identify(), 10_000)).toMatchObject({ ok: true });
    expect(await clock.finish(opened.value.selfTest("look"), 10_000)).toMatchObject({ ok: true });
    expect(sent).toHaveLength(asked);
    expect(await clock.finish(printing, 60_000)).toMatchObject({ error: { kind: "interrupted" } });
    const { length } = sent;
    for (const take of takes) take(ok(undefined));
    await clock.pass(60_000);
    expect(sent).toHaveLength(length);
    // The supervisor closes the wire and opens another.
    expect(await opened.value.identify()).toMatchObject({ ok: false });
    expect(await opened.value.can.printer?.print(slip)).toMatchObject({ ok: false });
    await opened.value.close();
  });
});

describe("a QR code", () => {
  const text = "血压 128/82 mmHg；血糖 5.6 mmol/L。仅供参考，不作诊断。".repeat(6);

  test("as a picture is read from paper", async () => {
    const bench = await putPrinter(narrow, 1, {}, { qr: "raster" });
    expect(await bench.print([{ is: "qr", text }])).toMatchObject({ ok: true });
    const [, across = "", rows = "", dots = ""] =
      /\[picture (\d+)x(\d+)\] (\w+)/.exec(bench.peer.truth().join("\n")) ?? [];
    const [width, height] = [Number(across), Number(rows)];
    const bits = unhex(dots.replaceAll(/../g, "$& "));
    expect(width).toBeLessThanOrEqual(384);
    const image = Uint8ClampedArray.from({ length: width * height * 4 }, (_, i) => {
      const dot = Math.floor(i / 4);
      const isDark = (bits[dot >> 3] ?? 0) & (0x80 >> (dot & 7));
      return i % 4 !== 3 && isDark ? 0 : 255;
    });
    expect(jsQR.default(image, width, height)?.data).toBe(text);
    await bench.end();
  });

  test("drawn by the printer has its whole text, in bytes and not in characters, and fits on the paper", async () => {
    const bench = await putPrinter(narrow);
    expect(await bench.print([{ is: "qr", text }])).toMatchObject({ ok: true });
    // 81 modules and 8 of white: 4 dots each are 356 of 384.
    expect(bench.peer.truth()).toContain(`[qr 4] ${text}`);
    await bench.end();
  });

  test("as a picture never holds a byte with which a command in real time begins", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 900 }), fc.constantFrom(32, 48), (said, columns) => {
        const bytes = encoded(pageOf([{ is: "qr", text: said }], { ...options, columns }), { ...options, columns });
        const picture = bytes.subarray(bytes.findIndex((byte, at) => byte === 0x1d && bytes[at + 1] === 0x76) + 8);
        expect(picture).not.toContain(0x10);
      }),
      { numRuns: 40 },
    );
  });
});

test("a printer that only says how it is finds out that the paper ended in the middle", async () => {
  const bench = await putPrinter(narrow, 1, {}, { tells: "state" });
  expect(await bench.print()).toMatchObject({ ok: true });
  bench.peer.turn("paper", 3);
  expect(await bench.print()).toMatchObject({ error: { kind: "empty" } });
  await bench.end();
});

test("a printer that tells nothing is believed, and is asked nothing", async () => {
  const bench = await putPrinter(narrow, 1, {}, { tells: "nothing" });
  const short: Slip = [{ is: "text", text: "好" }];
  expect(await bench.print(short)).toMatchObject({ ok: true });
  expect(await bench.clock.finish(bench.device.identify(), 0)).toMatchObject({ ok: true });
  // What an earlier run left in it is forgotten, and the slip is sent: no more.
  const told = bench.wire.said.filter((line) => line.startsWith(">"));
  expect(told).toHaveLength(2);
  expect(told[0]).toBe("> 10 14 08 01 03 14 01 06 02 08");
  expect(bench.wire.said.filter((line) => line.startsWith("<"))).toEqual([]);
  await bench.end();
});

test("nothing that makes bytes is loaded before the first slip", async () => {
  const script = `
    import { createRequire } from "node:module";
    const { default: driver } = await import("./devices/printer/escpos.ts");
    const port = { label: "wire", send: async () => ({ ok: true }), listen: () => ({ stop() {} }) };
    const clock = { mono: () => performance.now(), after: (delay, _, wake) => { const t = setTimeout(wake, delay); return { cancel: () => clearTimeout(t) }; } };
    const options = driver.options({ tells: "nothing" }).value;
    const device = await driver.open({ id: "printer", options, port, clock, note() {} });
    const loaded = () => Object.keys(createRequire(import.meta.url).cache).some((path) => path.includes("node-thermal-printer"));
    const before = loaded();
    await device.value.can.printer.print([{ is: "gap" }]);
    console.log(JSON.stringify([before, loaded()]));`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], { cwd: root });
  expect(JSON.parse(stdout)).toEqual([false, true]);
});
