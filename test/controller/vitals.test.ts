import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { machineVitals } from "../../controller/vitals.node.ts";

/** A machine whose kernel shows these files; more can be written. */
function machine(files: Readonly<Record<string, string>>) {
  const root = mkdtempSync(join(tmpdir(), "vitals-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  for (const [path, text] of Object.entries(files)) write(path, text);
  return { write, vitals: machineVitals({ data: root, root }) };
}

const pi = {
  "proc/uptime": "13486.42 53000.10\n",
  "proc/sys/kernel/random/boot_id": "7a0f9bb3-0bd3-45d8-86c2-7b7339ea940f\n",
  "proc/stat": "cpu  100 0 100 700 100 0 0 0 0 0\ncpu0 1 2 3 4 5 6 7 8 0 0\n",
  "proc/self/status": "Name:\tnode\nVmPeak:\t  99999 kB\nVmRSS:\t   61440 kB\n",
  "sys/class/thermal/thermal_zone0/temp": "48312\n",
};

test("a Raspberry Pi tells its uptime, its boot, and how warm, full and busy it is", async () => {
  const { vitals, write } = machine(pi);
  const first = await vitals();
  expect(first).toEqual({
    uptimeSeconds: 13_486,
    bootId: "7a0f9bb3-0bd3-45d8-86c2-7b7339ea940f",
    memoryMb: 60,
    temperatureC: 48.312,
    diskPercent: expect.closeTo(50, -2),
  });
  // 1,000 ticks more: 250 at work, 700 idle, 50 waiting for the card.
  write("proc/stat", "cpu  300 0 150 1400 150 0 0 0 0 0\n");
  expect((await vitals()).cpuPercent).toBeCloseTo(25);
  expect(await vitals()).not.toHaveProperty("cpuPercent");
});

test.each([
  [
    "the kernel's driver, weak",
    { "sys/class/hwmon/hwmon1/name": "rpi_volt\n", "sys/class/hwmon/hwmon1/in0_lcrit_alarm": "1\n" },
    true,
  ],
  [
    "the kernel's driver, strong",
    { "sys/class/hwmon/hwmon1/name": "rpi_volt\n", "sys/class/hwmon/hwmon1/in0_lcrit_alarm": "0\n" },
    false,
  ],
  [
    "another sensor's alarm",
    { "sys/class/hwmon/hwmon0/name": "cpu_thermal\n", "sys/class/hwmon/hwmon0/in0_lcrit_alarm": "1\n" },
    undefined,
  ],
  ["the firmware, weak now", { "sys/devices/platform/soc/soc:firmware/get_throttled": "50001\n" }, true],
  ["the firmware, weak a while ago", { "sys/devices/platform/soc/soc:firmware/get_throttled": "10000\n" }, true],
  ["the firmware, only too warm", { "sys/devices/platform/soc/soc:firmware/get_throttled": "80008\n" }, false],
] as const)("under-voltage by %s", async (_, files, weak) => {
  const { vitals } = machine({ ...pi, ...files });
  expect((await vitals()).underVoltage).toBe(weak);
});

test("what a machine does not show is absent, and nothing is thrown", async () => {
  const { vitals } = machine({
    "proc/stat": "nonsense",
    "sys/class/thermal/thermal_zone0/temp": "",
    "proc/self/status": "",
  });
  expect(await vitals()).toEqual({ uptimeSeconds: 0, bootId: "unknown", diskPercent: expect.any(Number) });
});

test("this machine answers, and its uptime is the kernel's", async () => {
  const vitals = await machineVitals({ data: tmpdir() })();
  expect(vitals.uptimeSeconds).toBeLessThanOrEqual(Number.parseFloat(readFileSync("/proc/uptime", "utf8")));
  expect(vitals.uptimeSeconds).toBeGreaterThan(0);
  expect(vitals.bootId).toMatch(/^[0-9a-f-]{36}$/);
  expect(vitals.memoryMb).toBeGreaterThan(20);
  expect(vitals.diskPercent).toBeGreaterThan(0);
});
