import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

/** Every file that Node loads for a kiosk before anybody stands in front of it, by its address. */
function loadedAtStart(): readonly string[] {
  const program = `
    import { registerHooks } from "node:module";
    const loaded = [];
    registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
    await import("./controller/kiosk.ts");
    await import("./controller/cabin.ts");
    await import("./controller/cli/run.ts");
    process.stdout.write(JSON.stringify(loaded));
    process.exit();`;
  const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
    cwd: new URL("../../..", import.meta.url),
    encoding: "utf8",
    timeout: 60_000,
  });
  return JSON.parse(stdout) as readonly string[];
}

test("no start loads what seals or prints results: who comes for water does not wait for it", () => {
  const loaded = loadedAtStart();
  for (const own of ["/controller/kiosk.ts", "/controller/cabin.ts"])
    expect(loaded.some((url) => url.endsWith(own))).toBe(true);
  // The sizes are two numbers, which the ledger knows too.
  const wanted = /\/controller\/takeaway\/|\/protocol\/health\/(?!sizes)|@hpke|\/domain\/health\/fhir/;
  expect(loaded.filter((url) => wanted.test(url))).toEqual([]);
}, 60_000);
