import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { breakBetween, draftOf, stampedOf, withEnd, type Row } from "../../controller/store/ledger.ts";
import { beginning, itemText, link } from "../../protocol/events/chain.ts";
import type { Entry } from "../../controller/domain/entry.ts";
import { attempt, noon } from "./folder.ts";

const life = 1_780_000_000;
const newLife: Entry = { kind: "new-life", before: life, why: "forked" };

/** A chain of these entries, one a minute. */
function chain(entries: readonly Entry[]): readonly Row[] {
  const rows: Row[] = [];
  for (const [n, entry] of entries.entries()) {
    const numbered = { ...draftOf(entry, noon + n * 60_000, n % 2 === 0), life, seq: n + 1 };
    rows.push({ ...numbered, hash: link(rows.at(-1)?.hash ?? beginning, numbered) });
  }
  return rows;
}

test("the chain is computed as docs/ledger.md tells an outsider", () => {
  const told = readFileSync(join(import.meta.dirname, "../../docs/ledger.md"), "utf8");
  const rows = chain([
    { kind: "started", release: "1.0.0" },
    { kind: "fault", device: "vend", fault: "self-test", detail: "curtain blocked" },
  ]);
  const examples = [...told.matchAll(/^```\n(\{"data".*\})\n```\n\nhas the hash `([0-9a-f]{64})`/gm)];
  expect(examples).toHaveLength(2);
  let previous = Buffer.alloc(32);
  for (const [n, [, text = "", hash]] of examples.entries()) {
    const row = rows[n];
    expect(row && itemText(row)).toBe(text);
    previous = createHash("sha256").update(previous).update(text, "utf8").digest();
    expect(previous.toString("hex")).toBe(hash);
    expect(Buffer.from(row?.hash ?? []).toString("hex")).toBe(hash);
  }
});

test("an entry comes back from its row as it was written, whatever text the devices put into it", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary", maxLength: 20 }).map((said) => said.replaceAll("\0", "\ufffd")),
      fc.integer({ min: 0, max: 255 }),
      fc.boolean(),
      (text, n, device) => {
        const entry: Entry = device
          ? { kind: "fault", device: text, fault: "garbled", detail: text }
          : { kind: "refusals", counts: { E1: n, [`E${n}`]: n } };
        const [row] = chain([entry]);
        expect(row && stampedOf(row)).toEqual({ life, seq: 1, at: noon, trusted: true, entry });
      },
    ),
  );
});

test("the same entry has the same text in whatever order its members were given", () => {
  const one = draftOf({ kind: "rating", of: 3, face: "good" }, noon, true);
  const other = draftOf({ face: "good", of: 3, kind: "rating" }, noon, true);
  expect(other).toEqual(one);
});

test("half a surrogate pair from a garbled device becomes a replacement mark, so that hash and column agree", () => {
  const draft = draftOf({ kind: "fault", device: "vend", fault: "garbled", detail: "a\ud83d" }, noon, true);
  expect(draft.body).toBe('{"detail":"a\ufffd","fault":"garbled"}');
});

test("no text is longer than a batch can bear, and none has a NUL, which no database of the centre could store", () => {
  const said = `${"水".repeat(999)}\u{1f964}${"x".repeat(5000)}`;
  const { body } = draftOf({ kind: "fault", device: "vend", fault: "garbled", detail: said }, noon, true);
  expect(JSON.parse(body)).toEqual({ detail: `${"水".repeat(999)}\ufffd`, fault: "garbled" });
  expect(draftOf({ kind: "stopped", why: "a\0b" }, noon, true).body).toBe('{"why":"a\ufffdb"}');
});

test("a clock with fractions of a millisecond gives whole ones", () => {
  expect(draftOf(attempt(1), noon + 0.7, true).at).toBe(noon);
});

test("any change of any entry breaks the chain there, and nowhere before", () => {
  const rows = chain([attempt(1), attempt(2), attempt(3), attempt(4)]);
  const change: fc.Arbitrary<Partial<Row> | "trust"> = fc.oneof(
    fc.constant("trust" as const),
    fc.integer({ min: 1, max: 9 }).map((n) => ({ at: noon + n })),
    fc.constantFrom("taken", "outcome").map((kind) => ({ kind })),
    fc.constantFrom(null, "vend2").map((dev) => ({ dev })),
    fc.integer({ min: 5, max: 9 }).map((index) => ({ body: draftOf(attempt(index), noon, true).body })),
    fc.integer({ min: 0, max: 31 }).map((n) => ({ hash: new Uint8Array(32).fill(n) })),
    fc.constantFrom({ life: life - 1 }, { seq: 9 }),
  );
  fc.assert(
    fc.property(fc.nat({ max: 3 }), change, (place, changed) => {
      const forged = rows.map((row, n) =>
        n === place ? { ...row, ...(changed === "trust" ? { trusted: !row.trusted } : changed) } : row,
      );
      const breaks = forged.map((row, n) => breakBetween(forged[n - 1], row));
      expect(breaks.findIndex((broken) => broken !== undefined)).toBe(place);
    }),
  );
});

test("an entry left out, doubled or moved breaks the chain", () => {
  const [a, b, c] = chain([attempt(1), attempt(2), attempt(3)]);
  if (!a || !b || !c) throw new Error("three entries were chained");
  expect(breakBetween(undefined, a)).toBeUndefined();
  expect(breakBetween(a, b)).toBeUndefined();
  expect(breakBetween(a, c)).toBe("entry 2 is missing");
  expect(breakBetween(undefined, b)).toBe("entry 1 is missing");
  expect(breakBetween(b, b)).toBe("entry 3 is missing");
});

test("a new life begins a new chain, and only a higher life may follow", () => {
  const [a, b] = chain([attempt(1), attempt(2)]);
  if (!a || !b) throw new Error("two entries were chained");
  const numbered = { ...draftOf(attempt(3), noon, true), life: life + 1, seq: 1 };
  const reborn: Row = { ...numbered, hash: link(beginning, numbered) };
  expect(breakBetween(b, reborn)).toBeUndefined();
  const { hash: _, ...told } = reborn;
  const says = (of: Row): Row => {
    const first = { ...told, ...withEnd(draftOf(newLife, noon, true), of) };
    return { ...first, hash: link(beginning, first) };
  };
  expect(breakBetween(b, says(b))).toBeUndefined();
  expect(breakBetween(b, says(a))).toBe("the life before it ended otherwise");
  expect(breakBetween(b, says({ ...b, hash: a.hash }))).toBe("the life before it ended otherwise");
  expect(breakBetween(reborn, a)).toBe(`it goes back from life ${life + 1} to ${life}`);
});
