import { createHash, randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { cabinTables } from "../../config/cabin-tables.ts";
import type { LoadedStation } from "../../config/load.ts";
import { loadModel, type LoadedDevice } from "../../config/profile.ts";
import type { Station } from "../../config/schema.ts";
import { dateOf, dayLabel, type Day } from "../../protocol/pickup-code/calendar.ts";
import { spoken } from "../../protocol/pickup-code/derive.ts";
import { issuer, type Issuer } from "../../protocol/pickup-code/issuer.ts";
import { hexOf, publicOf } from "../../protocol/pickup-code/sign.ts";
import { cabinBlock, cabinDevices, deviceOf, instruments, printer, type Plugged } from "./demo-cabin.ts";
import { demoMembers, type Prop } from "./demo-members.ts";
import type { AtCable } from "./sim-wire.ts";

/** A station that stands nowhere: a cabinet of 24 slots with water and salt soda, and an issuer for its codes. */
export interface Demo {
  readonly loaded: LoadedStation;
  /** The simulated devices, each at the cable that its id names. */
  readonly atCables: readonly AtCable[];
  /** Cards to tap and codes to scan. */
  readonly props: readonly Prop[];
  /** Sample codes of today, grouped as on the screen, with what each will show. */
  readonly samples: readonly { readonly code: string; readonly shows: string }[];
  /** The epoch and index of the sample that shall be used already. */
  readonly used: { readonly epoch: string; readonly index: number };
}

const site = "42";
const otherSite = "77";
const codesADay = 300;
const slots = 24;
/** The trays of the demo cabinet: the upper half water, the lower half salt soda. */
const productOf = (slot: number): string => (slot <= slots / 2 ? "water" : "salt-soda");

/** Not for a true secret: the same seed shall give the same codes. */
const drawn = (seed: number | undefined, what: string): Uint8Array =>
  seed === undefined ? randomBytes(32) : createHash("sha256").update(`yizhan demo ${what} ${seed}`).digest();

/** The same for the same name, also where it is drawn by chance. */
function remembered(draw: (what: string) => Uint8Array): (what: string) => Uint8Array {
  const known = new Map<string, Uint8Array>();
  return (what) => {
    const value = known.get(what) ?? draw(what);
    known.set(what, value);
    return value;
  };
}

const qrKid = 1;

export interface DemoAsked {
  readonly today: Day;
  readonly seed: number | undefined;
  /** Public key of the kiosk, to which the demo keys are sealed. */
  readonly kiosk: string;
  /** Where its larger files are written. */
  readonly dir: string;
  /** With a health cabin beside the cabinet. */
  readonly cabin: boolean;
}

export async function demoStation({ today, seed, kiosk, dir, cabin }: DemoAsked): Promise<Demo> {
  const station = "DEMO-1";
  const root = drawn(seed, "root");
  const release = drawn(seed, "release");
  const qr = { kid: qrKid, secret: drawn(seed, "qr") };
  const centre = issuer({ root, release, kid: "demo", station });
  const devices = await Promise.all([...plugged, ...(cabin ? [...instruments, printer] : [])].map(demoDevice));
  const vending = stationFile(station, centre, hexOf(publicOf("ed25519", qr.secret)));
  const recipient = hexOf(publicOf("x25519", drawn(seed, "recipient")));
  const file: Station = cabin
    ? { ...vending, devices: [...vending.devices, ...cabinDevices(today)], cabin: cabinBlock(recipient) }
    : vending;
  const days = Array.from({ length: 10 }, (_, n) => today - 6 + n);
  const issuedAt = `${dateOf(today - 7)}T00:00:00Z`;
  const campaign = centre.campaign({
    id: "demo",
    name: { zh: "夏送清凉", en: "Summer drinks" },
    epoch: "day",
    digits: 12,
    count: codesADay,
    keeperCount: 10,
    products: ["water", "salt-soda"],
    from: dateOf(today - 30),
    to: dateOf(today + 30),
    hours: "00:00-24:00",
    lossLimit: 1,
    issuedAt,
  });
  const members = await demoMembers({
    today,
    station,
    release,
    qr,
    kiosk,
    issuedAt,
    dir,
    drawn: remembered((what) => drawn(seed, what)),
  });
  const secrets = new Map([[members.listId, members.secret]]);
  const bundle = await centre.keys({ epochs: days.map(dayLabel), secrets, kiosk, issuedAt });
  const { tables, mistakes } = await cabinTables(
    file,
    devices.map(({ device }) => device),
  );
  if (mistakes.length > 0) throw new Error(mistakes.map(({ says }) => says).join(" "));
  const elsewhere = issuer({ root, release, kid: "demo", station: "DEMO-2" });
  return {
    loaded: {
      station: file,
      devices: devices.map(({ device }) => device),
      campaignFiles: [{ name: "demo.json", text: JSON.stringify(campaign) }],
      listFiles: [],
      keyFiles: [{ name: "demo.json", text: JSON.stringify(bundle) }],
      memberFiles: members.files,
      ...tables,
    },
    props: members.props,
    atCables: devices.map(({ atCable }) => atCable),
    ...samples(centre, elsewhere, today),
  };
}

/** What is plugged in, by the id that also names its cable. */
const plugged: readonly Plugged[] = [
  { id: "vend", model: "xy-v3", own: { slots, slotsPerTray: 6 } },
  { id: "scanner", model: "gm65", own: {} },
  { id: "cards", model: "pn532-hsu", own: {} },
];

async function demoDevice({ id, model: name, own }: Plugged): Promise<{
  readonly device: LoadedDevice;
  readonly atCable: AtCable;
}> {
  const model = await loadModel(name, { file: "demo", path: "profile" });
  if (!model.ok) throw new Error(model.error.map(({ says }) => says).join(" "));
  const { profile, driver } = model.value;
  const options = driver.options({ ...profile.options, ...own });
  if (!options.ok) throw new Error(options.error.join(" "));
  const wiring = { by: "path", match: id } as const;
  const peer = new URL(`../../devices/${profile.driver}.peer.ts`, import.meta.url);
  const { default: definition }: { readonly default: AtCable["definition"] } = await import(fileURLToPath(peer));
  return {
    device: { id, profile, driver, options: options.value, wiring, remembers: driver.remembers },
    atCable: { match: id, kind: driver.port, definition, options: options.value },
  };
}

function stationFile(id: string, centre: Issuer, qrKey: string): Station {
  return {
    v: 1,
    station: {
      id,
      number: 1,
      site,
      name: { zh: "演示驿站", en: "Demo station" },
      machine: "01",
      phone: "12351",
      opens: "00:00",
      closes: "24:00",
      refillAt: "16:00",
    },
    screen: { widthMm: 222, attached: true },
    devices: plugged.map(deviceOf),
    products: [
      { id: "water", name: { zh: "冰矿泉水", en: "Iced water" } },
      { id: "salt-soda", name: { zh: "盐汽水", en: "Salt soda" } },
    ],
    slots: Array.from({ length: slots }, (_, index) => ({
      device: "vend",
      slot: String(index + 1),
      product: productOf(index + 1),
      capacity: 10,
      critical: 2,
    })),
    trust: [centre.trust, { kid: String(qrKid), role: "qr", key: qrKey }],
    keyDays: 14,
    escrow: 3,
    neighbours: [],
  };
}

function samples(centre: Issuer, elsewhere: Issuer, today: Day): Pick<Demo, "samples" | "used"> {
  const epoch = dayLabel(today);
  const [good = "", used = "", slipped = ""] = centre.codes(epoch, 3, site);
  const [expired = ""] = centre.codes(dayLabel(today - 3), 1, site);
  const [foreign = ""] = elsewhere.codes(epoch, 1, otherSite);
  // Well-formed, but of an epoch that nobody issued.
  const [unknown = ""] = centre.codes("nobody", 1, site);
  const wrongDigit = `${slipped.slice(0, -1)}${(Number(slipped.at(-1)) + 1) % 10}`;
  return {
    used: { epoch, index: 1 },
    samples: [
      { code: spoken(good), shows: "good: choose water or salt soda" },
      { code: spoken(used), shows: "used already: says where and when" },
      { code: spoken(expired), shows: "expired: says since when" },
      { code: spoken(foreign), shows: "another site's: this machine is site 42" },
      { code: spoken(wrongDigit), shows: "a slip of the finger in the last digit" },
      { code: spoken(unknown), shows: "unknown: costs one of ten tries" },
    ],
  };
}
