import { expect, test } from "vitest";
import { gather, rests, type ReadablePort } from "../../../devices/port/gathering.ts";
import { manualClock } from "../../kit/clock.ts";

/** A port as the kernel keeps it: what came since the last reading waits there for the next. */
function kernel() {
  let waiting: number[] = [];
  let reader: (() => void) | undefined;
  let unplugged = false;
  const port: ReadablePort = {
    async read(buffer, offset, length) {
      if (waiting.length === 0 && !unplugged) await new Promise<void>((resolve) => (reader = resolve));
      if (unplugged) throw new Error("it was unplugged");
      const taken = waiting.slice(0, length);
      waiting = waiting.slice(length);
      buffer.set(taken, offset);
      return { buffer, bytesRead: taken.length };
    },
  };
  return {
    port,
    comes(...bytes: readonly number[]) {
      waiting.push(...bytes);
      reader?.();
    },
    unplug() {
      unplugged = true;
      reader?.();
    },
  };
}

/** As a stream reads it: again as soon as a reading is there. */
function reading() {
  const clock = manualClock();
  const line = kernel();
  const chunks: (readonly number[])[] = [];
  gather(line.port, clock);
  const ended = (async () => {
    for (;;) {
      const { buffer, bytesRead } = await line.port.read(Buffer.alloc(64), 8, 56);
      chunks.push([...buffer.subarray(8, 8 + bytesRead)]);
    }
  })().catch((mistake: unknown) => mistake);
  return { clock, line, chunks, ended };
}

test("what a device streams is read in gathered chunks, and no byte is lost or comes twice", async () => {
  const { clock, line, chunks } = reading();
  for (let byte = 1; byte <= 60; byte++) {
    line.comes(byte);
    await clock.pass(1000 / 60);
  }
  await clock.pass(rests);
  expect(chunks.flat()).toEqual(Array.from({ length: 60 }, (_, n) => n + 1));
  expect(chunks.length).toBeLessThanOrEqual(1000 / rests + 1);
  expect(chunks.length).toBeGreaterThan(15);
});

test("what a device says after a quiet is heard at once, and the rest of it one pause later", async () => {
  const { clock, line, chunks } = reading();
  for (const first of [1, 11, 21]) {
    await clock.pass(5000);
    chunks.length = 0;
    line.comes(first);
    await clock.pass(0);
    expect(chunks).toEqual([[first]]);
    line.comes(first + 1, first + 2);
    line.comes(first + 3);
    await clock.pass(rests - 1);
    expect(chunks).toEqual([[first]]);
    await clock.pass(1);
    expect(chunks).toEqual([[first], [first + 1, first + 2, first + 3]]);
  }
});

test("a quiet device costs nothing: no wait is under way", async () => {
  const { clock, line, chunks } = reading();
  line.comes(1);
  await clock.pass(rests);
  expect([chunks, clock.pending()]).toEqual([[[1]], []]);
});

test("that a quiet device was unplugged is told at once, that one in the middle of a stream was after the pause", async () => {
  const quiet = reading();
  quiet.line.unplug();
  expect(await quiet.clock.finish(quiet.ended, 0)).toEqual(new Error("it was unplugged"));

  const streaming = reading();
  streaming.line.comes(1);
  await streaming.clock.pass(1);
  streaming.line.unplug();
  expect(await streaming.clock.finish(streaming.ended, rests)).toEqual(new Error("it was unplugged"));
});
