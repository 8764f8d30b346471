import type { Item } from "../../../devices/health/capability.ts";
import type { Name } from "../../screen/model.ts";
import type { Day } from "../credential.ts";
import type { HealthRanges, Spo2Limits } from "../health/ranges.ts";
import type { CheckUpList } from "./pass.ts";

/** A health instrument of the station. */
export interface CabinInstrument {
  /** Its device's id in the station file. */
  readonly id: string;
  readonly name: Name;
  readonly model: string;
  /** What it may give, as its profile has it. */
  readonly items: readonly Item[];
  /** The kiosk starts it; else the person does, on the instrument. */
  readonly starts?: true;
  /** Last day on which its calibration holds. */
  readonly due?: Day;
}

/** What the station file says of the health cabin. */
export interface CabinSetting {
  /** In the order of the station file: where two give the same, the first that works is asked. */
  readonly instruments: readonly CabinInstrument[];
  /** What the person, or an attendant, types in. */
  readonly entered: readonly Item[];
  readonly ranges: HealthRanges;
  /** Of a station high up. */
  readonly spo2?: Spo2Limits;
  /** Printers of slips, by the id of their device. */
  readonly printers: readonly string[];
  /** Who may be sent the results, sealed, if the person asks. */
  readonly recipient?: { readonly name: Name };
  /** The list of the check-up pass, where passes are kept. */
  readonly pass?: CheckUpList;
  /** After the calibration has ended: the step says so, or is not measured at all. */
  readonly overdue: "say" | "refuse";
}
