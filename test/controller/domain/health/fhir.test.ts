import fc from "fast-check";
import { expect, test } from "vitest";
import { admitted } from "../../../../controller/domain/health/admit.ts";
import { classify } from "../../../../controller/domain/health/classify.ts";
import { codesOf } from "../../../../controller/domain/health/codes.ts";
import { bundleOf, type Answer, type Measured, type Upload } from "../../../../controller/domain/health/fhir.ts";
import type { Bundle, Observation } from "../../../../controller/domain/health/fhir-resource.ts";
import { displayOrder } from "../../../../controller/domain/health/figure.ts";
import { millis } from "../../../../devices/kit/clock.ts";
import { ranges } from "./chinese-ranges.ts";
import { complaints } from "./fhir-r4.ts";
import { anyReading, shown } from "./readings.ts";

const at = millis(Date.parse("2024-11-12T02:14:00Z"));
const uuid = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
const tunnel = { name: "A&D TM-2655/2657 blood pressure monitor", model: "aandd-tm2657", serialHash: "3f9a" };
const is = (...all: readonly ReturnType<typeof shown>[]): readonly Answer[] =>
  all.map((one) => ({ is: "shown", shown: one }));
const bundle = (measured: readonly Measured[], more: Partial<Upload> = {}): Bundle =>
  bundleOf({ measured, uuid, at, ...more });
const only = (measured: Measured, more: Partial<Upload> = {}): Observation => {
  const [first, ...others] = bundle([measured], more).entry ?? [];
  if (first === undefined || others.length > 0) throw new Error("expected one observation");
  return first.resource;
};

const sitting: Measured = {
  at,
  by: tunnel,
  answers: is(shown("systolic", 127), shown("diastolic", 76), shown("mean-arterial", 97), shown("pulse", 78)),
};

test("a blood pressure of the tunnel monitor is one observation with its parts, as FHIR R4 words it", () => {
  // tm2657-1, REAL [S1]
  const [pressure, pulse] = (bundle([sitting]).entry ?? []).map(({ resource }) => resource);
  expect(pressure).toEqual({
    resourceType: "Observation",
    contained: [
      {
        resourceType: "Device",
        id: "instrument",
        identifier: [{ type: { text: "hash of the serial number" }, value: "3f9a" }],
        deviceName: [{ name: "A&D TM-2655/2657 blood pressure monitor", type: "user-friendly-name" }],
        modelNumber: "aandd-tm2657",
      },
    ],
    status: "final",
    category: [
      {
        coding: [{ system: "http://terminology.hl7.org/CodeSystem/observation-category", code: "vital-signs" }],
      },
    ],
    code: {
      coding: [
        { system: "http://loinc.org", code: "85354-9" },
        { system: "urn:iso:std:iso:11073:10101", code: "150020" },
      ],
      text: "Blood pressure",
    },
    effectiveDateTime: "2024-11-12T10:14:00+08:00",
    device: { reference: "#instrument" },
    component: [
      {
        code: {
          coding: [
            { system: "http://loinc.org", code: "8480-6" },
            { system: "urn:iso:std:iso:11073:10101", code: "150021" },
          ],
          text: "Systolic blood pressure",
        },
        valueQuantity: { value: 127, unit: "mmHg", system: "http://unitsofmeasure.org", code: "mm[Hg]" },
      },
      {
        code: {
          coding: [
            { system: "http://loinc.org", code: "8462-4" },
            { system: "urn:iso:std:iso:11073:10101", code: "150022" },
          ],
          text: "Diastolic blood pressure",
        },
        valueQuantity: { value: 76, unit: "mmHg", system: "http://unitsofmeasure.org", code: "mm[Hg]" },
      },
      {
        code: {
          coding: [{ system: "urn:iso:std:iso:11073:10101", code: "150023" }],
          text: "Mean blood pressure",
        },
        valueQuantity: { value: 97, unit: "mmHg", system: "http://unitsofmeasure.org", code: "mm[Hg]" },
      },
    ],
  });
  expect(pulse?.code.coding?.map(({ code }) => code)).toEqual(["8867-4", "149546"]);
});

test("the pulse of an oximeter has the oximeter's codes", () => {
  const { entry } = bundle([{ at, by: tunnel, answers: is(shown("spo2", 98), shown("pulse", 71)) }]);
  expect(entry?.map(({ resource }) => resource.code.coding?.map(({ code }) => code))).toEqual([
    ["59408-5", "2708-6", "150456"],
    ["8889-8", "149530"],
  ]);
});

test("HI keeps its comparator", () => {
  const { valueQuantity } = only({ at, answers: is(shown("glucose", 33.3, { comparator: ">" })) });
  expect(valueQuantity).toEqual({
    value: 33.3,
    comparator: ">",
    unit: "mmol/L",
    system: "http://unitsofmeasure.org",
    code: "mmol/L",
  });
});

test("a doubtful figure and one left out say why they are absent, and give no nought", () => {
  const doubtful = only({ at, answers: [{ is: "doubtful", figure: "pulse" }] });
  const left = only({ at, answers: [{ is: "not-measured", figure: "urate" }] });
  expect([doubtful, left].map((one) => one.dataAbsentReason?.coding?.[0]?.code)).toEqual(["error", "not-performed"]);
  expect(JSON.stringify([doubtful, left])).not.toContain("valueQuantity");
});

test("nobody is named unless the person asked, and then only by a number of this upload", () => {
  expect(JSON.stringify(bundle([sitting]))).not.toMatch(/subject|Patient/);
  const { subject } = only({ at, answers: is(shown("weight", 70)) }, { subject: uuid(99) });
  expect(subject).toEqual({
    type: "Patient",
    identifier: { system: "urn:ietf:rfc:3986", value: `urn:uuid:${uuid(99)}` },
  });
});

test("a clock that nobody vouches for dates nothing", () => {
  expect(JSON.stringify(bundleOf({ measured: [{ answers: is(shown("weight", 70)) }], uuid }))).not.toMatch(
    /effective|timestamp|\+08:00/,
  );
});

test("noon in Greenwich on the last day of a year is the evening at the station", () => {
  const late = millis(Date.parse("2026-12-31T16:00:00Z"));
  expect(only({ at: late, answers: is(shown("weight", 70)) }).effectiveDateTime).toBe("2027-01-01T00:00:00+08:00");
});

test("what stands against the reference is told where it was asked for, and not where it depends", () => {
  const place: NonNullable<Upload["place"]> = (one) => {
    const classification = classify(ranges, one);
    return classification.is === "classed" ? classification.place : undefined;
  };
  const letters = [18, 22, 29].map(
    (bmi) => only({ at, answers: is(shown("bmi", bmi)) }, { place }).interpretation?.[0]?.coding?.[0]?.code,
  );
  expect(letters).toEqual(["L", "N", "H"]);
  expect(only({ at, answers: is(shown("glucose", 8)) }, { place }).interpretation).toBeUndefined();
  expect(only({ at, answers: is(shown("bmi", 22)) }).interpretation).toBeUndefined();
});

test("a LOINC code from memory never leaves the house", () => {
  const pending = displayOrder.flatMap((figure) =>
    codesOf[figure].loinc.filter(({ confirmed }) => !confirmed).map(({ code }) => code),
  );
  expect(pending).toContain("14743-9");
  expect(pending.length).toBeGreaterThan(10);
  const all = JSON.stringify(bundle([{ at, by: tunnel, answers: is(...displayOrder.map((one) => shown(one, 20))) }]));
  expect(pending.filter((code) => all.includes(`"${code}"`))).toEqual([]);
});

test("a strip is capillary blood, what was typed in says so, and fasting stands in a note", () => {
  const strip = { name: "TaiDoc meter for test strips", model: "taidoc-meter" };
  const fasting = only({ at, by: strip, answers: is(shown("glucose", 5.6, { notes: ["fasting"] })) });
  expect(fasting).toMatchObject({ method: { text: "capillary, test strip" }, note: [{ text: expect.any(String) }] });
  const waist = only({ at, answers: is(shown("waist", 84, { notes: ["entered"] })) });
  expect(waist.note).toEqual([{ text: "Typed in, not measured." }]);
  expect(waist).not.toHaveProperty("device");
});

test("who measured nothing takes home an empty bundle", () => {
  expect(complaints(bundle([]))).toEqual([]);
});

const measured: fc.Arbitrary<Measured> = fc.record(
  {
    at: fc.integer({ min: 0, max: 4_000_000_000_000 }).map(millis),
    by: fc.record(
      {
        name: fc.constant("Contec CMS50 oximeter"),
        model: fc.constant("contec-cms50"),
        serialHash: fc.constant("00ff"),
      },
      { requiredKeys: ["name", "model"] },
    ),
    answers: fc.array(anyReading, { maxLength: 8 }).map((readings): readonly Answer[] => admitted(readings)),
  },
  { requiredKeys: ["answers"] },
);
const anyUpload: fc.Arbitrary<Upload> = fc
  .tuple(fc.array(measured, { maxLength: 4 }), fc.boolean(), fc.boolean())
  .map(([all, named, dated]) => ({
    measured: all,
    uuid,
    ...(named ? { subject: uuid(999) } : {}),
    ...(dated ? { at } : {}),
  }));

test("whatever was measured, the bundle is FHIR R4", () => {
  fc.assert(
    fc.property(anyUpload, (upload) => {
      expect(complaints(bundleOf(upload))).toEqual([]);
    }),
  );
});

test("every observation has a value, a reason for having none, or parts, and never two of them", () => {
  fc.assert(
    fc.property(anyUpload, (upload) => {
      for (const { resource } of bundleOf(upload).entry ?? []) {
        const { valueQuantity, dataAbsentReason, component } = resource;
        expect([valueQuantity, dataAbsentReason, component].filter((one) => one !== undefined)).toHaveLength(1);
        for (const part of component ?? [])
          expect((part.valueQuantity === undefined) !== (part.dataAbsentReason === undefined)).toBe(true);
      }
    }),
  );
});

test("the schema notices what is not FHIR", () => {
  const [first] = bundle([sitting]).entry ?? [];
  const spoil = (over: object) =>
    complaints({ ...bundle([sitting]), entry: [{ ...first, resource: { ...first?.resource, ...over } }] });
  const plain = { ...bundle([sitting]), entry: [{ ...first }] };
  expect(complaints(plain)).toEqual([]);
  expect(spoil({ status: "done" }).join()).toContain("$.entry[0].resource.status: ");
  expect(spoil({ effectiveDateTime: "2024-11-12T10:14:00" }).join()).toContain(
    "$.entry[0].resource.effectiveDateTime: ",
  );
  expect(spoil({ note: [] }).join()).toContain("note: expected at least 1");
  expect(spoil({ note: [{ text: " " }] }).join()).toContain("note[0].text: expected");
  expect(spoil({ valueQuantity: { value: 127, code: "mm[Hg]" } }).join()).toContain("expected a system");
  expect(spoil({ value: 127 }).join()).toContain("$.entry[0].resource: ");
});
