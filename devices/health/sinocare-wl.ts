import { chinaTime } from "../kit/civil.ts";
import type { DriverDefinition } from "../kit/driver.ts";
import { hear } from "../kit/hearing.ts";
import { err, ok, type Result } from "../kit/result.ts";
import { awaiting, unasked } from "../kit/unasked.ts";
import type { Reading } from "./capability.ts";
import {
  acknowledgement,
  answerLength,
  command,
  framer,
  resultOf,
  type WlFrame,
  type WlResult,
} from "./sinocare-wl-wire.ts";

// A Sinocare WL-1 over its serial line or Bluetooth serial port [S22]. It speaks when a strip is put in and when the drop
// was measured, and wants each time to be answered with the time; what it kept it calls history, and that is nobody's here.

/** What the meter can measure, mmol/L: beyond it the display says Lo and Hi. */
const leastGlucose = 1.1;
const mostGlucose = 33.3;

function readingOf({ glucose }: WlResult): Reading {
  const base = { item: "glucose", unit: "mmol/L", notes: [] } as const;
  if (glucose > mostGlucose) return { ...base, value: mostGlucose, comparator: ">" };
  if (glucose < leastGlucose) return { ...base, value: leastGlucose, comparator: "<" };
  return { ...base, value: glucose };
}

const driver: DriverDefinition<object, "bytes"> = {
  id: "sinocare-wl",
  provides: ["meter"],
  port: "bytes",
  remembers: false,
  options(raw): Result<object, readonly string[]> {
    if (typeof raw !== "object" || raw === null || Array.isArray(raw)) return err(["options: expected an object"]);
    const mistakes = Object.keys(raw).map((name) => `${name}: a Sinocare WL-1 has no options`);
    return mistakes.length > 0 ? err(mistakes) : ok({});
  },

  async open({ port, clock }) {
    /** The result that was told last: it is told again until it is acknowledged. */
    let last = "";
    const answer = (frame: Pick<WlFrame, "machine" | "command">) =>
      void port.send(acknowledgement(frame, chinaTime(clock.wall().utc)));

    const heard = hear<WlFrame, Uint8Array, WlResult>(port, clock, {
      framer,
      means(frame) {
        // A line that echoes gives back our own answers.
        if (frame.data.length === answerLength) return undefined;
        answer(frame);
        if (frame.command !== command.result) return undefined;
        answer({ machine: frame.machine, command: command.time });
        const result = resultOf(frame);
        const isNews = result !== undefined && `${result.at} ${result.glucose}` !== last;
        if (isNews) last = `${result.at} ${result.glucose}`;
        return isNews ? result : undefined;
      },
    });
    const results = awaiting<WlResult, readonly Reading[]>(heard, clock);
    return ok({
      can: {
        meter: {
          items: ["glucose"],
          starts: false,
          measure: (asked) => results.next(asked, (result) => ok([readingOf(result)])),
        },
      },
      ...unasked(heard, { model: "Sinocare WL-1" }, "put a strip into it"),
    });
  },
};

export default driver;
