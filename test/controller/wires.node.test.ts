import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { machineWires } from "../../controller/wires.node.ts";
import { layCable, type Cable } from "../bench/cable.ts";
import { manualClock } from "../kit/clock.ts";

let folder: string;
let cable: Cable;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "wires-"));
  cable = await layCable(join(folder, "line"));
});
afterEach(async () => {
  await cable.end();
  rmSync(folder, { recursive: true });
});

test.each([
  ["that streams is gathered", { streams: true }, ["serial: a stream is gathered"]],
  ["that does not stream is told as it comes, without a wait", {}, []],
] as const)("what a device says %s", async (_, more, waits) => {
  const clock = manualClock();
  const wire = await machineWires(clock).open("bytes", { by: "path", match: join(folder, "line"), ...more });
  if (!wire.ok) throw new Error(wire.error.detail);
  const heard: number[] = [];
  wire.value.port.listen({ heard: (bytes) => heard.push(...bytes), lost() {} });
  cable.says(Uint8Array.of(1, 2, 3));
  await vi.waitFor(() => expect(heard).toEqual([1, 2, 3]), 10_000);
  expect(clock.pending()).toEqual(waits);
  await wire.value.close();
});
