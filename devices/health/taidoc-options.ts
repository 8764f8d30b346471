import { err, ok, type Result } from "../kit/result.ts";
import type { Item } from "./capability.ts";
import { stripItems } from "./taidoc-record.ts";

/** What a TaiDoc instrument is. What a record means depends on it, and the first digit of its model says it. */
export type Kind = "strips" | "pressure" | "thermometer" | "oximeter" | "scale" | "body-scale";

export interface TaiDocOptions {
  readonly kind: Kind;
  /** Of a meter: the strips that the station has. */
  readonly strips: readonly Item[];
  /** Of a blood pressure monitor with several users: whose records are read; 0 asks for no user's. */
  readonly user: number;
}

const kinds: readonly Kind[] = ["strips", "pressure", "thermometer", "oximeter", "scale", "body-scale"];
const known = ["kind", "strips", "user"];
const lastUser = 4;

const isKind = (value: unknown): value is Kind => (kinds as readonly unknown[]).includes(value);
const isStrip = (value: unknown): value is Item => (stripItems as readonly unknown[]).includes(value);

/** `kind` must be told; `strips` only of a meter, there all are usual; `user` (0) only of a blood pressure monitor. */
export function readOptions(raw: unknown): Result<TaiDocOptions, readonly string[]> {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) return err(["options: expected an object"]);
  const { kind, strips, user }: Readonly<Record<string, unknown>> = raw as Readonly<Record<string, unknown>>;
  const mistakes = Object.keys(raw)
    .filter((name) => !known.includes(name))
    .map((name) => `${name}: a TaiDoc instrument has no such option; it has ${known.join(", ")}`);
  if (!isKind(kind)) mistakes.push(`kind: expected one of ${kinds.join(", ")}`);

  const given: unknown = strips ?? stripItems;
  const items = Array.isArray(given) ? given.filter(isStrip) : [];
  if (!Array.isArray(given) || given.length === 0 || items.length < given.length)
    mistakes.push(`strips: expected a list of ${stripItems.join(", ")}`);
  else if (new Set(items).size < items.length) mistakes.push("strips: expected each strip once");
  if (strips !== undefined && isKind(kind) && kind !== "strips")
    mistakes.push('strips: only an instrument of kind "strips" takes any');

  const whose = user ?? 0;
  if (typeof whose !== "number" || !Number.isInteger(whose) || whose < 0 || whose > lastUser)
    mistakes.push(`user: expected a number from 0 to ${lastUser}`);
  else if (user !== undefined && isKind(kind) && kind !== "pressure")
    mistakes.push('user: only an instrument of kind "pressure" has users');

  if (mistakes.length > 0 || !isKind(kind) || typeof whose !== "number") return err(mistakes);
  return ok({ kind, strips: kind === "strips" ? items : [], user: whose });
}
