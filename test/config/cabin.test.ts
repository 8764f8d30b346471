import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { item, typed } from "../../config/cabin-schema.ts";
import { loadStation } from "../../config/load.ts";
import { mistakeLine } from "../../config/mistake.ts";
import { stepIds, wanted } from "../../controller/domain/cabin/steps.ts";
import { figures } from "../../controller/domain/health/figure.ts";
import { settingOf } from "../../controller/setting.ts";
import { parseDate } from "../../protocol/pickup-code/calendar.ts";
import { good, house, key } from "./good.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "yizhan-cabin-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const cuff = {
  id: "cuff",
  profile: "cuff",
  wiring: { by: "ble", match: "C4:7C:8D:00:11:22" },
  calibrationDue: "2027-03-01",
};
const roll = { id: "roll", profile: "roll", wiring: { by: "path", match: "/dev/ttyUSB7" } };
const cabin = {
  entered: ["waist", "hip"],
  spo2: { within: 90, urgent: 85 },
  recipient: { name: { zh: "诊所", en: "Clinic" }, key: key("c") },
  pass: true,
  overdue: "refuse",
};

const allTyped = `there are ${typed.options.map((one) => `"${one}"`).join(", ")}`;

/** A good station with an instrument, a printer and a cabin. */
const withCabin = () => ({ ...good(), devices: [...good().devices, cuff, roll], cabin });
const load = async (station: object) => {
  writeFileSync(join(folder, "station.json"), JSON.stringify(station));
  return await loadStation(folder, house);
};
const told = async (station: object): Promise<readonly string[]> => {
  const loaded = await load(station);
  return loaded.ok ? [] : loaded.error.map(mistakeLine);
};
const cabinOf = async (station: object) => {
  const loaded = await load(station);
  if (!loaded.ok) throw new Error(loaded.error.map(mistakeLine).join("\n"));
  return settingOf(loaded.value).cabin;
};

test("the items of a station file are those that an instrument or a person can give", () => {
  const reckoned = ["waist-to-hip", "non-hdl"];
  expect(item.options.toSorted()).toEqual(
    Object.keys(figures)
      .filter((figure) => !reckoned.includes(figure))
      .sort(),
  );
});

test("whatever a station file may name to be typed in is asked for by a step, and nothing else is", () => {
  const asked = stepIds.flatMap((step) => (step === "pressure" ? [] : wanted(step))).filter((one) => one !== "bmi");
  expect(typed.options.toSorted()).toEqual(asked.toSorted());
});

test("a station with a health instrument has a cabin with all that its file says, and the ranges of the house", async () => {
  expect(await cabinOf(withCabin())).toMatchObject({
    instruments: [
      {
        id: "cuff",
        model: "cuff",
        items: ["systolic", "diastolic", "pulse"],
        due: parseDate("2027-03-01"),
      },
    ],
    entered: ["waist", "hip"],
    spo2: { within: 90, urgent: 85 },
    printers: ["roll"],
    recipient: { name: cabin.recipient.name },
    pass: expect.arrayContaining([expect.objectContaining({ number: 10 })]) as object[],
    overdue: "refuse",
    ranges: { rules: { "glucose-low": { repeatMinutes: expect.any(Number) as number } } },
  });
});

test("the recipient's key does not travel with the setting", async () => {
  expect(JSON.stringify(await cabinOf(withCabin()))).not.toContain(key("c"));
});

test("without a block in the file the cabin types nothing in, sends nothing, and says what is overdue", async () => {
  const { cabin: _, ...plain } = withCabin();
  const setting = await cabinOf(plain);
  expect(setting).toMatchObject({ entered: [], overdue: "say" });
  expect(setting).not.toHaveProperty("recipient");
  expect(setting).not.toHaveProperty("spo2");
  expect(setting).not.toHaveProperty("pass");
});

test("what an instrument measures with the station's own options goes before its profile", async () => {
  const station = { ...good(), devices: [...good().devices, { ...cuff, measures: ["pulse"] }] };
  expect((await cabinOf(station))?.instruments[0]?.items).toEqual(["pulse"]);
});

test("a station without an instrument has no cabin, and loads no ranges", async () => {
  const loaded = await load(good());
  if (!loaded.ok) throw new Error("expected a station");
  expect(loaded.value).not.toHaveProperty("healthRanges");
  expect(settingOf(loaded.value)).not.toHaveProperty("cabin");
});

test("a cabin alone gives no goods", async () => {
  const alone = { ...good(), devices: [cuff], products: [], slots: [] };
  expect(await told(alone)).toEqual([]);
});

test("an item that an instrument gives may be typed in too", async () => {
  const meter = { ...cuff, measures: ["glucose"] };
  expect(await told({ ...withCabin(), devices: [...good().devices, meter], cabin: { entered: ["glucose"] } })).toEqual(
    [],
  );
});

const spoilt = (change: object) => ({ ...withCabin(), ...change });
const [vend, bell] = good().devices;

test.each<[string, object, string]>([
  [
    "no product where goods are given",
    { ...good(), products: [], slots: [] },
    "products: expected at least one product: none are only right where there is a health instrument and no slot",
  ],
  [
    "a cabin without an instrument",
    { ...good(), cabin },
    "cabin: there is no health instrument among the devices: add one, or take the cabin out",
  ],
  [
    "a calibration of what measures nothing",
    spoilt({ devices: [vend, { ...bell, calibrationDue: "2027-03-01" }, cuff] }),
    'devices[1].calibrationDue: expected only of a health instrument; "bell" is a reader/bell',
  ],
  [
    "items of what measures nothing",
    spoilt({ devices: [vend, { ...bell, measures: ["pulse"] }, cuff] }),
    'devices[1].measures: expected only of a health instrument; "bell" is a reader/bell',
  ],
  [
    "a day that the calendar does not have",
    spoilt({ devices: [vend, bell, { ...cuff, calibrationDue: "2027-02-30" }] }),
    'devices[2].calibrationDue: expected a day of the calendar, found "2027-02-30"',
  ],
  [
    "a day in another form",
    spoilt({ devices: [vend, bell, { ...cuff, calibrationDue: "1.3.2027" }] }),
    'devices[2].calibrationDue: expected a date such as "2027-03-01", found "1.3.2027"',
  ],
  [
    "an item twice",
    spoilt({ cabin: { entered: ["waist", "hip", "waist"] } }),
    'cabin.entered[2]: "waist" stands already at cabin.entered[0]',
  ],
  [
    "an item of an instrument twice",
    spoilt({ devices: [vend, bell, { ...cuff, measures: ["pulse", "pulse"] }] }),
    'devices[2].measures[1]: "pulse" stands already at devices[2].measures[0]',
  ],
  [
    "an item that is none",
    spoilt({ cabin: { entered: ["weigth"] } }),
    'cabin.entered[0]: expected an item that can be typed in, such as "waist", found "weigth"; did you mean "weight"?',
  ],
  [
    "an item whose name is a guess",
    spoilt({ cabin: { entered: ["grip"] } }),
    `cabin.entered[0]: expected an item that can be typed in, such as "waist", found "grip"; ${allTyped}`,
  ],
  [
    "a blood pressure that is to be typed in",
    spoilt({ cabin: { entered: ["waist", "diastolic"] } }),
    `cabin.entered[1]: expected an item that can be typed in, such as "waist", found "diastolic"; ${allTyped}`,
  ],
  [
    "an item of an instrument that is none",
    spoilt({ devices: [vend, bell, { ...cuff, measures: ["diastolik"] }] }),
    'devices[2].measures[0]: expected an item, such as "systolic" or "glucose", found "diastolik"; did you mean "diastolic"?',
  ],
  [
    "oxygen limits the wrong way round",
    spoilt({ cabin: { spo2: { within: 88, urgent: 90 } } }),
    "cabin.spo2.urgent: expected less than within (88), found 90",
  ],
  [
    "a recipient's key of another form",
    spoilt({ cabin: { recipient: { ...cabin.recipient, key: "C0FFEE" } } }),
    'cabin.recipient.key: expected an X25519 public key of 64 hex digits, as "yizhan health keygen" prints it, found "C0FFEE"',
  ],
  [
    "a recipient's key that nobody filled in",
    spoilt({ cabin: { recipient: { ...cabin.recipient, key: "0".repeat(64) } } }),
    `cabin.recipient.key: expected an X25519 public key of 64 hex digits, as "yizhan health keygen" prints it, found "${"0".repeat(56)}…`,
  ],
  [
    "a recipient's key that signs",
    spoilt({ cabin: { recipient: { ...cabin.recipient, key: key("b") } } }),
    "cabin.recipient.key: stands at trust[1], and a key that signs opens nothing: expected the X25519 key of the recipient",
  ],
  [
    "what becomes of the overdue",
    spoilt({ cabin: { overdue: "ignore" } }),
    'cabin.overdue: expected "say" or "refuse", found "ignore"',
  ],
])("%s is one sentence", async (_, station, says) => {
  expect(await told(station)).toEqual([`station.json: ${says}`]);
});

test("no product where slots are filled is told with the slots' own mistakes", async () => {
  const { slots } = good();
  expect(await told(spoilt({ products: [], slots: slots.slice(0, 1) }))).toEqual([
    expect.stringContaining("products: expected at least one product"),
  ]);
});

test("a spoilt instrument is one mistake, and not a cabin without an instrument as well", async () => {
  const lost = { ...cuff, profile: "cuf" };
  expect(await told(spoilt({ devices: [vend, bell, lost] }))).toEqual([
    'station.json: devices[2].profile: there is no model "cuf"; did you mean "cuff"?',
  ]);
});
