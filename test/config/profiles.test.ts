import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadStation } from "../../config/load.ts";
import { mistakeLine } from "../../config/mistake.ts";
import { fitDevice, loadModel, profileNames, ways } from "../../config/profile.ts";

const names = await profileNames();

test("there are profiles", () => {
  expect(names).toContain("xy-v3");
  expect(names).toContain("tcn");
});

test.each(names)("the profile %s has no mistake, and its driver takes its options", async (name) => {
  const model = await loadModel(name, { file: "test", path: "" });
  if (!model.ok) throw new Error(model.error.map(mistakeLine).join("\n"));
  const wiring = { by: ways[model.value.driver.port][0], match: "here" };
  expect(fitDevice(model.value, { id: "one", wiring, options: {} })).toMatchObject({ ok: true });
});

test("of all models the oximeters that send frames all the time stream, and the line of their device says so", async () => {
  const streaming: string[] = [];
  for (const name of names) {
    const model = await loadModel(name, { file: "test", path: "" });
    if (!model.ok) throw new Error(model.error.map(mistakeLine).join("\n"));
    const wiring = { by: ways[model.value.driver.port][0], match: "here" };
    const fitted = fitDevice(model.value, { id: "one", wiring, options: {} });
    if (fitted.ok && fitted.value.wiring.streams) streaming.push(name);
  }
  expect(streaming).toEqual(["berry-bm1000", "contec-cms50", "contec-cms50-old", "nonin-oem3"]);
});

test.each(["station", "cabin"])("the example %s file has no mistake", async (name) => {
  const folder = await mkdtemp(join(tmpdir(), "yizhan-example-"));
  try {
    await cp(new URL(`../../config/${name}.example.json`, import.meta.url), join(folder, "station.json"));
    const loaded = await loadStation(folder);
    expect(loaded.ok ? [] : loaded.error.map(mistakeLine)).toEqual([]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
