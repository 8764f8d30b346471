import * as fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import type { EdgeSetting } from "../../../controller/link/edge.ts";
import { seconds } from "../../../devices/kit/clock.ts";
import { fault } from "../../../devices/kit/fault.ts";
import { err } from "../../../devices/kit/result.ts";
import { nextServer, rebirth } from "../../../protocol/sparkplug/metrics.ts";
import { encodePayload } from "../../../protocol/sparkplug/payload.ts";
import { nodeTopic } from "../../../protocol/sparkplug/topic.ts";
import { FakeSession } from "./fake-session.ts";
import { asked, Bench, kinds, read, typeOf } from "./bench.ts";
import { group, metrics, node } from "./kiosk.ts";

let bench = new Bench();
const fresh = (more: Partial<EdgeSetting> = {}): Bench => (bench = new Bench(more));
afterEach(async () => {
  await bench.clock.finish(bench.node.stop(), 60_000);
  expect(bench.clock.pending(), "timers after the end").toEqual([]);
});

const births = ["NBIRTH", "DBIRTH", "DBIRTH"];

describe("news", () => {
  it("of the same two seconds go out together, the node's and each device's in one message", async () => {
    const { clock, report } = bindings(fresh());
    const session = await bench.connect();
    report("Health/State", 1);
    report("Health/Reason", "sold-out");
    await clock.pass(1000);
    report("Sales/Count", 1, "vend");
    report("Door/Open", true, "cold");
    await clock.pass(999);
    expect(kinds(session)).toEqual(births);
    await clock.pass(1);
    expect(kinds(session, 3)).toEqual(["NDATA", "DDATA", "DDATA"]);
    expect(session.published.slice(3).map((one) => read(one).metrics.length)).toEqual([2, 1, 1]);
  });

  it("for which nobody waits comes at most once a minute, and then with its newest value", async () => {
    const { clock, report } = bindings(fresh());
    const session = await bench.connect();
    for (let second = 0; second < 120; second += 1) {
      report("Sys/Temp_c", 40 + second);
      await clock.pass(1000);
    }
    const { alias } = metrics.named("Sys/Temp_c");
    const told = session.published
      .slice(3)
      .flatMap((one) => read(one).metrics.filter((metric) => metric.alias === alias));
    // The clock ends at 120 s, when the second is due.
    expect(told.map(({ value }) => value)).toEqual([99, 159]);
  });

  it("within the dead band is no news, however slowly it goes on", async () => {
    const { clock, report } = bindings(fresh());
    report("Temp_c", 4, "cold");
    const session = await bench.connect();
    for (const value of [4.2, 4.4, 4.2, 3.8, 3.6]) {
      report("Temp_c", value, "cold");
      await clock.pass(61_000);
    }
    expect(kinds(session, 3).filter((kind) => kind === "DDATA")).toEqual([]);
    report("Temp_c", 4.5, "cold");
    await clock.pass(61_000);
    expect(kinds(session, 3).filter((kind) => kind === "DDATA")).toHaveLength(1);
  });

  it("that was taken back before it was told is none", async () => {
    const { clock, report } = bindings(fresh());
    report("Door/Open", false, "cold");
    const session = await bench.connect();
    report("Door/Open", true, "cold");
    await clock.pass(500);
    report("Door/Open", false, "cold");
    await clock.pass(10_000);
    expect(kinds(session)).toEqual(births);
  });

  it("waits while the line stands still, so that nothing piles up", async () => {
    const { clock, report } = bindings(fresh());
    const session = await bench.connect();
    session.stands = true;
    for (let second = 0; second < 600; second += 3) {
      report("Sales/Count", second, "vend");
      await clock.pass(3000);
    }
    expect(kinds(session, 3)).toEqual(["DDATA"]);
    session.moves();
    await clock.pass(0);
    const newest = read(session.published.at(-1) ?? never()).metrics[0];
    expect(newest?.value).toBe(597);
  });

  it("there is once a minute in any case: the uptime goes on by itself", async () => {
    const { clock, report } = bindings(fresh());
    report("Sys/Uptime_s", 1000);
    const session = await bench.connect();
    await clock.pass(300_000);
    const told = session.published.slice(3).map((one) => read(one).metrics);
    expect(told.map(([only, ...more]) => [only?.value, more.length])).toEqual([
      [1060, 0],
      [1120, 0],
      [1180, 0],
      [1240, 0],
      [1300, 0],
    ]);
  });
});

describe("a value that is not of its type", () => {
  it("is not known", async () => {
    const { report } = bindings(fresh());
    report("Health/State", 0.5);
    report("Sys/Temp_c", "hot");
    const session = await bench.connect();
    const birth = read(session.published[0] ?? never()).metrics;
    expect(
      birth.filter(({ name }) => name === "Health/State" || name === "Sys/Temp_c").map(({ value }) => value),
    ).toEqual([null, null]);
  });
});

describe("what is commanded without a signature", () => {
  it("stops the data at once, and brings one rebirth in ten seconds however often it is asked", async () => {
    const { clock, report } = bindings(fresh());
    const session = await bench.connect();
    bench.command(asked);
    expect(kinds(session, 3)).toEqual(births);
    report("Sales/Count", 1, "vend");
    for (let times = 0; times < 10_000; times += 1) bench.command(asked);
    await clock.pass(9999);
    expect(kinds(session, 6)).toEqual([]);
    await clock.pass(1);
    expect(kinds(session, 6)).toEqual(births);
  });

  it("moves to the next broker by name or alias, but not where there is no other", async () => {
    for (const way of [{ name: nextServer.name }, { alias: nextServer.alias ?? never() }]) {
      fresh({ servers: 2 });
      const session = await bench.connect();
      bench.command({ ...way, type: "Boolean", value: true });
      await bench.clock.pass(0);
      expect(kinds(session, 3)).toEqual(["NDEATH"]);
      expect([session.ended, bench.left]).toEqual([true, ["next-server"]]);
      await bench.clock.finish(bench.node.stop());
    }
    fresh({ servers: 1 });
    const alone = await bench.connect();
    bench.command({ name: nextServer.name, type: "Boolean", value: true });
    expect(kinds(alone)).toEqual(births);
    expect(bench.node.ignored()).toBe(1);
  });

  it.each<[string, () => void]>([
    ["a command that stood on the broker", () => bench.hears(encodePayload({ metrics: [asked] }), undefined, true)],
    ["another metric", () => bench.command({ name: "Door/Open", type: "Boolean", value: true })],
    ["a rebirth that is false", () => bench.command({ ...asked, value: false })],
    ["a rebirth that is no Boolean", () => bench.command({ name: rebirth.name, type: "Int32", value: 1 })],
    ["a metric without name and alias", () => bench.command({ type: "Boolean", value: true })],
    ["bytes that are no payload", () => bench.hears(Uint8Array.of(255, 255, 255))],
    ["a huge payload", () => bench.hears(new Uint8Array(5_000_000))],
    [
      "a command to a device",
      () => bench.hears(encodePayload({ metrics: [asked] }), `spBv1.0/${group}/DCMD/${node}/vend`),
    ],
    [
      "a command to another node",
      () => bench.hears(encodePayload({ metrics: [asked] }), nodeTopic("NCMD", group, "zp-002")),
    ],
    ["the word of a host", () => bench.hears(Buffer.from('{"online":false,"timestamp":9}'), "spBv1.0/STATE/centre")],
  ])("%s is not obeyed, and counted", async (_, says) => {
    fresh();
    const session = await bench.connect();
    says();
    await bench.clock.pass(1000);
    expect(kinds(session)).toEqual(births);
    expect(bench.node.ignored()).toBe(1);
  });

  it("is nobody else's, and nobody else's message is taken for it", () => {
    fresh();
    expect(bench.hears(new Uint8Array())).toBe(true);
    expect(bench.hears(new Uint8Array(), "yz/v1/320583/zp-001/down/cmd")).toBe(false);
  });

  it("whatever its bytes, throws nothing and moves nothing but births and the broker", async () => {
    fresh();
    const session = await bench.connect();
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void bench.hears(bytes)));
    expect(new Set(kinds(session))).toEqual(new Set(["NBIRTH", "DBIRTH"]));
  });
});

describe("the number of a connection", () => {
  it("is on the disk before it is used, goes round after 255, and on after a restart", async () => {
    fresh();
    bench.keep.kept.set("link.bdseq", Uint8Array.of(254));
    const numbers: unknown[] = [];
    for (let process = 0; process < 3; process += 1) {
      await bench.node.stop();
      bench = new Bench({}, bench.keep);
      const [number] = read(await bench.node.will()).metrics;
      numbers.push(number?.value);
      expect(bench.keep.kept.get("link.bdseq")).toEqual(Uint8Array.of(Number(number?.value)));
    }
    expect(numbers).toEqual([255, 0, 1]);
  });

  it("is another at each connection also where the disk refuses, and the refusal is told", async () => {
    fresh();
    bench.keep.put = async () => err(fault("refused", "the card is full"));
    const numbers = [await bench.node.will(), await bench.node.will()].map((will) => read(will).metrics[0]?.value);
    expect(numbers).toEqual([0, 1]);
    expect(bench.failed).toEqual(["link.number-not-kept", "link.number-not-kept"]);
  });

  it("is the same again, and costs no write, where no broker can have heard of it", async () => {
    fresh();
    const number = async (): Promise<unknown> => read(await bench.node.will()).metrics[0]?.value;
    const first = await number();
    bench.node.unheard();
    expect(await number()).toBe(first);
    bench.node.unheard();
    expect(await number()).toBe(first);
    expect(bench.keep.puts).toBe(1);
    expect(await number()).toBe(1);
    expect(bench.keep.puts).toBe(2);
  });
});

describe("births", () => {
  it("are spread over the seconds that the station file says", async () => {
    const { clock } = bindings(fresh({ birthSpread: seconds(30) }));
    const session = await bench.connect();
    await clock.pass(15_000);
    expect(kinds(session)).toEqual([]);
    await clock.pass(100);
    expect(kinds(session)).toEqual(births);
  });

  it("wait a minute for the primary host where there is another broker, else as long as it takes", async () => {
    fresh({ primaryHost: "centre", servers: 2 });
    const session = await bench.connect();
    await bench.clock.pass(59_000);
    expect(bench.left).toEqual([]);
    await bench.clock.pass(1000);
    expect([bench.left, session.ended, session.published]).toEqual([["host-offline"], false, []]);
    await bench.node.stop();
    fresh({ primaryHost: "centre" });
    const only = await bench.connect();
    bench.hears(Buffer.from('{"online":false,"timestamp":5}'), "spBv1.0/STATE/centre");
    await bench.clock.pass(3_600_000);
    expect([bench.left, only.ended, only.published]).toEqual([[], undefined, []]);
  });

  it("that cannot be are said to be none", async () => {
    fresh({ birthSpread: seconds(30) });
    await bench.node.will();
    const session = new FakeSession();
    const begun = bench.node.begin(session);
    await bench.clock.pass(0);
    bench.node.lost();
    expect((await begun).ok).toBe(false);
    session.over = true;
    expect((await bench.node.begin(session)).ok).toBe(false);
  });
});

describe("whatever comes in whatever order", () => {
  const act = fc.oneof(
    fc.record({ is: fc.constant("report" as const), count: fc.nat(5), open: fc.boolean() }),
    fc.record({ is: fc.constant("devices" as const), there: fc.subarray(["vend", "cold"]) }),
    fc.record({ is: fc.constant("rebirth" as const) }),
    fc.record({ is: fc.constant("pass" as const), seconds: fc.integer({ min: 1, max: 90 }) }),
    fc.record({ is: fc.constant("cut" as const) }),
    fc.record({ is: fc.constant("connect" as const) }),
    fc.record({ is: fc.constant("next" as const) }),
  );

  it("births come first, numbers have no gap, nothing is said of a lost device, and each CONNECT has a will of its own", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 40 }), async (acts) => {
        fresh({ servers: 2 });
        await bench.connect();
        for (const one of acts) {
          if (one.is === "report") {
            bench.report("Sales/Count", one.count, "vend");
            bench.report("Door/Open", one.open, "cold");
            bench.report("Sys/Temp_c", one.count * 10);
          } else if (one.is === "devices") bench.devices(...one.there);
          else if (one.is === "rebirth") bench.command(asked);
          else if (one.is === "pass") await bench.clock.pass(one.seconds * 1000);
          else if (one.is === "cut") bench.cut();
          else if (one.is === "next") bench.command({ name: nextServer.name, type: "Boolean", value: true });
          else if (bench.session.over) await bench.connect();
          await bench.clock.pass(0);
        }
        await bench.clock.finish(bench.node.stop(), 60_000);
        bench.sessions.forEach(wellSaid);
        const numbers = bench.wills.map((will) => read(will).metrics[0]?.value);
        expect(numbers).toEqual(numbers.map((_, index) => index % 256));
      }),
      { numRuns: 150 },
    );
  });

  const wellSaid = ({ published }: FakeSession, index: number): void => {
    let last: number | undefined;
    let born = new Set<string>();
    for (const message of published) {
      const { seq, metrics: told } = read(message);
      const device = message.topic.split("/")[4];
      const type = typeOf(message);
      if (type === "NDEATH") {
        expect([seq, message]).toEqual([undefined, published.at(-1)]);
        continue;
      }
      if (type === "NBIRTH") {
        born = new Set();
        expect(seq).toBe(0);
        expect(told.find(({ name }) => name === "bdSeq")?.value).toBe(index % 256);
      } else expect(seq).toBe(((last ?? Number.NaN) + 1) % 256);
      last = seq;
      if (device === undefined) continue;
      expect(born.has(device), `${type} of ${device}`).toBe(type !== "DBIRTH");
      if (type === "DBIRTH") born.add(device);
      if (type === "DDEATH") born.delete(device);
    }
  };
});

/** Methods of the bench as plain functions. */
function bindings(bench: Bench) {
  return { clock: bench.clock, report: bench.report.bind(bench) };
}

function never(): never {
  throw new Error("there is nothing here");
}
