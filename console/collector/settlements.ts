import * as v from "valibot";
import type { Life } from "./lives.ts";
import { says } from "./saying.ts";

/** What later entries say of an attempt: whether what it was given for may be used again. */
export interface Settlement {
  readonly kiosk: string;
  readonly life: number;
  /** Of the attempt. */
  readonly seq: number;
  readonly freed: boolean;
}

const outcome = v.object({ frees: v.boolean() });
const about = v.object({ of: v.pipe(v.number(), v.safeInteger()) });

/** The last word on each attempt: an outcome may free its credential, and a worker who says that it fell after all uses it again. */
export function settlementsIn(lives: readonly Life[]): readonly Settlement[] {
  const settled = new Map<string, Settlement>();
  for (const { kiosk, number: life, fresh } of lives)
    for (const entry of fresh) {
      const { kind } = entry.item;
      const seq = kind === "outcome" || kind === "taken" ? says(about, entry)?.of : undefined;
      if (seq === undefined) continue;
      const freed = kind === "outcome" && says(outcome, entry)?.frees === true;
      settled.set(`${kiosk} ${life} ${seq}`, { kiosk, life, seq, freed });
    }
  return [...settled.values()];
}
