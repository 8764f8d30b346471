import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  bdSeq,
  deviceMetrics,
  nextServer,
  nodeMetrics,
  rebirth,
  type Ability,
  type Definition,
} from "../../../protocol/sparkplug/metrics.ts";

const slot = fc.oneof(fc.nat(999).map(String), fc.stringMatching(/^[A-Z]\d{1,2}$/));
const device = fc.record({
  can: fc.uniqueArray(fc.constantFrom<Ability>("vending", "board", "reader", "health")),
  slots: fc.uniqueArray(slot, { maxLength: 120 }),
});
const kiosk = fc.array(device, { maxLength: 6 });
const listOf = (devices: readonly { readonly can: readonly Ability[]; readonly slots: readonly string[] }[]) => [
  nextServer,
  ...nodeMetrics,
  ...devices.flatMap(({ can, slots }, ordinal) => deviceMetrics(can, ordinal, slots)),
];
const aliasesOf = (list: readonly Definition[]): readonly number[] => list.map(({ alias }) => alias ?? 0);

describe("the list of metrics", () => {
  test("gives every metric of a kiosk an alias of its own, over the node and all devices", () => {
    fc.assert(
      fc.property(kiosk, (devices) => {
        const aliases = aliasesOf(listOf(devices));
        expect(new Set(aliases).size).toBe(aliases.length);
        expect(Math.min(...aliases)).toBeGreaterThan(0);
      }),
    );
  });

  test("keeps the alias of a numbered slot when the planogram changes", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(250).map(String), { minLength: 1, maxLength: 60 }), (slots) => {
        const alone = slots.slice(0, 1);
        const name = `Slot/${alone[0]}/Stock`;
        const aliasIn = (planogram: readonly string[]) =>
          deviceMetrics(["vending"], 0, planogram).find((definition) => definition.name === name)?.alias;
        expect(aliasIn(alone)).toBeDefined();
        expect(aliasIn([...slots].reverse())).toBe(aliasIn(alone));
      }),
    );
  });

  test("names nothing twice, also where only letter case differs, and with no character that Sparkplug advises against", () => {
    const names = listOf([{ can: ["vending", "board", "reader", "health"], slots: ["1", "2", "A1"] }]).map(
      ({ name }) => name,
    );
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
    expect(names.filter((name) => /[.,\\@#$%^&*()[\]{}|!~:;'"<>?]/.test(name))).toEqual([]);
  });

  test("avoids UInt32, which nodes carry in two ways, and gives bdSeq and Rebirth no alias", () => {
    const types = new Set(
      listOf([{ can: ["vending", "board", "reader", "health"], slots: ["1"] }]).map(({ type }) => type),
    );
    expect([...types].sort()).toEqual(["Boolean", "DateTime", "Float", "Int32", "Int64", "String"]);
    expect([bdSeq.alias, rebirth.alias]).toEqual([undefined, undefined]);
  });

  test("stands as it was first given: these aliases never mean anything else", () => {
    const given = Object.fromEntries(
      listOf([{ can: ["vending", "board", "reader", "health"], slots: ["7"] }]).map(({ name, alias }) => [name, alias]),
    );
    expect(given).toMatchObject({
      "Node Control/Next Server": 1,
      "Health/State": 10,
      "Sys/Uptime_s": 12,
      "Outbox/Depth": 25,
      "Cert/Days Left": 32,
      State: 64,
      "Sales/Count": 66,
      Temp_c: 76,
      "Slot/7/Stock": 156,
      "Slot/7/State": 158,
    });
  });
});
