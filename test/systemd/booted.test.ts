import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { beforeAll, afterAll, expect, test } from "vitest";

/*
 * One boot of a machine whose process 1 is systemd: the kiosk is installed by install.sh, started, frozen, killed and
 * stopped there (trial.sh), and this file judges what was seen.
 */
const project = resolve(import.meta.dirname, "../..");
const room = mkdtempSync("/var/tmp/yizhan-boot-");
const found = (name: string) =>
  existsSync(join(room, "out", name)) ? readFileSync(join(room, "out", name), "utf8") : "";
const facts = new Map<string, string>();
const fact = (name: string) => facts.get(name) ?? `never found out: ${name}`;

beforeAll(async () => {
  if (process.getuid?.() !== 0) throw new Error("Booting a machine in a folder needs root: run this test as root.");
  if (!existsSync("/usr/bin/systemd-nspawn"))
    throw new Error("systemd-nspawn is missing. Install it: apt install systemd-container");
  const boot = [join(project, "test/systemd/boot.sh"), room, project, "test/systemd/trial.sh"];
  // The mounts are the child's own: they end with it, however it ends.
  const said = await new Promise<string>((ended) =>
    execFile("unshare", ["--mount", "--propagation=private", ...boot], (failure, stdout, stderr) =>
      ended(`${failure?.message ?? ""}\n${stdout}${stderr}`),
    ),
  );
  if (found("exit-code").trim() !== "0")
    throw new Error(
      `The machine did not boot and finish.\n${said}\n${found("console.log").slice(-3000)}\n${found("trial.log").slice(-3000)}`,
    );
  for (const line of found("facts").split("\n")) {
    const at = line.indexOf("=");
    if (at > 0) facts.set(line.slice(0, at), line.slice(at + 1).trim());
  }
}, 260_000);

afterAll(() => rmSync(room, { recursive: true, force: true }));

test("install.sh puts a checkout onto a machine that has never seen one", () => {
  expect(found("install.log")).toContain("Installed in /opt/yizhan.");
  expect(fact("install.exit")).toBe("0");
  expect(fact("folders")).toBe("root:yizhan:750 yizhan:yizhan:700 yizhan:yizhan:700");
});

test("systemd finds no fault in the units as installed, nor udev in the rules", () => {
  expect(fact("verify.said")).toBe("");
  expect(fact("udev.read")).toBe("1");
  expect(fact("udev.said")).toBe("");
});

test("a technician can check the station by hand as the kiosk's user, who reaches the board's wire", () => {
  expect(found("check.log")).toContain("no mistake");
  expect(fact("check.exit")).toBe("0");
  expect(fact("check.reaches-board")).toBe("0");
});

test("the kiosk is started when it says so itself, and asked for a sign of life every 30 s", () => {
  expect(fact("start.exit")).toBe("0");
  expect(fact("start.state")).toBe("active");
  expect(fact("start.status")).toMatch(/^serving at /);
  expect(fact("start.watchdog")).toBe("30s");
});

test("behind its walls it serves the page to the screen's user and speaks to its board over a serial line", () => {
  expect(fact("page.answer")).toBe("HTTP/1.1 200 OK");
  expect(Number(fact("wire.heard"))).toBeGreaterThan(0);
});

test("it runs as a user of its own, with its devices' groups, without capabilities, its system calls filtered", () => {
  expect(fact("start.user")).toBe("yizhan:yizhan");
  expect(fact("start.groups").split(",").sort()).toEqual(["dialout", "gpio", "plugdev", "yizhan"]);
  expect(fact("start.capabilities")).toBe("0000000000000000");
  expect(fact("start.seccomp")).toBe("2");
});

test("it can write its data and nothing else: not its program, not its station file; it sees no home", () => {
  expect(fact("sandbox.may-write-data")).toBe("yes");
  expect(fact("sandbox.may-read-station-file")).toBe("yes");
  expect(fact("sandbox.may-change-station-file")).toBe("no");
  expect(fact("sandbox.root-may-change-program")).toBe("no");
  expect(fact("sandbox.root-sees-home")).toBe("0");
  // A reader that types is silenced in its device's folder; its own rights say who may.
  expect(fact("sandbox.devices-writable")).toBe("yes");
  expect(fact("sandbox.kernel-settings-writable")).toBe("no");
});

test("systemd hears the watchdog being fed from within all these walls", () => {
  expect(fact("watchdog.fed")).toBe("yes");
});

test("a frozen kiosk is ended by the watchdog within its 30 s and is back at once, with a new screen", () => {
  expect(fact("frozen.reason")).toBe("1");
  expect(fact("frozen.restarts")).toBe("1");
  expect(fact("frozen.state")).toBe("active");
  expect(fact("frozen.same-process")).toBe("no");
  expect(Number(fact("frozen.seconds"))).toBeLessThanOrEqual(45);
  expect(fact("screen.state")).toBe("active");
  expect(fact("frozen.new-screen")).toBe("yes");
});

test("a killed kiosk is back within seconds", () => {
  expect(fact("killed.restarts")).toBe("2");
  expect(fact("killed.state")).toBe("active");
  expect(Number(fact("killed.seconds"))).toBeLessThanOrEqual(15);
});

test("a kiosk stopped on purpose ends cleanly, stays down, and takes the screen with it; both come back together", () => {
  expect(fact("stop.exit")).toBe("0");
  expect(fact("stop.state")).toBe("inactive");
  expect(fact("stop.result")).toBe("success");
  expect(fact("stop.status")).toBe("1:0");
  expect(fact("stop.journal")).toBe("1");
  expect(fact("stop.screen")).toBe("inactive");
  expect(fact("again.state")).toBe("active");
  expect(fact("again.screen")).toBe("active");
});

test("after freezing, killing and stopping, every entry of the ledger is whole", () => {
  expect(found("ledger.log")).not.toBe("");
  expect(fact("ledger.exit")).toBe("0");
});

test("compiled scripts are kept for the next start", () => {
  expect(Number(fact("cache.files"))).toBeGreaterThan(50);
});
