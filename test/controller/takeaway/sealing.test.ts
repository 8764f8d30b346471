import canonicalize from "canonicalize";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Results } from "../../../controller/domain/cabin/results.ts";
import type { Bundle } from "../../../controller/domain/health/fhir-resource.ts";
import { displayOrder, figures } from "../../../controller/domain/health/figure.ts";
import { draftOf } from "../../../controller/store/ledger.ts";
import { healthBundle, sealed, type HandedOver } from "../../../controller/takeaway/sealing.ts";
import type { World } from "../../../controller/world.ts";
import type { Note } from "../../../devices/health/capability.ts";
import { openLetter } from "../../../protocol/health/sealing.ts";
import { letterSizes, sealedLengths } from "../../../protocol/health/sizes.ts";
import { hexOf, publicOf } from "../../../protocol/pickup-code/sign.ts";
import { misfitOf } from "../../protocol/events/misfit.ts";
import { complaints } from "../domain/health/fhir-r4.ts";
import { shown } from "../domain/health/readings.ts";
import { anyResults, instruments, noon, resultsOf, told } from "./results.ts";

const key = new Uint8Array(32).fill(43);
const recipient = hexOf(publicOf("x25519", key));

/** The same seed throws the same bytes. */
const diceOf = (seed: number): World["dice"] => {
  let throws = 0;
  return { bytes: (n) => createHash("shake256", { outputLength: n }).update(`${seed} ${throws++}`).digest() };
};
const bundleOf = (results: Results, seed = 1): Bundle => healthBundle({ results, instruments, dice: diceOf(seed) });
const observations = (results: Results) => (bundleOf(results).entry ?? []).map(({ resource }) => resource);

const upwards = (one: number, other: number): number => one - other;

async function entryOf(results: Results, seed = 1): Promise<HandedOver> {
  const entry = await sealed({ results, kiosk: "ZP-001", recipient, instruments, dice: diceOf(seed) });
  if (!entry.ok) throw new Error(entry.error.detail);
  return entry.value;
}
const opened = (entry: HandedOver) => {
  const { v, to, enc, sealed: text } = entry;
  return openLetter({ v, kind: "health", kiosk: "zp-001", to, enc, sealed: text }, key);
};

describe("the bundle that is sent", () => {
  test("is FHIR R4 by the schema that HL7 publishes, whatever was measured", () => {
    fc.assert(
      fc.property(anyResults, fc.integer(), (results, seed) => {
        expect(complaints(bundleOf(results, seed))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test("has every figure that was told once, and of every doubtful one that it is doubtful", () => {
    fc.assert(
      fc.property(anyResults, (results) => {
        const parts = observations(results).flatMap((one) => one.component ?? [one]);
        const values = parts.flatMap(({ valueQuantity }) => valueQuantity ?? []);
        expect(values.map(({ value }) => value).toSorted(upwards)).toEqual(
          results.figures.map((one) => one.shown.value).toSorted(upwards),
        );
        expect(parts.filter(({ dataAbsentReason }) => dataAbsentReason?.coding?.[0]?.code === "error")).toHaveLength(
          results.doubtful.length,
        );
      }),
    );
  });

  test("says which instrument measured, by make and model, and of what was typed in that it was", () => {
    const [first] = instruments;
    const [weight, waist] = observations(
      resultsOf([told(shown("weight", 70), { by: "instrument-0" }), told(shown("waist", 84), { entered: true })]),
    );
    expect(weight?.contained).toEqual([
      {
        resourceType: "Device",
        id: "instrument",
        deviceName: [{ name: first?.name.en, type: "user-friendly-name" }],
        modelNumber: first?.model,
      },
    ]);
    expect(waist).toMatchObject({ note: [{ text: "Typed in, not measured." }] });
    expect(waist).not.toHaveProperty("device");
  });

  test("tells of a blood pressure that it is a mean, was taken unrested, and where it stands", () => {
    const more = { by: "instrument-1", mean: 2, unrested: true, overdue: true, place: "above" } as const;
    const [pressure, ...others] = observations(
      resultsOf([told(shown("systolic", 151), more), told(shown("diastolic", 88), { ...more, place: "within" })]),
    );
    expect(others).toEqual([]);
    expect(pressure?.note?.map(({ text }) => text)).toEqual([
      "Mean of 2 measurements.",
      "Measured without the rest before it.",
      "The calibration of the instrument had ended.",
    ]);
    expect(pressure?.component?.map((part) => part.interpretation?.[0]?.coding?.[0]?.code)).toEqual(["H", "N"]);
  });

  test("knows nobody: its numbers are made for it alone, and hold its observations together", () => {
    const results = resultsOf([told(shown("weight", 70)), told(shown("height", 170))]);
    const uuids = (bundle: Bundle): readonly string[] => JSON.stringify(bundle).match(/urn:uuid:[0-9a-f-]+/g) ?? [];
    const [one, two] = [uuids(bundleOf(results, 1)), uuids(bundleOf(results, 2))];
    // Bundle, two observations, and the same subject in both.
    expect([one.length, new Set(one).size]).toEqual([5, 4]);
    expect(one.filter((uuid) => two.includes(uuid))).toEqual([]);
    for (const uuid of one) expect(uuid).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-/);
    expect(new Set(observations(results).map(({ subject }) => subject?.identifier.value)).size).toBe(1);
    expect(observations(results).map(({ effectiveDateTime }) => effectiveDateTime)).toEqual(
      Array.from({ length: 2 }, () => "2026-11-22T12:00:00+08:00"),
    );
  });
});

describe("the entry that goes into the ledger", () => {
  test("is a letter in which the recipient finds the bundle, and the ledger keeps all of it", async () => {
    await fc.assert(
      fc.asyncProperty(anyResults, fc.integer(), async (results, seed) => {
        const entry = await entryOf(results, seed);
        expect(await opened(entry)).toEqual({ ok: true, value: canonicalize(bundleOf(results, seed)) });
        expect(misfitOf(entry)).toEqual([]);
        const { kind, ...data } = entry;
        expect(draftOf(entry, noon, true)).toMatchObject({ kind, body: canonicalize(data) });
      }),
      { numRuns: 60 },
    );
  });

  test("is as long for every figure there is, with all that can be said of each, as for none", async () => {
    const said: readonly Note[] = ["moved", "irregular-pulse", "cuff-loose", "weak-signal", "fasting", "entered"];
    const all = displayOrder.map((figure, n) =>
      told(shown(figure, figures[figure].plausible.high - n / 10, { notes: said, comparator: ">" }), {
        by: `instrument-${n % instruments.length}`,
        place: "above",
        mean: 3,
        unrested: true,
        overdue: true,
      }),
    );
    expect(all.length).toBeGreaterThan(30);
    const lengths = await Promise.all(
      [resultsOf(all), resultsOf([]), resultsOf([], displayOrder)].map((one) => entryOf(one)),
    );
    for (const { sealed: text } of lengths) expect(text).toHaveLength(sealedLengths[0] ?? 0);
    expect(letterSizes[0]).toBe(4096);
  });

  test("is not made for a key that is none, and the fault says so without a value", async () => {
    const results = resultsOf([told(shown("weight", 87.6))]);
    const entry = await sealed({ results, kiosk: "ZP-001", recipient: "00".repeat(32), instruments, dice: diceOf(1) });
    expect(entry).toMatchObject({ ok: false, error: { kind: "misconfigured" } });
    expect(JSON.stringify(entry)).not.toContain("87.6");
  });
});
