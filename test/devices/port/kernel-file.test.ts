import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import probe from "../../../devices/health/ds18b20.ts";
import { openFile } from "../../../devices/port/kernel-file.ts";
import type { Fault } from "../../../devices/kit/fault.ts";
import { manualClock } from "../../kit/clock.ts";

const text = "4a 02 4b 46 7f ff 0c 10 57 : crc=57 YES\n4a 02 4b 46 7f ff 0c 10 57 t=36625\n";
const number = "28-0316a2794eff";

/** Looks like /sys/bus/w1/devices: links to folders, a bus master among them. */
let folder = "";
let bus = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "yizhan-w1-"));
  bus = join(folder, "devices");
  mkdirSync(bus);
  mkdirSync(join(folder, "w1_bus_master1"));
  symlinkSync("../w1_bus_master1", join(bus, "w1_bus_master1"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function plugIn(name: string, says = text): string {
  const chip = join(folder, "w1_bus_master1", name);
  mkdirSync(chip);
  writeFileSync(join(chip, "w1_slave"), says);
  symlinkSync(`../w1_bus_master1/${name}`, join(bus, name));
  return join(bus, name, "w1_slave");
}
function unplug(name: string): void {
  rmSync(join(bus, name));
  rmSync(join(folder, "w1_bus_master1", name), { recursive: true });
}

async function opened(match: string) {
  const wire = await openFile({ by: "w1", match }, bus);
  if (!wire.ok) throw new Error(wire.error.detail);
  const heard: string[] = [];
  const lost: Fault[] = [];
  const ear = wire.value.port.listen({
    heard: (bytes) => heard.push(new TextDecoder().decode(bytes)),
    lost: (why) => lost.push(why),
  });
  return { ...wire.value, heard, lost, ear };
}

test("the only probe is found without its number, one of several by its number; each asking reads the file anew", async () => {
  const path = plugIn(number);
  const one = await opened("");
  expect(one.port.label).toBe(path);
  expect(await one.port.send("read")).toEqual({ ok: true, value: undefined });
  writeFileSync(path, "something else");
  await one.port.send("read");
  expect(one.heard).toEqual([text, "something else"]);

  plugIn("28-000000000001", "the other");
  const other = await opened("28-000000000001");
  await other.port.send("read");
  expect(other.heard).toEqual(["the other"]);
  other.ear.stop();
  await other.port.send("read");
  expect(other.heard).toHaveLength(1);
});

test("what is wrong is a sentence that says what to do", async () => {
  const says = async (match: string, at = bus) => {
    const wire = await openFile({ by: "w1", match }, at);
    return wire.ok ? "opened" : `${wire.error.kind}: ${wire.error.detail}`;
  };
  expect(await says("", join(folder, "nothing"))).toMatch(/^no-device: .*dtoverlay=w1-gpio/);
  expect(await says("")).toBe("no-device: no probe 28- on the 1-Wire bus: are its three wires connected?");
  plugIn(number);
  expect(await says("28-000000000001")).toMatch(/^no-device: no probe 28-000000000001 /);
  plugIn("28-000000000001");
  expect(await says("")).toMatch(/^misconfigured: 2 probes on the 1-Wire bus: name one/);
});

test("a probe that goes is lost, once, and what is asked afterwards is no-device", async () => {
  plugIn(number);
  const one = await opened(number);
  unplug(number);
  expect(await one.port.send("read")).toMatchObject({ error: { kind: "no-device" } });
  expect(await one.port.send("read")).toMatchObject({ error: { kind: "no-device" } });
  expect(one.lost).toEqual([expect.objectContaining({ kind: "no-device" })]);
  const late: Fault[] = [];
  one.port.listen({ heard() {}, lost: (why) => late.push(why) });
  expect(late).toHaveLength(1);
  expect(one.heard).toEqual([]);
});

test("closed while it is read nothing is heard any more", async () => {
  plugIn(number);
  const one = await opened(number);
  const reading = one.port.send("read");
  await one.close();
  expect(await reading).toMatchObject({ error: { kind: "no-device" } });
  expect(one.heard).toEqual([]);
});

test("the driver reads a probe through true files, and says what is wrong with one whose check fails", async () => {
  const path = plugIn(number);
  const wire = await openFile({ by: "path", match: path });
  if (!wire.ok) throw new Error(wire.error.detail);
  const device = await probe.open({ id: "skin", options: {}, port: wire.value.port, clock: manualClock(), note() {} });
  if (!device.ok) throw new Error(device.error.detail);
  expect(await device.value.identify()).toEqual({ ok: true, value: { model: "DS18B20" } });
  writeFileSync(path, text.replace("YES", "NO"));
  expect(await device.value.identify()).toMatchObject({ error: { kind: "garbled" } });
  expect(await device.value.selfTest("look")).toMatchObject({ ok: false });
  await device.value.close();
  await wire.value.close();
});
