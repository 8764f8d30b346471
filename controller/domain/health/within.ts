import type { DrawnBand } from "./classify.ts";

/** The reference of a drawn table: from the lowest to the highest edge of what is within; nothing where nothing is. */
export function within(bands: readonly DrawnBand[]): { readonly low?: number; readonly high?: number } | undefined {
  const inside = bands.filter(({ place }) => place === "within");
  const [low, high] = [inside[0]?.low, inside.at(-1)?.high];
  if (low === undefined && high === undefined) return undefined;
  return { ...(low !== undefined && { low }), ...(high !== undefined && { high }) };
}
