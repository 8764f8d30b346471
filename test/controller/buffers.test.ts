import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

/** At a thread's end: how many new buffers have in them what stood in memory before, and how many bytes a small one takes. */
const look = `data:text/javascript,${encodeURIComponent(`
  import { writeSync } from "node:fs";
  import { isMainThread } from "node:worker_threads";
  process.on("exit", () => {
    for (let n = 0; n < 300; n++) Buffer.alloc(20_000, 7);
    globalThis.gc();
    const made = Array.from({ length: 300 }, (_, n) => (n % 2 ? Buffer.allocUnsafe(20_000) : Buffer.allocUnsafeSlow(20_000)));
    const old = made.filter((one) => one.some((byte) => byte !== 0)).length;
    const small = Buffer.from("x").buffer.byteLength;
    writeSync(1, JSON.stringify({ thread: isMainThread ? "main" : "other", old, small }) + "\\n");
  });
`)}`;

interface Looked {
  readonly thread: "main" | "other";
  readonly old: number;
  readonly small: number;
}

/** What was found at the end of each thread of a process. */
function looked(...words: readonly string[]): readonly Looked[] {
  const { stdout } = spawnSync(process.execPath, ["--expose-gc", "--import", look, ...words], { encoding: "utf8" });
  const lines = stdout.split("\n").filter((line) => line.startsWith("{"));
  return lines.map((line) => JSON.parse(line) as Looked);
}

/** A thread that begins with this file. The disk's ends at once where nobody tells it what to open. */
const thread = (file: string) => `new (require("node:worker_threads").Worker)("${file}").on("error", () => {})`;

test("a kiosk's new buffers have nothing of what stood in its memory before, and share none with others", () => {
  const usual = looked("-e", "1");
  expect(usual).toEqual([{ thread: "main", old: expect.any(Number), small: expect.any(Number) }]);
  expect(usual[0]?.old).toBeGreaterThan(0);
  expect(usual[0]?.small).toBeGreaterThan(1);
  expect(looked("controller/yizhan.mjs", "--help")).toEqual([{ thread: "main", old: 0, small: 1 }]);
  expect(looked("-e", thread("./controller/store/thread.mjs"))).toContainEqual({ thread: "other", old: 0, small: 1 });
});
