import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hours, millis, minutes, seconds, type Millis } from "../../devices/kit/clock.ts";
import { decodePayload, type Metric } from "../../protocol/sparkplug/payload.ts";
import { readTopic } from "../../protocol/sparkplug/topic.ts";
import { readBatch } from "../../protocol/events/batch.ts";
import { ringLength } from "../../controller/link/history.ts";
import { folderInMemory, removeFolder } from "../store/folder.ts";
import { lonelyKiosk, refilled, topics, used, type LonelyKiosk } from "./month.ts";
import type { Went } from "./way.ts";

// What is promised does not depend on the medium below, so the data folder lies in memory: a month of fsync is long.

const days = 30;
const vendsADay = 400;
const total = days * vendsADay;
const promisedMb = 200;
const roundTrip = millis(200);
const opens = 6 * 60;
const closes = 18 * 60;

interface Told extends Metric {
  /** "vend/Temp_c"; the kiosk's own begin with "/". */
  readonly of: string;
  /** When it went, milliseconds since the kiosk began. */
  readonly went: number;
}

const dir = folderInMemory("month");
let kiosk: LonelyKiosk;
/** Temperature in the cabinet as it was told to the link, minute by minute. */
const felt: { readonly value: number; readonly at: number }[] = [];
/** Bytes on the medium at the worst hour. */
let peak = 0;
/** Milliseconds since the kiosk began. */
const moments = { online: 0, vended: 0, confirmed: 0, drained: 0 };
let told: readonly Told[] = [];

/** What was told, read as a host reads it: names from the births, then aliases. */
function read(went: readonly Went[]): readonly Told[] {
  const names = new Map<number, string>();
  return went.flatMap(({ topic, payload, at }) => {
    const address = readTopic(topic);
    const read = address === undefined ? undefined : decodePayload(payload);
    if (address === undefined || address.of === "host" || read?.ok !== true) return [];
    const part = address.of === "device" ? address.device : "";
    return read.value.metrics.map((metric) => {
      if (metric.name !== undefined && metric.alias !== undefined) names.set(metric.alias, `${part}/${metric.name}`);
      return { ...metric, of: names.get(metric.alias ?? -1) ?? `${part}/${metric.name}`, went: at };
    });
  });
}

const historyIsTold = (): boolean =>
  Array.from({ length: ringLength }, (_, place) => kiosk.disk.keep.get(`history/${place}`)?.length ?? 0).every(
    (bytes) => bytes === 0,
  );

/** Vends that were due by then: all day long from opening to closing. */
function dueBy(minute: number): number {
  const open = Math.min(closes, Math.max(opens, minute % 1440)) - opens;
  return Math.floor(minute / 1440) * vendsADay + Math.floor((open * vendsADay) / (closes - opens));
}

async function aMonth(): Promise<void> {
  let vends = 0;
  for (let minute = 0; minute < days * 1440; minute += 1) {
    await kiosk.clock.run(minute * 60_000 + 10_000);
    if (minute % 1440 === opens) await refilled(kiosk);
    const temperatureC = 4 + (minute % 7);
    kiosk.link.cabinet("vend", { temperatureC });
    felt.push({ value: temperatureC, at: kiosk.clock.wall().utc });
    for (; vends < dueBy(minute); vends += 1) await kiosk.vend(vends % vendsADay);
    if (minute % 10 === 0) await kiosk.rest();
    if (minute % 60 === 0) peak = Math.max(peak, used(dir));
  }
  await kiosk.passes(minutes(1));
}

/** Until it holds; looked at every `step`. */
async function passesUntil(so: () => boolean, step: Millis): Promise<number> {
  for (const end = kiosk.clock.mono() + hours(1); !so(); await kiosk.passes(step))
    if (kiosk.clock.mono() > end) throw new Error("not within an hour");
  return kiosk.clock.mono();
}

beforeAll(async () => {
  kiosk = await lonelyKiosk(dir, roundTrip);
  await aMonth();
  kiosk.way.comesBack();
  moments.online = await passesUntil(() => kiosk.way.went.length > 0, millis(100));
  await kiosk.vend(1);
  moments.vended = kiosk.clock.mono();
  moments.confirmed = await passesUntil(() => waiting() === 0, millis(100));
  moments.drained = await passesUntil(historyIsTold, seconds(5));
  told = read(kiosk.way.went);
}, 240_000);
afterAll(async () => {
  await kiosk.close();
  removeFolder(dir);
});

const waiting = (): number => {
  const report = kiosk.link.report();
  return report.is === "none" ? 0 : report.waiting;
};
const batches = () =>
  kiosk.way.went.flatMap(({ topic, payload }) => {
    const batch = topic === topics.events ? readBatch(payload) : undefined;
    return batch?.ok === true ? [batch.value] : [];
  });

describe("a kiosk that was offline for thirty days", () => {
  it("has kept everything within 200 MB", () => {
    const history = told.filter(({ historical }) => historical === true).length;
    const span = (from: number, to: number) => `${((to - from) / 1000).toFixed(1)} s`;
    console.log(
      `${(peak / 1e6).toFixed(1)} MB at most for ${kiosk.books().seq} entries and ${history} values of telemetry; ` +
        `at ${roundTrip} ms round trip events are confirmed ${span(moments.online, moments.confirmed)} after the births, ` +
        `telemetry is told after ${span(moments.online, moments.drained)}; ${kiosk.way.calls} calls`,
    );
    // Its start; by day refills, door and vends; and a vend of now.
    expect(kiosk.books().seq).toBe(1 + days * (2 * vendsADay + 8) + 2);
    expect(peak / 1e6).toBeLessThanOrEqual(promisedMb);
  });

  it("tells its births before anything else, as it is now", () => {
    const [node, vend] = kiosk.way.went.map(({ topic }) => readTopic(topic));
    expect([node, vend]).toMatchObject([{ type: "NBIRTH" }, { type: "DBIRTH", device: "vend" }]);
    const born = told.find(({ of }) => of === "vend/Sales/Count");
    expect(born).toMatchObject({ value: total });
  });

  it("tells a vend of now within five seconds, while the past is still being told", () => {
    const live = told.find(
      ({ of, value, historical }) => of === "vend/Sales/Count" && value === total + 1 && !historical,
    );
    expect(live?.went).toBeGreaterThan(moments.vended - 1);
    expect(live?.went).toBeLessThan(moments.vended + seconds(5));
    expect(told.findLast(({ historical }) => historical)?.went).toBeGreaterThan(moments.vended + seconds(5));
  });

  it("sends every event once, in the order of its ledger, and all are confirmed", async () => {
    const { life, seq } = kiosk.books();
    const sent = batches().flatMap(({ items }) => items.map((item) => item.seq));
    expect(sent).toEqual(Array.from({ length: seq }, (_, n) => n + 1));
    expect(kiosk.way.centre.held(life).at(-1)?.hash).toBe(await kiosk.disk.hashAt({ life, seq }));
    expect(waiting()).toBe(0);
  });

  it("tells every minute of its telemetry, each with its time", () => {
    const past = told.filter(({ of, historical }) => of === "vend/Temp_c" && historical === true);
    // The births told what the last minute brought.
    expect(past.length).toBeGreaterThanOrEqual(felt.length - 1);
    expect(past.map(({ value }) => value)).toEqual(felt.slice(0, past.length).map(({ value }) => value));
    const late = past.map(({ at = 0 }, minute) => at - (felt[minute]?.at ?? 0));
    expect(Math.min(...late)).toBeGreaterThanOrEqual(-1000);
    expect(Math.max(...late)).toBeLessThanOrEqual(2000);
    expect(told.findLast(({ of }) => of === "/Outbox/Dropped")?.value).toBe(0);
  });

  it("complains of nothing but the network", () => {
    expect([...kiosk.complaints.keys()]).toEqual(["link.refused"]);
    expect(kiosk.disagreed).toEqual([]);
  });
});
