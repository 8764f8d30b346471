import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadStation } from "../../config/load.ts";
import { mistakeLine } from "../../config/mistake.ts";
import { good, house } from "./good.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "yizhan-wiring-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A station with these readers beside its vending machine. */
const withReaders = async (...readers: readonly object[]) => {
  const station = good();
  const devices = [station.devices[0], ...readers.map((one, i) => ({ id: `r${i}`, ...one }))];
  writeFileSync(join(folder, "station.json"), JSON.stringify({ ...station, devices }));
  const loaded = await loadStation(folder, house);
  return loaded.ok ? loaded.value.devices.slice(1).map(({ wiring }) => wiring) : loaded.error.map(mistakeLine);
};

test("a HID device is found by its model's USB numbers and usage, or by its own; a Bluetooth instrument by its address, a probe by its number", async () => {
  expect(
    await withReaders(
      { profile: "scanner", wiring: { by: "hid" } },
      { profile: "scanner-pos", wiring: { by: "hid" } },
      { profile: "typist", wiring: { by: "hid", match: "08ff:0009:SN1" } },
      { profile: "scanner", wiring: { by: "usb", match: "1-1.3", usage: "008c:0001" } },
      { profile: "plate", wiring: { by: "pcsc" } },
      { profile: "cuff", wiring: { by: "ble", match: "C4:7C:8D:00:11:22" } },
      { profile: "probe", wiring: { by: "w1", match: "28-0316a2794eff" } },
      { profile: "probe", wiring: { by: "w1" } },
    ),
  ).toEqual([
    { by: "hid", match: "0c2e:0b61,0c2e:0b6a", usage: "008c:0002" },
    { by: "hid", match: "", usage: "008c:0002" },
    { by: "hid", match: "08ff:0009:SN1", usage: "0001:0006" },
    { by: "usb", match: "1-1.3", usage: "008c:0001" },
    { by: "pcsc", match: "" },
    { by: "ble", match: "C4:7C:8D:00:11:22" },
    { by: "w1", match: "28-0316a2794eff" },
    { by: "w1", match: "" },
  ]);
});

test.each<[string, readonly object[], string]>([
  [
    "a HID device on a serial wire",
    [{ profile: "scanner", wiring: { by: "by-id", match: "usb-FTDI" } }],
    'devices[1].wiring.by: expected one of "hid", "usb", "path" for reader/scanner, found "by-id"',
  ],
  [
    "a serial device by USB numbers",
    [{ profile: "bell", wiring: { by: "hid", match: "0c2e:0b61" } }],
    'devices[1].wiring.by: expected one of "path", "by-id", "usb" for reader/bell, found "hid"',
  ],
  [
    "a HID device at a serial line's file",
    [{ profile: "scanner", wiring: { by: "path", match: "/dev/ttyUSB5" } }],
    'devices[1].wiring.match: reader/scanner is not spoken to through /dev/ttyUSB5: expected a USB HID device: { "by": "hid" }, or its file such as "/dev/hidraw0"',
  ],
  [
    "a serial device at a HID device's file",
    [{ profile: "bell", wiring: { by: "path", match: "/dev/hidraw0" } }],
    'devices[1].wiring.match: reader/bell is not spoken to through /dev/hidraw0: expected a serial line such as "/dev/ttyUSB0"',
  ],
  [
    "a card reader by a path",
    [{ profile: "plate", wiring: { by: "path", match: "/dev/x" } }],
    'devices[1].wiring.by: expected one of "pcsc" for reader/plate, found "path"',
  ],
  [
    "a way of wiring that is none",
    [{ profile: "plate", wiring: { by: "usb-c" } }],
    'devices[1].wiring.by: expected "path", "by-id", "usb", "hid", "pcsc", "ble" or "w1", found "usb-c"',
  ],
  [
    "a Bluetooth instrument by a path",
    [{ profile: "cuff", wiring: { by: "path", match: "/dev/x" } }],
    'devices[1].wiring.by: expected one of "ble" for health/cuff, found "path"',
  ],
  [
    "a Bluetooth instrument without its address",
    [{ profile: "cuff", wiring: { by: "ble" } }],
    'devices[1].wiring.match: is missing: expected the address of the bonded instrument in capitals, such as "C4:7C:8D:00:11:22"',
  ],
  [
    "an address that is none",
    [{ profile: "cuff", wiring: { by: "ble", match: "c4:7c:8d:00:11:22" } }],
    'devices[1].wiring.match: expected the address of the bonded instrument in capitals, such as "C4:7C:8D:00:11:22", found "c4:7c:8d:00:11:22"',
  ],
  [
    "a probe by a cable",
    [{ profile: "probe", wiring: { by: "usb", match: "1-1" } }],
    'devices[1].wiring.by: expected one of "w1", "path" for health/probe, found "usb"',
  ],
  [
    "the number of a chip that is no thermometer",
    [{ profile: "probe", wiring: { by: "w1", match: "10-0316a2794eff" } }],
    'devices[1].wiring.match: expected the number of the probe as the kernel has it, such as "28-0316a2794eff", found "10-0316a2794eff"',
  ],
  [
    "a reader that types, without its numbers",
    [{ profile: "typist", wiring: { by: "hid" } }],
    'devices[1].wiring.match: is missing: the profile "typist" knows no USB numbers, and a number pad is a keyboard too. Say which by its numbers, such as "08ff:0009"',
  ],
  [
    "numbers that are none",
    [{ profile: "typist", wiring: { by: "hid", match: "8ff:9" } }],
    'devices[1].wiring.match: expected USB numbers such as "0c2e:0b61", or with the serial number "0c2e:0b61:S1234", found "8ff:9"',
  ],
  [
    "two of one model that nothing tells apart",
    [
      { profile: "scanner", wiring: { by: "hid" } },
      { profile: "scanner", wiring: { by: "hid" } },
    ],
    'devices[2].wiring.match: is missing: devices[1] is a scanner too. expected USB numbers such as "0c2e:0b61", or with the serial number "0c2e:0b61:S1234"',
  ],
  [
    "one HID device under two names",
    [
      { profile: "typist", wiring: { by: "hid", match: "08ff:0009" } },
      { profile: "scanner-pos", wiring: { by: "hid", match: "08ff:0009" } },
    ],
    'devices[2].wiring.match: "08ff:0009" stands already at devices[1]',
  ],
])("%s is one sentence", async (_, readers, says) => {
  expect(await withReaders(...readers)).toEqual([`station.json: ${says}`]);
});

test("two interfaces of one plug are two wires", async () => {
  const one = { by: "hid", match: "08ff:0009" };
  expect(
    await withReaders(
      { profile: "typist", wiring: { ...one, usage: "0001:0006" } },
      { profile: "scanner", wiring: { ...one, usage: "008c:0002" } },
    ),
  ).toHaveLength(2);
});
