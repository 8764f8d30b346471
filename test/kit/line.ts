import { execFile, spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { vi } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const patience = { timeout: 20_000, interval: 20 };

/** A real serial line, made of a pair of pseudo-terminals, with a simulated machine in another process at its far end. */
export interface Line {
  /** What the kiosk opens. */
  readonly near: string;
  /** An empty folder that goes with the line. */
  readonly folder: string;
  turn(knob: string, to: string | number | boolean): Promise<void>;
  /** The slots of the goods that fell, in order. */
  fell(): Promise<readonly string[]>;
  end(): Promise<void>;
}

export async function layLine(profile: string, options: object = {}): Promise<Line> {
  const folder = mkdtempSync(join(tmpdir(), "yizhan-line-"));
  const near = join(folder, "near");
  const far = join(folder, "far");
  const cable = spawn("socat", [`pty,raw,echo=0,link=${near}`, `pty,raw,echo=0,link=${far}`], { stdio: "ignore" });
  await vi.waitUntil(() => existsSync(near) && existsSync(far), patience);
  const machine = spawn(process.execPath, ["test/kit/machine-at-a-line.ts", profile, far, JSON.stringify(options)], {
    cwd: root,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const answers: string[] = [];
  createInterface({ input: machine.stdout }).on("line", (answer) => answers.push(answer));
  const answer = async (): Promise<readonly string[]> => {
    await vi.waitUntil(() => answers.length > 0 || machine.exitCode !== null, patience);
    const { fell } = JSON.parse(answers.shift() ?? "{}") as { fell?: readonly string[] };
    if (fell === undefined) throw new Error(`the machine ended with exit code ${machine.exitCode}`);
    return fell;
  };
  await answer();
  const ask = (question: object) => {
    machine.stdin.write(`${JSON.stringify(question)}\n`);
    return answer();
  };
  return {
    near,
    folder,
    async turn(knob, to) {
      await ask({ knob, to });
    },
    fell: () => ask({}),
    async end() {
      await ended(machine);
      await ended(cable);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await gone;
}

export interface Answer {
  readonly code: number;
  readonly out: string;
  readonly complaint: string;
}

/** One command of the kiosk, in a process of its own. */
export const yizhan = (...words: readonly string[]): Promise<Answer> =>
  new Promise((settle) => {
    const child = execFile(process.execPath, ["controller/yizhan.mjs", ...words], { cwd: root }, (_, out, complaint) =>
      settle({ code: child.exitCode ?? -1, out, complaint }),
    );
  });
