import type { DriverDefinition, PeerDefinition } from "../../../devices/kit/driver.ts";
import type { Wires } from "../../../devices/kit/port.ts";
import type { Result } from "../../../devices/kit/result.ts";
import type { Reading } from "../../../devices/reader/capability.ts";
import pcsc from "../../../devices/reader/pcsc.ts";
import pcscPeer from "../../../devices/reader/pcsc.peer.ts";
import pn532 from "../../../devices/reader/pn532.ts";
import pn532Peer from "../../../devices/reader/pn532.peer.ts";
import { layCardWire } from "../../kit/card-wire.ts";
import { manualClock, type ManualClock } from "../../kit/clock.ts";
import { layWire, type Laid, type Noise } from "../../kit/wire.ts";

export type CardReading = Extract<Reading, { is: "card" }>;

/** A reader of cards with its driver, and all that it has told. */
async function put<In, P extends keyof Wires>(
  driver: DriverDefinition<object, P>,
  { wire, peer }: Laid<In, Wires[P]>,
  clock: ManualClock,
) {
  const told: { readonly at: number; readonly reading: Reading }[] = [];
  const plugIn = async () => {
    const end = await wire.open();
    if (!end.ok) throw new Error(end.error.detail);
    const opening = driver.open({ id: "bench", options: {}, port: end.value.port, clock, note() {} });
    const opened = await clock.finish(opening, 60_000);
    if (!opened.ok) throw new Error(opened.error.detail);
    opened.value.can.reader?.seen((reading) => told.push({ at: clock.mono(), reading }));
    return opened.value;
  };
  const device = await plugIn();
  await clock.pass(1000);

  /** Lays a card down and gives its first reading. */
  const read = async (name: string): Promise<CardReading> => {
    const before = told.length;
    peer.turn("hold", name);
    await clock.until(() => told.length > before, 3000);
    const reading = told[before]?.reading;
    if (reading?.is !== "card") throw new Error(`told of ${reading?.is ?? "nothing"}`);
    return reading;
  };
  const ask = (reading: CardReading, command: string): Promise<Result<Uint8Array>> => {
    const answer = reading.exchange?.(Uint8Array.from(Buffer.from(command, "hex")));
    return answer ? clock.finish(answer, 60_000) : Promise.reject(new Error("this card takes no commands"));
  };
  return { clock, wire, peer, told, device, plugIn, read, ask };
}

export function putPn532(
  seed = 1,
  noise: Partial<Noise> = {},
  peer: PeerDefinition<object, Uint8Array, Uint8Array> = pn532Peer,
) {
  const clock = manualClock();
  return put(pn532, layWire(peer, {}, clock, seed, noise), clock);
}

export function putPcsc(seed = 1, noise: Partial<Noise> = {}) {
  const clock = manualClock();
  return put(pcsc, layCardWire(pcscPeer, {}, clock, seed, noise), clock);
}

export const hexOf = (answer: Result<Uint8Array>): string =>
  answer.ok ? Buffer.from(answer.value).toString("hex").toUpperCase() : answer.error.kind;

export const uidOf = (reading: Reading): string => (reading.is === "card" ? reading.uid.reveal() : reading.is);
