import { fitDevice, loadModel } from "../../config/profile.ts";
import { millis, type Clock } from "../../devices/kit/clock.ts";
import type { PeerDefinition } from "../../devices/kit/driver.ts";
import { command, framer } from "../../devices/vending/xy-wire.ts";
import { orders } from "../../devices/vending/tcn-wire.ts";
import type { Model } from "../real/station.ts";
import { layCable } from "./cable.ts";

const slots = 24;
const full = 250;

/** A simulated machine in this process, at the far end of a pseudo-terminal. */
export interface Board {
  /** When the first byte of the next drive command is here, by performance.now(). Ask before you do what leads to it. */
  nextDrive(): Promise<number>;
  dropped(): number;
  end(): Promise<void>;
}

/** Tells of each chunk whether a drive command ends in it. */
const driving: Readonly<Record<Model["profile"], () => (bytes: Uint8Array) => boolean>> = {
  tcn: () => {
    let state = orders.start;
    return (bytes) => {
      const pushed = orders.push(state, bytes);
      state = pushed.state;
      return pushed.frames.some(({ command: asked }) => asked >= 1 && asked <= 80);
    };
  },
  "xy-v3": () => {
    let state = framer.start;
    return (bytes) => {
      const pushed = framer.push(state, bytes);
      state = pushed.state;
      return pushed.frames.some((frame) => frame.command === command.drive);
    };
  },
};

/** A board whose motors need no time would hide nothing but the worker's waiting. Polls keep their time. */
const haste = 50;

/** `near`: where the kiosk's end of the line comes out. */
export async function openBoard({ profile, options }: Model, near: string, motors?: "quick motors"): Promise<Board> {
  const model = await loadModel(profile, { file: "benchmark", path: "" });
  if (!model.ok) throw new Error(JSON.stringify(model.error));
  const fitted = fitDevice(model.value, { id: "board", wiring: { by: "path", match: near }, options: { ...options } });
  if (!fitted.ok) throw new Error(JSON.stringify(fitted.error));
  const { default: definition } = (await import(
    new URL(`../../devices/${model.value.profile.driver}.peer.ts`, import.meta.url).href
  )) as { default: PeerDefinition<unknown, Uint8Array, Uint8Array> };

  const cable = await layCable(near);
  const clock: Clock = {
    mono: () => millis(performance.now()),
    wall: () => ({ utc: millis(Date.now()), trusted: true }),
    after(delay, _label, wake) {
      const timer = setTimeout(wake, motors && profile === "tcn" ? delay / haste : delay);
      return { cancel: () => clearTimeout(timer) };
    },
  };
  const drives = driving[profile]();
  let tell: ((at: number) => void) | undefined;
  const peer = definition.peer(fitted.value.options, { clock, chance: () => false }, cable.says);
  if (motors && peer.knobs.includes("fast")) peer.turn("fast", true);
  // A cabinet that never runs empty.
  for (let slot = 1; slot <= slots; slot++) peer.turn("stock", `${slot}=${full}`);
  cable.heard((bytes) => {
    const at = performance.now();
    if (drives(bytes)) tell?.(at);
    peer.hear(bytes);
  });
  return {
    nextDrive: () => new Promise((resolve) => (tell = resolve)),
    dropped: () => peer.truth().length,
    async end() {
      peer.stop();
      await cable.end();
    },
  };
}
