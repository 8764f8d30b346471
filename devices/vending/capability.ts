import type { Fault } from "../kit/fault.ts";
import type { Listening } from "../kit/port.ts";
import type { Result } from "../kit/result.ts";

/** The three honest outcomes of a motion. */
export type Delivery =
  | { readonly kind: "delivered"; readonly evidence: "drop-sensor" | "lock-open" | "motor-home" }
  /** `started`: a motor turned, or may have turned. False only where the board is known to have refused before moving. */
  | { readonly kind: "not-delivered"; readonly started: boolean; readonly fault: Fault }
  | { readonly kind: "unknown"; readonly fault: Fault };

/** What the board says of a slot unasked, or when it is filled. Counts are goods. */
export interface SlotReport {
  readonly slot: string;
  readonly sells: boolean;
  readonly stock?: number;
  readonly capacity?: number;
}

/** The light curtain under the slots: "blocked" something lies in it, "dead" it cannot see. */
export type Curtain = "clear" | "blocked" | "dead";

export interface Vending {
  /**
   * Moves one good out of `slot`, at most once, and waits for the board's proof.
   * `mark` is the ledger's number of the attempt; boards that remember keep it beside the result.
   * A time-out is "unknown", never "not delivered".
   */
  release(slot: string, mark: number): Promise<Delivery>;
  /** Boards that remember: the outcome of the motion with this mark, after a restart. */
  recall?(slot: string, mark: number): Promise<Delivery>;
  /** Boards that forget a result only when told: called after the outcome is on the disk. */
  settled?(mark: number): Promise<void>;
  /** Asked before a second motion for the same code. */
  curtain?(): Promise<Result<Curtain>>;
  /** Unasked slot reports. What came before listening is told at once. */
  reports?(heard: (report: SlotReport) => void): Listening;
}

declare module "../kit/driver.ts" {
  interface Capabilities {
    vending: Vending;
  }
}
