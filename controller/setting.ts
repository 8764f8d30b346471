import type { LoadedStation } from "../config/load.ts";
import { millis } from "../devices/kit/clock.ts";
import { kioskName } from "../protocol/fleet/topics.ts";
import { parseDate, parseHours } from "../protocol/pickup-code/calendar.ts";
import type { CabinSetting } from "./domain/cabin/setting.ts";
import type { Knowledge, Setting } from "./domain/state.ts";
import type { Keys } from "./store/keys.ts";

/** What the domain needs of the station file. */
export function settingOf(loaded: LoadedStation): Setting {
  const { station, devices } = loaded;
  const cabin = cabinOf(loaded);
  const hours = parseHours(`${station.station.opens}-${station.station.closes}`) ?? { opens: 0, closes: 1440 };
  const both = ["card", "code"] as const;
  const vending = devices.filter(({ driver }) => driver.provides.includes("vending"));
  return {
    places: station.slots.map(({ device, slot, product }) => ({ device, slot, product })),
    products: station.products,
    machines: vending.map(({ id, remembers }) => ({ id, remembers })),
    readers: devices
      .filter(({ driver }) => driver.provides.includes("reader"))
      .map(({ id, profile }) => ({ id, reads: profile.reads ?? both })),
    ...hours,
    neighbours: station.neighbours
      .map(({ kiosk, ...rest }) => ({ kiosk: kioskName(kiosk), ...rest }))
      .toSorted((a, b) => a.metres - b.metres),
    escrow: station.escrow,
    ...(station.link ? { linked: true as const } : {}),
    ...(cabin && { cabin }),
  };
}

/** A station has a health cabin where it has a health instrument. */
function cabinOf({ station, devices, healthRanges: ranges, checkUpPass }: LoadedStation): CabinSetting | undefined {
  const provide = (what: "meter" | "printer") => devices.filter(({ driver }) => driver.provides.includes(what));
  const meters = provide("meter");
  if (meters.length === 0 || ranges === undefined) return undefined;
  const { entered = [], spo2, recipient, overdue = "say" } = station.cabin ?? {};
  return {
    instruments: meters.map(({ id, profile: { name, model, measures = [], starts } }) => {
      const own = station.devices.find((device) => device.id === id);
      const due = parseDate(own?.calibrationDue ?? "");
      return {
        id,
        name,
        model,
        items: own?.measures ?? measures,
        ...(starts && { starts }),
        ...(due === undefined ? {} : { due }),
      };
    }),
    entered,
    ranges,
    ...(spo2 && { spo2 }),
    printers: provide("printer").map(({ id }) => id),
    ...(recipient && { recipient: { name: recipient.name } }),
    ...(checkUpPass && { pass: checkUpPass.items }),
    overdue,
  };
}

/** What the domain needs of the keys and signed files. */
export function knowledgeOf({ codebook, members, floorFrom }: Keys): Omit<Knowledge, "elsewhere" | "taken"> {
  const { typed } = codebook;
  const offers = [...codebook.offers, ...members.map(({ offer }) => offer)];
  const ceiling = floorFrom.newestEpoch ?? Math.max(0, ...offers.map((offer) => offer.to));
  return {
    ...(typed ? { typed } : {}),
    offers,
    ceiling,
    signedAt: floorFrom.signed ?? millis(0),
  };
}
