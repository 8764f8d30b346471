import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { filesIn, type Files } from "./files.ts";
import { recordOf, type Told } from "./record.ts";

/** Everything that a disk was told from the mounting to the unmounting, and what it held before. */
export interface Recording {
  readonly before: Files;
  readonly told: readonly Told[];
}

/** A folder that writes down what a disk would be told. Needs the Debian packages fuse3, libfuse3-dev and pkg-config, and /dev/fuse. */
export interface Forgetful {
  /** The folder to work in. */
  readonly path: string;
  /** The process behind it: stopped with SIGSTOP, it is a card that stalls. */
  readonly pid: number;
  /** What the world outside sees by now: it stands in the record in its order. Also by writing to `<path>/.outside`. */
  mark(text: string): void;
  /** A full disk, one that fails at every write, or a well one again. */
  trouble(kind: "full" | "io" | "none"): void;
  /** Every file must be closed before. */
  unmount(): Promise<Recording>;
}

const work = join(import.meta.dirname, "../.work");
const source = join(import.meta.dirname, "forgetful.c");

/** Compiles the file system once for each form of its source. */
function program(): string {
  const text = readFileSync(source);
  const built = join(work, `forgetful-${createHash("sha256").update(text).digest("hex").slice(0, 12)}`);
  if (existsSync(built)) return built;
  mkdirSync(work, { recursive: true });
  const flags = execFileSync("pkg-config", ["fuse3", "--cflags", "--libs"], { encoding: "utf8" }).trim().split(/\s+/);
  const unfinished = `${built}.${process.pid}`;
  execFileSync("cc", ["-O2", "-Wall", "-Wextra", "-Werror", "-o", unfinished, source, ...flags], { stdio: "inherit" });
  renameSync(unfinished, built);
  return built;
}

/** Mounts a folder that holds `before` at first, for reading alone where `access` is "ro". */
export async function mount(before: Files = new Map(), access: "rw" | "ro" = "rw"): Promise<Forgetful> {
  const built = program();
  const place = mkdtempSync(join(work, "forgetful-mount-"));
  const [backing, path, record] = [join(place, "backing"), join(place, "disk"), join(place, "record")];
  mkdirSync(backing);
  mkdirSync(path);
  for (const [name, content] of before) writeFileSync(join(backing, name), content);
  const started = filesIn(backing);
  const child = spawn(built, [backing, record, path, "-f", "-s", "-o", access], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const gone = once(child, "exit");
  await mounted(child, path);
  return {
    path,
    pid: child.pid ?? 0,
    mark: (text) => writeFileSync(join(path, ".outside"), text),
    trouble: (kind) => writeFileSync(join(path, ".trouble"), kind),
    unmount: async () => {
      execFileSync("fusermount3", ["-u", path]);
      // It would not end by itself while another mount namespace, such as a container's, still holds the mount.
      child.kill("SIGKILL");
      await gone;
      const told = recordOf(readFileSync(record), started.numbers);
      rmSync(place, { recursive: true });
      return { before: started.files, told };
    },
  };
}

async function mounted(child: ChildProcess, path: string): Promise<void> {
  while (!readFileSync("/proc/mounts", "utf8").includes(` ${path} fuse`)) {
    if (child.exitCode !== null)
      throw new Error(`the forgetful file system did not start: exit code ${child.exitCode}`);
    await wait(2);
  }
}

/** Mounts, runs, unmounts. */
export async function record(run: (disk: Forgetful) => Promise<void>, before?: Files): Promise<Recording> {
  const disk = await mount(before);
  try {
    await run(disk);
  } catch (error) {
    await disk.unmount();
    throw error;
  }
  return disk.unmount();
}
