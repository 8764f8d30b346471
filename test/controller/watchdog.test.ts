import { expect, test } from "vitest";
import { delays } from "../../controller/delays.ts";
import { answers, glass, pulse, type Watched } from "../../controller/freshness.ts";
import { openWatchdog } from "../../controller/watchdog.ts";
import { hours, seconds } from "../../devices/kit/clock.ts";
import { manualClock } from "../kit/clock.ts";

function bench(watch: (clock: ReturnType<typeof manualClock>) => readonly Watched[]) {
  const clock = manualClock();
  const fed: number[] = [];
  const notes: string[] = [];
  const watchdog = openWatchdog({
    clock,
    watched: watch(clock),
    alive: () => fed.push(clock.mono()),
    note: (event, facts) => notes.push(`${event} ${String(facts?.["part"])}`),
  });
  return { clock, fed, notes, watchdog };
}

const never = <T>() => new Promise<T>(() => {});

test("it is fed at once and then every heartbeat while all is fresh", async () => {
  const { clock, fed, notes } = bench(() => [{ name: "disk", fresh: () => true }]);
  await clock.run(seconds(30));
  expect(fed).toEqual([0, 10_000, 20_000, 30_000]);
  expect(notes).toEqual([]);
});

test("each part alone, gone stale, is enough to leave it unfed", async () => {
  for (const sick of ["loop", "disk", "supervisor", "screen"]) {
    const { clock, fed, notes } = bench((clock) =>
      ["loop", "disk", "supervisor", "screen"].map((name) => ({
        name,
        fresh: () => name !== sick || clock.mono() < seconds(15),
      })),
    );
    await clock.run(seconds(60));
    expect(fed).toEqual([0, 10_000]);
    expect(notes).toEqual([`watchdog.stale ${sick}`]);
  }
});

test("a part that stays stale is named once, and once more when it is back", async () => {
  const { clock, fed, notes } = bench((clock) => [
    { name: "disk", fresh: () => clock.mono() < seconds(15) || clock.mono() > seconds(45) },
    { name: "screen", fresh: () => clock.mono() < seconds(25) },
  ]);
  await clock.run(seconds(70));
  expect(notes).toEqual(["watchdog.stale disk", "watchdog.stale screen", "watchdog.fresh disk"]);
  expect(fed).toEqual([0, 10_000]);
});

test("a short stall, over before the second look, is forgiven: the next feeding comes before systemd's 30 seconds", async () => {
  const { clock, fed } = bench((clock) => [
    { name: "disk", fresh: () => clock.mono() < seconds(10) || clock.mono() >= seconds(20) },
  ]);
  await clock.run(seconds(20));
  expect(fed).toEqual([0, 20_000]);
});

test("after stop() no timer is left and nothing is fed", async () => {
  const { clock, fed, watchdog } = bench(() => []);
  await clock.run(seconds(10));
  watchdog.stop();
  expect(clock.pending()).toEqual([]);
  await clock.run(seconds(60));
  expect(fed).toEqual([0, 10_000]);
});

test("a pulse is fresh until its last beat is older than the limit", async () => {
  const clock = manualClock();
  const supervisor = pulse(clock, "supervisor");
  await clock.pass(delays.stale);
  expect(supervisor.fresh()).toBe(true);
  await clock.pass(1);
  expect(supervisor.fresh()).toBe(false);
  supervisor.beat();
  expect(supervisor.fresh()).toBe(true);
});

test("a disk of which nothing is asked stays fresh for ever", async () => {
  const clock = manualClock();
  const disk = answers(clock, "disk");
  expect(await disk.during(Promise.resolve("saved"))).toBe("saved");
  await clock.pass(hours(24));
  expect(disk.fresh()).toBe(true);
});

test("a disk that leaves one question open is stale, though it answers the later ones", async () => {
  const clock = manualClock();
  const disk = answers(clock, "disk");
  void disk.during(never());
  await clock.pass(delays.stale);
  expect(disk.fresh()).toBe(true);
  await disk.during(Promise.resolve());
  await clock.pass(1);
  expect(disk.fresh()).toBe(false);
});

test("a disk that refuses has answered", async () => {
  const clock = manualClock();
  const disk = answers(clock, "disk");
  await expect(disk.during(Promise.reject(new Error("the card is full")))).rejects.toThrow("the card is full");
  await clock.pass(hours(1));
  expect(disk.fresh()).toBe(true);
});

test("a screen has a minute to come up; once it has painted it must go on painting", async () => {
  const clock = manualClock();
  const screen = glass(clock);
  await clock.pass(delays.screenStarts);
  expect(screen.fresh()).toBe(true);
  await clock.pass(1);
  expect(screen.fresh()).toBe(false);
  screen.painted();
  await clock.pass(delays.stale);
  expect(screen.fresh()).toBe(true);
  await clock.pass(1);
  expect(screen.fresh()).toBe(false);
});

test("a screen that painted early has no minute of grace left", async () => {
  const clock = manualClock();
  const screen = glass(clock);
  screen.painted();
  await clock.pass(seconds(11));
  expect(screen.fresh()).toBe(false);
});
