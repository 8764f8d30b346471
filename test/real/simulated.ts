import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { vi } from "vitest";
import { openBrowser } from "../screen/browser.ts";
import { ended, patience, root } from "./children.ts";

/** `npm start` in a process of its own, told by words at its terminal. */
export interface Simulated {
  /** Of the worker's screen. */
  readonly url: string;
  /** Everything that it printed until now. */
  printed(): string;
  types(line: string): void;
  end(): Promise<void>;
}

export async function startSimulation(...options: readonly string[]): Promise<Simulated> {
  const words = ["controller/yizhan.mjs", "sim", "--port", "0", "--fast", "--seed", "7", "--offline", ...options];
  const child = spawn(process.execPath, words, {
    cwd: root,
    env: { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), "node-compile-cache") },
    stdio: ["pipe", "pipe", "inherit"],
  });
  let printed = "";
  child.stdout.on("data", (text: Buffer) => (printed += text.toString()));
  await vi.waitUntil(() => printed.includes("quit") || child.exitCode !== null, patience);
  if (child.exitCode !== null) throw new Error(`the simulation ended with exit code ${child.exitCode}: ${printed}`);
  return {
    url: /http:\S+/.exec(printed)?.[0] ?? "",
    printed: () => printed,
    types: (line) => void child.stdin.write(`${line}\n`),
    end: () => ended(child, "SIGTERM"),
  };
}

/** … and a browser before its screen. */
export async function beforeTheGlass(...options: readonly string[]): Promise<{
  readonly sim: Simulated;
  readonly page: Page;
  end(): Promise<void>;
}> {
  const sim = await startSimulation(...options);
  const browser = await openBrowser();
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(sim.url);
  const end = async (): Promise<void> => {
    await browser.close();
    await sim.end();
  };
  return { sim, page, end };
}
