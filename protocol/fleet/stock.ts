import * as v from "valibot";
import { bad, good, type Judged } from "../pickup-code/judged.ts";

/** What a kiosk tells its neighbours: retained, unsigned, and only for "sold out here, go there". */
export interface Stock {
  readonly v: 1;
  /** UTC, milliseconds since 1970. */
  readonly at: number;
  /** Goods that can be given now, by product id. A kiosk that gives nothing sends none. */
  readonly left: Readonly<Record<string, number>>;
}

const productId = v.pipe(v.string(), v.regex(/^[a-z][a-z0-9-]{0,31}$/));
const schema: v.GenericSchema<unknown, Stock> = v.strictObject({
  v: v.literal(1),
  at: v.pipe(v.number(), v.integer(), v.minValue(0)),
  left: v.pipe(
    v.record(productId, v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65_535))),
    v.check((left) => Object.keys(left).length <= 64),
  ),
});

/** At most so many bytes are read. */
export const stockLimit = 4096;

export const writeStock = (stock: Stock): Uint8Array => Buffer.from(JSON.stringify(stock));

export function readStock(payload: Uint8Array): Judged<Stock> {
  if (payload.length > stockLimit) return bad("It is too large.");
  try {
    const judged = v.safeParse(schema, JSON.parse(Buffer.from(payload).toString()));
    return judged.success ? good(judged.output) : bad("It has not the form of a stock message.");
  } catch {
    return bad("It is not JSON.");
  }
}
