import { expect, test } from "vitest";
import { millis } from "../../../devices/kit/clock.ts";
import { rounds } from "../../../devices/kit/rounds.ts";
import { manualClock } from "../../kit/clock.ts";

function workshop() {
  const clock = manualClock();
  const starts: number[] = [];
  let takes = 0;
  let goesOn = true;
  const work = rounds(clock, millis(5000), "work", async () => {
    starts.push(clock.mono());
    if (takes > 0) await new Promise<void>((done) => void clock.after(millis(takes), "working", done));
    return goesOn;
  });
  return {
    clock,
    starts,
    work,
    last: (span: number) => (takes = span),
    end: () => (goesOn = false),
  };
}

test("once begun it is done again each period, until it is stopped", async () => {
  const { clock, starts, work } = workshop();
  await clock.pass(20_000);
  expect(starts).toEqual([]);
  work.now();
  await clock.pass(12_000);
  expect(starts).toEqual([20_000, 25_000, 30_000]);
  work.stop();
  expect(clock.pending()).toEqual([]);
  work.now();
  await clock.pass(20_000);
  expect(starts).toHaveLength(3);
});

test("asked for in between, the period counts from then", async () => {
  const { clock, starts, work } = workshop();
  work.now();
  await clock.pass(4000);
  work.now();
  await clock.pass(8000);
  expect(starts).toEqual([0, 4000, 9000]);
});

test("asked for many times while it is done, it is done once more behind that", async () => {
  const { clock, starts, work, last } = workshop();
  last(300);
  work.now();
  await clock.pass(100);
  work.now();
  work.now();
  await clock.pass(1000);
  expect(starts).toEqual([0, 300]);
});

test("where the work says so it ends", async () => {
  const { clock, starts, work, end } = workshop();
  end();
  work.now();
  await clock.pass(20_000);
  expect(starts).toEqual([0]);
  expect(clock.pending()).toEqual([]);
});

test("stopped while it is done, nothing follows", async () => {
  const { clock, starts, work, last } = workshop();
  last(300);
  work.now();
  work.now();
  await clock.pass(100);
  work.stop();
  await clock.pass(20_000);
  expect(starts).toEqual([0]);
  expect(clock.pending()).toEqual([]);
});
