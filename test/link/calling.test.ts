import { describe, expect, test } from "vitest";
import { startCalling, type LinkState } from "../../controller/link/calling.ts";
import type { Call, Refused, Session } from "../../controller/link/uplink.ts";
import { minutes } from "../../devices/kit/clock.ts";
import { fault, type Fault } from "../../devices/kit/fault.ts";
import { err, ok, type Result } from "../../devices/kit/result.ts";
import { manualClock } from "../kit/clock.ts";
import { dice } from "../kit/dice.ts";
import { callTo } from "./uplink.ts";

type Answer = Refused | "yes" | "never";
const unreachable: Refused = { why: "unreachable", detail: "Nothing listens." };

/** A kiosk that calls `servers`, each of which answers as `answers` says at that time; it talks until it is cut. */
function kiosk(
  servers: readonly string[],
  answer: (call: Call, number: number) => Answer,
  { polite } = { polite: true },
) {
  const clock = manualClock();
  const { roll } = dice(3);
  const calls: { readonly call: Call; readonly at: number }[] = [];
  const lines: string[] = [];
  const states: LinkState[] = [];
  const said: string[] = [];
  let cut: ((why: Fault) => void) | undefined;
  let wills = 0;

  const session = (server: string): Session => {
    let ended: ((why: Fault) => void) | undefined;
    const over = (why: Fault) => {
      ended?.(why);
      ended = undefined;
    };
    cut = over;
    return {
      limits: { version: 5, receiveMaximum: 20, maximumPacketSize: 1000 },
      publish: async () => ok(undefined),
      subscribe: async () => ok(undefined),
      listen(sink) {
        ended = sink.ended;
        return { stop() {} };
      },
      async end(withWill) {
        if (ended !== undefined) said.push(`${server} ended${withWill ? " with the will" : ""}`);
        over(fault("interrupted", "This kiosk ended the connection."));
      },
    };
  };
  const calling = startCalling({
    clock,
    servers,
    dice: { bytes: (n) => Uint8Array.from({ length: n }, () => Math.floor(roll() * 256)) },
    uplink: {
      connect(call): Promise<Result<Session, Refused>> {
        calls.push({ call, at: clock.mono() });
        const answered = answer(call, calls.length);
        if (answered === "never")
          return new Promise((resolve) =>
            call.abandoned?.addEventListener("abort", () => resolve(err({ why: "unreachable", detail: "given up" }))),
          );
        return Promise.resolve(answered === "yes" ? ok(session(call.server)) : err(answered));
      },
    },
    call: async () => {
      wills += 1;
      const { server: _, ...asked } = callTo("", { clientId: `will ${wills}` });
      return asked;
    },
    talk: (session, server, order) =>
      new Promise((resolve) => {
        session.listen({ heard: async () => {}, ended: () => resolve() });
        const leave = () => {
          said.push(`${server} goodbye`);
          void session.end(false);
        };
        if (polite) order.addEventListener("abort", leave);
      }),
    changed: (state) => states.push(state),
    log: {
      note: (event, facts) => lines.push(`${event} ${JSON.stringify(facts)}`),
      fail: (event, why) => lines.push(`${event} ${why.detail}`),
    },
  });
  return { calling, clock, calls, lines, states, said, cut: (why: Fault) => cut?.(why) };
}

const online = (state: LinkState | undefined) => state?.online === true;

test("a refused call is made again and again, each time with a will of its own, until somebody answers", async () => {
  const { calling, clock, calls, states, lines } = kiosk(["a", "b"], (_, number) => (number < 6 ? unreachable : "yes"));
  expect(await clock.until(() => online(calling.state()))).toBe(true);
  expect(calls.map(({ call }) => call.server)).toEqual(["a", "b", "a", "b", "a", "b"]);
  expect(calls.map(({ call }) => call.clientId)).toEqual([1, 2, 3, 4, 5, 6].map((n) => `will ${n}`));
  const waits = calls.slice(1).map(({ at }, before) => at - (calls[before]?.at ?? 0));
  expect(waits.every((wait, at) => wait >= 1000 && wait <= 4000 * 2 ** at)).toBe(true);
  expect(states.at(-1)).toMatchObject({ online: true, server: "b" });
  expect(lines).toEqual([
    "link.refused a: Nothing listens.",
    "link.refused b: Nothing listens.",
    'link.up {"server":"b","version":5}',
  ]);
  await clock.finish(calling.stop());
});

test("the technician sees since when the link is down, why, and when it is up again", async () => {
  const { calling, clock, cut } = kiosk(["a"], (_, number) =>
    number === 1 ? "yes" : number === 20 ? "yes" : number % 2 === 0 ? unreachable : { why: "busy", detail: "Later." },
  );
  await clock.until(() => online(calling.state()));
  const up = calling.state().since;
  await clock.pass(minutes(10));
  expect(calling.state()).toEqual({ online: true, server: "a", since: up });
  cut(fault("silent", "The line is dead."));
  await clock.until(() => !online(calling.state()));
  const down = calling.state().since;
  expect(down - up).toBe(minutes(10));
  await clock.until(() => calling.state().refused !== undefined);
  expect(calling.state()).toEqual({ online: false, server: "a", since: down, refused: unreachable });
  await clock.until(() => calling.state().refused?.why === "busy");
  expect(calling.state().since).toBe(down);
  expect(await clock.until(() => online(calling.state()), minutes(300))).toBe(true);
  expect(calling.state().refused).toBeUndefined();
  await clock.finish(calling.stop());
});

test("the log says once why the link is down, and again when the reason is another", async () => {
  const busy: Refused = { why: "busy", detail: "Later." };
  const { calling, clock, calls, lines } = kiosk(["a"], (_, number) => (number === 5 ? busy : unreachable));
  await clock.until(() => calls.length === 12, minutes(300));
  expect(lines).toEqual([
    "link.refused a: Nothing listens.",
    "link.refused a: Later.",
    "link.refused a: Nothing listens.",
  ]);
  await clock.finish(calling.stop());
});

test("each conversation has an order of its own, so that none of the past is kept", async () => {
  const { clock, calls, cut, calling } = kiosk(["a"], () => "yes");
  for (let at = 1; at <= 5; at += 1) {
    await clock.until(() => calls.length === at && online(calling.state()));
    cut(fault("interrupted", "cut"));
    await clock.until(() => !online(calling.state()));
  }
  expect(new Set(calls.map(({ call }) => call.abandoned)).size).toBe(5);
  await clock.finish(calling.stop());
});

test("a broker that refuses MQTT 5 is asked in 3.1.1 at once, and so after a cut", async () => {
  const { calling, clock, calls, cut } = kiosk(["a"], ({ version }) =>
    version === 5 ? { why: "version", detail: "No MQTT 5." } : "yes",
  );
  await clock.until(() => online(calling.state()));
  expect(calls.map(({ call, at }) => [call.version, at])).toEqual([
    [5, 0],
    [4, 0],
  ]);
  cut(fault("interrupted", "cut"));
  await clock.until(() => calls.length === 3);
  expect(calls.at(-1)?.call.version).toBe(4);
  await clock.finish(calling.stop());
});

describe("stop", () => {
  test("in a conversation lets it say goodbye, and leaves nothing waiting", async () => {
    const { calling, clock, said, states, calls } = kiosk(["a"], () => "yes");
    await clock.until(() => online(calling.state()));
    await clock.finish(calling.stop());
    expect(said).toEqual(["a goodbye", "a ended"]);
    expect(states.at(-1)?.online).toBe(false);
    expect(clock.pending()).toEqual([]);
    await clock.pass(minutes(60));
    expect(calls).toHaveLength(1);
  });

  test("ends a conversation that does not listen, with the will", async () => {
    const { calling, clock, said } = kiosk(["a"], () => "yes", { polite: false });
    await clock.until(() => online(calling.state()));
    const before = clock.mono();
    await clock.finish(calling.stop());
    expect(said).toEqual(["a ended with the will"]);
    expect(clock.mono() - before).toBe(4000);
    expect(clock.pending()).toEqual([]);
  });

  test("while it waits, and while nobody answers, ends at once", async () => {
    for (const answer of [unreachable, "never"] as const) {
      const { calling, clock, calls } = kiosk(["a"], () => answer);
      await clock.until(() => calls.length === 1);
      const before = clock.mono();
      await clock.finish(calling.stop());
      expect(clock.mono()).toBe(before);
      expect(clock.pending()).toEqual([]);
      await clock.pass(minutes(60));
      expect(calls).toHaveLength(1);
    }
  });
});

describe("the order to use the next server", () => {
  test("in a conversation: goodbye, and the next one within seconds", async () => {
    const { calling, clock, calls, said } = kiosk(["a", "b"], () => "yes");
    await clock.until(() => online(calling.state()));
    calling.next();
    expect(await clock.until(() => online(calling.state()) && calling.state().server === "b", 4000)).toBe(true);
    expect(said).toEqual(["a goodbye", "a ended"]);
    calling.next();
    expect(await clock.until(() => online(calling.state()) && calling.state().server === "a", 4000)).toBe(true);
    expect(calls.map(({ call }) => call.server)).toEqual(["a", "b", "a"]);
    await clock.finish(calling.stop());
  });

  test("while it waits, or while nobody answers: the next one at once or within seconds", async () => {
    const { calling, clock, calls } = kiosk(["a", "b", "c"], ({ server }) => (server === "b" ? "never" : unreachable));
    await clock.until(() => calls.length === 1);
    await clock.until(() => clock.pending().includes("next call"));
    const before = clock.mono();
    calling.next();
    await clock.until(() => calls.length === 2);
    // The failure of "a" had moved on to "b"; the order moves on once more.
    expect(calls.map(({ call }) => call.server)).toEqual(["a", "c"]);
    expect(clock.mono()).toBe(before);
    await clock.until(() => calls.at(-1)?.call.server === "b");
    calling.next();
    expect(await clock.until(() => calls.at(-1)?.call.server === "c", 4000)).toBe(true);
    await clock.finish(calling.stop());
  });
});
