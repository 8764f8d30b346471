// `npm test`: what Debian must bring, the checks, every test, and one line at the end: "N passed, N failed".
// npm may start this file on an older Node than the pinned one, so it is plain JavaScript for Node 20 and up.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { tally } from "./tally.mjs";

const root = resolve(import.meta.dirname, "..");
const bin = join(root, "node_modules", ".bin");
const node = join(bin, "node");
const report = join(root, "test", ".work", "report.json");
const long = process.argv.includes("--long");
const only = process.argv.slice(2).filter((argument) => argument !== "--long");
/** @type {NodeJS.ProcessEnv} */
const env = { ...process.env, PATH: `${bin}${delimiter}${process.env["PATH"] ?? ""}` };

/** Debian packages that the tests need, and what for. */
const needed = {
  chromium: "the worker's screen in a real browser",
  "fonts-noto-cjk": "Chinese characters on that screen",
  socat: "pairs of pseudo-terminals as serial lines",
  fuse3: "a file system that forgets what was not synced",
  "libfuse3-dev": "building that file system",
  "pkg-config": "building that file system",
  gcc: "building that file system",
  "libc6-dev": "building that file system",
  systemd: "verifying the units",
  "systemd-container": "booting the units under systemd-nspawn",
  "systemd-sysv": "systemd as the first process of that container",
  dbus: "systemd inside that container",
  udev: "verifying the udev rules, and listing serial ports",
  mosquitto: "a real broker",
  "postgresql-15": "a real database for the centre",
  "protobuf-compiler": "a second reader of Sparkplug payloads",
  openssl: "a second reader of certificates",
  "qemu-system-x86": "a guest with a real kernel, into which HID and USB readers are plugged",
  "libusb-1.0-0": "node-hid, which links it",
  "busybox-static": "the guest's first process",
  cpio: "packing the guest's first files",
  kmod: "finding the kernel modules of the guest",
  "xz-utils": "unpacking kernel modules",
  iproute2: "networks of their own for the guest and for the smart-card service",
  pcscd: "the smart-card service",
  "vsmartcard-vpcd": "a smart-card reader without hardware",
  "libpcsclite-dev": "building the binding to the smart-card service",
  "g++": "building that binding",
  make: "building that binding",
};

/** @param {string} command @param {readonly string[]} words @returns {boolean} */
function does(command, words, environment = env) {
  return spawnSync(command, words, { cwd: root, env: environment, stdio: "inherit" }).status === 0;
}

/** @returns {boolean} whether everything needed is there now */
function debianIsReady() {
  const missing = Object.entries(needed).filter(([name]) => {
    const asked = spawnSync("dpkg-query", ["-W", "-f", "${db:Status-Status}", name], { encoding: "utf8" });
    return asked.stdout !== "installed";
  });
  if (missing.length === 0) return true;
  const names = missing.map(([name]) => name);
  for (const [name, reason] of missing) console.log(`missing: ${name} (${reason})`);
  if (process.getuid?.() !== 0) {
    console.log(`The tests need these Debian packages. As root: apt-get install ${names.join(" ")}`);
    return false;
  }
  console.log(`Installing these Debian packages with apt-get: ${names.join(" ")}`);
  const quiet = { ...env, DEBIAN_FRONTEND: "noninteractive" };
  if (
    does("apt-get", ["-qq", "update"], quiet) &&
    does("apt-get", ["-qq", "-y", "--no-install-recommends", "install", ...names], quiet)
  )
    return true;
  console.log("apt-get did not bring them; its own words stand above. The tests cannot run without them.");
  return false;
}

/** @returns {{ passed: number, failed: readonly string[] }} */
function runTests() {
  mkdirSync(join(root, "test", ".work"), { recursive: true });
  rmSync(report, { force: true });
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
  const words = [vitest, "run", ...only, "--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const ended = does(node, words, long ? { ...env, YIZHAN_LONG: "1" } : env);
  try {
    return tally(JSON.parse(readFileSync(report, "utf8")), ended);
  } catch (thrown) {
    return { passed: 0, failed: [`vitest left no report: ${String(thrown)}`] };
  }
}

function run() {
  if (!debianIsReady()) return { passed: 0, failed: ["the Debian packages"] };
  const checked = does("npm", ["run", "--silent", "check"]);
  const tests = runTests();
  return {
    passed: tests.passed + (checked ? 1 : 0),
    failed: [...(checked ? [] : ["npm run check"]), ...tests.failed],
  };
}

const { passed, failed } = run();
for (const name of failed) console.log(`failed: ${name}`);
console.log(`${passed} passed, ${failed.length} failed`);
process.exitCode = failed.length === 0 ? 0 : 1;
