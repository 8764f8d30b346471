import { loadHealthRanges } from "../../../../config/health-ranges.ts";
import type { HealthRanges } from "../../../../controller/domain/health/ranges.ts";

const loaded = await loadHealthRanges();
if (!loaded.ok) throw new Error(loaded.error.map(({ path, says }) => `${path}: ${says}`).join("\n"));

/** The table that the house ships. */
export const ranges: HealthRanges = loaded.value;
export const { rules } = ranges;
