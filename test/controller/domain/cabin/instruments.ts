import type { CabinSetting } from "../../../../controller/domain/cabin/setting.ts";
import type { Setting } from "../../../../controller/domain/state.ts";
import { ranges } from "../health/chinese-ranges.ts";
import { setting, today } from "../on-paper.ts";
import { instrument } from "./seat.ts";

/** A cuff whose calibration holds 40 days more, and an oximeter of which nobody knows. */
export const cabin: CabinSetting = {
  instruments: [
    instrument("cuff", ["systolic", "diastolic", "pulse"], { due: today + 40 }),
    instrument("finger", ["spo2", "pulse"]),
  ],
  entered: [],
  ranges,
  printers: ["slips"],
  overdue: "say",
};

/** The cabin beside the machine, and alone. */
export const beside: Setting = { ...setting, cabin };
export const alone: Setting = { ...setting, places: [], machines: [], cabin };
