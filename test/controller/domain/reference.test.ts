import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { reference, sequenceOf } from "../../../controller/domain/reference.ts";

const signs = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

describe("the reference that a worker reads out on the phone", () => {
  it("leads back to the ledger's sequence", () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 2 ** 25 - 1 }), (seq) => sequenceOf(reference(seq)) === seq));
  });

  it("begins again after 2^25 entries", () => {
    expect(reference(2 ** 25 + 7)).toBe(reference(7));
  });

  it("has no sign that sounds or looks like another", () => {
    for (let seq = 0; seq < 5000; seq++) expect(reference(seq)).toMatch(/^[2-9A-HJ-NP-Z]{6}$/);
  });

  it("is refused when one sign is wrong", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 25 - 1 }),
        fc.integer({ min: 0, max: 5 }),
        fc.integer({ min: 1, max: 31 }),
        (seq, at, by) => {
          const said = Array.from(reference(seq));
          said[at] = signs[(signs.indexOf(said[at] ?? "") + by) % 32] ?? "";
          return sequenceOf(said.join("")) === undefined;
        },
      ),
    );
  });

  it("is refused when two neighbours are swapped", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 25 - 1 }), fc.integer({ min: 0, max: 4 }), (seq, at) => {
        const said = Array.from(reference(seq));
        const [a = "", b = ""] = said.slice(at, at + 2);
        said.splice(at, 2, b, a);
        return a === b || sequenceOf(said.join("")) === undefined;
      }),
    );
  });
});
