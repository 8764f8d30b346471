import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { whenPlugged } from "../../../devices/port/plugged.ts";

let dev: string;
beforeEach(() => {
  dev = mkdtempSync(join(tmpdir(), "dev-"));
});
afterEach(() => rmSync(dev, { recursive: true, force: true }));

test("a device file of a reader or an adapter that appears is told, no other and none after the end", async () => {
  let heard = 0;
  const listening = whenPlugged(() => (heard += 1), dev);
  for (const other of ["sda", "hidraw", "ttyS0", "input7", "my-hidraw3"]) writeFileSync(join(dev, other), "");
  writeFileSync(join(dev, "hidraw3"), "");
  await vi.waitFor(() => expect(heard).toBe(1), 10_000);
  writeFileSync(join(dev, "ttyACM0"), "");
  await vi.waitFor(() => expect(heard).toBe(2), 10_000);
  listening.stop();
  const second = whenPlugged(() => (heard += 10), dev);
  writeFileSync(join(dev, "ttyUSB12"), "");
  await vi.waitFor(() => expect(heard).toBe(12), 10_000);
  second.stop();
});

test("what is written to a device that is there is no plugging in", async () => {
  writeFileSync(join(dev, "ttyUSB0"), "");
  let heard = 0;
  const listening = whenPlugged(() => (heard += 1), dev);
  writeFileSync(join(dev, "ttyUSB0"), "a command");
  writeFileSync(join(dev, "hidraw0"), "");
  await vi.waitFor(() => expect(heard).toBe(1), 10_000);
  listening.stop();
});

test("a folder that cannot be watched is no mistake", () => {
  whenPlugged(() => {}, join(dev, "nowhere")).stop();
});
