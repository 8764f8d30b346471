import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { eventually } from "../../kit/broker.ts";

const program = fileURLToPath(new URL("../../../controller/yizhan.mjs", import.meta.url));

export const newFolder = (): string => mkdtempSync(join(tmpdir(), "centre-"));

/** `npx yizhan centre run` as a process of its own. */
export interface RunningCentre {
  /** Of its broker. */
  readonly url: string;
  readonly said: () => string;
  /** Resolves with its exit code, or with the signal that ended it. */
  end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals>;
}

const running = new Set<{ kill(signal: NodeJS.Signals): unknown }>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** Starts it and waits until it is at its broker. */
export async function runCentre(...words: readonly string[]): Promise<RunningCentre> {
  const child = spawn(process.execPath, [program, "centre", "run", ...words], { stdio: ["ignore", "pipe", "pipe"] });
  running.add(child);
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text: Buffer) => (said += text.toString()));
  const gone = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once("exit", (code, signal) => {
      running.delete(child);
      resolve(signal ?? code ?? -1);
    });
  });
  let ended: number | NodeJS.Signals | undefined;
  void gone.then((how) => (ended = how));
  await eventually(() => said.includes('"broker.found"') || ended !== undefined, "the centre to start", 60_000);
  if (ended !== undefined) throw new Error(`The centre ended with ${ended}: ${said}`);
  return {
    url: /"broker":"(mqtts?:[^"]+)"/.exec(said)?.[1] ?? "",
    said: () => said,
    end(signal) {
      child.kill(signal);
      return gone;
    },
  };
}

export interface Told {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** One command of the centre, to its end. */
export const ask = (...words: readonly string[]): Told => yizhan("centre", ...words);

/** One command, to its end. */
export function yizhan(...words: readonly string[]): Told {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...words], {
    encoding: "utf8",
    timeout: 60_000,
    env: { ...process.env, COLUMNS: "80" },
  });
  return { code: status, out: stdout, err: stderr };
}

/** The same without waiting here. */
export function asking(...words: readonly string[]): Promise<Told> {
  const child = spawn(process.execPath, [program, "centre", ...words], { stdio: ["ignore", "pipe", "pipe"] });
  let [out, err] = ["", ""];
  child.stdout.on("data", (text: Buffer) => (out += text.toString()));
  child.stderr.on("data", (text: Buffer) => (err += text.toString()));
  return new Promise((resolve) => {
    child.once("close", (code) => resolve({ code, out, err }));
  });
}
