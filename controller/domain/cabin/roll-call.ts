import { fault, type Fault } from "../../../devices/kit/fault.ts";
import { delays } from "../../delays.ts";
import { alarm, recovers, relapses } from "../alarm.ts";
import { memberDay } from "../almanac.ts";
import type { Day } from "../credential.ts";
import { andThen, stay, type Presence, type Setting, type State, type Stepped } from "../state.ts";
import { group } from "./counts.ts";

// Many instruments sleep until a person takes them up. If the centre heard at once that the glucose meter answers, it
// would hear that somebody measures glucose now; and a printer runs out of paper while a person prints. So it hears once
// a day, when the day is over, which of them answered. And not where one to nine people came since it heard: whoever saw
// the only one go in would learn what this one measured. Where nobody came, nothing shows: after a whole day without
// anybody it hears how they are now, and of what they answered to those few nothing.

/** How instruments and printers are, as others than the person who uses them may know it. */
export interface RollCall {
  /** The day that was not over when they were told, or when somebody came since. */
  readonly day: Day;
  /** Those that answered since they were told. */
  readonly answered: ReadonlySet<string>;
  readonly told: ReadonlyMap<string, Presence>;
  /** Why each of those that do not answer does not. */
  readonly why: ReadonlyMap<string, Fault>;
  /** People who took up an instrument since they were told, also those who are not to be counted. */
  readonly people: number;
}

export const noRollCall: RollCall = { day: 0, answered: new Set(), told: new Map(), why: new Map(), people: 0 };

/** Somebody was here who took up an instrument: nothing is told before this day is over. */
export const withOneMore = ({ roll, almanac, now }: Pick<State, "roll" | "almanac" | "now">): RollCall => ({
  ...roll,
  day: memberDay(almanac, now, roll.day),
  people: roll.people + 1,
});

/** How a device is, for telemetry: a machine now, one of the cabin at the end of the last day. */
export const presenceTold = ({ cabin }: Setting, { presence, roll }: State, id: string): Presence | undefined =>
  isOfCabin(cabin, id) ? roll.told.get(id) : presence.get(id);

const devicesOf = (cabin: Setting["cabin"]): readonly string[] =>
  cabin === undefined ? [] : [...cabin.instruments.map(({ id }) => id), ...cabin.printers];

/** Whether a person uses it who is being measured. */
export const isOfCabin = (cabin: Setting["cabin"], id: string): boolean => devicesOf(cabin).includes(id);

/** An instrument or a printer came or went. */
export function cabinDeviceChanged(setting: Setting, state: State, id: string, why: Fault | undefined): Stepped {
  const { roll, presence } = state;
  const answered = presence.get(id) === "working" ? new Set(roll.answered).add(id) : roll.answered;
  const causes = why === undefined ? roll.why : new Map(roll.why).set(id, why);
  return callRoll(setting, { ...state, roll: { ...roll, answered, why: causes } });
}

/** Tells how they are, where the day is over. A start is no visit: for some minutes, or until one, they are told as they are. */
export function callRoll({ cabin }: Setting, state: State): Stepped {
  if (cabin === undefined) return stay(state);
  const { roll, presence, now, almanac, settlingSince, scene } = state;
  if (scene.is === "cabin") return stay(state);
  const day = memberDay(almanac, now, roll.day);
  const isOfFew = roll.people > 0 && roll.people < group;
  if (isOfFew && day <= roll.day + 1) return stay(state);
  const begins = roll.people === 0 && now.mono < settlingSince + delays.instrumentsSettle;
  if (!begins && day === roll.day) return stay(state);
  const heard = devicesOf(cabin).flatMap((id) => {
    const is = presence.get(id);
    return is === undefined ? [] : [{ id, is }];
  });
  const called: RollCall = {
    ...roll,
    day,
    people: 0,
    answered: new Set(heard.flatMap(({ id, is }) => (is === "working" ? [id] : []))),
    told: new Map(heard.map(({ id, is }) => [id, !begins && !isOfFew && roll.answered.has(id) ? "working" : is])),
  };
  return [...called.told.keys()]
    .filter((id) => called.told.get(id) !== roll.told.get(id))
    .reduce((step, id) => andThen(step, (next) => changed(next, id)), stay({ ...state, roll: called }));
}

/** A fault of theirs is an entry like any other, a day later. */
function changed(state: State, id: string): Stepped {
  const { told, why } = state.roll;
  switch (told.get(id)) {
    case "working":
      return stay(recovers(state, id));
    case "stale":
    case "broken":
    case "absent":
      return alarm(relapses(state, id), id, why.get(id) ?? fault("no-device", "no reason given"));
    default:
      return stay(relapses(state, id));
  }
}
