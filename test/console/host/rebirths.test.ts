import { expect, test } from "vitest";
import { rebirths } from "../../../console/host/rebirths.ts";
import { manualClock } from "../../kit/clock.ts";

function asking() {
  const clock = manualClock();
  const sent: { readonly key: string; readonly at: number }[] = [];
  const requests = rebirths(clock, (key) => sent.push({ key, at: clock.mono() }));
  return { clock, sent, requests };
}

test("a node is asked at once, and again only after a minute", async () => {
  const { clock, sent, requests } = asking();
  for (let second = 0; second < 150; second += 1) {
    requests.ask("a");
    await clock.pass(1000);
  }
  expect(sent.map(({ at }) => at)).toEqual([0, 60_000, 120_000]);
});

test("in no second are more than fifty nodes asked, and all of them in their turn", async () => {
  const { clock, sent, requests } = asking();
  const keys = Array.from({ length: 4072 }, (_, kiosk) => `k${kiosk}`);
  keys.forEach(requests.ask);
  await clock.pass(90_000);
  expect(sent.map(({ key }) => key)).toEqual(keys);
  const most = Math.max(...sent.map(({ at }) => sent.filter((other) => other.at >= at && other.at < at + 1000).length));
  expect(most).toBe(50);
  expect(sent.at(-1)?.at).toBe(81_000);
});

test("one that waits for its minute holds nobody else up", async () => {
  const { clock, sent, requests } = asking();
  requests.ask("a");
  requests.ask("a");
  await clock.pass(10);
  requests.ask("b");
  expect(sent).toEqual([
    { key: "a", at: 0 },
    { key: "b", at: 10 },
  ]);
  await clock.pass(60_000);
  expect(sent.length).toBe(3);
});

test("who was born meanwhile is not asked", async () => {
  const { clock, sent, requests } = asking();
  requests.ask("a");
  requests.ask("a");
  requests.withdraw("a");
  await clock.pass(120_000);
  expect(sent.length).toBe(1);
});

test("after closing nothing is sent and nothing waits", async () => {
  const { clock, sent, requests } = asking();
  Array.from({ length: 60 }, (_, kiosk) => requests.ask(`k${kiosk}`));
  requests.close();
  await clock.pass(120_000);
  expect(sent.length).toBe(50);
  expect(clock.pending()).toEqual([]);
});
