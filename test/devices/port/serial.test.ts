import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Fault } from "../../../devices/kit/fault.ts";
import type { BytePort } from "../../../devices/kit/port.ts";
import { rests } from "../../../devices/port/gathering.ts";
import { openSerial, type SerialWiring } from "../../../devices/port/serial.ts";
import { manualClock } from "../../kit/clock.ts";

// Over real pseudo-terminals, made by socat. A pseudo-terminal does not pace: 9600 bit/s is a name here.

let folder: string;
let near: string;
let far: string;
let cable: ChildProcess | undefined;

async function plug() {
  cable = spawn("socat", [`pty,raw,echo=0,link=${near}`, `pty,raw,echo=0,link=${far}`], { stdio: "ignore" });
  await vi.waitFor(() => expect(existsSync(near) && existsSync(far)).toBe(true), 10_000);
}

async function unplug() {
  const gone = cable;
  cable = undefined;
  if (!gone || gone.exitCode !== null) return;
  const ended = new Promise((resolve) => gone.once("exit", resolve));
  gone.kill("SIGTERM");
  await ended;
  rmSync(near, { force: true });
  rmSync(far, { force: true });
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "serial-"));
  near = join(folder, "near");
  far = join(folder, "far");
  await plug();
});
afterEach(async () => {
  await unplug();
  rmSync(folder, { recursive: true });
});

async function open(path: string, more: Pick<SerialWiring, "gathersBy"> = {}) {
  const opened = await openSerial({ by: "path", match: path, ...more }, { baud: 9600 });
  if (!opened.ok) throw new Error(opened.error.detail);
  return { ...opened.value, ...hearing(opened.value.port) };
}

function hearing(port: BytePort) {
  const heard: number[] = [];
  const chunks: number[] = [];
  const lost: Fault[] = [];
  port.listen({
    heard(chunk) {
      heard.push(...chunk);
      chunks.push(chunk.length);
    },
    lost: (why) => lost.push(why),
  });
  return { heard, chunks, lost };
}

describe("a serial port", () => {
  test("carries every byte both ways", async () => {
    const kiosk = await open(near);
    const machine = await open(far);
    const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    expect(await kiosk.port.send(all)).toEqual({ ok: true, value: undefined });
    await machine.port.send(all.toReversed());
    await vi.waitFor(() => expect(machine.heard).toEqual([...all]), 10_000);
    await vi.waitFor(() => expect(kiosk.heard).toEqual([...all].reverse()), 10_000);
    await kiosk.close();
    await machine.close();
  });

  test("tells once that it was unplugged, fails what is sent then, and opens anew after replugging", async () => {
    const kiosk = await open(near);
    await unplug();
    await vi.waitFor(() => expect(kiosk.lost).toHaveLength(1), 10_000);
    expect(kiosk.lost[0]).toEqual({ kind: "no-device", detail: `${near} was unplugged` });
    expect(await kiosk.port.send(Uint8Array.of(1))).toMatchObject({ error: { kind: "no-device" } });
    expect(await openSerial({ by: "path", match: near })).toEqual({
      ok: false,
      error: { kind: "no-device", detail: `nobody at ${near}: is the cable plugged in?` },
    });

    await plug();
    const again = await open(near);
    const machine = await open(far);
    await machine.port.send(Uint8Array.of(7));
    await vi.waitFor(() => expect(again.heard).toEqual([7]), 10_000);
    // The unplugged port is silent for good, and closing it is harmless.
    await kiosk.close();
    expect([kiosk.lost.length, kiosk.heard]).toEqual([1, []]);
    await again.close();
    await machine.close();
  });

  test("never sends after a reopening what was written while it was closed", async () => {
    const machine = await open(far);
    const kiosk = await open(near);
    await kiosk.close();
    expect(await kiosk.port.send(Uint8Array.of(0xde, 0xad))).toMatchObject({ error: { kind: "no-device" } });
    const again = await open(near);
    await again.port.send(Uint8Array.of(1));
    await vi.waitFor(() => expect(machine.heard).toContain(1), 10_000);
    await sleep(100);
    expect(machine.heard).toEqual([1]);
    await again.close();
    await machine.close();
  });

  test("is opened by one program only", async () => {
    const kiosk = await open(near);
    expect(await openSerial({ by: "path", match: near })).toEqual({
      ok: false,
      error: { kind: "busy", detail: `${near} is in use by another program` },
    });
    await kiosk.close();
    const next = await open(near);
    await next.close();
  });

  test("tells its listeners that it was closed, and late listeners that it is gone", async () => {
    const kiosk = await open(near);
    await kiosk.close();
    await kiosk.close();
    expect(kiosk.lost).toEqual([{ kind: "no-device", detail: `${near} was closed` }]);
    expect(hearing(kiosk.port).lost).toHaveLength(1);
  });

  test("a write into a wire being unplugged settles, and nothing escapes", async () => {
    const escaped: unknown[] = [];
    const escape = (mistake: unknown) => escaped.push(mistake);
    process.on("uncaughtException", escape);
    const kiosk = await open(near);
    const ended = unplug();
    const sent = await Promise.all(Array.from({ length: 20 }, () => kiosk.port.send(new Uint8Array(4000))));
    await ended;
    await vi.waitFor(() => expect(kiosk.lost).toHaveLength(1), 10_000);
    expect(sent.filter((result) => !result.ok).length).toBeGreaterThan(0);
    await sleep(50);
    process.off("uncaughtException", escape);
    expect(escaped).toEqual([]);
  });

  test("what is no serial port is called so", async () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    for (const match of [file, folder, "/dev/null"])
      expect(await openSerial({ by: "path", match })).toMatchObject({
        error: { kind: "misconfigured", detail: `${match} is not a serial port` },
      });
  });

  test("a speed that makes no sense is a sentence, not an exception", async () => {
    expect(await openSerial({ by: "path", match: near, baud: Number.NaN })).toMatchObject({ ok: false });
  });
});

describe("a serial port at which a device streams", () => {
  test("is read in gathered chunks, at most one a pause, and gives every byte in order", async () => {
    const waits: number[] = [];
    const kiosk = await open(near, {
      gathersBy: {
        after(delay, _label, wake) {
          waits.push(delay);
          const timer = setTimeout(wake, delay);
          return { cancel: () => clearTimeout(timer) };
        },
      },
    });
    const machine = await open(far);
    const began = performance.now();
    for (let byte = 0; byte < 100; byte++) {
      await machine.port.send(Uint8Array.of(byte));
      await sleep(4);
    }
    await vi.waitFor(() => expect(kiosk.heard).toEqual(Array.from({ length: 100 }, (_, byte) => byte)), 10_000);
    // A timer may wake a millisecond early.
    expect(kiosk.chunks.length).toBeLessThanOrEqual((performance.now() - began) / (rests - 1) + 1);
    expect([...new Set(waits)]).toEqual([rests]);
    await kiosk.close();
    await machine.close();
  });

  test("is heard at once after a quiet, though no clock has moved, and tells at once that it was unplugged", async () => {
    const clock = manualClock();
    const kiosk = await open(near, { gathersBy: clock });
    const machine = await open(far);
    for (const byte of [1, 2, 3]) {
      await machine.port.send(Uint8Array.of(byte));
      await vi.waitFor(() => expect(kiosk.heard.at(-1)).toBe(byte), 10_000);
      await clock.pass(rests);
    }
    expect(kiosk.chunks).toEqual([1, 1, 1]);
    await machine.close();
    await unplug();
    await vi.waitFor(() => expect(kiosk.lost).toHaveLength(1), 10_000);
    expect(clock.pending()).toEqual([]);
  });

  test("tells at once that it was unplugged in the middle of a pause, in which nobody reads", async () => {
    const clock = manualClock();
    const kiosk = await open(near, { gathersBy: clock });
    const machine = await open(far);
    await machine.port.send(Uint8Array.of(1));
    await vi.waitFor(() => expect(kiosk.heard).toEqual([1]), 10_000);
    expect(clock.pending()).toHaveLength(1);
    await machine.close();
    await unplug();
    await vi.waitFor(() => expect(kiosk.lost).toHaveLength(1), 10_000);
    await clock.pass(rests);
    expect(kiosk.lost).toEqual([{ kind: "no-device", detail: `${near} was unplugged` }]);
  });

  test("is closed in the middle of a pause, and opens anew", async () => {
    const clock = manualClock();
    const kiosk = await open(near, { gathersBy: clock });
    const machine = await open(far);
    await machine.port.send(Uint8Array.of(1));
    await vi.waitFor(() => expect(kiosk.heard).toEqual([1]), 10_000);
    await kiosk.close();
    await clock.pass(rests);
    expect(kiosk.lost).toEqual([{ kind: "no-device", detail: `${near} was closed` }]);
    const again = await open(near, { gathersBy: clock });
    await machine.port.send(Uint8Array.of(2));
    await vi.waitFor(() => expect(again.heard).toEqual([2]), 10_000);
    expect(kiosk.heard).toEqual([1]);
    await again.close();
    await machine.close();
  });
});

describe("a serial port is found", () => {
  const where = () => ({ byId: join(folder, "by-id"), ttys: join(folder, "class"), dev: dirname(near) });
  const tree = (name: string, ...device: string[]) => {
    const target = join(folder, "devices", ...device);
    mkdirSync(target, { recursive: true });
    mkdirSync(join(folder, "class", name), { recursive: true });
    symlinkSync(target, join(folder, "class", name, "device"));
  };

  test("by its name under by-id", async () => {
    mkdirSync(where().byId);
    symlinkSync(near, join(where().byId, "usb-FTDI_A1-if00-port0"));
    const opened = await openSerial({ by: "by-id", match: "usb-FTDI_A1-if00-port0" }, {}, where());
    expect(opened).toMatchObject({ ok: true });
    if (opened.ok) await opened.value.close();
    expect(await openSerial({ by: "by-id", match: "usb-other" }, {}, where())).toMatchObject({
      error: { kind: "no-device" },
    });
  });

  test("by the USB socket it is plugged into, never by the hub before it", async () => {
    tree(basename(near), "usb1", "1-1", "1-1.3", "1-1.3:1.0", "ttyUSB0");
    tree("ttyS0", "platform", "serial8250");
    const opened = await openSerial({ by: "usb", match: "1-1.3" }, {}, where());
    expect(opened).toMatchObject({ ok: true });
    if (opened.ok) await opened.value.close();
    expect(await openSerial({ by: "usb", match: "1-1" }, {}, where())).toMatchObject({
      error: { kind: "no-device", detail: "no serial port at USB path 1-1: is the cable plugged in?" },
    });
  });

  test("by one of several ports of an adapter only when named", async () => {
    tree("ttyUSB7", "usb1", "1-1.3", "1-1.3:1.0");
    tree(basename(near), "usb1", "1-1.3", "1-1.3:1.1");
    expect(await openSerial({ by: "usb", match: "1-1.3" }, {}, where())).toMatchObject({
      error: { kind: "misconfigured" },
    });
    const opened = await openSerial({ by: "usb", match: "1-1.3:1.1" }, {}, where());
    expect(opened).toMatchObject({ ok: true });
    if (opened.ok) await opened.value.close();
  });
});
