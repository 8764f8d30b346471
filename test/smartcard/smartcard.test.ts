import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { beforeAll, expect, test } from "vitest";
import type { Told } from "../guest/telling.ts";
import { promises, type PromiseName } from "./promises.ts";

// Smart cards through Debian's own service, with a reader and a card that are sockets. The virtual reader listens on
// every address: it gets a network of its own, and the service a folder of its own.

const house = resolve(import.meta.dirname, "../..");
const addon = join(house, "node_modules/smartcard/build");
const limit = 180_000;
const told = new Map<PromiseName, Told<PromiseName>>();
const words: string[] = [];

/** A command that sees another network, and what `mounts` lays over this machine's folders. */
const apart = (mounts: string, ...command: readonly string[]) =>
  [
    "unshare",
    ["--net", "--mount", "sh", "-c", `ip link set lo up && ${mounts} && exec "$@"`, "sh", ...command],
  ] as const;

beforeAll(async () => {
  if (process.getuid?.() !== 0) throw new Error("A network of its own needs root: run npm test as root.");
  // npm ci may have come before libpcsclite-dev.
  if (!existsSync(addon)) spawnSync("npm", ["exec", "-c", "node devices/port/pcsc-build.mjs"], { cwd: house });
  const folder = "mkdir -p /run/pcscd && mount -t tmpfs tmpfs /run/pcscd";
  const [program, command] = apart(folder, process.execPath, join(import.meta.dirname, "session.ts"));
  const session = spawn(program, command, { stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise((settle) => session.once("exit", settle));
  const killed = setTimeout(() => session.kill("SIGKILL"), limit);
  session.stderr.on("data", (said: Buffer) => words.push(said.toString()));
  for await (const line of createInterface({ input: session.stdout })) {
    if (!line.startsWith('{"promise":')) words.push(line);
    else {
      const one = JSON.parse(line) as Told<PromiseName>;
      told.set(one.promise, one);
      if (one.figures) console.log(one.promise, one.figures);
    }
  }
  await ended;
  clearTimeout(killed);
}, 2 * limit);

test.each(promises)("through the real service: %s", (promise) => {
  const one = told.get(promise);
  expect(one?.why ?? (one ? "" : `nothing was said of it:\n${words.slice(-15).join("\n")}`)).toBe("");
  expect(one?.kept).toBe(true);
});

test("where the package is not built, a sentence says how to get it, and nothing else happens", () => {
  const ports = join(house, "devices/port/pcsc.ts");
  const script = `const { openCards } = await import(${JSON.stringify(ports)}); console.log(JSON.stringify(await openCards({ match: "" })));`;
  const [program, command] = apart(`mount -t tmpfs tmpfs ${addon}`, process.execPath, "-e", script);
  const asked = spawnSync(program, command, { encoding: "utf8" });
  expect(asked.stderr).toBe("");
  expect(JSON.parse(asked.stdout)).toMatchObject({
    ok: false,
    error: {
      kind: "no-device",
      detail: expect.stringMatching(/not built here\. To have them: apt install libpcsclite-dev/),
    },
  });
});
