import { supervise, type Presence } from "../../devices/supervise.ts";
import type { Device } from "../../devices/kit/driver.ts";
import { manualClock } from "../kit/clock.ts";
import type { Noise } from "../kit/wire.ts";
import { patience, readOptions, type Note } from "./bench.ts";
import type { Found } from "./drivers.ts";
import { lay } from "./lay.ts";

/** A wire with the simulated machine at its other end, into which a driver can be plugged again and again. */
export function plugging(one: Found, seed = 1, noise: Partial<Noise> = {}, over: object = {}) {
  const clock = manualClock();
  const { wire, peer, dice } = lay(one, clock, seed, noise, over);
  const notes: Note[] = [];

  const plugIn = async (): Promise<Device> => {
    const end = await wire.open();
    if (!end.ok) throw new Error(end.error.detail);
    const opening = one.driver.open({
      id: "bench",
      options: readOptions(one, over),
      port: end.value.port,
      clock,
      note: (event, facts = {}) => notes.push({ event, facts }),
    });
    const opened = await clock.finish(opening, patience);
    if (!opened.ok) throw new Error(opened.error.detail);
    return opened.value;
  };
  return { clock, wire, peer, dice, notes, plugIn };
}

interface Replugging extends Pick<ReturnType<typeof plugging>, "clock" | "wire" | "peer"> {
  readonly device: Device;
}

/** Under its supervisor, pulled out and plugged in again on a fresh wire: what was told of its presence, and the ears left at the end. */
export async function replugged(one: Found, { clock, wire, peer, device }: Replugging) {
  await clock.finish(device.close(), patience);
  wire.unplug();
  wire.plug();
  const told: Presence[] = [];
  const supervisor = supervise({
    id: one.profile,
    driver: one.driver,
    options: readOptions(one),
    clock,
    open: () => wire.open(),
    note() {},
    turned() {},
    changed: (presence) => told.push(presence),
  });
  await clock.pass(20_000);
  wire.unplug();
  await clock.pass(30_000);
  wire.plug();
  await clock.pass(10_000);
  const seen = [...told];
  await clock.finish(supervisor.stop());
  peer.stop();
  return { told: seen, listeners: wire.listeners() };
}
