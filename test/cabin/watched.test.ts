// A simulated clock does not wait for the disk: what a start loads a moment later is loaded here.
import "../../controller/link/link.ts";
import "../../controller/wishes.ts";
import { afterEach, describe, expect, test } from "vitest";
import { countsName } from "../../controller/beginning.ts";
import { decode } from "../../controller/store/json.ts";
import { minutes, seconds } from "../../devices/kit/clock.ts";
import { kioskName, topicsOf } from "../../protocol/fleet/topics.ts";
import type { Value } from "../../protocol/sparkplug/datatype.ts";
import { decodePayload, type Metric } from "../../protocol/sparkplug/payload.ts";
import { Way, type Went } from "../link/way.ts";
import { Room } from "./room.ts";

// Somebody reads every message that the kiosk sends, and sees from the street when it stands alone.

const group = "320583";
const topics = topicsOf(group, kioskName("ROOM-1"));
const link = { group, servers: ["mqtt://broker.example:1883"], birthSpread: 0 };
/** Midnight in UTC+8: the clock of the room begins at eight in the morning. */
const midnight = minutes(16 * 60);

let room: Room | undefined;
afterEach(async () => {
  await room?.close();
  room = undefined;
});

async function open(): Promise<{ readonly here: Room; readonly way: Way }> {
  const ways: Way[] = [];
  const here = await Room.open(
    [{ id: "strips", profile: "onetouch-ultra2" }],
    {},
    {
      link,
      uplink: (clock) => {
        const way = new Way(clock, seconds(0.1), topics);
        way.comesBack();
        ways.push(way);
        return way;
      },
    },
  );
  room = here;
  const [way] = ways;
  if (way === undefined) throw new Error("the room has no way");
  await here.clock.run(minutes(10));
  return { here, way };
}

/** A person comes, measures sugar, and goes. */
async function visit(here: Room): Promise<void> {
  here.sit();
  here.take("glucose");
  await here.untilPage("measuring");
  await here.clock.pass(seconds(5));
  here.turn("strips", "measure", "glucose=113");
  await here.untilPage("told");
  here.press("end");
  await here.until(() => here.screen.body.is === "idle");
}

/** All that is sent on a day with so many visits, and an hour after it. `sleeps`: the meter does, between people. */
async function day(visits: number, sleeps = false): Promise<readonly Went[]> {
  const { here, way } = await open();
  const falls = async (asleep: boolean): Promise<void> => {
    if (!sleeps) return;
    const wire = here.wire("strips");
    if (asleep) wire.unplug();
    else wire.plug();
    await here.until(() => (here.kiosk.state().presence.get("strips") === "working") !== asleep);
  };
  await falls(true);
  for (let n = 0; n < visits; n++) {
    await falls(false);
    await visit(here);
    await falls(true);
  }
  expect(here.kiosk.state().counts.people).toBe(visits);
  await here.clock.run(midnight + minutes(60));
  // What the next start would know is what this one knows: the telling left nothing on the card to be told again.
  if (visits > 0) expect(decode(here.card.kept.get(countsName))).toEqual(here.kiosk.state().counts);
  const all = [...way.went];
  await here.close();
  room = undefined;
  return all;
}

const sent = ({ at, topic, payload, qos, retain }: Went): string =>
  [at, topic, qos, retain, Buffer.from(payload).toString("hex")].join(" ");
/** Kinds of entries in the batches. */
const entries = (all: readonly Went[]): readonly unknown[] =>
  all.flatMap(({ topic, payload }) =>
    topic === topics.events ? (JSON.parse(Buffer.from(payload).toString()) as { items: readonly unknown[] }).items : [],
  );
const metricsIn = (payload: Uint8Array): readonly Metric[] => {
  const read = decodePayload(payload);
  return read.ok ? read.value.metrics : [];
};
const values = (all: readonly Went[], alias: number): readonly Value[] =>
  all.flatMap(({ topic, payload }) =>
    topic.startsWith("spBv1.0/") ? metricsIn(payload).flatMap((one) => (one.alias === alias ? [one.value] : [])) : [],
  );

describe("whoever reads every message of a kiosk", () => {
  test("sees no difference, in any byte at any moment, between a day with nine visits and a day with none", async () => {
    const [quiet, busy] = [await day(0), await day(9)];
    expect(quiet.length).toBeGreaterThan(100);
    expect(busy.map(sent)).toEqual(quiet.map(sent));
  });

  test("hears of ten people when their day is over, and not a moment before", async () => {
    const [quiet, busy] = [await day(0), await day(10)];
    const before = (all: readonly Went[]) => all.filter(({ at }) => at < midnight).map(sent);
    expect(before(busy)).toEqual(before(quiet));
    expect(entries(busy.filter(({ at }) => at >= midnight))).toMatchObject([
      { type: "checked", data: { people: 10, items: { glucose: 10 } } },
    ]);
    const testsOk = 64 + 30;
    expect(values(busy, testsOk).map(Number)).toEqual([0, 10]);
  });

  test("does not see that a meter which sleeps between people was woken", async () => {
    const [quiet, busy] = [await day(0, true), await day(1, true)];
    expect(busy.map(sent)).toEqual(quiet.map(sent));
  });
});
