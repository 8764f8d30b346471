import { expect, test } from "vitest";
import { loadModel } from "../../config/profile.ts";
import { found, meters } from "./drivers.ts";
import { putMeter } from "./meter-bench.ts";

const saysOf = async (profile: string) => {
  const model = await loadModel(profile, { file: "test", path: "" });
  if (!model.ok) throw new Error(JSON.stringify(model.error));
  const { measures, starts } = model.value.profile;
  return { measures, starts: starts ?? false };
};

test.each(meters)(
  "the profile $profile says what its instrument measures, and whether the kiosk starts it",
  async (one) => {
    const bench = await putMeter(one);
    const { items: measures, starts } = bench.meter;
    expect(await saysOf(one.profile)).toEqual({ measures, starts });
    await bench.end();
  },
);

test("no profile of anything else says that it measures", async () => {
  const others = found.filter((one) => !meters.includes(one));
  expect(others.map(({ profile }) => profile)).toContain("tcn");
  for (const { profile } of others)
    expect([profile, await saysOf(profile)]).toEqual([profile, { measures: undefined, starts: false }]);
});
