import * as v from "valibot";
import type { Batch } from "../../protocol/events/batch.ts";

/** The last entry of the life before, as the first entry of a new life names it. */
export interface Former {
  readonly life: number;
  readonly seq: number;
  /** 64 hex digits. */
  readonly hash: string;
}

const schema = v.object({
  before: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  why: v.picklist(["rolled-back", "forked"]),
  end: v.exactOptional(
    v.object({
      seq: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
      hash: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
    }),
  ),
});

/** What the first entry of a life says of the life before it, if it says anything. */
export function readNewLife(body: string): v.InferOutput<typeof schema> | undefined {
  const judged = v.safeParse(schema, JSON.parse(body));
  return judged.success ? judged.output : undefined;
}

export function formerOf({ from, items: [first] }: Batch): Former | undefined {
  if (from !== 1 || first?.kind !== "new-life") return undefined;
  const said = readNewLife(first.body);
  return said?.end === undefined ? undefined : { life: said.before, ...said.end };
}
