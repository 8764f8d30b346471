import type { House } from "../../config/profile.ts";

/** Profiles and drivers made for the tests. */
export const house: House = {
  profiles: new URL("./house/profiles/", import.meta.url),
  devices: new URL("./house/devices/", import.meta.url),
};

export const key = (digit: string) => digit.repeat(64);

/** A station without a mistake, made anew for each test to spoil. */
export const good = () => ({
  v: 1,
  station: {
    id: "ZP-001",
    number: 1,
    site: "42",
    name: { zh: "东门驿站", en: "East Gate" },
    machine: "03",
    phone: "400 000 0000",
    opens: "06:00",
    closes: "22:00",
  },
  devices: [
    { id: "vend", profile: "toy-24", wiring: { by: "path", match: "/dev/ttyUSB0" }, options: {} },
    { id: "bell", profile: "bell", wiring: { by: "by-id", match: "usb-FTDI_A1-if00-port0" } },
  ],
  products: [
    { id: "water", name: { zh: "矿泉水", en: "Water" } },
    { id: "soda", name: { zh: "盐汽水", en: "Salt soda" } },
  ],
  slots: [
    { device: "vend", slot: "1", product: "water", capacity: 10, refillTo: 8 },
    { device: "vend", slot: "2", product: "soda", capacity: 10, expires: "2026-09-30" },
  ],
  trust: [
    { kid: "r1", role: "release", key: key("a") },
    { kid: "7", role: "qr", key: key("b") },
  ],
});
