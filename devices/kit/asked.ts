import type { Device, Identity } from "./driver.ts";
import { fault } from "./fault.ts";
import { measuring } from "./measuring.ts";
import type { Listening, Port } from "./port.ts";
import { err, ok, type Result } from "./result.ts";

// For instruments that are asked whether somebody was measured: before each measurement they must answer at all.

/** How such an instrument is spoken to. */
export interface Talk {
  /** Wakes it and asks what it is. The same answer each time. */
  greet(): Promise<Result<Identity>>;
  /** Done once it has answered, before a measurement; it cannot fail: what went wrong is noted. */
  prepare?(): Promise<void>;
  /** The measurement is over, however it ended. */
  leave?(): void;
  /** Settles what is open; nothing is sent any more. */
  close(): void;
  /** A measure of the cable, for the technician. */
  junk(): number;
}

export interface Asked<T> extends Pick<Device, "identify" | "selfTest" | "close"> {
  /** `watch` is called once the instrument has answered; what it gives back is stopped at the end. */
  measure(stop: AbortSignal, watch: (end: (outcome: Result<T>) => void) => Listening): Promise<Result<T>>;
}

export function asked<T>(port: Pick<Port<never, Uint8Array>, "listen">, talk: Talk): Asked<T> {
  const turns = measuring<T>();
  let known: Identity | undefined;
  let ear: Listening = { stop() {} };
  // Not only at the next question: who is being measured learns at once that the wire is gone.
  ear = port.listen({ heard() {}, lost: (why) => turns.close(why) });

  const identify = async (): Promise<Result<Identity>> => {
    // Asked in the middle of a measurement some would leave it.
    if (known && turns.underWay()) return ok(known);
    const greeted = await talk.greet();
    if (greeted.ok) known = greeted.value;
    return greeted;
  };

  return {
    identify,
    measure: (stop, watch) =>
      turns.measure(stop, (end) => {
        let over = false;
        let watching: Listening | undefined;
        const begin = async () => {
          const greeted = await talk.greet();
          if (over) return;
          if (!greeted.ok) return end(greeted);
          known = greeted.value;
          await talk.prepare?.();
          if (!over) watching = watch(end);
        };
        void begin();
        return () => {
          over = true;
          watching?.stop();
          talk.leave?.();
        };
      }),
    async selfTest() {
      const found = await identify();
      if (!found.ok) return err(found.error);
      const { model, serial, firmware } = found.value;
      return ok([
        [model, serial && `number ${serial}`, firmware && `firmware ${firmware}`].filter(Boolean).join(", "),
        `noise on the line: ${talk.junk()} bytes since it was opened`,
      ]);
    },
    async close() {
      turns.close(fault("no-device", "closed"));
      ear.stop();
      talk.close();
    },
  };
}
