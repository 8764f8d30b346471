import type { Schema } from "./json-schema.ts";

// What FHIR R4 (4.0.1) says of the parts that our bundles have, after hl7.org/fhir/R4: observation, bundle, device and
// datatypes. Stricter than the standard where the house is: only the fields that are used, no empty text, no empty list.

const text: Schema = { type: "string", pattern: "^[ \\r\\n\\t\\S]+$" };
const code: Schema = { type: "string", pattern: "^[^\\s]+(\\s[^\\s]+)*$" };
const uri: Schema = { type: "string", pattern: "^\\S+$" };
const year = "([0-9]([0-9]([0-9][1-9]|[1-9]0)|[1-9]00)|[1-9]000)";
const clock = "([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\\.[0-9]+)?";
const zone = "(Z|(\\+|-)((0[0-9]|1[0-3]):[0-5][0-9]|14:00))";
const day = "(0[1-9]|1[0-2])-(0[1-9]|[1-2][0-9]|3[0-1])";
const instant: Schema = { type: "string", pattern: `^${year}-${day}T${clock}${zone}$` };

const object = (properties: Readonly<Record<string, Schema>>, ...required: readonly string[]): Schema => ({
  type: "object",
  properties,
  required,
  additionalProperties: false,
});
const list = (items: Schema): Schema => ({ type: "array", items, minItems: 1 });
const ref = (name: string): Schema => ({ $ref: `#/definitions/${name}` });

const valued = {
  code: ref("CodeableConcept"),
  valueQuantity: ref("Quantity"),
  dataAbsentReason: ref("CodeableConcept"),
  interpretation: list(ref("CodeableConcept")),
};

export const r4: Schema = {
  ...ref("Bundle"),
  definitions: {
    Coding: object({ system: uri, code }, "system", "code"),
    CodeableConcept: object({ coding: list(ref("Coding")), text }),
    Identifier: object({ type: ref("CodeableConcept"), system: uri, value: text }, "value"),
    Quantity: object(
      {
        value: { type: "number" },
        comparator: { enum: ["<", "<=", ">=", ">"] },
        unit: text,
        system: uri,
        code,
      },
      "value",
      "system",
      "code",
    ),
    Device: object(
      {
        resourceType: { const: "Device" },
        id: { type: "string", pattern: "^[A-Za-z0-9\\-.]{1,64}$" },
        identifier: list(ref("Identifier")),
        deviceName: list(object({ name: text, type: code }, "name", "type")),
        modelNumber: text,
      },
      "resourceType",
      "id",
    ),
    Observation: object(
      {
        ...valued,
        resourceType: { const: "Observation" },
        contained: list(ref("Device")),
        status: { enum: ["registered", "preliminary", "final", "amended", "corrected", "cancelled", "unknown"] },
        category: list(ref("CodeableConcept")),
        subject: object({ type: uri, identifier: ref("Identifier") }),
        effectiveDateTime: instant,
        note: list(object({ text }, "text")),
        method: ref("CodeableConcept"),
        device: object({ reference: text }),
        component: list(object(valued, "code")),
      },
      "resourceType",
      "status",
      "code",
    ),
    Bundle: object(
      {
        resourceType: { const: "Bundle" },
        identifier: ref("Identifier"),
        type: { enum: ["document", "message", "transaction", "batch", "history", "searchset", "collection"] },
        timestamp: instant,
        entry: list(object({ fullUrl: uri, resource: ref("Observation") }, "fullUrl", "resource")),
      },
      "resourceType",
      "type",
    ),
  },
};
