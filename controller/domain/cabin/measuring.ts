import type { Progress, Reading } from "../../../devices/health/capability.ts";
import type { Millis } from "../../../devices/kit/clock.ts";
import { millis } from "../../../devices/kit/clock.ts";
import type { Fault } from "../../../devices/kit/fault.ts";
import { delays } from "../../delays.ts";
import type { Again, Live } from "../../screen/cabin-model.ts";
import { admitted } from "../health/admit.ts";
import { needsThird, pressuresOf } from "../health/derive.ts";
import type { Event, Stepped } from "../state.ts";
import { learning, roundOf, staying, turning, type Here } from "./here.ts";
import { isAnothers } from "./lingering.ts";
import { missing, partOf, personOf } from "./instruments.ts";
import { gaveAny, going, skipped, telling } from "./leading.ts";
import { taking } from "./taking.ts";
import type { Page } from "./visit.ts";

type Measuring = Extract<Page, { is: "measuring" }>;

/** An instrument is asked. `began`: nothing that was measured before then is this person's. */
export function beginning(here: Here, began: Millis): Stepped {
  const part = partOf(here, roundOf(here));
  if (part?.is !== "measure") return failing(here, "instrument-gone");
  const { id: device } = part.instrument;
  const since = here.state.now.mono;
  const number = here.state.begun + 1;
  return turning(
    { ...here, state: { ...here.state, begun: number } },
    { is: "measuring", device, number, since, live: { is: "waiting" } },
    { kind: "measure", number, device, began, person: personOf(here.visit) },
  );
}

const failing = (here: Here, why: Again, device?: string): Stepped =>
  turning(here, { is: "again", why, ...(device === undefined ? {} : { device }) });

/** The page that waits for the answer of this number; what comes late, or twice, is nobody's. */
function asked({ visit: { page } }: Here, number: number): Measuring | undefined {
  return page.is === "measuring" && page.number === number ? page : undefined;
}

export function progressing(here: Here, number: number, progress: Progress): Stepped {
  const page = asked(here, number);
  if (page === undefined || isAnothers(here, page.device)) return staying(here);
  return staying(learning(here, { page: { ...page, live: liveOf(page.live, progress) } }));
}

/** As many seconds of a pulse wave as the glass draws. */
const waveSeconds = 4;

function liveOf(before: Live, progress: Progress): Live {
  switch (progress.is) {
    case "waiting":
      return progress;
    case "cuff":
      return { is: "cuff", pressure: progress.pressure };
    case "wave": {
      const earlier = before.is === "wave" && before.rate === progress.rate ? before.samples : [];
      return { ...progress, samples: [...earlier, ...progress.samples].slice(-waveSeconds * progress.rate) };
    }
    case "preview": {
      const [admission] = admitted([progress.reading]);
      return admission?.is === "shown" ? { is: "preview", shown: admission.shown } : { is: "waiting" };
    }
  }
}

/** The instrument has answered. */
export function measuredBy(here: Here, { number, result }: Extract<Event, { kind: "measured" }>): Stepped {
  const page = asked(here, number);
  if (page === undefined) return staying(here);
  const { device } = page;
  const ok = result.ok && result.value.length > 0;
  const tested = learning(here, { tests: [...here.visit.tests, { device, ok }] });
  if (!result.ok) return failing(tested, why(result.error), device);
  if (isAnothers(here, device)) return failing(tested, "doubtful", device);
  return ok ? given(tested, page, result.value) : failing(tested, "nothing-came", device);
}

function why({ kind }: Fault): Again {
  switch (kind) {
    case "no-device":
    case "silent":
    case "interrupted":
      return "instrument-gone";
    default:
      return "instrument-error";
  }
}

function given(here: Here, { device, since }: Measuring, readings: readonly Reading[]): Stepped {
  const before = here.visit.taken.length;
  const now = { ...here, visit: taking(here, readings, { device, since }) };
  const fresh = now.visit.taken.slice(before);
  if (fresh.length === 0) return failing(now, "doubtful", device);
  const round = roundOf(now);
  if (round.step !== "pressure") {
    // What gave nothing that is looked for would not do so the next time.
    const gained = missing(now.visit, round).length < missing(here.visit, round).length;
    return going(gained ? now : learning(now, { round: { ...round, past: [...round.past, device] } }));
  }
  if (!fresh.some(({ shown }) => shown.figure === "systolic")) return failing(now, "doubtful", device);
  return pressed(learning(now, { round: { ...round, readings: round.readings + 1 } }));
}

/** A blood pressure is there: a second one follows, and a third where the two lie far apart. */
function pressed(here: Here): Stepped {
  const { number, readings } = roundOf(here);
  const { by } = here.cabin.ranges.rules["pressure-apart"];
  const pressures = pressuresOf(here.visit.taken.filter(({ round }) => round === number).map(({ shown }) => shown));
  if (readings >= 2 && !needsThird(pressures, by)) return telling(here);
  return turning(here, { is: "between", until: millis(here.state.now.mono + delays.betweenPressures) });
}

/** It is used once more, at once; another one that takes over is prepared first. */
export function repeating(here: Here, device: string | undefined): Stepped {
  const part = partOf(here, roundOf(here));
  if (part === undefined) return staying(here);
  return part.is === "measure" && part.instrument.id === device ? beginning(here, here.state.now.mono) : going(here);
}

/** The person does not want to go on with it. What the step gave already is told. */
export const stopping = (here: Here): Stepped =>
  gaveAny(here) ? telling(here) : turning(skipped(here), { is: "steps" });

/** Nobody has used the instrument. */
export const giveUp = (here: Here, { device }: Measuring): Stepped => failing(here, "nothing-came", device);

/** An instrument went away: its measurement has ended, and what was prepared for it is prepared for another. */
export function instrumentLost(here: Here, device: string): Stepped {
  const { page } = here.visit;
  if (page.is === "measuring" && page.device === device) {
    const tests = [...here.visit.tests, { device, ok: false }];
    return failing(learning(here, { tests }), "instrument-gone", device);
  }
  const isWaiting = page.is === "rest" || page.is === "between";
  if (!isWaiting && !(page.is === "prepare" && page.device === device)) return staying(here);
  if (partOf(here, roundOf(here))?.is !== "measure") return failing(here, "instrument-gone");
  return isWaiting ? staying(here) : going(here);
}
