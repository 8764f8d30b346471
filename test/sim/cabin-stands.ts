import * as v from "valibot";
import { loadCheckUpPass } from "../../config/check-up-pass.ts";
import { loadHealthRanges } from "../../config/health-ranges.ts";
import type { LoadedStation } from "../../config/load.ts";
import type { LoadedDevice } from "../../config/profile.ts";
import { stationSchema, type Station } from "../../config/schema.ts";
import type { Item } from "../../devices/health/capability.ts";
import type { PeerDefinition } from "../../devices/kit/driver.ts";
import { hexOf, publicOf } from "../../protocol/pickup-code/sign.ts";
import { trust } from "../protocol/commands/signing.ts";
import { stand } from "./cabinets.ts";

/** How people use an instrument, and what may be done to its wire. */
export interface Usage {
  /** What it gives at one go, and in which unit where that is not the glass's. */
  readonly gives: Readonly<Partial<Record<Item, string>>>;
  /** It gives one of these a time: by the strip that is put in. */
  readonly strips?: true;
  /** Who leaves takes the finger, the arm or the forehead away; else it measures on. */
  readonly letsGo?: true;
  /** The kiosk starts it when the person is ready. */
  readonly starts?: true;
  /** Some of it stands on its display at once, whatever becomes of the rest. */
  readonly atOnce?: true;
  /** It tells later what stood on its display after so long, in milliseconds, and how late that is it knows so well. */
  readonly keeps?: { readonly after: number; readonly slack: number };
  /** Frames are checked: bits of its wire may flip. */
  readonly checked?: true;
  /** What nobody alive has, as its knob takes it, and of which items then is to be spoken. */
  readonly wild?: readonly (readonly [text: string, doubted: readonly Item[]])[];
}

export interface Stand {
  readonly device: LoadedDevice;
  readonly peer: PeerDefinition<unknown, unknown, unknown>;
  readonly usage: Usage;
}

const pressure = { systolic: "", diastolic: "", pulse: "" } as const;
const wholePressure: readonly Item[] = ["systolic", "diastolic"];
const wildPressure: NonNullable<Usage["wild"]> = [
  ["systolic=291,diastolic=80,pulse=71", wholePressure],
  ["systolic=84,diastolic=96,pulse=72", wholePressure],
];
const beside = "mean-arterial=95,irregular-beats=1";
const wildTunnel: NonNullable<Usage["wild"]> = [
  ...wildPressure.map(([text, doubted]) => [`${text},${beside}`, [...doubted, "mean-arterial"]] as const),
  [`systolic=127,diastolic=77,pulse=197,${beside}`, ["pulse"]],
];

/** By model. */
const usages: Readonly<Record<string, Usage>> = {
  "aandd-tm2657": {
    gives: { ...pressure, "mean-arterial": "", "irregular-beats": "" },
    checked: true,
    wild: wildTunnel,
  },
  "omron-hbp9030": { gives: pressure },
  "maibobo-rbp": { gives: pressure, letsGo: true, starts: true, checked: true, wild: wildPressure },
  "taidoc-meter": {
    gives: {
      glucose: "mg/dL",
      urate: "mg/dL",
      cholesterol: "mg/dL",
      triglyceride: "mg/dL",
      haemoglobin: "g/dL",
      haematocrit: "",
      ketone: "",
      lactate: "mg/dL",
    },
    strips: true,
    checked: true,
  },
  "onetouch-ultra2": { gives: { glucose: "mg/dL" }, checked: true },
  "caresens-serial": { gives: { glucose: "mg/dL", ketone: "" }, strips: true },
  "contec-cms50": {
    gives: { spo2: "", pulse: "", perfusion: "" },
    letsGo: true,
    wild: [["spo2=97,pulse=205,perfusion=3", ["pulse"]]],
  },
  "gy-mcu90614": { gives: { temperature: "" }, letsGo: true, checked: true },
  "gatt-thermometer": { gives: { temperature: "" }, keeps: { after: 4000, slack: 5000 } },
  "gtech-gl150": { gives: { weight: "", height: "", bmi: "" } },
  "scale-text-oem": { gives: { weight: "", height: "" } },
  "bcm-h10": {
    gives: { weight: "", height: "", "body-water": "" },
    letsGo: true,
    starts: true,
    atOnce: true,
    checked: true,
  },
};

async function instrument(model: string, id: string): Promise<Stand> {
  const usage = usages[model];
  if (usage === undefined) throw new Error(`nobody knows how a ${model} is used`);
  return { ...(await stand(model, id, `/${id}`)), usage };
}

/** A cabin: its instruments in the order of the station file, and its printer. */
export interface Layout {
  readonly stands: readonly Stand[];
  readonly loaded: LoadedStation;
}

/** Opens what is sent to the clinic of the station. */
export const clinicSecret = new Uint8Array(32).fill(41);
const key = hexOf(publicOf("x25519", clinicSecret));

const ranges = await loadHealthRanges();
const pass = await loadCheckUpPass();
if (!ranges.ok || !pass.ok) throw new Error("the house's own tables cannot be read");
const tables = { healthRanges: ranges.value, checkUpPass: pass.value };

export const printerId = "roll";

const stationOf = (devices: readonly LoadedDevice[]): Station =>
  v.parse(stationSchema, {
    v: 1,
    station: {
      id: "CABIN-1",
      number: 43,
      site: "42",
      name: { zh: "模拟小屋", en: "Simulated cabin" },
      machine: "01",
      phone: "12351",
    },
    devices: devices.map(({ id, profile, wiring }) => ({ id, profile: profile.model, wiring })),
    products: [],
    slots: [],
    trust,
    link: { group: "320583", servers: ["mqtt://broker.example:1883"], birthSpread: 0 },
    cabin: {
      entered: ["waist", "hip", "grip-left", "grip-right"],
      pass: true,
      recipient: { name: { zh: "诊所", en: "Clinic" }, key },
    },
  });

/** Where two give the same, the first that works is asked. */
async function layout(models: Readonly<Record<string, string>>): Promise<Layout> {
  const instruments = await Promise.all(Object.entries(models).map(([id, model]) => instrument(model, id)));
  const stands = [...instruments, { ...(await stand("escpos-58", printerId, `/${printerId}`)), usage: { gives: {} } }];
  const devices = stands.map(({ device }) => device);
  const files = { campaignFiles: [], listFiles: [], keyFiles: [], memberFiles: [] };
  return { stands, loaded: { station: stationOf(devices), devices, ...files, ...tables } };
}

export const layouts: readonly Layout[] = await Promise.all(
  [
    {
      tunnel: "aandd-tm2657",
      cuff: "maibobo-rbp",
      strips: "taidoc-meter",
      clip: "contec-cms50",
      brow: "gy-mcu90614",
      scale: "gtech-gl150",
    },
    {
      cuff: "maibobo-rbp",
      tunnel: "omron-hbp9030",
      sugar: "onetouch-ultra2",
      clip: "contec-cms50",
      ear: "gatt-thermometer",
      board: "bcm-h10",
      scale: "scale-text-oem",
    },
    {
      tunnel: "aandd-tm2657",
      other: "aandd-tm2657",
      meter: "caresens-serial",
      strips: "taidoc-meter",
      brow: "gy-mcu90614",
      ear: "gatt-thermometer",
      board: "bcm-h10",
    },
    {
      tunnel: "omron-hbp9030",
      sugar: "onetouch-ultra2",
      meter: "caresens-serial",
      clip: "contec-cms50",
      scale: "gtech-gl150",
    },
  ].map(layout),
);
