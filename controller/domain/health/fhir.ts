import type { Note } from "../../../devices/health/capability.ts";
import { hours, millis, type Millis } from "../../../devices/kit/clock.ts";
import { instantOf } from "../../../protocol/pickup-code/calendar.ts";
import type { Admission } from "./admit.ts";
import { codesOf, oximeterPulse, pressurePanel, type Codes } from "./codes.ts";
import type { Bundle, CodeableConcept, Identifier, Observation, Quantity } from "./fhir-resource.ts";
import { printedUnit, type Figure } from "./figure.ts";
import type { Place } from "./ranges.ts";
import type { Shown } from "./shown.ts";

/** What is told of a figure: a number, a doubt, or that it was left out. */
export type Answer =
  | Extract<Admission, { is: "shown" }>
  | { readonly is: "doubtful" | "not-measured"; readonly figure: Figure };

export interface Instrument {
  /** Make and kind, in English, as its profile has them: "A&D TM-2655/2657 blood pressure monitor". */
  readonly name: string;
  /** Its profile: "aandd-tm2657". */
  readonly model: string;
  /** Of the serial number, which itself stays here. */
  readonly serialHash?: string;
  /** In English: "handheld infrared, forehead". */
  readonly method?: string;
}

/** What one instrument gave at one moment. */
export interface Measured {
  /** UTC; absent where the clock could not be trusted. */
  readonly at?: Millis;
  /** Absent where it was typed in or reckoned. */
  readonly by?: Instrument;
  readonly answers: readonly Answer[];
}

export interface Upload {
  readonly measured: readonly Measured[];
  /** Random (RFC 4122), lower case: number 0 is the bundle's, the others are the observations'. */
  readonly uuid: (number: number) => string;
  /** A UUID made for this upload alone; absent: nobody is named. */
  readonly subject?: string;
  readonly at?: Millis;
  /** Where a figure stands against its reference, if that is to be told. */
  readonly place?: (shown: Shown) => Place | undefined;
  /** English sentences about a figure, besides what its instrument noted. */
  readonly remarks?: (shown: Shown) => readonly string[];
}

const ucum = "http://unitsofmeasure.org";
const terminology = "http://terminology.hl7.org/CodeSystem";

/**
 * The measurements as a FHIR R4 collection. LOINC codes that nobody has held against the LOINC table are left out: the
 * MDC code and the name stand alone then. It knows no person; whoever calls it has asked the person, and seals it.
 */
export function bundleOf(upload: Upload): Bundle {
  const entry = upload.measured
    .flatMap((measured) => observationsOf(measured, upload))
    .map((resource, i) => ({ fullUrl: `urn:uuid:${upload.uuid(i + 1)}`, resource }));
  return {
    resourceType: "Bundle",
    identifier: uuidOf(upload.uuid(0)),
    type: "collection",
    ...(upload.at === undefined ? {} : { timestamp: timeOf(upload.at) }),
    ...(entry.length === 0 ? {} : { entry }),
  };
}

const uuidOf = (uuid: string): Identifier => ({ system: "urn:ietf:rfc:3986", value: `urn:uuid:${uuid}` });

/** "2026-07-15T10:14:00+08:00". */
const timeOf = (utc: Millis): string => `${instantOf(millis(utc + hours(8))).slice(0, 19)}+08:00`;

const figureOf = (answer: Answer): Figure => (answer.is === "shown" ? answer.shown.figure : answer.figure);
const pressureParts: readonly Figure[] = ["systolic", "diastolic", "mean-arterial"];
const isPressure = (answer: Answer): boolean => pressureParts.includes(figureOf(answer));

function observationsOf(measured: Measured, upload: Upload): readonly Observation[] {
  const { answers } = measured;
  const pressure = answers.filter(isPressure);
  const isOximeter = answers.some((answer) => figureOf(answer) === "spo2");
  const singles = answers
    .filter((answer) => !isPressure(answer))
    .map((answer): Observation => {
      const figure = figureOf(answer);
      const codes = figure === "pulse" && isOximeter ? oximeterPulse : codesOf[figure];
      return { ...frameOf(measured, upload, codes, [answer]), ...valueOf(answer, upload) };
    });
  if (pressure.length === 0) return singles;
  const component = pressure.map((answer) => ({
    code: conceptOf(codesOf[figureOf(answer)]),
    ...valueOf(answer, upload),
  }));
  return [{ ...frameOf(measured, upload, pressurePanel, pressure), component }, ...singles];
}

/** All of an observation but its value. */
function frameOf({ at, by }: Measured, upload: Upload, codes: Codes, answers: readonly Answer[]): Observation {
  const { subject } = upload;
  const method =
    by?.method ?? (codes.category === "laboratory" && by !== undefined ? "capillary, test strip" : undefined);
  const notes = new Set(answers.flatMap((answer) => (answer.is === "shown" ? saidOf(answer.shown, upload) : [])));
  return {
    resourceType: "Observation",
    ...(by === undefined ? {} : { contained: [deviceOf(by)] }),
    status: "final",
    category: [{ coding: [{ system: `${terminology}/observation-category`, code: codes.category }] }],
    code: conceptOf(codes),
    ...(subject === undefined ? {} : { subject: { type: "Patient", identifier: uuidOf(subject) } }),
    ...(at === undefined ? {} : { effectiveDateTime: timeOf(at) }),
    ...(notes.size === 0 ? {} : { note: [...notes].map((text) => ({ text })) }),
    ...(method === undefined ? {} : { method: { text: method } }),
    ...(by === undefined ? {} : { device: { reference: "#instrument" } }),
  };
}

const saidOf = (shown: Shown, { remarks }: Upload): readonly string[] => [
  ...shown.notes.map((note) => noteTexts[note]),
  ...(remarks?.(shown) ?? []),
];

const deviceOf = ({ name, model, serialHash }: Instrument) => ({
  resourceType: "Device" as const,
  id: "instrument",
  ...(serialHash === undefined
    ? {}
    : { identifier: [{ type: { text: "hash of the serial number" }, value: serialHash }] }),
  deviceName: [{ name, type: "user-friendly-name" as const }],
  modelNumber: model,
});

function conceptOf({ name, loinc, mdc }: Codes): CodeableConcept {
  const coding = [
    ...loinc.filter(({ confirmed }) => confirmed).map(({ code }) => ({ system: "http://loinc.org", code })),
    ...(mdc === undefined ? [] : [{ system: "urn:iso:std:iso:11073:10101", code: mdc }]),
  ];
  return { ...(coding.length === 0 ? {} : { coding }), text: name };
}

/** Absence is told, never written as a nought. */
function valueOf(answer: Answer, { place }: Upload) {
  if (answer.is !== "shown") {
    const code = answer.is === "doubtful" ? "error" : "not-performed";
    return { dataAbsentReason: { coding: [{ system: `${terminology}/data-absent-reason`, code }] } };
  }
  const { shown } = answer;
  const stands = place?.(shown);
  const letter = stands === undefined ? undefined : letters[stands];
  return {
    valueQuantity: quantityOf(shown),
    ...(letter === undefined
      ? {}
      : { interpretation: [{ coding: [{ system: `${terminology}/v3-ObservationInterpretation`, code: letter }] }] }),
  };
}

const letters: Readonly<Record<Place, string | undefined>> = {
  below: "L",
  within: "N",
  above: "H",
  unclear: undefined,
};

const quantityOf = ({ value, unit, comparator }: Shown): Quantity => ({
  value,
  ...(comparator === undefined ? {} : { comparator }),
  ...(printedUnit[unit] === "" ? {} : { unit: printedUnit[unit] }),
  system: ucum,
  code: unit,
});

const noteTexts: Readonly<Record<Note, string>> = {
  moved: "The person moved during the measurement.",
  "irregular-pulse": "The instrument noticed an irregular pulse.",
  "cuff-loose": "The cuff was loose.",
  "weak-signal": "The signal was weak.",
  "before-meal": "Before a meal.",
  "after-meal": "After a meal.",
  fasting: "Fasting, as the person said.",
  entered: "Typed in, not measured.",
};
