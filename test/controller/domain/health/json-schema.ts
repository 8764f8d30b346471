/** As much of JSON Schema (draft 6) as the published schemas of FHIR are written in. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: "object" | "array" | "string" | "number" | "integer" | "boolean";
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly oneOf?: readonly Schema[];
  readonly definitions?: Readonly<Record<string, Schema>>;
}

const known = new Set(
  "$ref $schema $id id type properties required additionalProperties items minItems enum const pattern oneOf definitions description discriminator".split(
    " ",
  ),
);

/** What is wrong with a value, each thing with its path; empty where it is valid. */
export function complaints(root: Schema, value: unknown, schema: Schema = root, path = "$"): readonly string[] {
  const strange = Object.keys(schema).filter((word) => !known.has(word));
  if (strange.length > 0) throw new Error(`the schema says ${strange.join(", ")}, which is not held here`);
  const within = (inner: Schema, of: unknown, at: string) => complaints(root, of, inner, at);
  if (schema.$ref !== undefined) return within(named(root, schema.$ref), value, path);
  return [
    ...(schema.type !== undefined && !isOf(schema.type, value) ? [`${path}: expected ${schema.type}`] : []),
    ...(schema.const !== undefined && schema.const !== value
      ? [`${path}: expected ${JSON.stringify(schema.const)}`]
      : []),
    ...(schema.enum !== undefined && !schema.enum.includes(value)
      ? [`${path}: expected one of ${JSON.stringify(schema.enum)}`]
      : []),
    ...(schema.pattern !== undefined && !new RegExp(schema.pattern).test(String(value))
      ? [`${path}: expected ${schema.pattern}`]
      : []),
    ...ofChoice(schema, value, path, within),
    ...ofList(schema, value, path, within),
    ...ofObject(schema, value, path, within),
  ];
}

type Within = (inner: Schema, of: unknown, at: string) => readonly string[];

function named(root: Schema, ref: string): Schema {
  const found = root.definitions?.[ref.replace("#/definitions/", "")];
  if (found === undefined) throw new Error(`the schema has no ${ref}`);
  return found;
}

function isOf(type: NonNullable<Schema["type"]>, value: unknown): boolean {
  if (type === "array") return Array.isArray(value);
  if (type === "object") return typeof value === "object" && value !== null && !Array.isArray(value);
  return type === "integer" ? Number.isInteger(value) : typeof value === type;
}

function ofChoice({ oneOf }: Schema, value: unknown, path: string, within: Within): readonly string[] {
  if (oneOf === undefined) return [];
  const tried = oneOf.map((one) => within(one, value, path));
  const fits = tried.filter((found) => found.length === 0).length;
  if (fits === 1) return [];
  const closest = tried.toSorted((a, b) => a.length - b.length)[0] ?? [];
  return fits > 1 ? [`${path}: is ${fits} things at once`] : [`${path}: is none of its kinds`, ...closest];
}

function ofList({ items, minItems = 0 }: Schema, value: unknown, path: string, within: Within): readonly string[] {
  if (!Array.isArray(value)) return [];
  const few = value.length < minItems ? [`${path}: expected at least ${minItems}`] : [];
  return [...few, ...(items === undefined ? [] : value.flatMap((one, i) => within(items, one, `${path}[${i}]`)))];
}

function ofObject(schema: Schema, value: unknown, path: string, within: Within): readonly string[] {
  if (!isOf("object", value)) return [];
  const { properties = {}, required = [], additionalProperties = true } = schema;
  const fields = Object.entries(value as Readonly<Record<string, unknown>>);
  return [
    ...required.filter((name) => !fields.some(([own]) => own === name)).map((name) => `${path}.${name}: is missing`),
    ...fields.flatMap(([name, one]) => {
      const inner = properties[name];
      if (inner !== undefined) return within(inner, one, `${path}.${name}`);
      return additionalProperties ? [] : [`${path}.${name}: no such field`];
    }),
  ];
}
