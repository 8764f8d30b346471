import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Folder } from "../real/station.ts";
import { rest } from "./statistics.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** `yizhan run` in a process of its own, as systemd starts it. */
export interface BenchKiosk {
  readonly pid: number;
  readonly url: string;
  /** Sends a press as the page does, on a connection that is open already. */
  press(key: string): Promise<void>;
  type(digits: string): Promise<void>;
  /** The next line of the log with this message. Ask before you do what leads to it. */
  next(message: string): Promise<string>;
  stop(): Promise<void>;
}

/** Starts the kiosk and waits until it serves. `more`: further words of the command. `before`: words before it. */
export async function startKiosk(
  { config, data }: Pick<Folder, "config" | "data">,
  more: readonly string[] = [],
  before: readonly string[] = [],
): Promise<BenchKiosk> {
  const words = ["controller/yizhan.mjs", "run", "--config", config, "--data", data, "--port", "0", ...more];
  const [program = "", ...rest] = [...before, process.execPath, ...words];
  const child = spawn(program, rest, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
  const waiting = new Map<string, (line: string) => void>();
  createInterface({ input: child.stdout }).on("line", (line) => {
    const message = /"msg":"([^"]*)"/.exec(line)?.[1] ?? "";
    waiting.get(message)?.(line);
    waiting.delete(message);
  });
  // A kiosk that ends early is no measurement.
  const end = once(child, "exit").then(([code]) => {
    throw new Error(`the kiosk ended with exit code ${String(code)}`);
  });
  end.catch(() => {});
  const next = (message: string): Promise<string> =>
    Promise.race([new Promise<string>((resolve) => waiting.set(message, resolve)), end]);
  const present = next("device.working");
  const serving = await next("kiosk.serving");
  await present;
  const { url } = JSON.parse(serving) as { url: string };
  const { hostname, port } = new URL(url);
  let line = connect(Number(port), hostname).setNoDelay(true);
  const press = async (key: string): Promise<void> => {
    // The kiosk hangs up on a page that has said nothing for some seconds.
    if (line.readableEnded || line.destroyed) {
      line = connect(Number(port), hostname).setNoDelay(true);
      await once(line, "connect");
    }
    const body = JSON.stringify({ key });
    const answered = once(line, "data");
    line.write(`POST /press HTTP/1.1\r\nHost: ${hostname}:${port}\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    await answered;
  };
  return {
    pid: child.pid ?? 0,
    url,
    press,
    async type(digits) {
      for (const digit of digits) await press(digit);
    },
    next,
    async stop() {
      line.destroy();
      const gone = once(child, "exit");
      child.kill("SIGTERM");
      await gone;
    },
  };
}

/** A field of /proc/PID/status in mebibytes, such as VmRSS. */
export function memoryOf(pid: number, field: "VmRSS" | "VmHWM" | "RssAnon"): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(status)?.[1]) / 1024;
}

/** Share of one processor that the process took in so many seconds, in per cent. */
export async function processorShare(pid: number, seconds: number): Promise<number> {
  const before = processorTime(pid);
  await rest(seconds * 1000);
  return (processorTime(pid) - before) / seconds / 10;
}

/** Milliseconds of processor time that the process has used, which /proc/PID/stat counts in tens of them. */
export const processorTime = (pid: number): number =>
  readdirSync(`/proc/${pid}/task`)
    .map((thread) => Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ")[0]) / 1e6)
    .reduce((all, one) => all + one, 0);
