import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";

// Whole simulations, each with its centre, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000 });

const cache = mkdtempSync(join(tmpdir(), "yizhan-cache-"));
afterAll(() => rmSync(cache, { recursive: true, force: true }));

const environment = { ...process.env, NODE_COMPILE_CACHE: cache };
const node = (...words: readonly string[]) =>
  spawnSync(process.execPath, words, { env: environment, input: "quit\n", encoding: "utf8" });
const compiled = () => new Set(readdirSync(cache, { recursive: true, encoding: "utf8" }));

test("after an install the first start of a kiosk compiles nothing, nor does its disk's thread", () => {
  const warmed = node("controller/cli/warm.mjs");
  expect(warmed.stdout + warmed.stderr).toBe("");
  expect(warmed.status).toBe(0);
  const kept = compiled();
  expect(kept.size).toBeGreaterThan(100);
  expect(node("controller/yizhan.mjs", "sim", "--port", "0").status).toBe(0);
  expect(node("controller/yizhan.mjs", "run", "--config", cache, "--data", cache).status).toBe(1);
  expect(compiled()).toEqual(kept);
});

test("after an install a technician who tries out a device compiles nothing, whatever the model and its wire", () => {
  const kept = compiled();
  expect(kept.size).toBeGreaterThan(100);
  for (const profile of ["xy-v3", "wedge-scanner", "caresens", "gatt-pressure", "ds18b20", "toledo-continuous"]) {
    const tried = node("controller/yizhan.mjs", "test", "--profile", profile, "--path", join(cache, "nobody"));
    expect(tried.status, profile + tried.stderr).toBe(1);
    expect(compiled(), profile).toEqual(kept);
  }
});

test("a cache that cannot be written keeps nobody from starting", () => {
  const answer = spawnSync(process.execPath, ["controller/yizhan.mjs", "sim", "--port", "0"], {
    env: { ...process.env, NODE_COMPILE_CACHE: "/dev/null/cache" },
    input: "quit\n",
    encoding: "utf8",
  });
  expect(answer.stderr).toBe("");
  expect(answer.status).toBe(0);
});
