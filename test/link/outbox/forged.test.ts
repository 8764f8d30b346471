import { describe, expect, test } from "vitest";
import { writeAck, type Ack } from "../../../protocol/events/ack.ts";
import { dice, type Dice } from "../../kit/dice.ts";
import { Desk } from "./desk.ts";
import { fair, type Weather } from "./wire.ts";

const minute = 60_000;
const text = (said: string): Uint8Array => new TextEncoder().encode(said);
const anyHash = (chance: Dice): string => Array.from({ length: 64 }, () => chance.between(0, 16).toString(16)).join("");

/** What somebody says who may publish on the topic, and does not hold our entries. */
export function forged(desk: Desk, chance: Dice): Uint8Array {
  const { life, seq } = desk.card.items.at(-1) ?? { life: 1, seq: 1 };
  const lies: readonly (() => Uint8Array)[] = [
    () => writeAck({ life, upTo: chance.between(1, seq + 1), hash: anyHash(chance) }),
    () => writeAck({ life, upTo: seq + chance.between(1, 1000), hash: anyHash(chance) }),
    () => writeAck({ life, upTo: 0, hash: "0".repeat(64), need: chance.between(1, seq + 5) }),
    () => writeAck({ life, upTo: Number.MAX_SAFE_INTEGER, hash: anyHash(chance) }),
    () => writeAck({ life: life + chance.between(1, 100), upTo: 1, hash: anyHash(chance) }),
    () => writeAck({ life: Math.max(1, life - 1), upTo: chance.between(1, 50), hash: anyHash(chance) }),
    () => writeAck({ life: Number.MAX_SAFE_INTEGER, upTo: 1, hash: anyHash(chance), need: 1 }),
    // The hash of another entry of ours.
    () =>
      writeAck({ life, upTo: seq, hash: desk.card.items[chance.between(0, desk.card.items.length - 1)]?.hash ?? "" }),
    () => text(`{"life":${life},"upTo":1e400,"hash":"${anyHash(chance)}"}`),
    () => text("[".repeat(900)),
    () => text("{}"),
    () => Uint8Array.from({ length: chance.between(0, 1500) }, () => chance.between(0, 256)),
  ];
  return (lies[chance.between(0, lies.length)] ?? (() => text("")))();
}

describe("a forged acknowledgement", () => {
  test("moves nothing: what the centre did not get is still there afterwards", async () => {
    const chance = dice(5);
    const desk = new Desk({ weather: { ...fair, batchLost: 1 } }).fill(300).connect();
    for (let n = 0; n < 500; n++) {
      desk.wire.deliver(forged(desk, chance));
      await desk.clock.pass(50);
      expect(desk.outbox.depth().count).toBe(301);
    }
    desk.wire.weather = fair;
    await desk.clock.until(() => desk.outbox.depth().count === 0, 30 * minute);
    expect(desk.wrong()).toBeUndefined();
  });

  test("ten thousand a second cost the disk ten looks a second, and the true ones still count", async () => {
    const chance = dice(6);
    const desk = new Desk({ weather: { ...fair, rtt: 40 } }).fill(3000);
    await desk.clock.pass(1000);
    let looks = 0;
    const { outgoing } = desk.disk;
    Object.assign(desk.disk, {
      outgoing: (...asked: Parameters<typeof outgoing>) => {
        if (asked[1] === 1) looks += 1;
        return outgoing(...asked);
      },
    });
    desk.connect();
    for (let n = 0; n < 500; n++) {
      for (let more = 0; more < 100; more++) desk.wire.deliver(forged(desk, chance));
      await desk.clock.pass(10);
    }
    expect(looks).toBeLessThan(80);
    await desk.clock.until(() => desk.outbox.depth().count === 0, minute);
    expect(desk.wrong()).toBeUndefined();
  });

  test("that asks for everything again, and again, is heard three times, and then once in ten minutes", async () => {
    const desk = new Desk().fill(1000).connect();
    await desk.clock.until(() => desk.outbox.depth().count === 0, minute);
    const before = desk.wire.bytes;
    for (let n = 0; n < 100; n++) {
      desk.wire.deliver(writeAck({ life: 1, upTo: 0, hash: "0".repeat(64), need: 1 }));
      await desk.clock.pass(1000);
    }
    expect(desk.wire.bytes - before).toBeLessThanOrEqual(3 * before);
    expect(desk.outbox.depth().count).toBe(0);
  });

  test("that claims another past is told to the kiosk, which decides: once a minute, by what it claims", async () => {
    const desk = new Desk().fill(10).connect();
    const lie = (over: Partial<Ack>): void => {
      desk.wire.deliver(writeAck({ life: 1, upTo: 5, hash: "ef".repeat(32), ...over }));
    };
    lie({});
    await desk.clock.pass(1000);
    for (let n = 0; n < 20; n++) lie({});
    await desk.clock.pass(1000);
    expect(desk.disagreements).toEqual(["forked"]);
    lie({ upTo: 12 });
    await desk.clock.pass(1000);
    lie({ life: 2, upTo: 0, hash: "0".repeat(64) });
    await desk.clock.pass(1000);
    expect(desk.disagreements).toEqual(["forked", "rolled-back", "rolled-back"]);
    expect(desk.log.join()).toMatch(/tell the staff/);
  });

  test("of a life that is over says nothing any more", async () => {
    const desk = new Desk().fill(10);
    void desk.newLife("forked");
    await desk.clock.pass(1000);
    desk.connect();
    desk.wire.deliver(writeAck({ life: 1, upTo: 5, hash: "ef".repeat(32) }));
    desk.wire.deliver(writeAck({ life: 1, upTo: 500, hash: "ef".repeat(32) }));
    await desk.clock.pass(minute);
    expect(desk.disagreements).toEqual([]);
    expect(desk.outbox.depth().count).toBe(0);
  });
});

/** An hour of a kiosk on a bad line among forgers, with the power going now and then; then a fair one. */
async function badHour(seed: number): Promise<Desk> {
  const chance = dice(seed);
  const share = (most: number): number => (chance.chance(0.4) ? 0 : chance.roll() * most);
  const weather: Weather = {
    rtt: chance.between(0, 1500),
    batchLost: share(0.5),
    batchTwice: share(0.4),
    ackLost: share(0.6),
    ackTwice: share(0.4),
    ackLate: chance.between(0, 5000),
    bytesASecond: chance.chance(0.3) ? chance.between(500, 20_000) : 0,
  };
  const forgers = chance.chance(0.5);
  const diskTakes = chance.chance(0.5) ? 0 : chance.between(1, 200);
  const desk = new Desk({ seed, weather, diskTakes }).fill(chance.between(0, 1500));
  // The domain begins a new life when it is told to; at most one a day, here one an hour.
  let lives = 0;
  const limits = { receiveMaximum: chance.between(1, 30), maximumPacketSize: chance.between(2000, 100_000) };
  for (let n = 0; n < 120; n++) {
    const roll = chance.roll();
    if (roll < 0.06) desk.reboot();
    else if (roll < 0.14) desk.cut();
    else if (roll < 0.3) desk.cut().connect(limits);
    else if (roll < 0.6) void desk.save();
    else if (roll < 0.75 && forgers) desk.wire.deliver(forged(desk, chance));
    else if (roll < 0.77) desk.centre.forget(1, chance.between(0, desk.centre.held(1).length + 1));
    if (desk.disagreements.length > 0 && lives === 0) {
      lives += 1;
      void desk.newLife("forked");
    }
    await desk.clock.pass(chance.between(1, chance.chance(0.2) ? 60_000 : 3000));
  }
  desk.wire.weather = fair;
  desk.cut().connect();
  // A word from the staff's side: what was forgotten is noticed when the kiosk says something new.
  for (let n = 0; n < 40 && desk.wrong() !== undefined; n++) {
    void desk.save();
    await desk.clock.pass(2 * minute);
  }
  return desk;
}

describe("over cuts, reboots, losses, duplicates, delays, a centre that forgets, and forgers", () => {
  test.each(Array.from({ length: 12 }, (_, n) => n))(
    "nothing is lost, nothing is twice, and the kiosk knows it: seeds %i0 to %i9",
    async (ten) => {
      for (let seed = ten * 10; seed < ten * 10 + 10; seed++) {
        const desk = await badHour(seed);
        expect(desk.wrong(), `seed ${seed}`).toBeUndefined();
        await desk.clock.finish(desk.outbox.stop());
      }
    },
  );
});

test("the bad hours are bad: what they hold was lost, came twice, and was asked for again", async () => {
  const logs: string[] = [];
  let reborn = 0;
  for (let seed = 0; seed < 12; seed++) {
    const desk = await badHour(seed);
    logs.push(...desk.log);
    reborn += new Set(desk.card.items.map(({ life }) => life)).size - 1;
  }
  expect(logs).toContain("link.events-unacknowledged");
  expect(logs).toContain("link.events-lost-at-the-centre");
  expect(logs.join()).toMatch(/link.disagreed/);
  expect(reborn).toBeGreaterThan(0);
});
