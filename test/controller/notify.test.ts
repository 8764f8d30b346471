import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { openNotify } from "../../controller/notify.ts";

/**
 * A datagram socket such as systemd's; one line a datagram. In Perl, which every Debian has: Node lacks such sockets, and
 * socat keeps the file descriptor that systemd-notify waits to see let go.
 */
const ear = `use Socket; $| = 1; socket(S, AF_UNIX, SOCK_DGRAM, 0); bind(S, sockaddr_un($ARGV[0])) or die;
while (defined recv(S, $said, 4096, 0)) { print "$said\\n" }`;

async function listening() {
  const folder = mkdtempSync(join(tmpdir(), "notify-"));
  const socket = join(folder, "socket");
  let heard = "";
  const listener = spawn("perl", ["-e", ear, socket], { stdio: ["ignore", "pipe", "inherit"] });
  listener.stdout.on("data", (bytes: Buffer) => (heard += bytes.toString()));
  onTestFinished(() => {
    listener.kill();
    rmSync(folder, { recursive: true });
  });
  await vi.waitUntil(() => existsSync(socket), { timeout: 10_000 });
  return { socket, heard: () => heard.split("\n").filter((line) => line !== "" && line !== "BARRIER=1") };
}

test("systemd hears every word, in order, each as one line", async () => {
  const { socket, heard } = await listening();
  const notes: string[] = [];
  const notify = openNotify({ socket, note: (event) => notes.push(event) });
  await notify.ready("open\n  at 127.0.0.1:8080");
  notify.alive();
  notify.status("nothing to do");
  await notify.stopping();
  await vi.waitUntil(() => heard().length >= 5, { timeout: 10_000 });
  expect(heard()).toEqual([
    "READY=1",
    "STATUS=open at 127.0.0.1:8080",
    "WATCHDOG=1",
    "STATUS=nothing to do",
    "STOPPING=1",
  ]);
  expect(notes).toEqual([]);
});

test("without a service manager nothing is started and nothing is noted", async () => {
  const notes: string[] = [];
  const notify = openNotify({ socket: undefined, note: (event) => notes.push(event) });
  notify.alive();
  notify.status("hello");
  await notify.ready("open");
  await notify.stopping();
  expect(notes).toEqual([]);
});

test("a service manager that is not there is noted once, and stops nothing", async () => {
  const notes: string[] = [];
  const notify = openNotify({ socket: "/nonexistent/notify", note: (event) => notes.push(event) });
  await notify.ready("open");
  notify.alive();
  await notify.stopping();
  expect(notes).toEqual(["notify.failed"]);
});

test("a hundred feedings in a row are one process, not a hundred", async () => {
  const { socket, heard } = await listening();
  const notify = openNotify({ socket, note() {} });
  for (let feeding = 0; feeding < 100; feeding++) notify.alive();
  await notify.stopping();
  await vi.waitUntil(() => heard().includes("STOPPING=1"), { timeout: 10_000 });
  expect(heard()).toEqual(["WATCHDOG=1", "STOPPING=1"]);
});
