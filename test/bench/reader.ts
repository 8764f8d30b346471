import { fitDevice, loadModel } from "../../config/profile.ts";
import { millis } from "../../devices/kit/clock.ts";
import type { PeerDefinition } from "../../devices/kit/driver.ts";
import { layCable } from "./cable.ts";

/** A simulated reader in this process, at the far end of a pseudo-terminal. */
export interface BenchReader {
  turn(knob: string, to: string | true): void;
  /** When bytes that hold these were last sent, by performance.now(). */
  lastSent(holding?: Uint8Array): number;
  end(): Promise<void>;
}

/** `near`: where the kiosk's end of the line comes out. */
export async function openReader(profile: string, near: string): Promise<BenchReader> {
  const model = await loadModel(profile, { file: "benchmark", path: "" });
  if (!model.ok) throw new Error(JSON.stringify(model.error));
  const fitted = fitDevice(model.value, { id: "reader", wiring: { by: "path", match: near }, options: {} });
  if (!fitted.ok) throw new Error(JSON.stringify(fitted.error));
  const { default: definition } = (await import(
    new URL(`../../devices/${model.value.profile.driver}.peer.ts`, import.meta.url).href
  )) as { default: PeerDefinition<unknown, Uint8Array, Uint8Array> };

  const cable = await layCable(near);
  const sent: { readonly at: number; readonly bytes: Buffer }[] = [];
  const peer = definition.peer(
    fitted.value.options,
    {
      clock: {
        mono: () => millis(performance.now()),
        wall: () => ({ utc: millis(Date.now()), trusted: true }),
        after(delay, _label, wake) {
          const timer = setTimeout(wake, delay);
          return { cancel: () => clearTimeout(timer) };
        },
      },
      chance: () => false,
    },
    (bytes) => {
      cable.says(bytes);
      sent.push({ at: performance.now(), bytes: Buffer.from(bytes) });
    },
  );
  cable.heard((bytes) => peer.hear(bytes));
  return {
    turn: (knob, to) => peer.turn(knob, to),
    lastSent: (holding) =>
      sent.findLast(({ bytes }) => holding === undefined || bytes.includes(Buffer.from(holding)))?.at ?? Number.NaN,
    async end() {
      peer.stop();
      await cable.end();
    },
  };
}
