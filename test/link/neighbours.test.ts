import { beforeEach, describe, expect, it } from "vitest";
import { usedLists } from "../../controller/link/used-lists.ts";
import { recordsABatch, usedLimit } from "../../protocol/fleet/used.ts";
import { memory, type Keep } from "../store/issuing.ts";
import { full, idOf, later, list, names, noon, stock, Street } from "./neighbourhood.ts";

const { batchesHeld, bytesHeld } = usedLists;
let street: Street;
beforeEach(() => {
  street = new Street();
});

describe("a used list", () => {
  it("is asked for of the own group, and stock of the named neighbours alone: a group of a thousand would drown everybody", () => {
    expect(street.talk.topics).toEqual([
      { topic: "yz/v1/320583/used/+", qos: 1 },
      { topic: "yz/v1/320583/taken/+", qos: 1 },
      { topic: "yz/v1/320583/stock/zp-002", qos: 1 },
      { topic: "yz/v1/320583/stock/zp-003", qos: 1 },
    ]);
    expect(street.talk.heard({ topic: "yz/v1/320583/sd-jn-0042/down/ack", payload: new Uint8Array() })).toBe(false);
    expect(street.used("20260715", list("20260715", [1]), "320584")).toBe(false);
  });

  it("says where and when a token was used, and the domain hears of it", () => {
    street.used("20260715", list("20260715", [1, 2]));
    expect(street.known?.get(idOf(2))).toEqual({ station: names[7], at: noon * 60_000 });
    expect(street.known?.get(idOf(3))).toBeUndefined();
    expect(street.changes).toBe(1);
  });

  it("is one of many batches, and of two uses of a token the first is told", () => {
    street.used("a", list("a", [1, 2]));
    street.used("b", list("b", [], { records: [{ id: idOf(2), station: 8, minute: noon - 5 }] }));
    street.used("c", list("c", [3]));
    expect([1, 2, 3, 4].map((n) => street.where(n))).toEqual(["Seventh", "Eighth", "Seventh", undefined]);
  });

  it("tells our own uses apart, and those of others first", () => {
    const stations = { 7: names[7], 42: { zh: "本站", en: "Here" } };
    const use = (n: number, station: number, minute = noon) => ({ id: idOf(n), station, minute });
    street.used("a", list("a", [], { stations, records: [use(1, 42), use(2, 42, noon - 9)] }));
    street.used("b", list("b", [], { stations, records: [use(2, 7)] }));
    expect(street.known?.get(idOf(1))).toEqual({ station: stations[42], at: noon * 60_000, here: true });
    expect(street.known?.get(idOf(2))).toEqual({ station: names[7], at: noon * 60_000 });
  });

  it("gives way to a newer one of its batch, and never to an older or equally old one", () => {
    street.used("a", list("a", [1], { issuedAt: later(10) }));
    street.used("a", list("a", [1, 2], { issuedAt: later(20) }));
    street.used("a", list("a", [1], { issuedAt: later(10) }));
    street.used("a", list("a", [5], { issuedAt: later(20) }));
    expect([1, 2, 5].map((n) => street.where(n))).toEqual(["Seventh", "Seventh", undefined]);
    expect(street.talk.refused).toEqual({ older: 2 });
  });

  it("that is held already is not read again, however often connections bring it", () => {
    for (let n = 0; n < 500; n++) street.used("a", list("a", [1]));
    expect([street.changes, street.talk.refused]).toEqual([1, {}]);
  });

  it("is withdrawn by an empty message", () => {
    street.used("a", list("a", [1]));
    street.used("b", list("b", [2]));
    street.used("a", new Uint8Array());
    street.used("never-was", new Uint8Array());
    expect([street.known?.get(idOf(1)), street.where(2), street.changes]).toEqual([undefined, "Seventh", 3]);
  });

  it.each<[string, (of: Street) => void, string]>([
    ["unsigned", (of) => of.used("a", Buffer.from('{"v":1,"records":""}')), "malformed"],
    ["signed by another key", (of) => of.used("a", list("a", [1], {}, new Uint8Array(32).fill(9))), "altered"],
    ["signed by a key that nobody named", (of) => of.used("a", list("a", [1], { kid: "r2" })), "unknown-key"],
    ["signed by a key of another role", (of) => of.used("a", list("a", [1], { kid: "7" })), "unknown-key"],
    ["of another group, on our topic", (of) => of.used("a", list("a", [1], { group: "320584" })), "foreign"],
    ["of another batch", (of) => of.used("a", list("b", [1])), "foreign"],
    ["of a batch without a name", (of) => of.used("", list("a", [1])), "malformed"],
    ["too large", (of) => of.used("a", new Uint8Array(usedLimit + 1)), "too-large"],
    ["deep", (of) => of.used("a", Buffer.from("[".repeat(250_000))), "malformed"],
    ["one byte long", (of) => of.used("a", Buffer.from("x")), "malformed"],
  ])("is not believed, and counted with its reason: %s", (_, happens, why) => {
    street.used("held", list("held", [9]));
    happens(street);
    expect(street.talk.refused).toEqual({ [why]: 1 });
    expect([street.where(1), street.where(9), street.changes]).toEqual([undefined, "Seventh", 1]);
  });

  it("with one byte changed is not believed", () => {
    const good = list("a", [1, 2, 3]);
    for (let at = 0; at < good.length; at += 7) {
      const [street, bad] = [new Street(), Uint8Array.from(good)];
      bad[at] = (bad[at] ?? 0) ^ 1;
      street.used("a", bad);
      expect(street.changes, `byte ${at}`).toBe(0);
    }
  });

  it("ten thousand forged ones cost little, are said once a minute, and shut out the next minute's good one not", async () => {
    const forged = list("a", full(1), {}, new Uint8Array(32).fill(9));
    const began = performance.now();
    for (let n = 0; n < 10_000; n++) street.used("a", forged);
    expect(performance.now() - began).toBeLessThan(5000);
    expect(street.talk.refused).toEqual({ altered: 44, "too-many": 9956 });
    expect(street.notes).toEqual(["neighbours.refused"]);
    await street.clock.pass(60_000);
    street.used("b", list("b", [1]));
    expect(street.where(1)).toBe("Seventh");
  });

  it("fills the memory only so far: the oldest batches make room", () => {
    for (let n = 0; n < 14; n++)
      street.used(`b${n}`, list(`b${n}`, full(n * recordsABatch), { issuedAt: later(n === 3 ? 59 : n) }));
    const held = Array.from({ length: 14 }, (_, n) => street.where(n * recordsABatch + 5) !== undefined);
    const count = held.filter(Boolean).length;
    expect(count).toBe(Math.floor(bytesHeld / list("b0", full(0)).length));
    expect(held.slice(-4)).toEqual([true, true, true, true]);
    expect([held[3], held[0]]).toEqual([true, false]);
    expect(street.notes).toContain("neighbours.used-dropped");
  });

  it("holds half a year of daily batches and some more, and takes them all from one connection", () => {
    const count = batchesHeld + 10;
    for (let n = 0; n < count; n++)
      street.used(`d${n}`, list(`d${n}`, [n], { issuedAt: `2026-07-15T05:00:00.${String(n).padStart(3, "0")}Z` }));
    const held = Array.from({ length: count }, (_, n) => street.where(n) !== undefined);
    expect(held).toEqual([...Array<boolean>(10).fill(false), ...Array<boolean>(batchesHeld).fill(true)]);
    expect(street.talk.refused).toEqual({});
  });
});

describe("over a restart", () => {
  it("what was used elsewhere is still known, without a word from the broker", async () => {
    street.used("a", list("a", [1]));
    street.used("b", list("b", [2]));
    await street.clock.pass(60_000);
    const again = new Street(street.disk);
    expect([again.where(1), again.where(2), again.changes]).toEqual(["Seventh", "Seventh", 1]);
    expect(again.known?.get(idOf(2))?.station).toEqual(names[7]);
    expect(new Street().changes).toBe(0);
    again.used("a", list("a", [1], { issuedAt: later(0).replace("04:", "03:") }));
    expect(again.talk.refused).toEqual({ older: 1 });
  });

  it("a withdrawn batch is forgotten, and an older one does not come back from the disk", async () => {
    street.used("a", list("a", [1]));
    street.used("b", list("b", [2]));
    await street.clock.pass(60_000);
    street.used("a", new Uint8Array());
    await street.clock.pass(600_000);
    expect([1, 2].map((n) => new Street(street.disk).where(n))).toEqual([undefined, "Seventh"]);
    expect(street.disk.kept.get("used/0")).toHaveLength(0);
  });

  it("a list that grows all day is written every ten minutes, and once more at the end", async () => {
    let writes = 0;
    const { keep, kept } = memory();
    const disk: Keep = {
      kept,
      keep: {
        get: (name) => keep.get(name),
        put: (name, value) => {
          if (name === "used/0") writes += 1;
          return keep.put(name, value);
        },
      },
    };
    const street = new Street(disk);
    for (let minute = 0; minute < 40; minute++) {
      street.used("a", list("a", [minute], { issuedAt: later(minute) }));
      await street.clock.pass(60_000);
    }
    expect(writes).toBe(4);
    street.used("a", list("a", [99], { issuedAt: later(50) }));
    await street.clock.finish(street.talk.close());
    expect(new Street(disk).where(99)).toBe("Seventh");
    expect(street.clock.pending()).toEqual([]);
  });

  it("a list that the card has changed is not believed, and the others are", async () => {
    street.used("a", list("a", [1]));
    street.used("b", list("b", [2]));
    await street.clock.pass(60_000);
    const bytes = Uint8Array.from(street.disk.kept.get("used/0") ?? []);
    bytes[bytes.length - 20] = (bytes[bytes.length - 20] ?? 0) ^ 4;
    street.disk.kept.set("used/0", bytes);
    expect([1, 2].map((n) => new Street(street.disk).where(n))).toEqual([undefined, "Seventh"]);
    street.disk.kept.set("used", Buffer.from("{"));
    expect(new Street(street.disk).where(2)).toBeUndefined();
  });

  it("a disk that takes nothing is said, and what is known stays known", async () => {
    const street = new Street(memory(true));
    street.used("a", list("a", [1]));
    await street.clock.pass(60_000);
    expect([street.where(1), street.notes]).toEqual(["Seventh", ["neighbours.used-unkept"]]);
  });
});

describe("a neighbour's stock", () => {
  it("is told to the domain, of those named in the station file and of nobody else", () => {
    street.stock("zp-002", stock({ water: 5 }, 77));
    expect(street.stock("zp-009", stock({ water: 5 }))).toBe(false);
    expect(street.stock("sd-jn-0042", stock({ water: 5 }))).toBe(false);
    expect(street.told).toEqual([{ kiosk: "zp-002", stock: { v: 1, at: 77, left: { water: 5 } } }]);
  });

  it("is gone where the message is empty", () => {
    street.stock("zp-002", new Uint8Array());
    expect(street.told).toEqual([{ kiosk: "zp-002", stock: { v: 1, at: 0, left: {} } }]);
  });

  it.each([
    ["no JSON", Buffer.from("x")],
    ["another form", Buffer.from('{"v":1,"at":1,"left":{"water":-1}}')],
    ["too large", Buffer.from(`{"v":1,"at":1,"left":{}${" ".repeat(5000)}}`)],
  ])("is refused and counted where it is %s", (_, payload) => {
    street.stock("zp-002", payload);
    expect([street.told, street.talk.refused]).toEqual([[], { "malformed-stock": 1 }]);
  });

  it("ten thousand words of one neighbour are twelve a minute, and leave the other its own", async () => {
    for (let n = 0; n < 10_000; n++) street.stock("zp-002", stock({ water: n % 100 }));
    street.stock("zp-003", stock({ water: 1 }));
    expect(street.told.map(({ kiosk }) => kiosk)).toEqual([...Array<string>(12).fill("zp-002"), "zp-003"]);
    expect(street.talk.refused).toEqual({ "too-many": 9988 });
    await street.clock.pass(60_000);
    street.stock("zp-002", stock({ water: 3 }));
    expect(street.told.at(-1)).toMatchObject({ stock: { left: { water: 3 } } });
  });
});
