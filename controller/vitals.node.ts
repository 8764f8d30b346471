import { readdir, readFile, statfs } from "node:fs/promises";
import { join } from "node:path";
import type { Vitals } from "./world.ts";

interface Where {
  /** The card on which the data folder lies is the one that counts. */
  readonly data: string;
  /** Where /proc and /sys are found. */
  readonly root?: string;
}

/** How this machine is: asked once a minute or so, and cheap: small files of the kernel, no command is run. */
export function machineVitals({ data, root = "/" }: Where): () => Promise<Vitals> {
  const text = (path: string) => readFile(join(root, path), "utf8").catch(() => undefined);
  const processor = cpuSince();
  return async () => {
    const [uptime, boot, stat, status, disk, temperature, weak] = await Promise.all([
      text("proc/uptime"),
      text("proc/sys/kernel/random/boot_id"),
      text("proc/stat"),
      text("proc/self/status"),
      diskPercent(data),
      text("sys/class/thermal/thermal_zone0/temp"),
      underVoltage(text, join(root, "sys/class/hwmon")),
    ]);
    return {
      uptimeSeconds: Math.floor(Number.parseFloat(uptime ?? "0")),
      bootId: boot?.trim() ?? "unknown",
      ...known("cpuPercent", processor(stat)),
      ...known("memoryMb", residentMb(status)),
      ...known("diskPercent", disk),
      ...known("temperatureC", thousandths(temperature)),
      ...known("underVoltage", weak),
    };
  };
}

const known = <K extends keyof Vitals>(name: K, value: Vitals[K] | undefined): Partial<Vitals> =>
  value === undefined || Number.isNaN(value) ? {} : { [name]: value };

/** [proc(5)] "cpu user nice system idle iowait irq softirq steal …" in ticks since the start; the share since the last call. */
function cpuSince(): (stat: string | undefined) => number | undefined {
  let last: { readonly all: number; readonly idle: number } | undefined;
  return (stat) => {
    const line = /^cpu +([\d ]+)$/m.exec(stat ?? "")?.[1];
    if (line === undefined) return undefined;
    // What comes after "steal" is counted in "user" already.
    const ticks = line.split(" ").slice(0, 8).map(Number);
    const now = { all: ticks.reduce((sum, one) => sum + one, 0), idle: (ticks[3] ?? 0) + (ticks[4] ?? 0) };
    const before = last;
    last = now;
    if (before === undefined || now.all <= before.all) return undefined;
    return 100 * (1 - (now.idle - before.idle) / (now.all - before.all));
  };
}

/** [proc(5)] VmRSS in kB: the memory that this process really holds. */
function residentMb(status: string | undefined): number | undefined {
  const kb = /^VmRSS:\s+(\d+) kB$/m.exec(status ?? "")?.[1];
  return kb === undefined ? undefined : Number(kb) / 1024;
}

/** As df counts: blocks kept for root are neither used nor free. */
async function diskPercent(path: string): Promise<number | undefined> {
  const found = await statfs(path).catch(() => undefined);
  if (found === undefined) return undefined;
  const used = found.blocks - found.bfree;
  return (100 * used) / (used + found.bavail);
}

const thousandths = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : Number.parseInt(text) / 1000;

/** Bits of vcgencmd get_throttled: under-voltage now, and since the start or the last look. */
const weakBits = 0x1_0001;

/**
 * A Raspberry Pi tells that its supply is too weak: the kernel's driver raspberrypi-hwmon looks every two seconds; the
 * maker's own kernel shows the firmware's bits. Other machines say nothing.
 */
async function underVoltage(
  text: (path: string) => Promise<string | undefined>,
  hwmon: string,
): Promise<boolean | undefined> {
  for (const name of await readdir(hwmon).catch(() => [])) {
    if ((await text(`sys/class/hwmon/${name}/name`))?.trim() !== "rpi_volt") continue;
    const alarm = await text(`sys/class/hwmon/${name}/in0_lcrit_alarm`);
    if (alarm !== undefined) return alarm.trim() === "1";
  }
  const bits = await text("sys/devices/platform/soc/soc:firmware/get_throttled");
  return bits === undefined ? undefined : (Number.parseInt(bits, 16) & weakBits) !== 0;
}
