import { asked } from "../kit/asked.ts";
import { minutes, seconds } from "../kit/clock.ts";
import type { DriverDefinition } from "../kit/driver.ts";
import { watchMemory, type Look } from "../kit/memory.ts";
import { err, ok, type Result } from "../kit/result.ts";
import type { Meter, Reading } from "./capability.ts";
import { lineOver } from "./contour-line.ts";
import { keyOf, readingOf, type ContourResult } from "./contour-record.ts";
import { openContour } from "./contour-talk.ts";

const betweenLooks = seconds(2);
/** It does not speak while a strip is in it. */
const busy = minutes(3);
/** The smallest memory of a Contour. One with fewer results is not full: its number of results tells all. */
const smallestMemory = 480;

/** Those of `now` that are not among `before`, equal ones counted. */
function addedTo(before: readonly ContourResult[], now: readonly ContourResult[]): readonly ContourResult[] {
  const known = new Map<string, number>();
  for (const key of before.map(keyOf)) known.set(key, (known.get(key) ?? 0) + 1);
  return now.filter((result) => {
    const key = keyOf(result);
    const left = known.get(key) ?? 0;
    known.set(key, left - 1);
    return left <= 0;
  });
}

/** The latest of some; of equal ones the one that was told last. */
const latest = (results: readonly ContourResult[]): ContourResult | undefined =>
  results.reduce<ContourResult | undefined>(
    (best, result) => (best === undefined || result.time >= best.time ? result : best),
    undefined,
  );

/** Ascensia's (Bayer's) Contour meters with a USB plug: the result lies in the memory after the person has measured. */
const driver: DriverDefinition<object, "reports"> = {
  id: "contour",
  provides: ["meter"],
  port: "reports",
  remembers: false,
  options(raw) {
    if (typeof raw !== "object" || raw === null || Array.isArray(raw)) return err(["options: expected an object"]);
    const unknown = Object.keys(raw).map((name) => `${name}: a Contour has no options`);
    return unknown.length > 0 ? err(unknown) : ok({});
  },

  async open({ port, clock }) {
    const talk = openContour(lineOver(port), clock);
    const instrument = asked<readonly Reading[]>(port, {
      async greet() {
        const header = await talk.header();
        if (!header.ok) return header;
        const { count: _, ...identity } = header.value;
        return ok(identity);
      },
      close: () => talk.close(),
      junk: () => talk.junk(),
    });

    /** Looks into the memory, from one measurement's beginning to its end. */
    const looking = () => {
      let before: readonly ContourResult[] | undefined;
      let newest: ContourResult | undefined;
      return async (): Promise<Result<Look<ContourResult>>> => {
        if (before !== undefined) {
          const header = await talk.header();
          if (!header.ok) return header;
          const { count } = header.value;
          if (count === before.length && count < smallestMemory) return ok({ count, newest });
        }
        const all = await talk.all();
        if (!all.ok) return all;
        const { results } = all.value;
        // Whatever its clock says: new is what was not there before.
        newest = before === undefined ? latest(results) : (latest(addedTo(before, results)) ?? newest);
        before = results;
        return ok({ count: results.length, newest });
      };
    };
    const isSame = (one: ContourResult, other: ContourResult) => keyOf(one) === keyOf(other);

    const meter: Meter = {
      items: ["glucose"],
      starts: false,
      measure: ({ stop, heard }) =>
        instrument.measure(stop, (end) =>
          watchMemory(
            clock,
            "contour",
            { look: looking(), isSame, period: betweenLooks, patience: busy },
            {
              begun: () => heard({ is: "waiting" }),
              grown(result) {
                const reading = readingOf(result);
                if (reading) end(reading);
              },
              failed: (why) => end(err(why)),
            },
          ),
        ),
    };
    return ok({
      can: { meter },
      identify: () => instrument.identify(),
      selfTest: (level) => instrument.selfTest(level),
      close: () => instrument.close(),
    });
  },
};

export default driver;
