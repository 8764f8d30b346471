import type { LoadedStation } from "../../config/load.ts";
import { cabinets } from "../sim/cabinets.ts";

export interface FleetLink {
  readonly group: string;
  /** "mqtt://…" or "mqtts://…". */
  readonly server: string;
  /** Seconds over which births are spread. */
  readonly birthSpread: number;
}

export const { device, slots } = cabinets.tcn;
export const product = "water";
export const capacity = 200;

export const linkOf = ({ group, server, birthSpread }: FleetLink): NonNullable<LoadedStation["station"]["link"]> => ({
  group,
  servers: [server],
  acknowledged: "central",
  keepalive: 120,
  birthSpread,
});

/** A station of one machine with six slots, all with the same product, and a way to the centre. */
export function loadedStation(id: string, number: number, to: FleetLink): LoadedStation {
  return {
    station: {
      v: 1,
      station: {
        id,
        number,
        site: "42",
        name: { zh: `驿站 ${number}`, en: `Station ${number}` },
        machine: "01",
        phone: "12351",
        opens: "00:00",
        closes: "24:00",
      },
      screen: { widthMm: 222, attached: true },
      devices: [{ id: device.id, profile: device.profile.model, wiring: device.wiring, options: {} }],
      products: [{ id: product, name: { zh: "冰矿泉水", en: "Iced water" } }],
      slots: slots.map((slot) => ({ device: device.id, slot, product, capacity, critical: 2 })),
      trust: [],
      keyDays: 14,
      escrow: 3,
      neighbours: [],
      link: linkOf(to),
    },
    devices: [device],
    campaignFiles: [],
    listFiles: [],
    keyFiles: [],
    memberFiles: [],
  };
}
