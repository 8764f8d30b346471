import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { chownSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { freePort } from "./broker.ts";

const programs = "/usr/lib/postgresql/15/bin";
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export interface PostgresOptions {
  /** Settings of the server. A test that kills only the server's processes needs no fsync; a bench does. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface Postgres {
  readonly port: number;
  /** The server's own database; where tests may disturb each other they take one of their own. */
  readonly url: string;
  /** An empty database, and its address. */
  database(): Promise<string>;
  /** What the server has printed. */
  log(): string;
  /** Ends it and all its children at once, as a power cut would: SIGKILL. */
  kill(): Promise<void>;
  /** Starts it again on the same folder and port. */
  restart(): Promise<void>;
  /** Ends it and takes its folder away. */
  stop(): Promise<void>;
}

/** PostgreSQL refuses to run as root. */
function servant(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const ask = (what: string, user: string) => spawnSync("id", [what, user], { encoding: "utf8" });
  const user = ask("-u", "postgres").status === 0 ? "postgres" : "nobody";
  return { uid: Number(ask("-u", user).stdout), gid: Number(ask("-g", user).stdout) };
}

/** The server's children lead sessions of their own: no signal to a group reaches them. */
function childrenOf(pid: number): readonly number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(/\s+/).filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

const lives = (pid: number): boolean => {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
};

async function answers(port: number): Promise<boolean> {
  const client = new pg.Client({ host: "127.0.0.1", port, user: "postgres", database: "postgres" });
  client.on("error", () => {});
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

/** Debian's PostgreSQL 15 as a child in a folder of its own on a free loopback port; resolves when it answers. */
export async function startPostgres({ settings = {} }: PostgresOptions = {}): Promise<Postgres> {
  const folder = mkdtempSync(join(tmpdir(), "postgres-"));
  const user = servant();
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  const data = join(folder, "data");
  const words = ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"];
  const made = spawnSync(join(programs, "initdb"), words, { cwd: folder, encoding: "utf8", ...user });
  if (made.status !== 0) throw new Error(`initdb did not make a database: ${made.error?.message ?? made.stderr}`);

  const port = await freePort();
  const url = (name: string) => `postgres://postgres@127.0.0.1:${port}/${name}`;
  let said = "";
  let server: ChildProcess | undefined;
  let databases = 0;

  const start = async () => {
    const set = Object.entries({ listen_addresses: "127.0.0.1", unix_socket_directories: "", ...settings });
    const child = spawn(
      join(programs, "postgres"),
      ["-D", data, "-p", String(port), ...set.flatMap(([name, value]) => ["-c", `${name}=${value}`])],
      { cwd: folder, stdio: ["ignore", "ignore", "pipe"], ...user },
    );
    server = child;
    child.stderr.on("data", (text: Buffer) => (said = (said + text.toString()).slice(-200_000)));
    child.once("error", (error) => (said += error.message));
    for (const end = performance.now() + 60_000; !(await answers(port)); await pause(20)) {
      const gone = child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
      if (gone || performance.now() > end) throw new Error(`PostgreSQL did not start on port ${port}:\n${said}`);
    }
  };
  const end = async (signal: NodeJS.Signals) => {
    const child = server;
    server = undefined;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    const children = childrenOf(child.pid);
    child.kill(signal);
    if (signal === "SIGKILL") for (const pid of children) if (lives(pid)) process.kill(pid, signal);
    await gone;
    // Its shared memory is free when the last of them is gone.
    while (children.some(lives)) await pause(5);
  };
  // A test that fails at the wrong place leaves no server behind. The children follow theirs.
  const orphaned = () => server?.kill("SIGQUIT");
  process.once("exit", orphaned);
  await start();
  return {
    port,
    url: url("postgres"),
    async database() {
      const name = `t${++databases}`;
      const client = new pg.Client({ connectionString: url("postgres") });
      await client.connect();
      await client.query(`CREATE DATABASE ${name}`);
      await client.end();
      return url(name);
    },
    log: () => said,
    kill: () => end("SIGKILL"),
    async restart() {
      await end("SIGKILL");
      await start();
    },
    async stop() {
      await end("SIGINT");
      process.off("exit", orphaned);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
