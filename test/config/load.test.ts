import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadStation } from "../../config/load.ts";
import { mistakeLine } from "../../config/mistake.ts";
import { good, house, key } from "./good.ts";

type Good = ReturnType<typeof good>;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "yizhan-config-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const put = (name: string, content: unknown) => {
  mkdirSync(join(folder, name, ".."), { recursive: true });
  writeFileSync(join(folder, name), typeof content === "string" ? content : JSON.stringify(content));
};

/** The sentences for a station file, or for a good one that was spoilt. */
async function told(content: unknown): Promise<readonly string[]> {
  put("station.json", content);
  const loaded = await loadStation(folder, house);
  return loaded.ok ? [] : loaded.error.map(mistakeLine);
}
const spoilt = async (spoil: (station: Good & Record<string, unknown>) => void) => {
  const station = good();
  spoil(station);
  return await told(station);
};

test("a good station comes with its defaults, its drivers, and the profile's wiring and options under its own", async () => {
  put("station.json", good());
  const loaded = await loadStation(folder, house);
  if (!loaded.ok) throw new Error(loaded.error.map(mistakeLine).join("\n"));
  const [vend, bell] = loaded.value.devices;
  expect(loaded.value.station.keyDays).toBe(14);
  expect(loaded.value.station.screen.widthMm).toBe(222);
  expect(loaded.value.station.slots.map(({ critical }) => critical)).toEqual([2, 2]);
  expect(vend).toMatchObject({
    id: "vend",
    options: { slots: 24, lift: false },
    wiring: { by: "path", match: "/dev/ttyUSB0", baud: 9600, parity: "even" },
    remembers: true,
  });
  expect(vend?.driver.id).toBe("vending/toy");
  expect(bell?.profile.model).toBe("bell");
});

test("a slot may be refilled to its very capacity", async () => {
  expect(await spoilt(({ slots }) => Object.assign(slots[0] ?? {}, { refillTo: 10, critical: 10 }))).toEqual([]);
});

test("the station's own wiring and options go before the profile's", async () => {
  const station = good();
  Object.assign(station.devices[0]?.wiring ?? {}, { baud: 19_200 });
  Object.assign(station.devices[0]?.options ?? {}, { slots: 36, lift: true });
  put("station.json", station);
  const loaded = await loadStation(folder, house);
  expect(loaded.ok && loaded.value.devices[0]?.wiring.baud).toBe(19_200);
  expect(loaded.ok && loaded.value.devices[0]?.options).toEqual({ slots: 36, lift: true });
});

test("campaigns, lists and keys beside it are read as they are, in the order of their names", async () => {
  put("station.json", good());
  for (const season of ["winter", "late-summer", "summer", "spring", "autumn", "midsummer"])
    put(`campaigns/${season}.json`, `{ ${season}: not judged here`);
  put("campaigns/notes.txt", "no");
  put("campaigns/.hidden.json", "no");
  put("lists/union.json", "[]");
  const loaded = await loadStation(folder, house);
  if (!loaded.ok) throw new Error("expected a station");
  expect(loaded.value.campaignFiles.map(({ name }) => name)).toEqual(
    ["autumn", "late-summer", "midsummer", "spring", "summer", "winter"].map((season) => `${season}.json`),
  );
  expect(loaded.value.campaignFiles[5]?.text).toBe("{ winter: not judged here");
  expect(loaded.value.listFiles).toEqual([{ name: "union.json", text: "[]" }]);
  expect(loaded.value.keyFiles).toEqual([]);
});

test("fifteen different mistakes give fifteen sentences, each with its place and what is expected", async () => {
  const station = good();
  const spoiltStation = {
    ...station,
    v: 2,
    station: { ...station.station, number: 40_000, site: "00", phon: "400 000 0000", phone: undefined, opens: "23:00" },
    devices: [
      { ...station.devices[0], profile: "toy-42", options: { slots: 24 } },
      { ...station.devices[1], id: "vend" },
    ],
    products: [...station.products, { id: "tea", name: { zh: "茶" } }],
    slots: [
      { ...station.slots[0], product: "watr", refillTo: 11 },
      { ...station.slots[1], slot: "1", capacity: 0, expires: "2026-02-30" },
    ],
    trust: [station.trust[0], { ...station.trust[1], kid: "r1", role: "root" }],
  };
  expect([...(await told(spoiltStation))].sort()).toEqual([
    'station.json: devices[0].profile: there is no model "toy-42"; did you mean "toy-24"?',
    'station.json: devices[1].id: "vend" stands already at devices[0]',
    "station.json: products[2].name.en: is missing: expected the name in English",
    'station.json: slots[0].product: there is no product "watr"; did you mean "water"?',
    "station.json: slots[0].refillTo: expected at most the capacity of 10, found 11",
    "station.json: slots[1].capacity: expected a whole number from 1 to 255, found 0",
    'station.json: slots[1].expires: expected a day of the calendar, found "2026-02-30"',
    'station.json: slots[1].slot: "vend 1" stands already at slots[0]',
    'station.json: station.closes: expected a time after opens (23:00), found "22:00"',
    "station.json: station.number: expected a whole number from 1 to 32767, found 40000",
    'station.json: station.phon: no such field; did you mean "phone"?',
    'station.json: station.site: expected two digits from "01" to "99", found "00"',
    'station.json: trust[1].kid: "r1" stands already at trust[0]',
    'station.json: trust[1].role: expected "release", "ops" or "qr", found "root"',
    "station.json: v: expected 1, the version of this form, found 2",
  ]);
});

test("all strange fields of an object are told, not only the first", async () => {
  const strange = (station: Record<string, unknown>) => Object.assign(station, { keydays: 3, colour: "red" });
  expect(await spoilt(strange)).toEqual([
    'station.json: keydays: no such field; did you mean "keyDays"?',
    "station.json: colour: no such field; the fields here are v, station, screen, devices, products, slots, trust, keyDays, link, escrow, neighbours, cabin",
  ]);
});

test.each<[string, (station: Good) => void, string]>([
  [
    "a slot on a device that is not there",
    ({ slots }) => Object.assign(slots[0] ?? {}, { device: "vendd" }),
    'slots[0].device: there is no device "vendd"; did you mean "vend"?',
  ],
  [
    "a slot on a device that gives no goods",
    ({ slots }) => Object.assign(slots[0] ?? {}, { device: "bell" }),
    'slots[0].device: expected a vending machine; "bell" is a reader/bell',
  ],
  ["a product without a slot", ({ slots }) => slots.pop(), 'products[1]: expected a slot with "soda"; there is none'],
  [
    "two devices on one wire, however it is written",
    ({ devices }) => Object.assign(devices[0]?.wiring ?? {}, { match: "/dev/serial/by-id/usb-FTDI_A1-if00-port0" }),
    'devices[1].wiring.match: "/dev/serial/by-id/usb-FTDI_A1-if00-port0" stands already at devices[0]',
  ],
  [
    "a USB path that is none",
    ({ devices }) => Object.assign(devices[0]?.wiring ?? {}, { by: "usb", match: "1.3" }),
    'devices[0].wiring.match: expected a USB path such as "1-1.3", found "1.3"',
  ],
  [
    "a critical count above the capacity",
    ({ slots }) => Object.assign(slots[0] ?? {}, { critical: 11 }),
    "slots[0].critical: expected at most the capacity of 10, found 11",
  ],
  [
    "a token key that is no number",
    ({ trust }) => Object.assign(trust[1] ?? {}, { kid: "q1" }),
    'trust[1].kid: expected a number from "0" to "255" for role qr, found "q1"',
  ],
  [
    "one key under two names",
    ({ trust }) => Object.assign(trust[1] ?? {}, { key: key("a") }),
    `trust[1].key: "${key("a")}" stands already at trust[0]`,
  ],
  [
    "an option of the wrong kind",
    ({ devices }) => Object.assign(devices[0]?.options ?? {}, { lift: "yes" }),
    "devices[0].options.lift: expected true or false",
  ],
  [
    "a number that is wrong in two ways",
    ({ slots }) => Object.assign(slots[0] ?? {}, { capacity: 300.5 }),
    "slots[0].capacity: expected a whole number from 1 to 255, found 300.5",
  ],
  [
    "a day without an hour",
    ({ station }) => Object.assign(station, { opens: "22:00" }),
    'station.closes: expected a time after opens (22:00), found "22:00"',
  ],
  [
    "an option inside a list",
    ({ devices }) => Object.assign(devices[0]?.options ?? {}, { "trays.2": 1 }),
    "devices[0].options.trays[2]: no such option",
  ],
  [
    "a serial line without a speed",
    ({ devices }) => Object.assign(devices[0] ?? {}, { profile: "toy-slow" }),
    'devices[0].wiring.baud: is missing: the profile "toy-slow" sets no speed',
  ],
  [
    "a list that is none",
    (station) => Object.assign(station, { trust: "r1" }),
    'trust: expected a list of public keys, found "r1"',
  ],
  [
    "a list where fields are expected",
    ({ devices }) => Object.assign(devices[0] ?? {}, { options: [] }),
    "devices[0].options: expected the driver's options as fields, found a list",
  ],
  [
    "a wire that is not a whole path",
    ({ devices }) => Object.assign(devices[0]?.wiring ?? {}, { match: "ttyUSB0" }),
    'devices[0].wiring.match: expected a whole path, such as "/dev/ttyUSB0", found "ttyUSB0"',
  ],
  [
    "an item that is none",
    ({ trust }) => trust.splice(0, 1, "r1" as never),
    'trust[0]: expected the fields of a public key, found "r1"',
  ],
  [
    "a field left out",
    ({ devices }) => Reflect.deleteProperty(devices[0] ?? {}, "wiring"),
    'devices[0].wiring: is missing: expected where it is plugged in, such as { "by": "path", "match": "/dev/ttyUSB0" }',
  ],
])("%s is one sentence", async (_, spoil, says) => {
  expect(await spoilt(spoil)).toEqual([`station.json: ${says}`]);
});

test("a wrong device id is one mistake, and not one more for each slot that uses it", async () => {
  expect(await spoilt(({ devices }) => Object.assign(devices[0] ?? {}, { id: "Vend!" }))).toEqual([
    'station.json: devices[0].id: expected a short name of small letters, digits and "-", such as "vend", found "Vend!"',
  ]);
});

test.each([
  ["toy-bad", "config/profiles/toy-bad.json: options.slots: expected a number"],
  ["lost", "config/profiles/lost.json: driver: there is no file devices/vending/lost.ts"],
  ["misnamed", 'config/profiles/misnamed.json: model: expected "misnamed", the name of the file'],
  [
    "hollow",
    "config/profiles/hollow.json: driver: expected a driver as the default export of devices/vending/hollow.ts",
  ],
])("a mistake of the profile %s is told in the profile", async (profile, says) => {
  expect(await spoilt(({ devices }) => Object.assign(devices[0] ?? {}, { profile }))).toEqual([says]);
});

test("a profile cannot reach outside the drivers, and is held against its own schema", async () => {
  expect(await spoilt(({ devices }) => Object.assign(devices[0] ?? {}, { profile: "sly" }))).toEqual([
    'config/profiles/sly.json: driver: expected a driver such as "vending/tcn", found "vending/../../kit/secret"',
    "config/profiles/sly.json: quirk: no such field; the fields here are model, name, driver, usb, reads, measures, starts, wiring, options, quirks, proven, source",
  ]);
});

test("two devices of one spoilt model tell its mistakes once", async () => {
  const both = ({ devices }: Good) => devices.forEach((device) => Object.assign(device, { profile: "lost" }));
  expect(await spoilt(both)).toHaveLength(1);
});

test("broken JSON is told with line and column", async () => {
  expect(await told('{\n  "v": 1,\n  "station": {,\n')).toEqual([
    'station.json: line 3, column 15: expected the name of a field in ", found ","',
  ]);
});

test.each([[[]], [7], [null]])("a station file that is only %j is one sentence", async (content) => {
  const sentences = await told(content);
  expect(sentences).toHaveLength(1);
  expect(sentences[0]).toMatch(/^station.json: expected an object with the fields of a station, found/);
});

test("a folder that is not there is a sentence with what to do", async () => {
  const loaded = await loadStation(join(folder, "nowhere"), house);
  expect(loaded.ok ? [] : loaded.error.map(mistakeLine)).toEqual([
    `${folder}/nowhere/station.json: there is no such file. Put the station file there; config/station.example.json is a start, docs/config.md explains every field.`,
  ]);
});

test("a station file that is a folder, and one that may not be read, are sentences", async () => {
  mkdirSync(join(folder, "station.json"));
  const loaded = await loadStation(folder, house);
  expect(loaded.ok ? "" : loaded.error.map(mistakeLine).join()).toMatch(/station.json: it cannot be read \(EISDIR\)/);
});

test("a side folder that may not be read is a sentence", async () => {
  put("station.json", good());
  put("lists", "a file where a folder should be");
  const loaded = await loadStation(folder, house);
  expect(loaded.ok ? "" : loaded.error.map(mistakeLine).join()).toMatch(/^lists: it cannot be read \(ENOTDIR\)/);
});
