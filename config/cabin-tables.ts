import { isInstrument } from "./cabin-crosscheck.ts";
import type { CheckUpPassFile } from "./check-up-pass.ts";
import type { Known } from "./examine.ts";
import type { HealthRangesFile } from "./health-ranges.ts";
import type { Mistake } from "./mistake.ts";
import type { LoadedDevice } from "./profile.ts";
import type { Station } from "./schema.ts";

/** The tables of the house that a health cabin judges by. */
export interface CabinTables {
  /** Ranges and rules for what is measured; present where the station has a health instrument. */
  readonly healthRanges?: HealthRangesFile;
  /** What belongs to a check-up; present where the cabin keeps check-up passes. */
  readonly checkUpPass?: CheckUpPassFile;
}

/** Reads what this station needs of them. Their schemas are only made where something is measured. */
export async function cabinTables(
  { cabin }: Known<Station>,
  loaded: readonly LoadedDevice[],
): Promise<{ readonly tables: CabinTables; readonly mistakes: readonly Mistake[] }> {
  if (!loaded.some(isInstrument)) return { tables: {}, mistakes: [] };
  const [ranges, pass] = await Promise.all([
    import("./health-ranges.ts").then(({ loadHealthRanges }) => loadHealthRanges()),
    cabin?.pass === true ? import("./check-up-pass.ts").then(({ loadCheckUpPass }) => loadCheckUpPass()) : undefined,
  ]);
  return {
    tables: {
      ...(ranges.ok && { healthRanges: ranges.value }),
      ...(pass?.ok && { checkUpPass: pass.value }),
    },
    mistakes: [...(ranges.ok ? [] : ranges.error), ...(pass === undefined || pass.ok ? [] : pass.error)],
  };
}
