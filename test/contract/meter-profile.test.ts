import { expect, test } from "vitest";
import { loadModel } from "../../config/profile.ts";
import { found, meters } from "./drivers.ts";
import { putMeter } from "./meter-bench.ts";

const measuresOf = async (profile: string): Promise<readonly string[] | undefined> => {
  const model = await loadModel(profile, { file: "test", path: "" });
  if (!model.ok) throw new Error(JSON.stringify(model.error));
  return model.value.profile.measures;
};

test.each(meters)("the profile $profile says what its instrument measures", async (one) => {
  const bench = await putMeter(one);
  expect(await measuresOf(one.profile)).toEqual(bench.meter.items);
  await bench.end();
});

test("no profile of anything else says that it measures", async () => {
  const others = found.filter((one) => !meters.includes(one));
  expect(others.map(({ profile }) => profile)).toContain("tcn");
  for (const { profile } of others) expect([profile, await measuresOf(profile)]).toEqual([profile, undefined]);
});
