import { spawn, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { beforeAll, expect, test } from "vitest";
import { readerRules } from "../../controller/cli/udev.ts";
import { device } from "./kiosk.ts";
import { promises, type PromiseName } from "./promises.ts";
import type { Told } from "./telling.ts";

// Readers on a real kernel: Debian's own, emulated by QEMU, on a layer over this machine's root. One boot serves all.

const work = resolve(import.meta.dirname, "../.work/guest");
/** Emulated and beside other tests: a quiet machine needs a minute. */
const bootLimit = 300_000;
const told = new Map<PromiseName, Told<PromiseName>>();
/** What else was on the guest's console: the reason, where something is missing. */
const words: string[] = [];

function prepare(): void {
  if (process.getuid?.() !== 0)
    throw new Error("These tests boot Debian's kernel on this machine's root, which needs root: run npm test as root.");
  const prepared = spawnSync("bash", [join(import.meta.dirname, "prepare.sh"), work], { encoding: "utf8" });
  if (prepared.status !== 0) throw new Error(`The guest was not prepared: ${prepared.stderr}${prepared.stdout}`);
}

async function boot(): Promise<void> {
  const script = join(import.meta.dirname, "hardware.sh");
  const guest = spawn(
    "qemu-system-x86_64",
    [
      "-M q35 -accel tcg,thread=multi -cpu max -smp 2 -m 1024 -nodefaults -no-user-config -no-reboot",
      "-display none -serial stdio -monitor none",
      "-object rng-random,id=chance,filename=/dev/urandom -device virtio-rng-pci,rng=chance",
      "-virtfs local,path=/,mount_tag=machine,security_model=none,readonly=on,multidevs=remap",
    ]
      .flatMap((words) => words.split(" "))
      .concat("-kernel", join(work, "vmlinuz"), "-initrd", join(work, "initrd"))
      .concat("-append", `console=ttyS0 quiet panic=-1 mitigations=off yz.run=${script}`),
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  const ended = new Promise<void>((settle, fail) => {
    guest.once("exit", () => settle());
    guest.once("error", fail);
  });
  const limit = setTimeout(() => guest.kill("SIGKILL"), bootLimit);
  guest.stderr.on("data", (said: Buffer) => words.push(said.toString()));
  for await (const line of createInterface({ input: guest.stdout })) {
    if (!line.startsWith('{"promise":')) words.push(line);
    else {
      const one = JSON.parse(line) as Told<PromiseName>;
      told.set(one.promise, one);
    }
  }
  await ended;
  clearTimeout(limit);
}

beforeAll(async () => {
  prepare();
  const early = await device("wedge-125khz", { by: "hid", match: "ffff:0035" });
  writeFileSync(join(work, "71-yizhan-readers.rules"), readerRules([early]));
  await boot();
  if (told.size === 0) {
    // On an emulated processor Node now and then ends in V8 before its first word; whoever said nothing is asked once more.
    console.log(`The guest said nothing and is booted again:\n${words.splice(0).slice(-15).join("\n")}`);
    await boot();
  }
  for (const { promise, figures } of told.values()) if (figures) console.log(promise, figures);
}, 2 * bootLimit);

test.each(promises)("on a real kernel: %s", (promise) => {
  const one = told.get(promise);
  expect(one?.why ?? (one ? "" : `the guest said nothing of it:\n${words.slice(-15).join("\n")}`)).toBe("");
  expect(one?.kept).toBe(true);
});
