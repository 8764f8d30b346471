import type { DrawnBand } from "./classify.ts";

/** The reference of a drawn table: the lowest and the highest number within it; nothing where nothing is. */
export function within(bands: readonly DrawnBand[]): { readonly low?: string; readonly high?: string } | undefined {
  const inside = bands.filter(({ place }) => place === "within");
  const [low, high] = [inside[0]?.first, inside.at(-1)?.last];
  if (low === undefined && high === undefined) return undefined;
  return { ...(low !== undefined && { low }), ...(high !== undefined && { high }) };
}
