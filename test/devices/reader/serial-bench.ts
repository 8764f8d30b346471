import type { Device, DriverDefinition, PeerDefinition } from "../../../devices/kit/driver.ts";
import type { Reading } from "../../../devices/reader/capability.ts";
import { manualClock } from "../../kit/clock.ts";
import { layWire } from "../../kit/wire.ts";

/** A serial reader's driver at one end of a wire, its simulated machine at the other. */
export function layReader<O>(
  driver: DriverDefinition<O, "bytes">,
  peerOf: PeerDefinition<O, Uint8Array, Uint8Array>,
  given: object = {},
) {
  const read = driver.options(given);
  if (!read.ok) throw new Error(read.error.join("; "));
  const options = read.value;
  const clock = manualClock();
  const { wire, peer } = layWire(peerOf, options, clock);
  const notes: (readonly [string, unknown])[] = [];
  const told: { readonly at: number; readonly reading: Reading }[] = [];

  const open = async (): Promise<Device> => {
    const end = await wire.open();
    if (!end.ok) throw new Error(end.error.detail);
    const opening = driver.open({
      id: "reader",
      options,
      port: end.value.port,
      clock,
      note: (event, facts) => notes.push([event, facts]),
    });
    const opened = await clock.finish(opening, 60_000);
    if (!opened.ok) throw new Error(`${opened.error.kind}: ${opened.error.detail}`);
    opened.value.can.reader?.seen((reading) => told.push({ at: clock.mono(), reading }));
    await clock.pass(500);
    return { ...opened.value, close: () => clock.finish(opened.value.close().then(end.value.close)) };
  };
  /** What the kiosk has sent, and how often a certain frame. */
  const asked = (bytes: string) => wire.said.filter((line) => line === `> ${bytes}`).length;
  /** What was told; what was told several times in a row stands once. */
  const texts = () =>
    told
      .map(({ reading }) => (reading.is === "text" ? reading.text.reveal() : reading.is))
      .filter((text, i, all) => text !== all[i - 1]);
  return { clock, wire, peer, notes, told, open, asked, texts };
}
