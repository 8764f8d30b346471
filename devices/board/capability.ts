import type { Listening } from "../kit/port.ts";
import type { Result } from "../kit/result.ts";

/** The cabinet around the goods: door and cold. */
export interface BoardIo {
  /** Told at once where it is known, then at each change. */
  door?(changed: (open: boolean) => void): Listening;
  /** Cabinet temperature in degrees Celsius. */
  temperature?(): Promise<Result<number>>;
}

declare module "../kit/driver.ts" {
  interface Capabilities {
    board: BoardIo;
  }
}
