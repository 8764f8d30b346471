import { expect, test } from "vitest";
import { millis } from "../../../devices/kit/clock.ts";
import { showing } from "../../../devices/kit/showing.ts";
import { manualClock } from "../../kit/clock.ts";

function reader() {
  const clock = manualClock();
  const came: (readonly [number, string | undefined])[] = [];
  const window = showing<string>(clock, () => came.push([clock.mono(), window.present()]));
  return { clock, came, window };
}

test("two things shown at once are there one after the other", async () => {
  const { clock, came, window } = reader();
  window.once("a", millis(600));
  window.once("b", millis(600));
  await clock.pass(2000);
  expect(came).toEqual([
    [0, "a"],
    [600, "b"],
  ]);
  expect(window.present()).toBeUndefined();
});

test("what is held stays until it is taken away, and puts away what was there", async () => {
  const { clock, came, window } = reader();
  window.once("a", millis(600));
  window.once("b", millis(600));
  window.hold("c");
  await clock.pass(60_000);
  expect(window.present()).toBe("c");
  window.takeAway();
  expect(window.present()).toBeUndefined();
  expect(came).toEqual([
    [0, "a"],
    [0, "c"],
  ]);
  expect(clock.pending()).toEqual([]);
});
