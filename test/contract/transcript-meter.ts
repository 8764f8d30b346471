import type { Person, Progress, Reading } from "../../devices/health/capability.ts";
import type { Clock } from "../../devices/kit/clock.ts";
import type { Device } from "../../devices/kit/driver.ts";

// The calls of a transcript that measure somebody.

/** A reading as a `+` line has it: notes only where there are any. */
const shown = ({ notes, ...reading }: Reading): object => (notes.length > 0 ? { ...reading, notes } : reading);

export interface Measurements {
  /** `measure PERSON`, `stop` and `listen progress`; false for other words. */
  call(device: Device, words: string): boolean;
}

/** What is measured goes into `heard`, progress too where it is listened to; in `calls` stays only what has failed or is open. */
export function measurements(clock: Clock, calls: Promise<unknown>[], heard: unknown[]): Measurements {
  let stopping = new AbortController();
  let wantsProgress = false;

  const hear = (progress: Progress) => {
    if (!wantsProgress) return;
    heard.push(progress.is === "preview" ? { ...progress, reading: shown(progress.reading) } : progress);
  };
  const measure = ({ can: { meter } }: Device, person: Person) => {
    if (!meter) throw new Error("this device measures nothing");
    stopping = new AbortController();
    const outcome = meter.measure({ stop: stopping.signal, began: clock.mono(), person, heard: hear });
    calls.push(outcome);
    const told = async () => {
      const measured = await outcome;
      if (!measured.ok) return;
      void calls.splice(calls.indexOf(outcome), 1);
      heard.push(...measured.value.map(shown));
    };
    void told();
  };
  return {
    call(device, words) {
      if (words.startsWith("measure")) measure(device, JSON.parse(words.slice("measure".length) || "{}") as Person);
      else if (words === "stop") stopping.abort();
      else if (words === "listen progress") wantsProgress = true;
      else return false;
      return true;
    },
  };
}
