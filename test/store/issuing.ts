import type { Station } from "../../config/schema.ts";
import { openKeys, type Keys } from "../../controller/store/keys.ts";
import { noMemberLists } from "../../controller/store/member-lists.ts";
import { publicKioskKey } from "../../controller/store/kiosk-key.ts";
import type { Disk } from "../../controller/world.ts";
import { millis, type Clock } from "../../devices/kit/clock.ts";
import { fault } from "../../devices/kit/fault.ts";
import { err, ok } from "../../devices/kit/result.ts";
import type { Campaign } from "../../protocol/pickup-code/campaign.ts";
import { issuer, type Issuer } from "../../protocol/pickup-code/issuer.ts";
import type { ImportedList } from "../../protocol/pickup-code/list.ts";
import { hexOf, publicOf } from "../../protocol/pickup-code/sign.ts";

export const root = Uint8Array.from({ length: 32 }, (_, at) => at);
export const release = new Uint8Array(32).fill(21);
export const qr = new Uint8Array(32).fill(22);
export const kioskKey = new Uint8Array(32).fill(23);
export const kiosk = publicKioskKey(kioskKey);

/** The kiosk of the published vectors, and who issues for it. */
export const own: Issuer = issuer({ root, release, kid: "r1", station: "SD-JN-0042" });

export const station = {
  v: 1,
  station: {
    id: "SD-JN-0042",
    number: 42,
    site: "42",
    name: { zh: "驿站", en: "Station" },
    machine: "03",
    phone: "12351",
    opens: "00:00",
    closes: "24:00",
  },
  screen: { widthMm: 222, attached: true },
  devices: [],
  products: [
    { id: "water", name: { zh: "水", en: "Water" } },
    { id: "salt-soda", name: { zh: "盐汽水", en: "Salt soda" } },
  ],
  slots: [],
  trust: [own.trust, { kid: "7", role: "qr", key: hexOf(publicOf("ed25519", qr)) }],
  keyDays: 14,
  escrow: 3,
  neighbours: [],
} as const satisfies Station;

export const summer: Parameters<Issuer["campaign"]>[0] = {
  id: "summer",
  name: { zh: "夏送清凉", en: "Summer" },
  epoch: "day",
  digits: 12,
  count: 5,
  keeperCount: 2,
  products: ["water", "salt-soda"],
  from: "2026-07-01",
  to: "2026-09-30",
  hours: "06:00-22:00",
  lossLimit: 1,
  issuedAt: "2026-07-01T04:00:00Z",
};

export const coupons: Parameters<Issuer["list"]>[0] = {
  id: "L2026-07",
  codeLength: 12,
  alphabet: "digits",
  products: ["water"],
  from: "2026-07-01",
  to: "2026-07-31",
  hours: "00:00-24:00",
  lossLimit: 1,
  issuedAt: "2026-07-15T03:00:00Z",
};

/** A clock that stands, and gives everybody a turn at once. */
export const standing = (utc: string): Clock => ({
  mono: () => millis(0),
  wall: () => ({ utc: millis(Date.parse(utc)), trusted: true }),
  after: (_delay, _label, wake) => {
    const turn = setImmediate(wake);
    return { cancel: () => clearImmediate(turn) };
  },
});

export interface Keep {
  readonly keep: Disk["keep"];
  readonly kept: Map<string, Uint8Array>;
}

/** What is kept, without a disk. `full`: every write is refused. */
export function memory(full = false): Keep {
  const kept = new Map<string, Uint8Array>();
  return {
    kept,
    keep: {
      get: (name) => kept.get(name),
      put: (name, value) => {
        if (full) return Promise.resolve(err(fault("refused", "the disk is full")));
        kept.set(name, value);
        return Promise.resolve(ok(undefined));
      },
    },
  };
}

export interface Folder {
  readonly campaigns?: Readonly<Record<string, Campaign | string>>;
  readonly lists?: Readonly<Record<string, ImportedList | string>>;
  readonly keys?: Readonly<Record<string, object | string>>;
}

const texts = (files: Readonly<Record<string, object | string>> = {}) =>
  Object.entries(files).map(([name, file]) => ({ name, text: typeof file === "string" ? file : JSON.stringify(file) }));

export interface Opening {
  readonly keep?: Keep;
  readonly station?: Station;
  readonly kioskKey?: Uint8Array;
  /** The time in UTC; 11:00 on 2026-07-15 in UTC+8 where absent. */
  readonly at?: string;
}

/** Opens the keys of the station with these files in its folder. */
export const opened = (folder: Folder, opening: Opening = {}): Promise<Keys> =>
  openKeys({
    loaded: {
      station: opening.station ?? station,
      campaignFiles: texts(folder.campaigns),
      listFiles: texts(folder.lists),
      keyFiles: texts(folder.keys),
    },
    memberLists: noMemberLists,
    keep: (opening.keep ?? memory()).keep,
    kioskKey: opening.kioskKey ?? kioskKey,
    clock: standing(opening.at ?? "2026-07-15T03:00:00Z"),
    dice: { bytes: (n) => crypto.getRandomValues(new Uint8Array(n)) },
  });

/** A bundle of these labels for the station's kiosk. */
export const bundle = (epochs: readonly string[], issuedAt = "2026-07-14T04:00:00Z", lists: readonly string[] = []) =>
  own.keys({ epochs, lists, kiosk, issuedAt });
