import { readFileSync } from "node:fs";
import { fitDevice, loadModel, type LoadedDevice } from "../../config/profile.ts";
import { machineWires } from "../../controller/wires.node.ts";
import { machineClock } from "../../controller/world.node.ts";
import { millis } from "../../devices/kit/clock.ts";
import type { ReportPort } from "../../devices/kit/port.ts";
import type { Reading } from "../../devices/reader/capability.ts";
import { openHid } from "../../devices/port/hid.ts";
import type { HidWiring } from "../../devices/port/hid-find.ts";
import { supervise, type Presence } from "../../devices/supervise.ts";
import { hold, leftovers, until } from "./telling.ts";

// The kiosk's side of the wires, as the kiosk itself has it.

/** A device as the station file gives it, from its real profile. */
export async function device(profile: string, wiring: LoadedDevice["wiring"] | { by: "hid" }): Promise<LoadedDevice> {
  const model = await loadModel(profile, { file: "guest", path: "" });
  if (!model.ok) throw new Error(model.error.map(({ says }) => says).join("; "));
  const fitted = fitDevice(model.value, { id: profile, wiring, options: {} });
  if (!fitted.ok) throw new Error(fitted.error.map(({ says }) => says).join("; "));
  return fitted.value;
}

/** The device under its supervisor, with the real driver on the real wire. */
export function attended({ id, driver, options, wiring }: LoadedDevice) {
  const readings: { readonly reading: Reading; readonly at: number }[] = [];
  const told: { readonly presence: Presence; readonly at: number; readonly why?: string }[] = [];
  const clock = machineClock(millis(0));
  const wires = machineWires(clock);
  const supervisor = supervise({
    id,
    driver,
    options,
    clock,
    open: () => wires.open(driver.port, wiring),
    ...(wires.plugged ? { plugged: wires.plugged } : {}),
    note() {},
    turned() {},
    changed(presence, why) {
      told.push({ presence, at: performance.now(), ...(why ? { why: `${why.kind}: ${why.detail}` } : {}) });
      if (presence === "working")
        supervisor.device()?.can.reader?.seen((reading) => readings.push({ reading, at: performance.now() }));
    },
  });
  const is = async (presence: Presence) => {
    await until(() => supervisor.presence() === presence, `${id} is ${presence} (${JSON.stringify(told.at(-1))})`);
    return told.at(-1)?.at ?? 0;
  };
  const stop = () => supervisor.stop();
  leftovers.add(stop);
  return { readings, told, is, stop };
}

/** What was read, in plain words for comparing. */
export const plain = (reading: Reading): string =>
  reading.is === "text" ? reading.text.reveal() : reading.is === "card" ? reading.uid.reveal() : `unread ${reading.of}`;

export async function opened(wiring: HidWiring) {
  const wire = await openHid(wiring);
  hold(wire.ok, wire.ok ? "" : `${wire.error.kind}: ${wire.error.detail}`);
  leftovers.add(wire.value.close);
  return { ...wire.value, ...hearing(wire.value.port) };
}

export async function refusal(wiring: HidWiring): Promise<string> {
  const wire = await openHid(wiring);
  if (!wire.ok) return `${wire.error.kind}: ${wire.error.detail}`;
  await wire.value.close();
  throw new Error("it opened");
}

function hearing(port: ReportPort) {
  const heard: { readonly report: string; readonly at: number }[] = [];
  const lost: string[] = [];
  port.listen({
    heard: (report) => heard.push({ report: Buffer.from(report).toString("hex"), at: performance.now() }),
    lost: (why) => lost.push(why.kind),
  });
  return { heard, lost };
}

const groupNumber = (name: string): number => {
  const line = readFileSync("/etc/group", "utf8")
    .split("\n")
    .find((entry) => entry.startsWith(`${name}:`));
  return Number(line?.split(":")[2]);
};

/** Does something with the rights of a user who is in these groups and owns nothing. */
export async function asUser<T>(groups: readonly string[], work: () => Promise<T>): Promise<T> {
  const nobody = 65_534;
  process.setgroups?.(groups.map(groupNumber));
  process.setegid?.(nobody);
  process.seteuid?.(nobody);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
    process.setegid?.(0);
    process.setgroups?.([0]);
  }
}
