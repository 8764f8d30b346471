import type { Meter, Person, Progress, Reading } from "../devices/health/capability.ts";
import type { Clock, Millis } from "../devices/kit/clock.ts";
import { fault } from "../devices/kit/fault.ts";
import { err, type Result } from "../devices/kit/result.ts";
import { paced, type Pace } from "./pace.ts";

/** One measurement that is wanted. */
export interface Wanted {
  /** By which it is stopped. */
  readonly number: number;
  readonly began: Millis;
  readonly person: Person;
  heard(progress: Progress): void;
  /** Told once; never after `stop`. */
  ended(outcome: Result<readonly Reading[]>): void;
}

/** The health instruments of a station: each measures one person at a time. Nothing of a measurement is kept when it is over. */
export interface Meters {
  /** Ends what this instrument measures; begins once that has let go. */
  measure(device: string, wanted: Wanted): void;
  /** The instrument is told to stop, and what it says then is nobody's. */
  stop(number: number): void;
  /** The instrument is not there any more: what it measured has ended. */
  lost(device: string): void;
  /** Stops all that is measured. */
  close(): void;
}

/** A measurement that has not let go of its instrument. `wanted` is gone once somebody was told its end, or nobody wants it. */
interface Turn {
  wanted: Wanted | undefined;
  readonly stopping: AbortController;
  pace?: Pace;
  /** Who is measured next. */
  next?: Wanted | undefined;
}

const gone = fault("no-device", "the instrument is not there: is it plugged in, and on?");
const replaced = fault("interrupted", "another measurement was begun");

/** @param meterOf the instrument as it is now; absent while it does not answer. */
export function openMeters(clock: Clock, meterOf: (device: string) => Meter | undefined): Meters {
  const turns = new Map<string, Turn>();

  /** Whatever comes of it later, nobody hears. */
  const end = (turn: Turn, outcome?: Result<readonly Reading[]>): void => {
    const { wanted } = turn;
    turn.wanted = undefined;
    turn.pace?.stop();
    turn.stopping.abort();
    if (outcome) wanted?.ended(outcome);
  };

  const begin = (device: string, wanted: Wanted): void => {
    const meter = meterOf(device);
    if (meter === undefined) return wanted.ended(err(gone));
    const turn: Turn = { wanted, stopping: new AbortController() };
    turn.pace = paced(clock, (progress) => turn.wanted?.heard(progress));
    turns.set(device, turn);
    void run(device, meter, turn, wanted);
  };

  const run = async (device: string, meter: Meter, turn: Turn, { began, person }: Wanted): Promise<void> => {
    const outcome = await meter.measure({
      stop: turn.stopping.signal,
      began,
      person,
      heard: (progress) => turn.wanted && turn.pace?.heard(progress),
    });
    // A driver that was closed says so in words of its own.
    end(turn, outcome.ok || meterOf(device) !== undefined ? outcome : err(gone));
    if (turns.get(device) !== turn) return;
    turns.delete(device);
    if (turn.next) begin(device, turn.next);
  };

  const forget = (device: string, turn: Turn, why?: Result<readonly Reading[]>): void => {
    turns.delete(device);
    end(turn, why);
    const { next } = turn;
    turn.next = undefined;
    if (why) next?.ended(why);
  };

  return {
    measure(device, wanted) {
      const present = turns.get(device);
      if (present === undefined) return begin(device, wanted);
      const { next } = present;
      present.next = wanted;
      next?.ended(err(replaced));
      end(present, err(replaced));
    },
    stop(number) {
      for (const turn of turns.values()) {
        if (turn.next?.number === number) turn.next = undefined;
        if (turn.wanted?.number === number) end(turn);
      }
    },
    lost(device) {
      const turn = turns.get(device);
      if (turn) forget(device, turn, err(gone));
    },
    close() {
      for (const [device, turn] of turns) forget(device, turn);
    },
  };
}
