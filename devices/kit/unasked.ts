import { seconds, type Clock, type Millis } from "./clock.ts";
import type { Device, Identity } from "./driver.ts";
import type { Hearing } from "./hearing.ts";
import { measuring } from "./measuring.ts";
import { err, ok, type Result } from "./result.ts";

// For instruments that only speak: one message by themselves when somebody has been measured.

/** What such a device can say of itself: it counts as working while its wire is there. `wants` tells how it is tried out. */
export function unasked(
  heard: Hearing<unknown>,
  identity: Identity,
  wants: string,
): Pick<Device, "identify" | "selfTest" | "close"> {
  return {
    async identify() {
      const why = heard.gone();
      return why ? err(why) : ok(identity);
    },
    async selfTest() {
      const why = heard.gone();
      if (why) return err(why);
      return ok([
        `the line is open; whether the instrument lives shows only when it speaks: ${wants}`,
        `noise on the line: ${heard.junk()} bytes since it was opened`,
      ]);
    },
    async close() {
      heard.close();
    },
  };
}

/** A message that comes again so soon after one that was taken is the same, said twice: nobody is measured so fast. */
const echo = seconds(3);

export interface Awaiting<R, T> {
  /** The next message that counts: begun after `began`, no echo, and one that `take` makes an outcome of. */
  next(
    asked: { readonly stop: AbortSignal; readonly began: Millis; heard(progress: { readonly is: "waiting" }): void },
    take: (heard: R) => Result<T> | undefined,
  ): Promise<Result<T>>;
}

export function awaiting<R, T>(heard: Hearing<R>, clock: Clock): Awaiting<R, T> {
  const turns = measuring<T>();
  let notBefore = clock.mono();
  return {
    next: ({ stop, began, heard: tell }, take) =>
      turns.measure(stop, (end) => {
        tell({ is: "waiting" });
        const ear = heard.seen(
          (message, since) => {
            const outcome = since < began || since < notBefore ? undefined : take(message);
            if (outcome === undefined) return;
            notBefore = (clock.mono() + echo) as Millis;
            end(outcome);
          },
          (why) => end(err(why)),
        );
        return () => ear.stop();
      }),
  };
}
