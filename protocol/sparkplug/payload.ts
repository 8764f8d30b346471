import { create, fromBinary, toBinary, type MessageInitShape } from "@bufbuild/protobuf";
import { bad, good, type Judged } from "../pickup-code/judged.ts";
import { asType, dataTypeOf, dataTypes, narrowed, type DataType, type Value } from "./datatype.ts";
import { PayloadSchema, type Metric as WireMetric, type MetricSchema } from "./sparkplug_b_pb.ts";

/** One value of one thing. Births say name, alias and type; data only the alias. */
export interface Metric {
  readonly name?: string;
  readonly alias?: number;
  /** When it was so: UTC, milliseconds. */
  readonly at?: number;
  /** Absent in data that came by alias: the birth said it. */
  readonly type?: DataType;
  readonly value: Value;
  /** Not the current value: kept from an outage. */
  readonly historical?: boolean;
}

export interface Payload {
  /** When it was sent: UTC, milliseconds. */
  readonly at?: number;
  /** 0 to 255; a will and a command have none. */
  readonly seq?: number;
  readonly metrics: readonly Metric[];
}

/** Larger payloads are not decoded: no kiosk makes them. Bytes. */
export const payloadLimit = 1 << 20;

/**
 * @param says births say the types, data only values [Sparkplug 3.0, payloads-metric-datatype-not-req].
 * The types are needed all the same: they choose the field that carries a value.
 */
export function encodePayload({ at, seq, metrics }: Payload, says: "types" | "values" = "types"): Uint8Array {
  return toBinary(
    PayloadSchema,
    create(PayloadSchema, {
      ...(at === undefined ? {} : { timestamp: BigInt(at) }),
      ...(seq === undefined ? {} : { seq: BigInt(seq) }),
      metrics: metrics.map((metric) => wireOf(metric, says)),
    }),
  );
}

function wireOf(metric: Metric, says: "types" | "values"): MessageInitShape<typeof MetricSchema> {
  const { name, alias, at, type, value, historical } = metric;
  return {
    ...(name === undefined ? {} : { name }),
    ...(alias === undefined ? {} : { alias: BigInt(alias) }),
    ...(at === undefined ? {} : { timestamp: BigInt(at) }),
    ...(type === undefined || says === "values" ? {} : { datatype: dataTypes[type] }),
    ...(historical ? { isHistorical: true } : {}),
    ...(value === null ? { isNull: true } : { value: carried(value, type) }),
  };
}

const low32 = 0xffff_ffffn;
const low64 = 0xffff_ffff_ffff_ffffn;

/** The field that carries a value [Sparkplug 3.0, 6.4.17]; whole numbers in two's complement. */
function carried(value: Exclude<Value, null>, type: DataType | undefined): NonNullable<WireMetric["value"]> {
  switch (typeof value) {
    case "boolean":
      return { case: "booleanValue", value };
    case "string":
      return { case: "stringValue", value };
    case "object":
      return { case: "bytesValue", value };
    default:
      break;
  }
  switch (type) {
    case "Float":
      return { case: "floatValue", value: Number(value) };
    case "Double":
      return { case: "doubleValue", value: Number(value) };
    case "Int64":
    case "UInt64":
    case "DateTime":
      return { case: "longValue", value: BigInt(value) & low64 };
    case undefined:
      if (typeof value === "number" && !Number.isInteger(value)) return { case: "doubleValue", value };
      return { case: "longValue", value: BigInt(value) & low64 };
    default:
      return { case: "intValue", value: Number(BigInt(value) & low32) };
  }
}

/** Reads a payload, or says why it is none. A value that is not of its stated type makes the whole payload none. */
export function decodePayload(bytes: Uint8Array): Judged<Payload> {
  if (bytes.length > payloadLimit) return bad(`It has ${bytes.length} bytes, more than ${payloadLimit}.`);
  const wire = parsed(bytes);
  if (wire === undefined) return bad("It is not a Sparkplug payload.");
  const metrics: Metric[] = [];
  for (const one of wire.metrics) {
    const metric = metricOf(one);
    if (typeof metric === "string") return bad(metric);
    metrics.push(metric);
  }
  return good({
    ...(wire.timestamp === undefined ? {} : { at: Number(wire.timestamp) }),
    ...(wire.seq === undefined ? {} : { seq: Number(wire.seq) }),
    metrics,
  });
}

function parsed(bytes: Uint8Array) {
  try {
    return fromBinary(PayloadSchema, bytes, { readUnknownFields: false });
  } catch {
    return undefined;
  }
}

function metricOf(wire: WireMetric): Metric | string {
  const type = wire.datatype === undefined ? undefined : dataTypeOf(wire.datatype);
  const raw = wire.isNull === true ? null : valueOf(wire.value);
  const value = type === undefined ? raw : asType(raw, type);
  const title = wire.name ?? `alias ${wire.alias}`;
  if (value === undefined) return `The value of ${title} is no ${type}.`;
  return {
    ...(wire.name === undefined ? {} : { name: wire.name }),
    ...(wire.alias === undefined ? {} : { alias: Number(wire.alias) }),
    ...(wire.timestamp === undefined ? {} : { at: Number(wire.timestamp) }),
    ...(type === undefined ? {} : { type }),
    ...(wire.isHistorical === true ? { historical: true } : {}),
    value,
  };
}

/** A metric without a value says nothing, like one that is null. */
function valueOf(carrier: WireMetric["value"]): Value {
  if (carrier.case === undefined) return null;
  if (carrier.case === "longValue") return narrowed(carrier.value);
  // A copy: the packet that these bytes came in need not be kept for them.
  return carrier.case === "bytesValue" ? new Uint8Array(carrier.value) : carrier.value;
}
