import { loadHealthRanges } from "../../../../config/health-ranges.ts";
import type { CabinInstrument, CabinSetting } from "../../../../controller/domain/cabin/setting.ts";
import type { Setting } from "../../../../controller/domain/state.ts";
import { setting, today } from "../on-paper.ts";

const loaded = await loadHealthRanges();
if (!loaded.ok) throw new Error("config/health-ranges.json is not in order.");

const instrument = (id: string, items: CabinInstrument["items"], due?: number): CabinInstrument => ({
  id,
  name: { zh: "仪器", en: "Instrument" },
  model: id,
  items,
  ...(due === undefined ? {} : { due }),
});

/** A cuff whose calibration holds 40 days more, and an oximeter of which nobody knows. */
export const cabin: CabinSetting = {
  instruments: [
    instrument("cuff", ["systolic", "diastolic", "pulse"], today + 40),
    instrument("finger", ["spo2", "pulse"]),
  ],
  entered: [],
  ranges: loaded.value,
  printers: [],
  overdue: "say",
};

/** The cabin beside the machine, and alone. */
export const beside: Setting = { ...setting, cabin };
export const alone: Setting = { ...setting, places: [], machines: [], cabin };
