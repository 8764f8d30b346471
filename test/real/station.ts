import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openKioskKey } from "../../controller/store/kiosk-key.ts";
import { dateOf, dayLabel, dayOf } from "../../protocol/pickup-code/calendar.ts";
import type { Campaign } from "../../protocol/pickup-code/campaign.ts";
import { spoken } from "../../protocol/pickup-code/derive.ts";
import { issuer, type Issuer } from "../../protocol/pickup-code/issuer.ts";
import { millis } from "../../devices/kit/clock.ts";

/** A machine as the station file names it, and as its simulation is started. */
export interface Model {
  readonly profile: "tcn" | "xy-v3";
  readonly options: Readonly<Record<string, unknown>>;
}

export const tcn: Model = { profile: "tcn", options: { slots: ["1-24"] } };
export const xy: Model = { profile: "xy-v3", options: { slots: 24, slotsPerTray: 6 } };

/** The folder of a station on this machine's disk, with everything that `yizhan run` needs. */
export interface Folder {
  readonly path: string;
  readonly config: string;
  readonly data: string;
  /** Where the cable to the machine comes out. */
  readonly wire: string;
  readonly issuer: Issuer;
  /** Codes of today that nobody has used. */
  readonly codes: readonly string[];
  /** What must never stand in a log: codes as typed and as read aloud, and keys. */
  secrets(): readonly string[];
  /** Writes a file of the station: "station.json", "campaigns/summer.json". */
  write(name: string, content: unknown): void;
  remove(): void;
}

const site = "42";
const slots = 24;
const codesADay = 300;

/** The kiosk's key lies in `data`, which may be a mount. */
export async function makeStation(model: Model, data?: string): Promise<Folder> {
  const path = mkdtempSync(join(tmpdir(), "yizhan-real-"));
  const config = join(path, "config");
  const own = data ?? join(path, "data");
  const wire = join(path, "wire");
  const write = (name: string, content: unknown): void => {
    const file = join(config, name);
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  };
  mkdirSync(own, { recursive: true });
  const root = randomBytes(32);
  const centre = issuer({ root, release: randomBytes(32), kid: "r1", station: "REAL-1" });
  const made = openKioskKey(own, { bytes: (n) => randomBytes(n) });
  if (!made.ok) throw new Error(made.error);

  const today = dayOf(millis(Date.now()));
  const issuedAt = `${dateOf(today)}T00:00:00Z`;
  write("station.json", stationFile(centre, model, wire));
  write("campaigns/summer.json", campaignOf(centre, today));
  // The clock of a test's machine is not to be trusted: a day more at both ends, and midnight may come.
  const epochs = [today - 1, today, today + 1, today + 2].map(dayLabel);
  const kiosk = readFileSync(join(own, "kiosk.pub"), "utf8").trim();
  write("keys/week.json", await centre.keys({ epochs, kiosk, issuedAt }));
  const codes = centre.codes(dayLabel(today), codesADay, site);
  return {
    path,
    config,
    data: own,
    wire,
    issuer: centre,
    codes,
    secrets: () => [
      ...codes.flatMap((code) => [code, spoken(code)]),
      ...[root, made.value].flatMap((key) => [Buffer.from(key).toString("hex"), Buffer.from(key).toString("base64")]),
    ],
    write,
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

const campaignOf = (centre: Issuer, today: number): Campaign =>
  centre.campaign({
    id: "summer",
    name: { zh: "夏送清凉", en: "Summer drinks" },
    epoch: "day",
    digits: 12,
    count: codesADay,
    keeperCount: 10,
    products: ["water", "soda"],
    from: dateOf(today - 10),
    to: dateOf(today + 10),
    hours: "00:00-24:00",
    lossLimit: 1,
    issuedAt: `${dateOf(today - 1)}T00:00:00Z`,
  });

const stationFile = (centre: Issuer, { profile, options }: Model, wire: string) => ({
  v: 1,
  station: {
    id: "REAL-1",
    number: 1,
    site,
    name: { zh: "试验驿站", en: "Test station" },
    machine: "01",
    phone: "400 000 0000",
    opens: "00:00",
    closes: "24:00",
  },
  screen: { widthMm: 222, attached: false },
  devices: [{ id: "vend", profile, wiring: { by: "path", match: wire }, options }],
  products: [
    { id: "water", name: { zh: "矿泉水", en: "Water" } },
    { id: "soda", name: { zh: "盐汽水", en: "Salt soda" } },
  ],
  slots: Array.from({ length: slots }, (_, n) => ({
    device: "vend",
    slot: String(n + 1),
    product: n < slots / 2 ? "water" : "soda",
    capacity: 10,
  })),
  trust: [centre.trust],
  keyDays: 14,
  escrow: 3,
  neighbours: [],
});
