import { seconds, type Clock } from "../kit/clock.ts";
import { fault } from "../kit/fault.ts";
import type { FilePort } from "../kit/port.ts";
import { err, ok, type Result } from "../kit/result.ts";
import { readProbe, type ProbeText } from "./ds18b20-wire.ts";

/** The chip measures in 750 ms at most [DS18B20, data sheet], and the kernel tries some times. */
const patience = seconds(5);

/** A probe that is asked for one reading at a time. */
export interface Probe {
  read(): Promise<Result<ProbeText>>;
  /** Readings since it was opened whose check failed. */
  failed(): number;
  /** Settles the open question; nothing is asked any more. */
  close(): void;
}

export function openProbe(port: FilePort, clock: Clock): Probe {
  let present: ((answer: Result<Uint8Array>) => void) | undefined;
  let before: Promise<unknown> = Promise.resolve();
  let gone = false;
  let failed = 0;

  const closed = fault("no-device", "closed");
  const ear = port.listen({
    heard: (text) => present?.(ok(text)),
    lost(why) {
      gone = true;
      present?.(err(why));
    },
  });

  const ask = (): Promise<Result<Uint8Array>> =>
    new Promise((settle) => {
      if (gone) return settle(err(closed));
      const timer = clock.after(patience, "ds18b20: a reading", () =>
        end(err(fault("silent", "the kernel did not say what the probe measures: start the machine anew"))),
      );
      const end = (answer: Result<Uint8Array>) => {
        if (present !== end) return;
        present = undefined;
        timer.cancel();
        settle(answer);
      };
      present = end;
      const send = async () => {
        const sent = await port.send("read");
        if (!sent.ok) end(sent);
      };
      void send();
    });

  return {
    async read() {
      const answer = before.then(ask);
      before = answer;
      const text = await answer;
      if (!text.ok) return text;
      const read = readProbe(new TextDecoder().decode(text.value));
      if (read.is === "unread") failed += 1;
      return ok(read);
    },
    failed: () => failed,
    close() {
      gone = true;
      ear.stop();
      present?.(err(closed));
    },
  };
}
