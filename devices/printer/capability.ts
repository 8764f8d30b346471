import type { Result } from "../kit/result.ts";

/** One line of a slip. */
export type SlipLine =
  | {
      readonly is: "text";
      readonly text: string;
      readonly size?: "large";
      readonly align?: "centre";
      readonly bold?: true;
    }
  /** Two texts at the edges of the paper. */
  | { readonly is: "pair"; readonly left: string; readonly right: string; readonly bold?: true }
  | { readonly is: "rule" }
  | { readonly is: "gap" }
  | { readonly is: "qr"; readonly text: string };

export type Slip = readonly SlipLine[];

/** Prints on a roll of paper, and keeps nothing of it. */
export interface Printer {
  /** So many letters fit into a line; a Chinese character takes the place of two. */
  readonly columns: number;
  /**
   * Resolves when the printer has taken, and where it tells also printed, the whole slip. Printed once: what fails is not
   * tried again. `empty`: no paper. `door-open`: the cover. `busy`: another slip is being printed. `interrupted`: a part may
   * have been printed; where the others came in the middle of a slip, their detail says so.
   */
  print(slip: Slip): Promise<Result<void>>;
}

declare module "../kit/driver.ts" {
  interface Capabilities {
    printer: Printer;
  }
}
