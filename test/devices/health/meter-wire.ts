import type { Person, Progress, Reading } from "../../../devices/health/capability.ts";
import type { Device, DriverDefinition, PeerDefinition } from "../../../devices/kit/driver.ts";
import type { Result } from "../../../devices/kit/result.ts";
import { manualClock } from "../../kit/clock.ts";
import { layWire } from "../../kit/wire.ts";

/** A serial instrument's driver at one end of a wire, its simulated machine at the other. */
export async function layMeter<O>(
  driver: DriverDefinition<O, "bytes">,
  peerOf: PeerDefinition<O, Uint8Array, Uint8Array>,
  given: object = {},
) {
  const read = driver.options(given);
  if (!read.ok) throw new Error(read.error.join("; "));
  const options = read.value;
  const clock = manualClock();
  const { wire, peer } = layWire(peerOf, options, clock);
  const notes: unknown[] = [];
  const end = await wire.open();
  if (!end.ok) throw new Error(end.error.detail);
  const opening = driver.open({
    id: "meter",
    options,
    port: end.value.port,
    clock,
    note: (...said) => notes.push(said),
  });
  const opened = await clock.finish(opening);
  if (!opened.ok) throw new Error(opened.error.detail);
  const device: Device = opened.value;
  const { meter } = device.can;
  if (!meter) throw new Error("it measures nothing");

  const begin = (person: Person = {}) => {
    const stopping = new AbortController();
    const progress: Progress[] = [];
    const under: { outcome?: Result<readonly Reading[]> } = {};
    const work = meter.measure({
      stop: stopping.signal,
      began: clock.mono(),
      person,
      heard: (now) => progress.push(now),
    });
    void work.then((outcome) => (under.outcome = outcome));
    return { work, progress, under, stop: () => stopping.abort() };
  };
  const close = async () => {
    peer.stop();
    await clock.finish(device.close());
  };
  return { clock, wire, peer, notes, device, meter, begin, close };
}

/** The values of a measurement that went well, by their items; of another the kind of its fault. */
export const outcomeOf = (outcome: Result<readonly Reading[]> | undefined): unknown =>
  outcome?.ok
    ? Object.fromEntries(outcome.value.map(({ item, value }) => [item, value]))
    : (outcome?.error.kind ?? "pending");
