import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { machineClock } from "../../../controller/world.node.ts";
import { millis } from "../../../devices/kit/clock.ts";
import type { Fault } from "../../../devices/kit/fault.ts";
import { isLp, openLp } from "../../../devices/port/lp.ts";
import escpos from "../../../devices/printer/escpos.ts";
import { layLine, type Line } from "../../kit/line.ts";

// A pseudo-terminal stands for the printer's device file: it too can be read and written without blocking, and goes.

const clock = machineClock(millis(0));
const patience = { timeout: 20_000, interval: 20 };
let line: Line;

beforeEach(async () => {
  line = await layLine("escpos-58");
});
afterEach(() => line.end());

async function open() {
  const opened = await openLp(line.near, clock);
  if (!opened.ok) throw new Error(opened.error.detail);
  const heard: number[] = [];
  const lost: Fault[] = [];
  opened.value.port.listen({ heard: (chunk) => heard.push(...chunk), lost: (why) => lost.push(why) });
  return { ...opened.value, heard, lost };
}

describe("a USB printer's device file", () => {
  test("carries a slip and the printer's answers: the driver prints on it", async () => {
    const { port, close } = await open();
    const options = escpos.options({ columns: 32 });
    if (!options.ok) throw new Error(options.error.join());
    const printer = await escpos.open({ id: "printer", options: options.value, port, clock, note() {} });
    if (!printer.ok) throw new Error(printer.error.detail);
    expect(await printer.value.can.printer?.print([{ is: "text", text: "体温 36.6\u00a0°C" }])).toMatchObject({
      ok: true,
    });
    expect(await line.fell()).toContain("体温 36.6 °C");
    await line.turn("paper", 0);
    expect(await printer.value.can.printer?.print([{ is: "text", text: "下一位" }])).toMatchObject({
      error: { kind: "empty" },
    });
    await printer.value.close();
    await close();
  });

  test("takes more than its buffer holds as the printer takes it, byte by byte in order", async () => {
    const { port, close } = await open();
    const lines = Array.from({ length: 1500 }, (_, i) => `${i}`);
    await line.turn("line-time", 0);
    const [sent, after] = await Promise.all([
      port.send(new TextEncoder().encode(`${lines.join("\n")}\n`)),
      port.send(new TextEncoder().encode("end\n")),
    ]);
    expect([sent, after]).toEqual([
      { ok: true, value: undefined },
      { ok: true, value: undefined },
    ]);
    await vi.waitFor(async () => expect((await line.fell()).at(-1)).toBe("end"), patience);
    expect((await line.fell()).filter((text) => text !== "")).toEqual([...lines, "end"]);
    await close();
  });

  test("unplugged it is lost once, and takes no more", async () => {
    const printer = await open();
    await line.end();
    await vi.waitFor(() => expect(printer.lost).toHaveLength(1), patience);
    expect(printer.lost).toMatchObject([{ kind: "no-device", detail: expect.stringContaining("unplugged") }]);
    expect(await printer.port.send(Uint8Array.of(1))).toMatchObject({ error: { kind: "no-device" } });
    const late: Fault[] = [];
    printer.port.listen({ heard() {}, lost: (why) => late.push(why) });
    expect(late).toHaveLength(1);
    await printer.close();
    expect(printer.lost).toHaveLength(1);
  });

  test("closed it settles what is being sent, says so once, and can be opened again", async () => {
    const printer = await open();
    const sending = printer.port.send(new Uint8Array(100_000).fill(10));
    await printer.close();
    expect(await sending).toMatchObject({ error: { kind: "no-device" } });
    expect(printer.lost).toMatchObject([{ detail: expect.stringContaining("closed") }]);
    const again = await open();
    await again.port.send(Uint8Array.of(0x10, 0x04, 4));
    await vi.waitFor(() => expect(again.heard).toEqual([0x12]), patience);
    await again.close();
  });
});

test("says what is wrong with a path", async () => {
  const folder = mkdtempSync(join(tmpdir(), "lp-"));
  writeFileSync(join(folder, "file"), "");
  expect(await openLp(join(folder, "none"), clock)).toMatchObject({ error: { kind: "no-device" } });
  expect(await openLp(join(folder, "file"), clock)).toMatchObject({ error: { kind: "misconfigured" } });
  rmSync(folder, { recursive: true });
});

test("a printer is known by its device file, also behind a link", async () => {
  const folder = mkdtempSync(join(tmpdir(), "lp-"));
  expect(await isLp("/dev/usb/lp0")).toBe(true);
  expect(await isLp("/dev/ttyUSB0")).toBe(false);
  symlinkSync("/dev/null", join(folder, "printer"));
  expect(await isLp(join(folder, "printer"))).toBe(false);
  rmSync(folder, { recursive: true });
});
