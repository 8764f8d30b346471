import * as v from "valibot";
import { fieldPath } from "./mistake.ts";
import { nearest, suggestion } from "./nearest.ts";

/** What is left of a T when every wrong value is taken out. */
export type Known<T> = T extends readonly (infer Item)[]
  ? readonly Known<Item>[]
  : T extends object
    ? { readonly [K in keyof T]?: Known<T[K]> }
    : T;

type Keys = readonly (string | number)[];
/** `at`: where the wrong value stands. */
interface Finding {
  readonly at: Keys;
  readonly says: string;
}

export interface Examined<T> {
  /** Absent where there are findings. */
  readonly value?: T;
  /** What can still be cross-checked, without the defaults. */
  readonly known: Known<T>;
  readonly findings: readonly { readonly path: string; readonly says: string }[];
}

/** Holds a value against a schema and tells everything that is wrong with it, each thing once. */
export function examine<S extends v.GenericSchema>(schema: S, input: unknown): Examined<v.InferOutput<S>> {
  const parsed = v.safeParse(schema, input, { abortPipeEarly: true });
  const strangers = strangeFields(schema, input, []);
  const covered = (path: string) => strangers.some(({ covers }) => covers !== undefined && isWithin(path, covers));
  const wrong = (parsed.issues ?? [])
    .map((issue) => finding(schema, issue))
    .filter((one) => one !== undefined)
    .filter(({ at }) => !covered(fieldPath(at)));
  const findings = [...wrong, ...strangers];
  return {
    ...(findings.length === 0 && parsed.success ? { value: parsed.output } : {}),
    known: without(input, findings) as Known<v.InferOutput<S>>,
    findings: findings.map(({ at, says }) => ({ path: fieldPath(at), says })),
  };
}

/** Schema messages are "expected …"; what was found instead is added here. Unknown fields are told by strangeFields. */
function finding(schema: v.GenericSchema, issue: v.BaseIssue<unknown>): Finding | undefined {
  const at = (issue.path ?? []).map(({ key }) => key as string | number);
  if (issue.type !== "strict_object" || issue.expected === "Object")
    return { at, says: `${issue.message}, found ${shown(issue.input)}${unnamed(schema, at, issue)}` };
  if (issue.expected === "never") return undefined;
  const missing = formAt(schema, at);
  return { at, says: `is missing: ${missing === undefined ? issue.message : formOf(missing)}` };
}

/** Which word was meant, of so many that the message names a few of them alone. */
function unnamed(schema: v.GenericSchema, at: Keys, { message, input }: v.BaseIssue<unknown>): string {
  const words = formAt(schema, at)?.options ?? [];
  return typeof input !== "string" || words.every((word) => message.includes(`"${word}"`))
    ? ""
    : `; ${suggestion(input, words)}`;
}

/** What can be seen of a schema from outside. */
export interface Form extends v.GenericSchema {
  readonly entries?: Readonly<Record<string, Form>>;
  readonly item?: Form;
  /** Of a choice: its words. */
  readonly options?: readonly string[];
  /** Of an optional field: the schema where it is present, and what stands for it where it is absent. */
  readonly wrapped?: Form;
  readonly default?: unknown;
}

export const innerOf = (schema: Form): Form => schema.wrapped ?? schema;

const entered = (schema: Form, key: string | number): Form | undefined =>
  typeof key === "number" ? innerOf(schema).item : innerOf(schema).entries?.[key];

const formAt = (schema: Form, at: Keys): Form | undefined =>
  at.reduce<Form | undefined>((inside, key) => inside && entered(inside, key), schema);

/** What a schema says when it is given nothing: "expected …". */
export const formOf = (schema: Form): string => v.safeParse(innerOf(schema), undefined).issues?.[0].message ?? "";

/** `covers`: the path at and under which nothing else needs to be said. */
interface Stranger extends Finding {
  readonly covers?: string;
}

/**
 * What valibot lets pass: it stops at the first unknown field of an object, where a technician wants them all with
 * what was probably meant, and it takes a list for an object.
 */
function strangeFields(schema: Form, input: unknown, at: Keys): readonly Stranger[] {
  const { entries, item, type } = innerOf(schema);
  if (Array.isArray(input)) {
    if (item) return input.flatMap((one, i) => strangeFields(item, one, [...at, i]));
    const isField = entries !== undefined || type === "record";
    return isField ? [{ at, says: `${formOf(schema)}, found a list`, covers: fieldPath(at) }] : [];
  }
  if (!isObject(input) || !entries) return [];
  const free = Object.keys(entries).filter((name) => !Object.hasOwn(input, name));
  return Object.keys(input).flatMap((name): readonly Stranger[] => {
    const entry = Object.hasOwn(entries, name) ? entries[name] : undefined;
    if (entry) return strangeFields(entry, input[name], [...at, name]);
    const meant = nearest(name, free);
    const here = [...at, name];
    return meant === undefined
      ? [{ at: here, says: `no such field; the fields here are ${Object.keys(entries).join(", ")}` }]
      : [{ at: here, says: `no such field; did you mean "${meant}"?`, covers: fieldPath([...at, meant]) }];
  });
}

const isWithin = (path: string, covers: string): boolean =>
  covers === "" || path === covers || path.startsWith(`${covers}.`) || path.startsWith(`${covers}[`);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A wrong item of a list becomes an empty one, so that the others keep their numbers. */
function without(input: unknown, findings: readonly Finding[], at: Keys = []): unknown {
  const wrong = (key: string | number) =>
    findings.some((one) => one.at.length === at.length + 1 && fieldPath(one.at) === fieldPath([...at, key]));
  if (findings.some((one) => one.at.length === 0)) return {};
  if (Array.isArray(input)) return input.map((one, i) => (wrong(i) ? {} : without(one, findings, [...at, i])));
  if (!isObject(input)) return input;
  return Object.fromEntries(
    Object.entries(input)
      .filter(([name]) => !wrong(name))
      .map(([name, value]) => [name, without(value, findings, [...at, name])]),
  );
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (isObject(value)) return "an object";
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
