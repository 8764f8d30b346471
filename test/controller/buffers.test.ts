import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

/** At a process's end: how many new buffers have in them what stood in memory before, and how many bytes a small one takes. */
const look = `data:text/javascript,${encodeURIComponent(`
  process.on("exit", () => {
    for (let n = 0; n < 300; n++) Buffer.alloc(20_000, 7);
    globalThis.gc();
    const made = Array.from({ length: 300 }, (_, n) => (n % 2 ? Buffer.allocUnsafe(20_000) : Buffer.allocUnsafeSlow(20_000)));
    const old = made.filter((one) => one.some((byte) => byte !== 0)).length;
    console.log(JSON.stringify({ old, small: Buffer.from("x").buffer.byteLength }));
  });
`)}`;

const looked = (...words: readonly string[]) => {
  const { stdout } = spawnSync(process.execPath, ["--expose-gc", "--import", look, ...words], { encoding: "utf8" });
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as { readonly old: number; readonly small: number };
};

test("a kiosk's new buffers have nothing of what stood in its memory before, and share none with others", () => {
  const usual = looked("-e", "1");
  expect(usual.old).toBeGreaterThan(0);
  expect(usual.small).toBeGreaterThan(1);
  expect(looked("controller/yizhan.mjs", "--help")).toEqual({ old: 0, small: 1 });
});
