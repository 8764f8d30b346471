/** The parts of FHIR R4 that a bundle of ours has; docs at hl7.org/fhir/R4. */

export interface Coding {
  readonly system: string;
  readonly code: string;
}

export interface CodeableConcept {
  readonly coding?: readonly Coding[];
  readonly text?: string;
}

export interface Identifier {
  readonly type?: CodeableConcept;
  readonly system?: string;
  readonly value: string;
}

export interface Quantity {
  readonly value: number;
  readonly comparator?: "<" | ">";
  readonly unit?: string;
  readonly system: string;
  readonly code: string;
}

/** A value, or why there is none: never both. */
interface Valued {
  readonly code: CodeableConcept;
  readonly valueQuantity?: Quantity;
  readonly dataAbsentReason?: CodeableConcept;
  readonly interpretation?: readonly CodeableConcept[];
}

export interface Device {
  readonly resourceType: "Device";
  readonly id: string;
  readonly identifier?: readonly Identifier[];
  readonly deviceName: readonly { readonly name: string; readonly type: "user-friendly-name" }[];
  readonly modelNumber: string;
}

export interface Observation extends Valued {
  readonly resourceType: "Observation";
  readonly contained?: readonly Device[];
  readonly status: "final";
  readonly category: readonly CodeableConcept[];
  readonly subject?: { readonly type: "Patient"; readonly identifier: Identifier };
  readonly effectiveDateTime?: string;
  readonly note?: readonly { readonly text: string }[];
  readonly method?: CodeableConcept;
  readonly device?: { readonly reference: string };
  readonly component?: readonly Valued[];
}

export interface Bundle {
  readonly resourceType: "Bundle";
  readonly identifier: Identifier;
  readonly type: "collection";
  readonly timestamp?: string;
  /** A list without items is none in FHIR. */
  readonly entry?: readonly { readonly fullUrl: string; readonly resource: Observation }[];
}
