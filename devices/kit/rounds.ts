import type { Clock, Millis, Timer } from "./clock.ts";
import type { Listening } from "./port.ts";

/** Work that is done again and again, such as starting a scanner. */
export interface Rounds extends Listening {
  /** Does it now; while it is being done, once more behind that. The period counts from its end. */
  now(): void;
}

/** `work` is done each `period` after it was done last. It ends with `stop`, and where `work` gives false. */
export function rounds(clock: Clock, period: Millis, label: string, work: () => Promise<boolean>): Rounds {
  let timer: Timer | undefined;
  let working = false;
  let again = false;
  let stopped = false;

  const round = async (): Promise<void> => {
    again = working;
    if (working || stopped) return;
    timer?.cancel();
    working = true;
    const goesOn = await work();
    working = false;
    if (stopped || !goesOn) return;
    if (again) return round();
    timer = clock.after(period, label, () => void round());
  };

  return {
    now: () => void round(),
    stop() {
      stopped = true;
      timer?.cancel();
    },
  };
}
