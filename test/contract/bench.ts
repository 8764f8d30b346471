import type { Device, Facts } from "../../devices/kit/driver.ts";
import type { BytePort, Listening } from "../../devices/kit/port.ts";
import type { Delivery, Vending } from "../../devices/vending/capability.ts";
import { manualClock } from "../kit/clock.ts";
import { layWire, type Noise } from "../kit/wire.ts";
import type { Found } from "./drivers.ts";

/** Longer than any motion and any patience: what has not settled by then hangs. */
export const patience = 180_000;

export interface Note {
  readonly event: string;
  readonly facts: Facts;
}

export function readOptions({ driver, options }: Pick<Found, "driver" | "options">, over: object = {}): unknown {
  const read = driver.options({ ...options, ...over });
  if (!read.ok) throw new Error(read.error.join("; "));
  return read.value;
}

/** Opens a driver on a wire whose other end is its simulated machine. */
export async function putOnBench(one: Found<Uint8Array>, seed = 1, noise: Partial<Noise> = {}) {
  const clock = manualClock();
  const options = readOptions(one);
  const { wire, peer, dice } = layWire(one.peer, options, clock, seed, noise);
  const notes: Note[] = [];

  const openOn = async (port: BytePort): Promise<Device> => {
    const opening = one.driver.open({
      id: "bench",
      options,
      port,
      clock,
      note: (event, facts = {}) => notes.push({ event, facts }),
    });
    const opened = await clock.finish(opening, patience);
    if (!opened.ok) throw new Error(opened.error.detail);
    return opened.value;
  };
  const plugIn = async () => {
    const end = await wire.open();
    if (!end.ok) throw new Error(end.error.detail);
    return openOn(end.value.port);
  };

  const device = await plugIn();
  const { vending } = device.can;
  if (!vending) throw new Error(`${one.profile} gives no goods`);
  // A board that leads the talk is given the time to be greeted and set up.
  await clock.pass(5000);
  const turn = (knob: string, to: string | number | boolean) => {
    if (one.peer.knobs.includes(knob)) peer.turn(knob, to);
  };
  return { clock, wire, peer, dice, notes, device, vending, turn, plugIn };
}
export type Bench = Awaited<ReturnType<typeof putOnBench>>;

/** Every question a vending device can be asked, each by its name. */
export function questions(device: Device): readonly [name: string, ask: () => Promise<unknown>][] {
  const { vending, board } = device.can;
  const all: [string, (() => Promise<unknown>) | undefined][] = [
    ["identify", () => device.identify()],
    ["self-test", () => device.selfTest("look")],
    ["release", vending && (() => vending.release("1", 1))],
    ["recall", vending?.recall && (() => vending.recall?.("1", 1) ?? Promise.resolve())],
    ["settled", vending?.settled && (() => vending.settled?.(1) ?? Promise.resolve())],
    ["curtain", vending?.curtain && (() => vending.curtain?.() ?? Promise.resolve())],
    ["temperature", board?.temperature && (() => board.temperature?.() ?? Promise.resolve())],
  ];
  return all.flatMap(([name, ask]) => (ask ? [[name, ask]] : []));
}

/** Listens to all that a device says unasked. */
export function listenToAll(device: Device): readonly Listening[] {
  const { vending, board } = device.can;
  return [vending?.reports?.(() => {}), board?.door?.(() => {})].flatMap((ear) => (ear ? [ear] : []));
}

/** Releases, then lets the machine come to rest, and says what it said beside what really fell. */
export async function releaseAndLook(
  { clock, peer, vending }: Pick<Bench, "clock" | "peer"> & { readonly vending: Vending },
  slot: string,
  mark = 1,
): Promise<{ readonly delivery: Delivery; readonly fell: readonly string[] }> {
  const before = peer.truth().length;
  const delivery = await clock.finish(vending.release(slot, mark), patience);
  await clock.pass(delivery.kind === "unknown" ? 60_000 : 15_000);
  return { delivery, fell: peer.truth().slice(before) };
}
