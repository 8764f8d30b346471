import { describe, expect, test } from "vitest";
import { millis } from "../../../devices/kit/clock.ts";
import { fault } from "../../../devices/kit/fault.ts";
import { searching } from "../../../devices/kit/framer.ts";
import { hear } from "../../../devices/kit/hearing.ts";
import type { BytePort, Sink } from "../../../devices/kit/port.ts";
import { ok } from "../../../devices/kit/result.ts";
import { manualClock } from "../../kit/clock.ts";

/** Frames are a number of bytes, then as many; 0 is noise. */
const counted = searching<string>(millis(100), (bytes) => {
  const length = bytes[0] ?? 0;
  if (length === 0) return { is: "noise" };
  if (bytes.length <= length) return { is: "part" };
  return { is: "frame", frame: String(bytes.subarray(1, 1 + length)), length: 1 + length };
});

function listening() {
  const clock = manualClock();
  const sinks = new Set<Sink<Uint8Array>>();
  const port: BytePort = {
    label: "line",
    send: async () => ok(undefined),
    listen(sink) {
      sinks.add(sink);
      return { stop: () => void sinks.delete(sink) };
    },
  };
  const hearing = hear(port, clock, {
    framer: counted,
    means: (frame) => (frame === "9" ? undefined : frame),
    brokenOff: (half) => `half: ${half.length}`,
  });
  const heard: string[] = [];
  const ear = hearing.seen((reading) => heard.push(reading));
  const say = (...bytes: number[]) => sinks.forEach((sink) => sink.heard(Uint8Array.from(bytes)));
  return { clock, sinks, hearing, heard, ear, say };
}

describe("what is heard of a machine that speaks unasked", () => {
  test("is told to all who listen, and nobody else; junk is counted, and what is no news is not told", () => {
    const { hearing, heard, ear, say } = listening();
    const others: string[] = [];
    hearing.seen((reading) => others.push(reading));
    say(0, 2, 7);
    say(8, 1, 9, 0, 1, 5);
    ear.stop();
    say(1, 6);
    expect(heard).toEqual(["7,8", "5"]);
    expect(others).toEqual(["7,8", "5", "6"]);
    expect(hearing.junk()).toBe(2);
  });

  test("each comes with the time of its first byte, however its bytes were cut", async () => {
    const { clock, hearing, say } = listening();
    const ages: [string, number][] = [];
    hearing.seen((reading, since) => ages.push([reading, since]));
    await clock.pass(1000);
    say(2, 7);
    await clock.pass(50);
    // The rest of one, a whole one, and the beginning of a third.
    say(8, 1, 5, 1);
    await clock.pass(60);
    say(6);
    expect(ages).toEqual([
      ["7,8", 1000],
      ["5", 1050],
      ["6", 1050],
    ]);
  });

  test("who listens is told once that nothing more will come", () => {
    for (const ending of ["lost", "closed"] as const) {
      const { sinks, hearing } = listening();
      const told: string[] = [];
      hearing.seen(
        () => {},
        (why) => told.push(why.kind),
      );
      const [sink] = sinks;
      if (ending === "lost") sink?.lost(fault("no-device", "unplugged"));
      hearing.close();
      hearing.close();
      hearing.seen(
        () => {},
        () => told.push("too late"),
      );
      expect(told).toEqual(["no-device", "too late"]);
      expect(hearing.gone()?.detail).toBe(ending === "lost" ? "unplugged" : "closed");
    }
  });

  test("half a frame is given up after its silence, not before, and the next byte starts afresh", async () => {
    const { clock, heard, say } = listening();
    say(3, 1);
    await clock.pass(99);
    say(1);
    await clock.pass(99);
    expect(heard).toEqual([]);
    await clock.pass(1);
    expect(heard).toEqual(["half: 3"]);
    say(1, 4);
    expect(heard).toEqual(["half: 3", "4"]);
    expect(clock.pending()).toEqual([]);
  });

  test("a kiosk that was held up for longer than the silence hears what came meanwhile before it gives up", async () => {
    const { clock, heard, say } = listening();
    say(3, 1, 1);
    // The first timer rings late, and what waited on the wire is read after it.
    clock.after(millis(50), "the wire's turn", () => say(2));
    await clock.pass(300);
    expect(heard).toEqual(["1,1,2"]);
  });

  test("a lost wire tells nothing more, and why it is gone", async () => {
    const { clock, sinks, hearing, heard, say } = listening();
    say(3, 1);
    const [sink] = sinks;
    sink?.lost(fault("no-device", "unplugged"));
    expect(hearing.gone()).toEqual(fault("no-device", "unplugged"));
    await clock.pass(1000);
    expect([heard, clock.pending(), sinks.size]).toEqual([[], [], 0]);
  });

  test("closed, it leaves no timer and no listener, and tells nobody who comes later", async () => {
    const { clock, sinks, hearing, heard, say } = listening();
    say(3, 1);
    hearing.close();
    hearing.seen((reading) => heard.push(reading));
    hearing.close();
    expect([clock.pending(), sinks.size]).toEqual([[], 0]);
    expect(hearing.gone()).toMatchObject({ kind: "no-device" });
    await clock.pass(1000);
    expect(heard).toEqual([]);
  });
});
