import { EventEmitter } from "node:events";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Fault } from "../../../devices/kit/fault.ts";
import { findHid } from "../../../devices/port/hid-find.ts";
import { interfaceOf } from "../../../devices/port/hid-interface.ts";
import { openHid, type Hidraw } from "../../../devices/port/hid.ts";
import scanner from "../../../devices/reader/hid-pos.peer.ts";
import { keyboard, makersOwn } from "../../guest/uhid.ts";
import { hidPlaces } from "./hid-places.ts";

// The kernel's folders are made here and the device is played. On a real kernel: test/guest.

const pos = Uint8Array.from(scanner.descriptor?.({}) ?? []);
let folder: string;
let kernel: ReturnType<typeof hidPlaces>;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hid-"));
  kernel = hidPlaces(folder);
});
afterEach(() => rmSync(folder, { recursive: true }));

const found = async (wiring: Parameters<typeof findHid>[0]) => {
  const device = await findHid(wiring, kernel.where);
  return device.ok
    ? device.value.path.slice(kernel.where.dev.length + 1)
    : `${device.error.kind}: ${device.error.detail}`;
};

describe("a HID device is found", () => {
  test("by its numbers in small or capital letters, its serial number, its usage, its socket and its file", async () => {
    kernel.plug({ number: 0, ids: "08ff:0009", serial: "A", usb: "1-1.3:1.0", descriptor: keyboard });
    kernel.plug({ number: 1, ids: "08ff:0009", serial: "B", usb: "1-1.4:1.0", descriptor: keyboard });
    kernel.plug({ number: 2, ids: "0c2e:0b61", serial: "A:1", usb: "1-1.2:1.0", descriptor: keyboard });
    kernel.plug({ number: 3, ids: "0c2e:0b61", serial: "A:1", usb: "1-1.2:1.1", descriptor: pos });
    expect(await found({ by: "hid", match: "08ff:0009:B" })).toBe("hidraw1");
    expect(await found({ by: "hid", match: "08FF:0009:A" })).toBe("hidraw0");
    expect(await found({ by: "hid", match: "1111:2222,0c2e:0b61:A:1", usage: "008c:0002" })).toBe("hidraw3");
    expect(await found({ by: "hid", match: "", usage: "008c:0002" })).toBe("hidraw3");
    expect(await found({ by: "usb", match: "1-1.3" })).toBe("hidraw0");
    expect(await found({ by: "usb", match: "1-1.2:1.1" })).toBe("hidraw3");
    expect(await found({ by: "usb", match: "1-1.2", usage: "0001:0006" })).toBe("hidraw2");
    expect(await found({ by: "path", match: join(kernel.where.dev, "hidraw1") })).toBe("hidraw1");
  });

  test("or it is said what is not there", async () => {
    expect(await found({ by: "hid", match: "08ff:0009,0c2e:0b61" })).toBe(
      "no-device: no HID device 08ff:0009 or 0c2e:0b61 is plugged in",
    );
    expect(await found({ by: "hid", match: "", usage: "008c:0002" })).toBe(
      "no-device: no HID device with usage 008c:0002 is plugged in",
    );
    expect(await found({ by: "usb", match: "1-1" })).toBe(
      "no-device: no HID device at USB path 1-1: is the cable plugged in?",
    );
    expect(await found({ by: "path", match: "/dev/hidraw9" })).toBe(
      "no-device: nobody at /dev/hidraw9: is the cable plugged in?",
    );
  });

  test("or both are named where two fit, with the way to tell them apart", async () => {
    const alike = { ids: "08ff:0009", descriptor: keyboard };
    kernel.plug({ ...alike, number: 0, usb: "1-1.3:1.0" });
    const second = kernel.plug({ ...alike, number: 1, usb: "1-1.4:1.0" });
    expect(await found({ by: "hid", match: "08ff:0009" })).toMatch(
      /^misconfigured: 2 HID devices fit: .*hidraw0 \(Reader, 08ff:0009, USB path 1-1\.3\); .*hidraw1 .*1-1\.4\)\. Name one by its USB path, such as \{ "by": "usb", "match": "1-1\.3" \}$/,
    );
    second.unplug();
    expect(await found({ by: "hid", match: "08ff:0009" })).toBe("hidraw0");
    kernel.plug({ ...alike, number: 2, usb: "1-1.3:1.1" });
    expect(await found({ by: "usb", match: "1-1.3" })).toMatch(/or by its usage, such as "0001:0006"$/);
  });

  test("or a scanner in another USB mode is told so", async () => {
    kernel.plug({ number: 0, ids: "0c2e:0b61", usb: "1-1.3:1.0", descriptor: keyboard });
    expect(await found({ by: "hid", match: "0c2e:0b61", usage: "008c:0002" })).toMatch(
      /^misconfigured: .* offers usage 0001:0006, not 008c:0002: switch its USB mode$/,
    );
  });
});

describe("a report descriptor", () => {
  test.each([
    ["a keyboard", keyboard, ["0001:0006"], false],
    ["a scanner in POS mode", pos, ["008c:0002"], true],
    ["a maker's own", makersOwn, ["ff00:0001"], false],
  ])("of %s says what it is and whether its reports are numbered", (_, descriptor, usages, numbered) => {
    expect(interfaceOf(descriptor)).toEqual({ usages, numbered });
  });

  test("that is anything at all is taken without a throw", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => interfaceOf(bytes).usages.length <= 60));
  });

  test("with usages of four bytes and long items is read", () => {
    const bytes = Uint8Array.of(0xfe, 2, 0, 9, 9, 0x0b, 0x02, 0x00, 0x8c, 0x00, 0xa1, 0x01, 0xc0);
    expect(interfaceOf(bytes).usages).toEqual(["008c:0002"]);
  });
});

/** node-hid's device as it behaves: errors are texts, and a write to a closed one is a mistake of ours. */
class Played extends EventEmitter implements Hidraw {
  readonly written: number[][] = [];
  open = true;
  hangs = false;
  closings = 0;
  async close() {
    this.open = false;
    this.closings += 1;
    this.removeAllListeners();
  }
  async write(report: Buffer) {
    if (!this.open) throw new Error("written to a closed device");
    this.written.push([...report]);
    if (this.hangs) await new Promise(() => {});
    return report.length;
  }
  sendFeatureReport(report: Buffer) {
    return this.write(report);
  }
  async getFeatureReport(id: number, length: number) {
    if (!this.open) throw new Error("asked of a closed device");
    return Buffer.from([id, ...Array.from({ length: length - 1 }, (_, i) => i)]);
  }
}

const wedge = { by: "hid", match: "08ff:0009" } as const;

async function opened(descriptor = keyboard) {
  const plug = kernel.plug({ number: 0, ids: "08ff:0009", usb: "1-1.3:1.0", descriptor, inputs: ["0"] });
  const hid = new Played();
  const wire = await openHid(wedge, kernel.where, async () => hid);
  if (!wire.ok) throw new Error(wire.error.detail);
  const heard: string[] = [];
  const lost: Fault[] = [];
  wire.value.port.listen({
    heard: (report) => heard.push(Buffer.from(report).toString("hex")),
    lost: (why) => lost.push(why),
  });
  return { ...wire.value, hid, plug, heard, lost };
}

describe("an opened HID device", () => {
  test("gives every report with its number in front, 0 where there is none", async () => {
    const plain = await opened();
    plain.hid.emit("data", Buffer.from([0, 0, 4]));
    expect(plain.heard).toEqual(["00000004"]);
    await plain.close();
    plain.plug.unplug();
    const numbered = await opened(pos);
    numbered.hid.emit("data", Buffer.from([2, 1, 4]));
    expect(numbered.heard).toEqual(["020104"]);
    expect(numbered.port.descriptor).toEqual(pos);
    await numbered.close();
  });

  test("sends reports and asks for features", async () => {
    const { port, hid, close } = await opened();
    expect(await port.send(Uint8Array.of(0, 7))).toEqual({ ok: true, value: undefined });
    expect(await port.feature(Uint8Array.of(1, 8))).toEqual({ ok: true, value: undefined });
    expect(hid.written).toEqual([
      [0, 7],
      [1, 8],
    ]);
    expect(await port.askFeature(3, 3)).toEqual({ ok: true, value: Uint8Array.of(3, 0, 1) });
    await close();
  });

  test("that is unplugged is lost once, fails what was being sent, and is never written to again", async () => {
    const { port, hid, lost, heard, close } = await opened();
    hid.hangs = true;
    const sending = port.send(Uint8Array.of(0, 7));
    hid.emit("error", "could not read from HID device: (device disconnected)");
    hid.emit("data", Buffer.from([0, 0, 4]));
    expect(await sending).toMatchObject({ error: { kind: "no-device" } });
    expect(lost).toMatchObject([{ kind: "no-device", detail: expect.stringMatching(/hidraw0 .* was unplugged$/) }]);
    expect(heard).toEqual([]);
    expect(await port.send(Uint8Array.of(0, 8))).toMatchObject({ error: { kind: "no-device" } });
    expect(await port.feature(Uint8Array.of(0, 8))).toMatchObject({ error: { kind: "no-device" } });
    expect(await port.askFeature(0, 8)).toMatchObject({ error: { kind: "no-device" } });
    expect(hid.written).toEqual([[0, 7]]);
    const late: Fault[] = [];
    port.listen({ heard() {}, lost: (why) => late.push(why) });
    expect(late).toHaveLength(1);
    await close();
    await close();
    expect(hid.closings).toBe(1);
    port.listen({ heard() {}, lost: (why) => late.push(why) });
    expect(late[1]).toEqual(late[0]);
  });

  test("is opened once at a time, and again after it was closed or lost", async () => {
    const first = await opened();
    const again = () => openHid(wedge, kernel.where, async () => new Played());
    expect(await again()).toMatchObject({ error: { kind: "busy" } });
    await first.close();
    const second = await again();
    if (!second.ok) throw new Error(second.error.detail);
    await second.value.close();
    const third = await again();
    expect(third.ok).toBe(true);
    if (third.ok) await third.value.close();
  });

  test("that does not open says why, and may be tried again", async () => {
    kernel.plug({ number: 0, ids: "08ff:0009", descriptor: keyboard });
    const failing = (why: string) => openHid(wedge, kernel.where, () => Promise.reject(new Error(why)));
    expect(await failing("cannot open: Permission denied")).toMatchObject({ error: { kind: "refused" } });
    expect(await failing("cannot open: No such file or directory")).toMatchObject({ error: { kind: "no-device" } });
    expect(await failing("libusb-1.0.so.0: cannot open shared object file")).toMatchObject({
      error: { kind: "no-device", detail: expect.stringContaining("apt install") },
    });
    const wire = await openHid(wedge, kernel.where, async () => new Played());
    expect(wire.ok).toBe(true);
    if (wire.ok) await wire.value.close();
  });

  test("is not given where another one came under its file's number meanwhile", async () => {
    const first = kernel.plug({ number: 0, ids: "08ff:0009", descriptor: keyboard });
    const hid = new Played();
    const wire = await openHid(wedge, kernel.where, async () => {
      first.unplug();
      kernel.plug({ number: 0, ids: "1111:2222", descriptor: keyboard });
      return hid;
    });
    expect(wire).toMatchObject({ error: { kind: "no-device" } });
    expect(hid.open).toBe(false);
  });
});

describe("what a reader types", () => {
  test("is silenced before it is opened, on every input of its plug and on no other", async () => {
    const pad = kernel.plug({ number: 7, ids: "1c4f:0002", usb: "1-1.4:1.0", descriptor: keyboard, inputs: ["0"] });
    const keys = kernel.plug({ number: 1, ids: "08ff:0009", usb: "1-1.3:1.0", descriptor: keyboard, inputs: ["0"] });
    const power = kernel.plug({ number: 2, ids: "08ff:0009", usb: "1-1.3:1.1", descriptor: pos, inputs: ["0", "1"] });
    let atOpening: readonly string[] = [];
    const wire = await openHid({ ...wedge, usage: "0001:0006" }, kernel.where, async () => {
      atOpening = [...keys.silent(), ...power.silent()];
      return new Played();
    });
    expect(atOpening).toEqual(["1", "1", "1"]);
    expect(pad.silent()).toEqual(["0"]);
    if (wire.ok) await wire.value.close();
    expect(keys.silent()).toEqual(["1"]);
  });

  test.each(["missing", "shut"])("is never let leak: a reader whose silencing is %s is refused", async (how) => {
    const input = how === "missing" ? "missing" : "0";
    kernel.plug({ number: 0, ids: "08ff:0009", descriptor: keyboard, inputs: [input] });
    let tried = false;
    // Root may write everywhere: a device that swallows what it is told stands for one that may not be told.
    if (how === "shut") swallow(join(kernel.where.inputs, "input1", "inhibited"));
    const wire = await openHid(wedge, kernel.where, async () => {
      tried = true;
      return new Played();
    });
    expect(wire).toMatchObject({
      error: { kind: "refused", detail: expect.stringContaining("typed into the screen") },
    });
    expect(tried).toBe(false);
  });
});

function swallow(file: string): void {
  rmSync(file);
  symlinkSync("/dev/null", file);
}
