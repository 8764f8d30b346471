import { describe, expect, it } from "vitest";
import type { Change } from "../../controller/link/edge.ts";
import { openHistory, ringLength, type History } from "../../controller/link/history.ts";
import { blockLimit } from "../../controller/link/history-block.ts";
import { metricSet, type MetricSet } from "../../controller/link/metric-set.ts";
import { partsOf } from "../../controller/link/telemetry.ts";
import { millis } from "../../devices/kit/clock.ts";
import { fault } from "../../devices/kit/fault.ts";
import { err } from "../../devices/kit/result.ts";
import type { Value } from "../../protocol/sparkplug/datatype.ts";
import { nodeMetrics } from "../../protocol/sparkplug/metrics.ts";
import { metrics, shelf, standing } from "./edge/kiosk.ts";

const begin = Date.UTC(2026, 6, 1);
const at = (second: number, trusted = true) => ({
  mono: millis(second * 1000),
  utc: millis(begin + second * 1000),
  trusted,
});
const change = (name: string, value: Value, second: number, device?: string): Change => ({
  metric: metrics.named(name, device),
  value,
  since: millis(second * 1000),
});
const open = (
  keep = shelf(),
  over: { readonly run?: number; readonly length?: number; readonly metrics?: MetricSet } = {},
) => openHistory({ keep, metrics, run: 1, ...over });
const anywhere = () => true;

/** Everything that would be told, block by block, as the broker takes it. */
async function told(history: History, now = at(10_000), tellable: Parameters<History["next"]>[1] = anywhere) {
  history.rewind();
  const all: { name: string; value: Value; second: number }[] = [];
  for (let portion = history.next(now, tellable); portion !== undefined; portion = history.next(now, tellable)) {
    for (const { device, values } of portion.messages)
      for (const { metric, value, at: utc } of values)
        all.push({ name: `${device ?? ""}/${metric.name}`, value, second: (utc - begin) / 1000 });
    await history.told([portion]);
  }
  return all;
}

describe("the history of an outage", () => {
  it("is told in order, with the time at which each value came, and then forgotten", async () => {
    const history = open();
    await history.keep([change("Sys/Temp_c", 50.5, 40), change("Door/Open", true, 30, "cold")], at(60));
    await history.keep([change("Sales/Count", 7, 100, "vend")], at(120));
    expect(await told(history)).toEqual([
      { name: "cold/Door/Open", value: true, second: 30 },
      { name: "/Sys/Temp_c", value: 50.5, second: 40 },
      { name: "vend/Sales/Count", value: 7, second: 100 },
    ]);
    expect(history.empty()).toBe(true);
    expect(await told(history)).toEqual([]);
  });

  it("costs one commit a minute, and none where nothing changed", async () => {
    const keep = shelf();
    const history = open(keep);
    for (let minute = 1; minute <= 30; minute += 1)
      await history.keep([change("Sys/Temp_c", minute, minute * 60)], at(minute * 60));
    await history.keep([], at(3600));
    expect(keep.puts).toBe(30);
    expect(keep.kept.size).toBe(1);
  });

  it("survives the process", async () => {
    const keep = shelf();
    await open(keep).keep([change("Sys/Temp_c", 50, 40)], at(60));
    const later = open(keep, { run: 2 });
    await later.keep([change("Sys/Temp_c", 51, 100)], at(120));
    expect((await told(open(keep, { run: 3 }))).map(({ value }) => value)).toEqual([50, 51]);
  });

  it("loses its oldest first when the ring is full, and counts what it lost", async () => {
    const history = open(shelf(), { length: 4 });
    let kept = 0;
    for (let minute = 1; minute <= 2000; minute += 1) {
      await history.keep([change("Sales/Count", minute, minute * 60, "vend")], at(minute * 60));
      kept += 1;
    }
    const values = (await told(history, at(200_000))).map(({ value }) => value);
    expect(values.at(-1)).toBe(2000);
    expect(values).toEqual(Array.from({ length: values.length }, (_, index) => 2001 - values.length + index));
    expect(values.length + history.dropped()).toBe(kept);
    expect(history.dropped()).toBeGreaterThan(0);
  });

  it("is told at most 50 metrics in a message", async () => {
    const history = open();
    for (let minute = 1; minute <= 90; minute += 1)
      await history.keep([change("Sales/Count", minute, minute * 60, "vend")], at(minute * 60));
    history.rewind();
    const sizes = [];
    for (let one = history.next(at(9000), anywhere); one !== undefined; one = history.next(at(9000), anywhere))
      sizes.push(...one.messages.map(({ values }) => values.length));
    expect(Math.max(...sizes)).toBe(50);
    expect(sizes.reduce((sum, size) => sum + size)).toBe(90);
  });

  it("of a lost device waits for the device", async () => {
    const history = open();
    await history.keep([change("Door/Open", true, 30, "cold"), change("Sales/Count", 1, 31, "vend")], at(60));
    const without = await told(history, at(100), (device) => device !== "cold");
    expect(without.map(({ name }) => name)).toEqual(["vend/Sales/Count"]);
    expect((await told(history)).map(({ name, second }) => [name, second])).toEqual([["cold/Door/Open", 30]]);
  });

  it("of a time that nobody vouched for waits for the clock, and is then told at its true time", async () => {
    const history = open();
    await history.keep([change("Sys/Temp_c", 50, 40)], { ...at(60, false), utc: millis(0) });
    expect(await told(history, at(100, false))).toEqual([]);
    expect(await told(history, at(100, true))).toEqual([{ name: "/Sys/Temp_c", value: 50, second: 40 }]);
  });

  it("of such a time and of another process can never be told, and goes", async () => {
    const keep = shelf();
    await open(keep).keep([change("Sys/Temp_c", 50, 40)], at(60, false));
    await open(keep).keep([change("Sys/Temp_c", 51, 100)], at(120, true));
    const later = open(keep, { run: 2 });
    expect((await told(later)).map(({ value }) => value)).toEqual([51]);
    expect(later.empty()).toBe(true);
  });

  it("of a metric that is gone, or whose alias means another now, is not told", async () => {
    const keep = shelf();
    await open(keep).keep([change("Door/Open", true, 30, "cold"), change("Health/State", 1, 40)], at(60));
    const [vend] = standing.devices;
    const fewer = metricSet(nodeMetrics, partsOf(vend === undefined ? [] : [vend]));
    expect((await told(open(keep, { metrics: fewer }))).map(({ name }) => name)).toEqual(["/Health/State"]);
    const again = shelf();
    await open(again).keep([change("Door/Open", true, 30, "vend"), change("Health/State", 1, 40)], at(60));
    const swapped = metricSet(nodeMetrics, partsOf(standing.devices.toReversed()));
    expect((await told(open(again, { metrics: swapped }))).map(({ name }) => name)).toEqual(["/Health/State"]);
  });

  it("that the disk refuses is tried again the next minute", async () => {
    const keep = shelf();
    const { put } = keep;
    const history = open(keep);
    keep.put = async () => err(fault("refused", "the card is full"));
    await history.keep([change("Sys/Temp_c", 50, 40)], at(60));
    expect(keep.kept.size).toBe(0);
    keep.put = put;
    await history.keep([change("Sys/Temp_c", 51, 100)], at(120));
    expect((await told(open(keep, { run: 2 }))).map(({ value }) => value)).toEqual([50, 51]);
  });

  it("with garbage in the ring begins where it can", async () => {
    const keep = shelf();
    keep.kept.set("history/0", Uint8Array.of(1, 2, 3));
    keep.kept.set("history/5", new Uint8Array(100).fill(1));
    const history = open(keep);
    await history.keep([change("Sys/Temp_c", 50, 40)], at(60));
    expect((await told(history)).map(({ value }) => value)).toEqual([50]);
  });
});

describe("thirty days without the centre", () => {
  /** Changes of a busy kiosk: a vend every two minutes of 13 hours, the weather, the processor, the outbox. */
  async function month(keep: ReturnType<typeof shelf>, days = 30): Promise<number> {
    const history = open(keep);
    let values = 0;
    for (let minute = 1; minute <= days * 1440; minute += 1) {
      const second = minute * 60 - 20;
      const hour = (minute / 60) % 24;
      const changes: Change[] = [change("Outbox/Oldest_s", minute * 60, second)];
      if (minute % 2 === 0 && hour > 6 && hour < 19)
        changes.push(
          change("Sales/Count", minute, second, "vend"),
          change(`Slot/${1 + (minute % 4)}/Stock`, minute % 20, second, "vend"),
        );
      if (minute % 2 === 0) changes.push(change("Sys/Cpu_pct", 10 + ((minute * 7.3) % 60), second));
      if (minute % 5 === 0) changes.push(change("Temp_c", 4 + ((minute * 1.7) % 3), second, "cold"));
      if (minute % 10 === 0)
        changes.push(
          change("Sys/Temp_c", 45 + ((minute * 3.1) % 12), second),
          change("Outbox/Depth", minute, second),
          change("Ledger/Seq", minute * 3, second),
        );
      if (minute % 60 === 0)
        changes.push(
          change("Door/Open", minute % 120 === 0, second, "cold"),
          change("Health/Reason", "sold-out", second),
        );
      values += changes.length;
      await history.keep(changes, at(minute * 60));
    }
    expect(history.dropped()).toBe(0);
    return values;
  }

  it("fit into the ring with room to spare, at less than eight bytes a value", async () => {
    const keep = shelf();
    const values = await month(keep);
    const bytes = [...keep.kept.values()].reduce((sum, block) => sum + block.length, 0);
    // 2.6 values a minute take less than a fifth: six a minute, as measured at others, leave more than half.
    expect(bytes).toBeLessThan((ringLength * blockLimit) / 5);
    expect(keep.kept.size).toBeLessThan(ringLength / 5);
    expect(bytes / values).toBeLessThan(8);
  });
});
