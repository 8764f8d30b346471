import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vi } from "vitest";
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
