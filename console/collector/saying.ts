import * as v from "valibot";
import type { Hashed } from "./placing.ts";

/** What an entry says, where it has the asked form: what a newer release says more is passed over. */
export function says<T>(schema: v.GenericSchema<unknown, T>, { item }: Hashed): T | undefined {
  const judged = v.safeParse(schema, JSON.parse(item.body));
  return judged.success ? judged.output : undefined;
}
