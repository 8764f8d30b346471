import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, test } from "vitest";
import { delays } from "../../controller/delays.ts";
import { stationInForce } from "../../controller/store/in-force.ts";
import { startsAllowed } from "../../controller/store/trial.ts";
import { documentHash, type DesiredConfig } from "../../protocol/commands/desired.ts";
import { ConfiguredKiosk, desired, house, second, stationFile, type File } from "./configured.ts";

const kiosks: ConfiguredKiosk[] = [];
afterEach(() => {
  for (const kiosk of kiosks.splice(0)) kiosk.gone();
});
function started(): Promise<ConfiguredKiosk> {
  const kiosk = new ConfiguredKiosk();
  kiosks.push(kiosk);
  return kiosk.start();
}

/** A kiosk that runs with v1 for good. */
async function withFirst(): Promise<ConfiguredKiosk> {
  const kiosk = await (await started()).desires(desired());
  await kiosk.start();
  expect(kiosk.configuration.reported().state).toBe("in-force");
  return kiosk;
}

test("without the centre the technician's own file is in force", async () => {
  const kiosk = await started();
  expect(kiosk.phone).toBe("400 000 0000");
  expect(kiosk.configuration.reported()).toEqual({ version: null, hash: documentHash(stationFile()), state: "local" });
  await kiosk.desires("");
  expect([kiosk.entries, kiosk.refused, kiosk.restarts]).toEqual([[], [], 0]);
});

test("a good configuration is tried, proves itself, and is kept over restarts", async () => {
  const kiosk = await started();
  await kiosk.desires(desired());
  expect([kiosk.restarts, kiosk.says, kiosk.phone]).toEqual([1, ["v1 trial"], "400 000 0000"]);
  kiosk.online = false;
  await kiosk.start();
  expect(kiosk.phone).toBe("phone of v1");
  expect(kiosk.configuration.reported().state).toBe("trial");
  await kiosk.clock.pass(30_000);
  expect(kiosk.says).toEqual(["v1 trial"]);
  kiosk.online = true;
  await kiosk.clock.pass(2000);
  expect(kiosk.says).toEqual(["v1 trial", "v1 in-force"]);
  expect(kiosk.configuration.reported()).toEqual({
    version: "v1",
    hash: documentHash(desired().config),
    state: "in-force",
  });
  await kiosk.start();
  await kiosk.desires(desired());
  expect([kiosk.phone, kiosk.says.length, kiosk.restarts]).toEqual(["phone of v1", 2, 1]);
});

describe("is rolled back, reported, and not tried again", () => {
  const lost: Readonly<Record<string, (kiosk: ConfiguredKiosk) => void>> = {
    "where the link does not come up": (kiosk) => (kiosk.online = false),
    "where a device that worked does not work any more": (kiosk) => kiosk.presence.set("vend", "absent"),
  };
  it.each(Object.entries(lost))("%s", async (_, lose) => {
    const kiosk = await withFirst();
    const next = desired({ version: "v2", issuedAt: "2026-07-02T00:00:00Z" });
    await kiosk.desires(next);
    lose(kiosk);
    await kiosk.start();
    expect(kiosk.phone).toBe("phone of v2");
    await kiosk.clock.pass(delays.trialProves + 1000);
    expect(kiosk.restarts).toBe(3);
    await kiosk.start();
    expect(kiosk.phone).toBe("phone of v1");
    expect(kiosk.says).toEqual(["v1 trial", "v1 in-force", "v2 trial", "v2 rolled-back"]);
    expect(kiosk.configuration.reported()).toMatchObject({
      version: "v1",
      state: "rolled-back",
      failed: { version: "v2" },
    });
    await kiosk.desires(next);
    expect([kiosk.restarts, kiosk.says.length]).toEqual([3, 4]);
    // A third is tried, and clears the report.
    kiosk.online = true;
    kiosk.presence.set("vend", "working");
    await kiosk.desires(desired({ version: "v3", issuedAt: "2026-07-03T00:00:00Z" }));
    await kiosk.start();
    expect(kiosk.configuration.reported()).toMatchObject({ version: "v3", state: "in-force" });
    expect(kiosk.configuration.reported().failed).toBe(undefined);
  });

  it("where a kiosk ends again and again while it is on trial", async () => {
    const kiosk = await withFirst();
    await kiosk.desires(desired({ version: "v2", issuedAt: "2026-07-02T00:00:00Z" }));
    kiosk.online = false;
    for (let n = 0; n < startsAllowed; n++) {
      await kiosk.start();
      expect(kiosk.phone).toBe("phone of v2");
    }
    await kiosk.start();
    expect(kiosk.phone).toBe("phone of v1");
    expect(kiosk.says.at(-1)).toBe("v2 rolled-back");
    await kiosk.start();
    expect(kiosk.says.filter((says) => says === "v2 rolled-back")).toHaveLength(1);
  });

  it("to the technician's file where it was the first", async () => {
    const kiosk = await (await started()).desires(desired());
    kiosk.online = false;
    await kiosk.start();
    await kiosk.clock.pass(delays.trialProves + 1000);
    await kiosk.start();
    expect([kiosk.phone, kiosk.inForce.version]).toEqual(["400 000 0000", null]);
  });
});

test("a device that did not work before, or is not in the new file, need not work now", async () => {
  const kiosk = await started();
  kiosk.presence.set("ice", "working");
  await kiosk.desires(desired({}, (file) => file.devices.pop()));
  kiosk.presence.delete("ice");
  await kiosk.start();
  expect(kiosk.says).toEqual(["v1 trial", "v1 in-force"]);
});

test("an instrument or a printer of the cabin proves nothing: whether one works shows that somebody is there", async () => {
  const kiosk = await started();
  const withCabin = (file: File): void => {
    file.devices.push({ id: "cuff", profile: "cuff", wiring: { by: "ble", match: "AA:BB:CC:00:11:22" } });
    file.devices.push({ id: "roll", profile: "roll", wiring: { by: "path", match: "/dev/ttyUSB2" } });
  };
  const file = stationFile();
  withCabin(file);
  kiosk.local(file);
  await kiosk.start();
  kiosk.presence.set("cuff", "working").set("roll", "working");
  await kiosk.desires(desired({}, withCabin));
  expect(kiosk.says).toEqual(["v1 trial"]);
  kiosk.presence.set("cuff", "absent").delete("roll");
  await kiosk.start();
  expect(kiosk.says).toEqual(["v1 trial", "v1 in-force"]);
});

describe("is refused with its reason, reported, and nothing is restarted", () => {
  const later = { version: "v2", issuedAt: "2026-07-02T00:00:00Z" };
  it.each<[string, () => DesiredConfig, RegExp]>([
    [
      "with a mistake",
      () => desired(later, (file) => Object.assign(file, { keyDays: 900 })),
      /keyDays: expected a whole number/,
    ],
    [
      "with a slip in a name",
      () => desired(later, (file) => Object.assign(file, { keydays: 9 })),
      /did you mean "keyDays"/,
    ],
    [
      "with an unknown model",
      () => desired(later, (file) => Object.assign(file.devices[0] ?? {}, { profile: "nine" })),
      /no model "nine"/,
    ],
    [
      "with a slot of no device",
      () => desired(later, (file) => Object.assign(file.slots[0] ?? {}, { device: "vendd" })),
      /no device "vendd"/,
    ],
    ["without a link", () => desired(later, (file) => Reflect.deleteProperty(file, "link")), /It has no link/],
    [
      "that renames the kiosk",
      () => desired(later, (file) => Object.assign(file.station, { id: "ZP-002" })),
      /id ZP-001 must stay/,
    ],
    [
      "that moves it to another group",
      () => desired(later, (file) => Object.assign(file.link, { group: "1" })),
      /320583 must stay/,
    ],
    [
      "that drops the key that signed it",
      () => desired(later, (file) => file.trust.shift()),
      /no longer trusts the release key r1/,
    ],
    [
      "that swaps that key for another",
      () => desired(later, (file) => Object.assign(file.trust[0] ?? {}, { key: "0".repeat(64) })),
      /no longer trusts the release key r1/,
    ],
  ])("%s", async (_, made, says) => {
    const kiosk = await withFirst();
    await kiosk.desires(made());
    await kiosk.desires(made());
    expect(kiosk.restarts).toBe(1);
    expect(kiosk.says).toEqual(["v1 trial", "v1 in-force", "v2 refused"]);
    expect(kiosk.entries.at(-1)?.why).toMatch(says);
    expect(kiosk.configuration.reported()).toMatchObject({
      version: "v1",
      state: "refused",
      failed: { version: "v2" },
    });
    await kiosk.start();
    expect(kiosk.phone).toBe("phone of v1");
  });

  it.each<[string, string, () => object | string]>([
    [
      "older",
      "that was issued before the one in force",
      () => desired({ version: "v0", issuedAt: "2026-06-30T00:00:00Z" }),
    ],
    ["older", "that was issued at the same moment", () => desired({ version: "v0" })],
    ["wrong-station", "for another kiosk", () => desired({ ...later, station: "ZP-002" })],
    ["bad-signature", "that was changed after signing", () => ({ ...desired(later), version: "v3" })],
    ["bad-signature", "of another key", () => desired(later, undefined, second)],
    ["bad-signature", "of a key that nobody knows", () => desired({ ...later, kid: "r9" })],
    ["wrong-form", "that is a campaign", () => ({ ...desired(later), kind: "campaign" })],
    [
      "wrong-form",
      "that is nested too deeply",
      () => JSON.stringify(desired(later)).replace('"v":1,"k', `"x":${"[".repeat(40)}${"]".repeat(40)},"v":1,"k`),
    ],
    ["wrong-form", "of a megabyte", () => " ".repeat(1_000_000)],
  ])("%s: one %s, without an entry of its own", async (why, _, made) => {
    const kiosk = await withFirst();
    await kiosk.desires(made());
    expect([kiosk.refused, kiosk.restarts, kiosk.says.length]).toEqual([[why], 1, 2]);
  });
});

describe("a technician's edit of the station file", () => {
  it("wins over what is in force, and over the same configuration when it comes again", async () => {
    const kiosk = await withFirst();
    const edited = stationFile();
    edited.station.phone = "the technician's";
    kiosk.local(edited);
    await kiosk.start();
    expect([kiosk.phone, kiosk.says.at(-1)]).toEqual(["the technician's", "v1 rolled-back"]);
    expect(kiosk.configuration.reported()).toMatchObject({
      version: null,
      state: "rolled-back",
      failed: { version: "v1" },
    });
    await kiosk.desires(desired());
    expect(kiosk.restarts).toBe(1);
    // A newer one is laid over the new file.
    await kiosk.desires(desired({ version: "v2", issuedAt: "2026-07-02T00:00:00Z" }));
    await kiosk.start();
    expect(kiosk.phone).toBe("phone of v2");
  });

  it("wins over one on trial", async () => {
    const kiosk = await (await started()).desires(desired());
    kiosk.local({ ...stationFile(), products: [...stationFile().products] });
    const edited = stationFile();
    edited.station.phone = "the technician's";
    kiosk.local(edited);
    await kiosk.start();
    expect([kiosk.phone, kiosk.says]).toEqual(["the technician's", ["v1 trial", "v1 rolled-back"]]);
  });

  it("with a mistake is told, and not passed over in silence", async () => {
    const kiosk = await withFirst();
    writeFileSync(join(kiosk.folder, "station.json"), "{}");
    expect((await stationInForce(kiosk.folder, kiosk.data, house)).ok).toBe(false);
  });

  it("is not a file that cannot be read", async () => {
    const kiosk = await withFirst();
    rmSync(join(kiosk.folder, "station.json"));
    await kiosk.start();
    expect(kiosk.phone).toBe("phone of v1");
  });
});

describe("what lies in the data folder", () => {
  const file = (name: string, kiosk: ConfiguredKiosk): string => join(kiosk.data, "config", `${name}.json`);

  it("and does not read any more gives way to the one before, and to the technician's", async () => {
    const kiosk = await withFirst();
    await kiosk.desires(desired({ version: "v2", issuedAt: "2026-07-02T00:00:00Z" }));
    await kiosk.start();
    writeFileSync(file("now", kiosk), readFileSync(file("now", kiosk), "utf8").slice(0, 300));
    await kiosk.start();
    expect(kiosk.phone).toBe("phone of v1");
    writeFileSync(file("before", kiosk), "");
    await kiosk.start();
    expect(kiosk.phone).toBe("400 000 0000");
  });

  it("and was changed there by anybody is not obeyed", async () => {
    const kiosk = await withFirst();
    writeFileSync(file("now", kiosk), readFileSync(file("now", kiosk), "utf8").replace("phone of v1", "phone of v9"));
    await kiosk.start();
    expect(kiosk.phone).toBe("400 000 0000");
    expect(kiosk.entries.at(-1)).toMatchObject({ state: "rolled-back", why: expect.stringContaining("signature") });
  });

  it("is whole after a power cut between any two of its writes", async () => {
    const kiosk = await withFirst();
    await kiosk.desires(desired({ version: "v2", issuedAt: "2026-07-02T00:00:00Z" }));
    kiosk.online = false;
    await kiosk.start();
    const trial = readFileSync(file("trial", kiosk));
    kiosk.online = true;
    await kiosk.clock.pass(2000);
    expect(kiosk.says.at(-1)).toBe("v2 in-force");
    // The power went before the trial's file was removed.
    writeFileSync(file("trial", kiosk), trial);
    await kiosk.start();
    expect([kiosk.phone, kiosk.inForce.trial]).toEqual(["phone of v2", undefined]);
    expect(kiosk.says.at(-1)).toBe("v2 in-force");
  });
});
