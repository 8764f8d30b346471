import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { fault } from "../../../devices/kit/fault.ts";
import { measuring } from "../../../devices/kit/measuring.ts";
import { ok, type Result } from "../../../devices/kit/result.ts";

/** A measurement whose end the test holds in its hand. */
function begun() {
  const meter = measuring<number>();
  const stopping = new AbortController();
  const done: string[] = [];
  let end: (outcome: Result<number>) => void = () => {};
  const start = (stop: AbortSignal = stopping.signal) =>
    meter.measure(stop, (given) => {
      end = given;
      return () => done.push("tidied");
    });
  return { meter, stopping, done, start, end: (outcome: Result<number>) => end(outcome) };
}

test("a measurement ends with what comes first, tidies up once and leaves no listener", async () => {
  for (const first of ["result", "stop", "close"] as const) {
    const { meter, stopping, done, start, end } = begun();
    const outcome = start();
    expect(meter.underWay()).toBe(true);
    const ways = {
      result: () => end(ok(1)),
      stop: () => stopping.abort(),
      close: () => meter.close(fault("no-device", "unplugged")),
    };
    ways[first]();
    for (const way of Object.values(ways)) way();
    expect(await outcome).toMatchObject(
      {
        result: { ok: true, value: 1 },
        stop: { error: { kind: "interrupted" } },
        close: { error: { kind: "no-device" } },
      }[first],
    );
    expect(done).toEqual(["tidied"]);
    expect(meter.underWay()).toBe(false);
    expect(getEventListeners(stopping.signal, "abort")).toEqual([]);
  }
});

test("what is over before it has begun is tidied up all the same", async () => {
  const meter = measuring<number>();
  const done: string[] = [];
  const outcome = meter.measure(new AbortController().signal, (end) => {
    end(ok(2));
    return () => done.push("tidied");
  });
  expect(await outcome).toEqual(ok(2));
  expect(done).toEqual(["tidied"]);
});

test("a second measurement beside the first is busy, one behind it is measured", async () => {
  const { start, end } = begun();
  const first = start();
  expect(await start()).toMatchObject({ error: { kind: "busy" } });
  end(ok(1));
  expect(await first).toEqual(ok(1));
  const second = start();
  end(ok(2));
  expect(await second).toEqual(ok(2));
});

test("stopped before it began, or closed, it does not begin", async () => {
  const { meter, done, start } = begun();
  expect(await start(AbortSignal.abort())).toMatchObject({ error: { kind: "interrupted" } });
  meter.close(fault("no-device", "closed"));
  meter.close(fault("silent", "a later reason"));
  expect(await start()).toMatchObject({ error: { kind: "no-device" } });
  expect(done).toEqual([]);
});
