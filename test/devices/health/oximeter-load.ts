import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import cms50v7 from "../../../devices/health/cms50v7.ts";
import type { Sink } from "../../../devices/kit/port.ts";
import { ok } from "../../../devices/kit/result.ts";
import { manualClock } from "../../kit/clock.ts";

export const framesASecond = 60;
/** A stream begins with so many seconds in which code is compiled and memory finds its size. */
const warming = 10;

export interface Load {
  /** Processor time by the time that the stream lasted: 0.03 is 3 %. With the clock of the test, so that it is an upper bound. */
  readonly share: number;
  /** Bytes that were in use more at the end than after the first ten seconds. */
  readonly grown: number;
  /** Samples of the pulse wave that were handed on. */
  readonly samples: number;
}

/** SpO2 that changes by 3 so often that the 8 s of a reading are never whole: the most work, and the measurement never ends. */
const restless = 7;

/** The frame of so many since the stream began. */
export function restlessFrame(frame: number): Uint8Array {
  const pleth = 0x80 | (64 + Math.round(50 * Math.sin(frame / 8)));
  const spo2 = 0x80 | (Math.floor(frame / framesASecond / restless) % 2 === 0 ? 95 : 98);
  return Uint8Array.of(0x01, 0xe0, 0x86, pleth, 0x86, 0xc1, spo2, 0xff, 0xff);
}

/** What the finger oximeter costs while a restless finger is in it for so long, 60 frames a second. Not in real time. */
export async function oximeterLoad(seconds: number): Promise<Load> {
  const clock = manualClock();
  const sinks = new Set<Sink<Uint8Array>>();
  const opened = await cms50v7.open({
    id: "load",
    options: {},
    clock,
    note() {},
    port: {
      label: "load",
      send: async () => ok(undefined),
      listen(sink) {
        sinks.add(sink);
        return { stop: () => void sinks.delete(sink) };
      },
    },
  });
  const meter = opened.ok ? opened.value.can.meter : undefined;
  if (!opened.ok || !meter) throw new Error("it did not open");
  const stopping = new AbortController();
  let samples = 0;
  const work = meter.measure({
    stop: stopping.signal,
    began: clock.mono(),
    person: {},
    heard: (progress) => (samples += progress.is === "wave" ? progress.samples.length : 0),
  });

  const stream = async (span: number) => {
    for (let frame = 0; frame < span * framesASecond; frame++) {
      const bytes = restlessFrame(frame);
      for (const sink of sinks) sink.heard(bytes);
      await clock.pass(1000 / framesASecond);
    }
  };
  const collect = garbageCollector();
  await stream(warming);
  collect();
  const before = process.memoryUsage().heapUsed;
  const used = process.cpuUsage();
  await stream(seconds);
  const { user, system } = process.cpuUsage(used);
  collect();
  const grown = process.memoryUsage().heapUsed - before;
  stopping.abort();
  await clock.finish(work);
  await opened.value.close();
  return { share: (user + system) / 1e6 / seconds, grown, samples };
}

function garbageCollector(): () => void {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
}
