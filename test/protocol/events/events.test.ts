import type * as v from "valibot";
import { describe, expect, expectTypeOf, it } from "vitest";
import { eventWords } from "../../../console/text.zh-CN.ts";
import type { Entry } from "../../../controller/domain/entry.ts";
import type { FaultKind } from "../../../devices/kit/fault.ts";
import { eventKinds, events, isEventKind, type EventKind } from "../../../protocol/events/events.ts";
import type { faultKinds } from "../../../protocol/events/fields.ts";
import { millis } from "../../../devices/kit/clock.ts";
import { misfitOf } from "./misfit.ts";

type Of<K extends EventKind> = Extract<Entry, { kind: K }>;
/** What of an entry stands under `data`. */
type Data<K extends EventKind> = Omit<Of<K>, "kind" | "device">;
type Written<K extends EventKind> = v.InferOutput<(typeof events)[K]["data"]>;
/** The kinds whose entries do not fit what the catalogue says of their data, or the other way round. */
type Misfit = {
  [K in EventKind]: Data<K> extends Written<K>
    ? keyof Data<K> extends keyof Written<K>
      ? keyof Written<K> extends keyof Data<K>
        ? never
        : K
      : K
    : K;
}[EventKind];

describe("the catalogue of events", () => {
  it("has every kind of entry, and no other", () => {
    expectTypeOf<EventKind>().toEqualTypeOf<Entry["kind"]>();
    expectTypeOf<Misfit>().toEqualTypeOf<never>();
    expectTypeOf<(typeof faultKinds)[number]>().toEqualTypeOf<FaultKind>();
    expect(isEventKind("attempt")).toBe(true);
    expect(isEventKind("toString")).toBe(false);
  });

  it.each(eventKinds)("says of %s what it means and what to do, in English and in Chinese", (kind) => {
    const { means, act } = events[kind];
    expect(means).toMatch(/^[A-Z].*\.$/);
    expect(act).toMatch(/^[A-Z].*\.$/);
    const { name, ...chinese } = eventWords[kind];
    expect(name).toMatch(/^\p{Script=Han}{2,8}$/u);
    for (const words of Object.values(chinese)) expect(words).toMatch(/\p{Script=Han}.*。$/u);
  });

  it.each(eventKinds)("takes every %s that a kiosk can write, and nothing else", (kind) => {
    for (const example of examples[kind]) {
      expect(misfitOf(example)).toEqual([]);
      expect(misfitOf(Object.assign({ secret: 1 }, example))).not.toEqual([]);
      const { device: _, ...without } = { device: "", ...example };
      expect(misfitOf((events[kind].device ? without : { ...example, device: "vend" }) as Entry)).not.toEqual([]);
    }
  });
});

const hash = "ab".repeat(32);
/** Of each kind, with everything that may be in it, and with as little as can be. */
const examples: { readonly [K in EventKind]: readonly [Of<K>, ...Of<K>[]] } = {
  attempt: [
    {
      kind: "attempt",
      credential: { kind: "token", kid: 9, id: "00112233aabbccdd" },
      device: "vend",
      slot: "12",
      product: "water",
      until: 20_649,
      area: true,
      offline: true,
      member: { list: "drivers", pid: "0123456789abcdef" },
    },
    {
      kind: "attempt",
      credential: { kind: "member", list: "drivers", pid: "0123456789abcdef" },
      device: "vend",
      slot: "12",
      product: "water",
      until: 20_649,
      counter: 61,
      card: "00112233aabbccdd",
      day: 20_649,
    },
    {
      kind: "attempt",
      credential: { kind: "derived", epoch: "summer/20260715", index: 0 },
      device: "vend",
      slot: "1",
      product: "water",
      until: 20_649,
    },
    {
      kind: "attempt",
      credential: { kind: "list", list: "meituan", tag: "0123456789abcdef" },
      device: "vend",
      slot: "1",
      product: "water",
      until: 20_649,
    },
    {
      kind: "attempt",
      credential: { kind: "command", id: "0123456789abcdef" },
      device: "vend",
      slot: "1",
      product: "water",
      until: 20_649,
    },
  ],
  outcome: [
    { kind: "outcome", of: 1, delivery: "delivered", started: true, why: "drop-sensor", frees: false },
    { kind: "outcome", of: 1, delivery: "unknown", started: true, why: "power-cut", frees: true, detail: "cut" },
  ],
  taken: [{ kind: "taken", of: 1, credential: { kind: "derived", epoch: "20260715", index: 3 } }],
  rating: [{ kind: "rating", of: 1, face: "fair" }],
  refill: [
    { kind: "refill", device: "vend", slot: "1", product: "water", count: 0, by: "board" },
    {
      kind: "refill",
      device: "vend",
      slot: "1",
      product: "water",
      count: 255,
      expires: "2026-09-30",
      by: "centre",
      command: "0123456789abcdef",
    },
  ],
  "test-vend": [{ kind: "test-vend", device: "vend", slot: "1" }],
  "test-outcome": [{ kind: "test-outcome", of: 4, delivery: "not-delivered", why: "jammed" }],
  fault: [{ kind: "fault", device: "disk", fault: "refused", detail: "full" }],
  "fault-cleared": [{ kind: "fault-cleared", device: "disk" }],
  door: [{ kind: "door", device: "vend", open: true }],
  "lock-out": [{ kind: "lock-out" }, { kind: "lock-out", of: "numbers" }],
  guessing: [
    { kind: "guessing", unknown: 41 },
    { kind: "guessing", unknown: 61, of: "numbers" },
  ],
  refusals: [{ kind: "refusals", counts: { E1: 3, E12b: 1 } }],
  "file-refused": [{ kind: "file-refused", file: "campaigns/summer.json", why: "Its signature is bad." }],
  adopted: [{ kind: "adopted", file: "summer", issuedAt: "2026-07-01T04:00:00Z", kid: "r1" }],
  command: [
    {
      kind: "command",
      id: "0123456789abcdef",
      kid: "o1",
      order: { op: "refill", device: "vend", slot: "1", count: 10, expires: "2026-09-30" },
      until: millis(1_784_088_000_000),
    },
    { kind: "command", id: "0123456789abcdef", kid: "o1", order: { op: "restart" }, until: millis(0) },
  ],
  "command-ended": [
    { kind: "command-ended", id: "0123456789abcdef", ended: "done" },
    { kind: "command-ended", id: "0123456789abcdef", ended: "failed", why: "jammed" },
  ],
  "commands-refused": [{ kind: "commands-refused", counts: { "bad-signature": 9000 } }],
  configured: [
    { kind: "configured", version: "2026-07-15.1", state: "trial" },
    { kind: "configured", version: "2026-07-15.1", state: "rolled-back", why: "No machine answered." },
  ],
  "new-life": [
    { kind: "new-life", before: 1_780_000_000, why: "forked", end: { seq: 3, hash } },
    { kind: "new-life", before: 1_780_000_000, why: "rolled-back" },
  ],
  "handed-over": [
    { kind: "handed-over", v: 1, to: "0123456789abcdef", enc: "e".repeat(43), sealed: "s".repeat(5483) },
    { kind: "handed-over", v: 1, to: "0123456789abcdef", enc: "e".repeat(43), sealed: "s".repeat(21_867) },
  ],
  checked: [
    { kind: "checked", since: 20_640, until: 20_648, people: 20, items: { systolic: 20, glucose: 10 } },
    { kind: "checked", since: 20_640, until: 20_640, people: 10, items: {} },
  ],
  calibration: [
    { kind: "calibration", device: "cuff", due: 20_670, state: "soon" },
    { kind: "calibration", device: "cuff", due: 20_640, state: "over" },
  ],
  started: [{ kind: "started", release: "1.0.0" }],
  stopped: [{ kind: "stopped", why: "SIGTERM" }],
};
