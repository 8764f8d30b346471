import { beforeEach, describe, expect, it } from "vitest";
import { fault } from "../../devices/kit/fault.ts";
import { err, ok, type Result } from "../../devices/kit/result.ts";
import { readStock } from "../../protocol/fleet/stock.ts";
import { Street } from "./neighbourhood.ts";

let street: Street;
beforeEach(() => {
  street = new Street();
});

describe("our own stock", () => {
  it("is told retained on our own topic when the connection stands, with the time", async () => {
    street.talk.has({ water: 5 });
    expect(street.sent).toEqual([]);
    street.connect();
    await street.clock.pass(0);
    expect(street.sent).toMatchObject([{ topic: "yz/v1/320583/stock/sd-jn-0042", qos: 1, retain: true }]);
    expect(readStock(street.sent[0]?.payload ?? new Uint8Array())).toEqual({
      ok: true,
      value: { v: 1, at: street.clock.wall().utc, left: { water: 5 } },
    });
  });

  it("is told on change, at most once a minute, and then as it is by then", async () => {
    street.connect();
    street.talk.has({ water: 9 });
    for (let left = 8; left > 0; left--) {
      await street.clock.pass(5000);
      street.talk.has({ water: left });
    }
    await street.clock.pass(60_000);
    expect(street.tellings).toEqual([{ water: 9 }, { water: 1 }]);
  });

  it("is told again every half hour, lest the neighbours take us for gone", async () => {
    street.connect();
    street.talk.has({ water: 9 });
    await street.clock.pass(2 * 3_600_000);
    expect(street.tellings).toEqual(Array.from({ length: 5 }, () => ({ water: 9 })));
  });

  it("is told at once when nothing is left or nothing works, and a flapping machine tells twice a minute", async () => {
    street.connect();
    street.talk.has({ water: 9 });
    await street.clock.pass(1000);
    street.talk.has({});
    await street.clock.pass(0);
    expect(street.tellings).toEqual([{ water: 9 }, {}]);
    for (let n = 0; n < 60; n++) {
      await street.clock.pass(1000);
      street.talk.has(n % 2 === 0 ? { water: 9 } : {});
    }
    expect(street.sent.length).toBeLessThanOrEqual(4);
  });

  it("is told on every new connection, and not while there is none", async () => {
    street.connect();
    street.talk.has({ water: 9 });
    await street.clock.pass(1000);
    street.talk.connected(undefined);
    street.talk.has({ water: 8 });
    await street.clock.pass(3_600_000);
    expect(street.tellings).toEqual([{ water: 9 }]);
    street.connect();
    await street.clock.pass(1000);
    expect(street.tellings).toEqual([{ water: 9 }, { water: 8 }]);
  });

  it("that did not go through is told a minute later, and never in a hurry", async () => {
    street.answer = () => Promise.resolve(err(fault("refused", "not authorised")));
    street.connect();
    street.talk.has({ water: 9 });
    await street.clock.pass(59_000);
    expect(street.sent).toHaveLength(1);
    street.answer = () => Promise.resolve(ok(undefined));
    await street.clock.pass(120_000);
    expect(street.sent).toHaveLength(2);
  });

  it("waits on no word that a lost connection swallowed: the next connection tells anew", async () => {
    let lost: (result: Result<void>) => void = () => {};
    street.answer = () => new Promise((resolve) => (lost = resolve));
    street.connect();
    street.talk.has({ water: 9 });
    street.talk.connected(undefined);
    street.answer = () => Promise.resolve(ok(undefined));
    street.connect();
    lost(err(fault("no-device", "the line broke")));
    await street.clock.pass(1000);
    expect(street.tellings).toEqual([{ water: 9 }, { water: 9 }]);
  });

  it("at the end says that nothing is to be had, and waits for no broker that does not answer", async () => {
    street.connect();
    street.talk.has({ water: 9 });
    await street.clock.pass(1000);
    street.answer = () => new Promise(() => {});
    await street.clock.finish(street.talk.close(), 10_000);
    expect(street.tellings).toEqual([{ water: 9 }, {}]);
    expect(street.clock.pending()).toEqual([]);
  });

  it("of a kiosk that never was ready is not told", async () => {
    street.connect();
    await street.clock.finish(street.talk.close());
    expect(street.sent).toEqual([]);
  });
});
