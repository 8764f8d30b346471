import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { ended, patience, root } from "./children.ts";

// Many processes share a machine that may be busy.
vi.setConfig({ testTimeout: 120_000 });

// The simulation ends when it is told to, in whichever way, and leaves nothing behind.

let place: string;
let sim: ChildProcess | undefined;
beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), "yizhan-sims-"));
});
afterAll(async () => {
  if (sim) await ended(sim, "SIGKILL");
  rmSync(place, { recursive: true, force: true });
});

function spawned(stdin: "pipe" | "ignore"): ChildProcess {
  const child = spawn(process.execPath, ["controller/yizhan.mjs", "sim", "--port", "0"], {
    cwd: root,
    env: { ...process.env, TMPDIR: place, NODE_COMPILE_CACHE: join(tmpdir(), "node-compile-cache") },
    stdio: [stdin, "pipe", "inherit"],
  });
  sim = child;
  return child;
}

async function started(stdin: "pipe" | "ignore"): Promise<ChildProcess> {
  const child = spawned(stdin);
  let said = "";
  child.stdout?.on("data", (text: Buffer) => (said += text.toString()));
  await vi.waitUntil(() => said.includes("quit"), patience);
  return child;
}

const ways: readonly (readonly [string, "pipe" | "ignore", (child: ChildProcess) => void])[] = [
  ["by SIGTERM", "pipe", (child) => void child.kill("SIGTERM")],
  ["by Ctrl-C", "pipe", (child) => void child.kill("SIGINT")],
  ["by the word quit", "pipe", (child) => void child.stdin?.write("quit\n")],
  ["by the end of the typing", "pipe", (child) => void child.stdin?.end()],
  [
    "by SIGTERM after nobody reads it any more, without a terminal",
    "ignore",
    (child) => {
      child.stdout?.destroy();
      child.kill("SIGTERM");
    },
  ],
];

async function expectCleanEnd(child: ChildProcess, end: (child: ChildProcess) => void): Promise<void> {
  expect(readdirSync(place)).toHaveLength(1);
  const gone = new Promise<number | null>((resolve) => child.once("exit", resolve));
  end(child);
  expect(await gone).toBe(0);
  expect(readdirSync(place)).toEqual([]);
}

test.each(ways)("a simulation is ended %s", async (_, stdin, end) => {
  await expectCleanEnd(await started(stdin), end);
});

test("a simulation that is told to stop while it starts ends as soon as it has started", async () => {
  const child = spawned("pipe");
  await vi.waitUntil(() => readdirSync(place).length > 0, { ...patience, interval: 1 });
  await expectCleanEnd(child, () => child.kill("SIGTERM"));
});
