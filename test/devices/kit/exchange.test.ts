import { describe, expect, test } from "vitest";
import { millis, type Clock } from "../../../devices/kit/clock.ts";
import { openLine, type Dialect } from "../../../devices/kit/exchange.ts";
import { fault, type Fault } from "../../../devices/kit/fault.ts";
import { searching } from "../../../devices/kit/framer.ts";
import type { BytePort, Sink } from "../../../devices/kit/port.ts";
import { err, ok, type Result } from "../../../devices/kit/result.ts";
import { manualClock } from "../../kit/clock.ts";

/** Questions are one byte; an answer is AA, the question, the answer. */
const named: Dialect<number, { readonly of: number; readonly says: number }, Uint8Array> = {
  framer: searching(millis(50), ([head, of, says]) => {
    if (head !== 0xaa) return { is: "noise" };
    return of === undefined || says === undefined ? { is: "part" } : { is: "frame", frame: { of, says }, length: 3 };
  }),
  encode: (question) => Uint8Array.of(question),
  answers: (question, { of }) => of === question,
};

const unnamed: typeof named = {
  ...named,
  framer: { ...named.framer, quiet: null },
  answers: () => true,
  unnamed: { longest: () => millis(1000), gap: millis(20) },
};

function setUp(dialect: typeof named) {
  const clock = manualClock();
  const sent: number[] = [];
  const sinks = new Set<Sink<Uint8Array>>();
  const sending: { next: Promise<Result<void>> } = { next: Promise.resolve(ok(undefined)) };
  const port: BytePort = {
    label: "test wire",
    send(bytes) {
      sent.push(...bytes);
      return sending.next;
    },
    listen(sink) {
      sinks.add(sink);
      return { stop: () => void sinks.delete(sink) };
    },
  };
  const says = (...bytes: number[]) => sinks.forEach((sink) => sink.heard(Uint8Array.from(bytes)));
  const lost = (why: Fault) => sinks.forEach((sink) => sink.lost(why));
  return { clock, sent, sinks, sending, says, lost, line: openLine(port, clock, dialect) };
}

const patience = millis(300);

/** A clock whose process is held up now and then: what was due meanwhile rings when it goes on, before the wire is read. */
function heldUpClock() {
  let now = 0;
  let timers: { readonly due: number; readonly wake: () => void }[] = [];
  const clock: Clock = {
    mono: () => millis(now),
    wall: () => ({ utc: millis(now), trusted: true }),
    after(delay, _label, wake) {
      const timer = { due: now + delay, wake };
      timers.push(timer);
      return { cancel: () => void (timers = timers.filter((one) => one !== timer)) };
    },
  };
  const goOnAfter = (span: number) => {
    now += span;
    const due = timers.filter((timer) => timer.due <= now);
    timers = timers.filter((timer) => timer.due > now);
    for (const { wake } of due) wake();
  };
  return { clock, goOnAfter };
}

describe("a line", () => {
  test("where the kiosk was held up for longer than its patience, an answer that came meanwhile is heard", async () => {
    const { clock, goOnAfter } = heldUpClock();
    const sinks = new Set<Sink<Uint8Array>>();
    const port: BytePort = {
      label: "test wire",
      send: async () => ok(undefined),
      listen: (sink) => (sinks.add(sink), { stop: () => void sinks.delete(sink) }),
    };
    const line = openLine(port, clock, named);
    const [answered, unanswered] = [line.ask(7, patience), line.ask(8, patience)];
    goOnAfter(1000);
    for (const sink of sinks) sink.heard(Uint8Array.of(0xaa, 7, 1));
    expect(await answered).toEqual(ok({ of: 7, says: 1 }));
    goOnAfter(1000);
    goOnAfter(1000);
    expect(await unanswered).toMatchObject({ ok: false, error: { kind: "silent" } });
  });

  test("gives the answer of the question and passes over others'", async () => {
    const { clock, says, line } = setUp(named);
    const answer = line.ask(1, patience);
    says(0xaa, 2, 9, 0xaa, 1, 7);
    expect(await clock.finish(answer)).toEqual(ok({ of: 1, says: 7 }));
    expect(clock.pending()).toEqual([]);
  });

  test("sends the second question only when the first is settled", async () => {
    const { clock, sent, says, line } = setUp(named);
    const first = line.ask(1, patience);
    const second = line.ask(2, patience);
    await clock.pass(100);
    expect(sent).toEqual([1]);
    says(0xaa, 1, 0);
    expect((await clock.finish(first)).ok).toBe(true);
    expect(sent).toEqual([1, 2]);
    says(0xaa, 2, 5);
    expect(await clock.finish(second)).toEqual(ok({ of: 2, says: 5 }));
  });

  test("says silent after the patience, garbled if only noise came", async () => {
    const { clock, says, line } = setUp(named);
    const first = line.ask(1, patience);
    expect(await clock.finish(first)).toMatchObject({ error: { kind: "silent", sent: true } });
    expect(clock.mono()).toBe(300);
    const second = line.ask(1, patience);
    says(1, 2, 3, 4);
    expect(await clock.finish(second)).toMatchObject({ error: { kind: "garbled" } });
    expect(line.junk()).toBe(4);
  });

  test("a write that fails late touches only its own question", async () => {
    const { clock, says, line, sending } = setUp(named);
    const late = Promise.withResolvers<Result<void>>();
    sending.next = late.promise;
    expect((await clock.finish(line.ask(1, patience))).ok).toBe(false);
    sending.next = Promise.resolve(ok(undefined));
    const second = line.ask(2, patience);
    late.resolve(err(fault("no-device", "EIO")));
    await clock.pass(10);
    says(0xaa, 2, 4);
    expect(await clock.finish(second)).toEqual(ok({ of: 2, says: 4 }));
  });

  test("a late answer of question 1 is not the answer of question 2", async () => {
    const { clock, says, line } = setUp(named);
    await clock.finish(line.ask(1, patience));
    const second = line.ask(2, patience);
    says(0xaa, 1, 1);
    await clock.pass(10);
    says(0xaa, 2, 2);
    expect(await clock.finish(second)).toEqual(ok({ of: 2, says: 2 }));
  });

  test("half a frame is forgotten after the quiet of the protocol", async () => {
    const { clock, says, line } = setUp(named);
    const answer = line.ask(1, patience);
    says(0xaa, 1);
    await clock.pass(60);
    says(0xaa, 1, 6);
    expect(await clock.finish(answer)).toEqual(ok({ of: 1, says: 6 }));
  });

  test("close settles the open question and those behind it, and leaves no timer and no listener", async () => {
    const { clock, sinks, sent, says, line } = setUp(named);
    const open = line.ask(1, patience);
    const behind = line.ask(2, patience);
    says(0xaa);
    line.close();
    expect(await clock.finish(open)).toMatchObject({ error: { kind: "no-device", sent: true } });
    expect(await clock.finish(behind)).toMatchObject({ error: { kind: "no-device", sent: false } });
    expect(await clock.finish(line.ask(3, patience))).toMatchObject({ error: { sent: false } });
    expect([clock.pending(), sinks.size, sent]).toEqual([[], 0, [1]]);
  });

  test("unplugging settles all, with the wire's own fault", async () => {
    const { clock, lost, line } = setUp(named);
    const open = line.ask(1, patience);
    const behind = line.ask(2, patience);
    lost(fault("no-device", "unplugged"));
    expect(await clock.finish(open)).toMatchObject({ error: { kind: "no-device", detail: "unplugged", sent: true } });
    expect(await clock.finish(behind)).toMatchObject({ error: { sent: false } });
    expect(clock.pending()).toEqual([]);
  });
});

describe("a line whose answers do not name their question", () => {
  test("waits out the longest answer after a silent question, and drops what came", async () => {
    const { clock, sent, says, line } = setUp(unnamed);
    expect((await clock.finish(line.ask(1, patience))).ok).toBe(false);
    const second = line.ask(2, patience);
    await clock.run(600);
    says(0xaa, 1, 1, 0xaa);
    await clock.run(999);
    expect(sent).toEqual([1]);
    await clock.run(1000);
    expect(sent).toEqual([1, 2]);
    says(0xaa, 2, 2);
    expect(await clock.finish(second)).toEqual(ok({ of: 2, says: 2 }));
  });

  test("listens until the line is quiet before each question, so that an answer said twice is harmless", async () => {
    const { clock, sent, says, line } = setUp(unnamed);
    const first = line.ask(1, patience);
    const second = line.ask(2, patience);
    says(0xaa, 1, 1);
    await clock.finish(first);
    await clock.pass(15);
    says(0xaa, 1, 1);
    await clock.pass(19);
    expect(sent).toEqual([1]);
    await clock.pass(1);
    expect(sent).toEqual([1, 2]);
    says(0xaa, 2, 2);
    expect(await clock.finish(second)).toEqual(ok({ of: 2, says: 2 }));
  });

  test("asks at once on a line that has long been quiet", async () => {
    const { clock, sent, line } = setUp(unnamed);
    await clock.pass(5000);
    void line.ask(1, patience);
    expect(sent).toEqual([1]);
  });

  test("close during the wait leaves nothing behind", async () => {
    const { clock, line } = setUp(unnamed);
    await clock.finish(line.ask(1, patience));
    const second = line.ask(2, patience);
    await clock.pass(1);
    expect(clock.pending()).not.toEqual([]);
    line.close();
    expect(await clock.finish(second)).toMatchObject({ error: { sent: false } });
    expect(clock.pending()).toEqual([]);
  });
});
