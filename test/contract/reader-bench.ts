import type { Device } from "../../devices/kit/driver.ts";
import type { Reading } from "../../devices/reader/capability.ts";
import { manualClock } from "../kit/clock.ts";
import type { Noise } from "../kit/wire.ts";
import { patience } from "./bench.ts";
import type { Found } from "./drivers.ts";
import { lay } from "./lay.ts";
import { plugging } from "./plugging.ts";

/** A member's number, a barcode of a product, and the decimal form of a signed token of 91 bytes. */
const codes = [
  "4829163550",
  "6901028075763",
  `901${Array.from({ length: 220 }, (_, i) => (i * 7 + (i >> 3)) % 10).join("")}`,
];
/** UIDs of four, seven and five bytes: ISO 14443A with one and two cascades, EM4100. */
const cards = ["04A1B2C3", "04DE5F1EACC040", "62E3086CED", "9C3B7D12", "04A55F1EAC1580", "0A00BC614E"];

export interface Sample {
  readonly knob: "scan" | "card";
  /** The text, or the UID, as a reading must have it. */
  readonly value: string;
}

/** What this reader can see, of the samples: its simulated machine refuses the others. */
export function samplesOf(one: Found): readonly Sample[] {
  const all: readonly Sample[] = [
    ...codes.map((value) => ({ knob: "scan" as const, value })),
    ...cards.map((value) => ({ knob: "card" as const, value })),
  ];
  return all.filter(({ knob, value }) => {
    if (!one.peer.knobs.includes(knob)) return false;
    const { peer } = lay(one, manualClock());
    try {
      peer.turn(knob, value);
      return true;
    } catch {
      return false;
    } finally {
      peer.stop();
    }
  });
}

/** Enough for the slowest reader to see what is shown and tell it, also at 9600 bits a second. */
const showing = 4000;
/** After this a half reading has been given up, and nothing is on its way any more. */
export const rest = 3000;

/** Opens a reader's driver on a wire whose other end is its simulated machine. */
export async function putReader(one: Found, seed = 1, noise: Partial<Noise> = {}) {
  const { clock, wire, peer, dice, notes, plugIn: plugged } = plugging(one, seed, noise);
  const told: Reading[] = [];

  const plugIn = async (): Promise<Device> => {
    const device = await plugged();
    device.can.reader?.seen((reading) => told.push(reading));
    return device;
  };
  const device = await plugIn();
  if (!device.can.reader) throw new Error(`${one.profile} reads nothing`);
  // A reader that is set up at its start is given the time.
  await clock.pass(rest);

  /** Shows a code or card, takes it away, and waits until all is quiet. */
  const show = async ({ knob, value }: Sample, span = showing) => {
    peer.turn(knob, value);
    await clock.pass(span);
    if (one.peer.knobs.includes("take-away")) peer.turn("take-away", true);
    await clock.pass(rest);
  };
  const end = async () => {
    peer.stop();
    await clock.finish(device.close(), patience);
  };
  return { clock, wire, peer, dice, notes, told, device, plugIn, show, end };
}
export type ReaderBench = Awaited<ReturnType<typeof putReader>>;

export const valueOf = (reading: Reading): string | undefined => {
  if (reading.is === "text") return reading.text.reveal();
  return reading.is === "card" ? reading.uid.reveal() : undefined;
};

/** The values that were told; what was told many times in a row, as a held card is, stands once. */
export const valuesOf = (told: readonly Reading[]): readonly string[] =>
  told
    .map(valueOf)
    .filter((value) => value !== undefined)
    .filter((value, i, all) => value !== all[i - 1]);
