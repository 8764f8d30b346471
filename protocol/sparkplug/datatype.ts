/** Sparkplug data types and their numbers [Sparkplug 3.0, 6.4.16], as far as a metric of a kiosk or a foreign node may have them. */
export const dataTypes = {
  Int8: 1,
  Int16: 2,
  Int32: 3,
  Int64: 4,
  UInt8: 5,
  UInt16: 6,
  UInt32: 7,
  UInt64: 8,
  Float: 9,
  Double: 10,
  Boolean: 11,
  String: 12,
  DateTime: 13,
  Text: 14,
  UUID: 15,
  Bytes: 17,
  File: 18,
} as const;

export type DataType = keyof typeof dataTypes;

/** A value of a metric. Whole numbers beyond 2^53 are bigints; null is "known to be nothing". */
export type Value = number | bigint | boolean | string | Uint8Array | null;

const byNumber = new Map(Object.entries(dataTypes).map(([name, number]) => [number as number, name as DataType]));

/** The type with this number; undefined for those that only foreign nodes use (data sets, templates, arrays). */
export const dataTypeOf = (number: number): DataType | undefined => byNumber.get(number);

const bits: Partial<Record<DataType, number>> = {
  Int8: 8,
  Int16: 16,
  Int32: 32,
  Int64: 64,
  UInt8: 8,
  UInt16: 16,
  UInt32: 32,
  UInt64: 64,
  DateTime: 64,
};
const isSigned = (type: DataType): boolean => type.startsWith("Int");

/** A plain number wherever it is exact. */
export const narrowed = (whole: bigint): number | bigint =>
  whole >= BigInt(Number.MIN_SAFE_INTEGER) && whole <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(whole) : whole;

/**
 * What a value that came over the wire is in this type, or undefined where it cannot be of it. Whole numbers are taken
 * from either carrier, since known nodes put UInt32 into the 64-bit one.
 */
export function asType(value: Value, type: DataType): Value | undefined {
  if (value === null) return null;
  const width = bits[type];
  if (width !== undefined) {
    if (typeof value !== "bigint" && !(typeof value === "number" && Number.isInteger(value))) return undefined;
    const whole = BigInt(value);
    const low = isSigned(type) ? -(1n << BigInt(width - 1)) : 0n;
    const high = isSigned(type) ? (1n << BigInt(width - 1)) - 1n : (1n << BigInt(width)) - 1n;
    if (whole >= low && whole <= high) return narrowed(whole);
    if (!isSigned(type) || whole < 0n) return undefined;
    // Two's complement: of its own width, or sign-extended to the width of its carrier.
    const carrier = whole < 1n << 32n ? 32n : 64n;
    const negative = whole >= 1n << (carrier - 1n) ? whole - (1n << carrier) : whole - (1n << BigInt(width));
    return negative >= low && negative < 0n ? narrowed(negative) : undefined;
  }
  switch (type) {
    case "Float":
    case "Double":
      return typeof value === "number" ? value : undefined;
    case "Boolean":
      return typeof value === "boolean" ? value : undefined;
    case "String":
    case "Text":
    case "UUID":
      return typeof value === "string" ? value : undefined;
    default:
      return value instanceof Uint8Array ? value : undefined;
  }
}
