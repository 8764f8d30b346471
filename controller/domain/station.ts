import { millis, type Millis } from "../../devices/kit/clock.ts";
import { delays } from "../delays.ts";
import { noticed, raised, type Almanac } from "./almanac.ts";
import type { Books } from "./books.ts";
import { cabinAnswered, cabinNoticed } from "./cabin/cabin.ts";
import { noCounts, type Counts } from "./cabin/counts.ts";
import { lingered } from "./cabin/lingering.ts";
import { stopped } from "./cabin/forgetting.ts";
import { noRollCall } from "./cabin/roll-call.ts";
import { kept, tick } from "./chores.ts";
import type { Guesses } from "./guesses.ts";
import { disagreed } from "./lives.ts";
import type { Machine } from "./machine.ts";
import type { Moment } from "./moment.ts";
import { ended, goOn, leftOver } from "./obeying.ts";
import { ordered, ordersRefused } from "./orders.ts";
import { curtainAnswered, moved } from "./pickup.ts";
import { changed, doorMoved, reported } from "./presence.ts";
import { notSaved, saved } from "./saving.ts";
import { found, guessesKept, pressed } from "./session.ts";
import { known, read, takeTurn } from "./turn.ts";
import {
  stay,
  andThen,
  type Effect,
  type Event,
  type Knowledge,
  type Setting,
  type State,
  type Stepped,
} from "./state.ts";

/** What is true when the process starts: the fold of the ledger, and what was kept beside it. */
export interface Beginning {
  readonly now: Moment;
  readonly books: Books;
  readonly guesses: Guesses;
  readonly numbers: Guesses;
  readonly floor: Millis;
  /** The floor, and what earlier runs counted on from it. */
  readonly counted: Millis;
  readonly knowledge: Knowledge;
  /** People and items measured that were not told yet; absent: none. */
  readonly counts?: Counts;
  /** The run before this one ended without a word: somebody may have been measured then. */
  readonly cut?: boolean;
}

/** An event, and the moment at which it happened. */
export interface Happening {
  readonly now: Moment;
  readonly event: Event;
}

/** The whole kiosk as a pure machine: every key, saved entry, board answer and tick goes in, what to do comes out. */
export function station(setting: Setting, beginning: Beginning): Machine<State, Happening, Effect> {
  return {
    start: begin(beginning),
    step: (state, { now, event }) => {
      const noted = { ...state, now, almanac: noticed(state.almanac, now) };
      const further = (step: Stepped): Stepped =>
        andThen(
          andThen(step, (state) => takeTurn(setting, state)),
          (state) => goOn(setting, state),
        );
      const next =
        event.kind === "tick" ? further(tick(setting, noted)) : andThen(further(happened(setting, noted, event)), kept);
      return lingered(setting, state, event, stopped(state, event, next));
    },
  };
}

function begin({ now, books, guesses, numbers, floor, counted, knowledge, counts = noCounts, cut }: Beginning): State {
  const almanac: Almanac = { floor, counted: { mono: now.mono, utc: counted }, ceiling: knowledge.ceiling };
  return {
    now,
    books,
    guesses,
    numbers,
    asked: 0,
    begun: 0,
    lingering: new Map(),
    ...(cut ? { cutAt: now.mono } : {}),
    counts,
    warned: books.calibrations,
    almanac: noticed(raised(almanac, knowledge.signedAt), now),
    knowledge,
    presence: new Map(),
    roll: noRollCall,
    alarmed: new Set(books.faults.keys()),
    // Its own start was written down, so the disk works.
    recovering: new Map(books.faults.has("disk") ? [["disk", now.mono]] : []),
    shut: new Map(),
    reports: new Map(),
    doors: new Map(),
    scene: { is: "idle" },
    language: "zh-CN",
    refusedAt: millis(now.mono - delays.betweenTries),
    settlingSince: now.mono,
    orphans: new Set(books.open.keys()),
    unsaved: [],
    diskTriedAt: now.mono,
    abandoned: false,
    refusals: {},
    countedAt: now.mono,
    floorKept: floor,
    countedKept: counted,
    sinceCheckpoint: 0,
    link: { online: false, since: now.mono },
    nearby: new Map(),
    obeying: leftOver(books),
    ordersRefused: {},
    ordersCountedAt: now.mono,
    beginsLife: false,
  };
}

function happened(setting: Setting, state: State, event: Exclude<Event, { kind: "tick" }>): Stepped {
  switch (event.kind) {
    case "key":
      return pressed(setting, state, event.key);
    case "knowledge":
      return stay(learned(state, event.knowledge));
    case "found":
      return event.asked === undefined
        ? found(setting, state, event.finding)
        : known(setting, state, event.finding, event.asked);
    case "read":
      return read(setting, state, event.reading);
    case "saved":
      return saved(setting, state, event.stamped);
    case "not-saved":
      return notSaved(setting, state, event.entry, event.fault);
    case "guesses-kept":
      return guessesKept(state);
    case "counts-refused":
      return stay({ ...state, countsRefused: state.now.mono });
    case "device":
      return andThen(changed(setting, state, event.id, event.presence, event.fault), (now) =>
        cabinNoticed(setting, now, event.id),
      );
    case "slot":
      return reported(setting, state, event.device, event.report);
    case "delivery":
      return moved(state, event.seq, event.delivery);
    case "curtain":
      return curtainAnswered(setting, state, event.device, event.curtain);
    case "door":
      return doorMoved(state, event.device, event.open);
    case "link":
      return stay(linked(state, event.online));
    case "nearby":
      return stay({ ...state, nearby: new Map(state.nearby).set(event.kiosk, event.stock) });
    case "command":
      return ordered(setting, state, event.command);
    case "command-refused":
      return stay(ordersRefused(state, event.counts));
    case "log-pulled":
      return ended(state, event.id, "done");
    case "disagreed":
      return disagreed(state, event.why);
    case "progress":
    case "measured":
    case "printed":
    case "sealed":
    case "pass":
      return cabinAnswered(setting, state, event);
  }
}

/** Said again, it is no news. */
const linked = (state: State, online: boolean): State =>
  state.link.online === online ? state : { ...state, link: { online, since: state.now.mono } };

function learned(state: State, knowledge: Knowledge): State {
  const almanac = raised({ ...state.almanac, ceiling: knowledge.ceiling }, knowledge.signedAt);
  return { ...state, knowledge, almanac };
}
