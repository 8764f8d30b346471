import { discreetly, fencedClock, fencedDevice, fencedPort, plainly, safely } from "./guard.ts";
import { millis, minutes, seconds, type Clock, type Millis } from "./kit/clock.ts";
import type { Device, DriverDefinition, Facts, Identity } from "./kit/driver.ts";
import { fault, type Fault } from "./kit/fault.ts";
import type { Listening, Wires } from "./kit/port.ts";
import { err, ok, type Result } from "./kit/result.ts";

/**
 * working: it answered its last life question. starting: not heard of yet. stale: one life question went unanswered.
 * broken: it is there and does not answer, or answers wrongly. absent: nothing is plugged in. off: stopped by us.
 */
export type Presence = "working" | "starting" | "stale" | "broken" | "absent" | "off";

export interface Charge<O, P extends keyof Wires> {
  /** The device's name in the station file. */
  readonly id: string;
  readonly driver: DriverDefinition<O, P>;
  readonly options: O;
  readonly clock: Clock;
  /** A fresh wire each time. */
  open(): Promise<Result<{ readonly port: Wires[P]; close(): Promise<void> }>>;
  /** Tells that something was plugged into the machine, where that can be heard: then the wire is tried at once. */
  plugged?(heard: () => void): Listening;
  note(event: string, facts?: Facts): void;
  /** Told at each round, whatever its end: the supervisor itself lives. */
  turned(): void;
  /** Told when the presence changes, or the kind of fault behind it. */
  changed(presence: Presence, why?: Fault): void;
}

export interface Supervisor {
  presence(): Presence;
  /** Present once it has answered, until it is closed; its calls never throw. Take it anew for each use. */
  device(): Device | undefined;
  identity(): Identity | undefined;
  /** Settles all that is open, motions as unknown, and closes the wire. */
  stop(): Promise<void>;
}

/** What these hear or print is a person's own. */
const personal: ReadonlySet<string> = new Set(["meter", "printer", "reader"]);

/** Asked this often whether it lives. */
const lifeQuestion = seconds(10);
/** After one unanswered question the next comes sooner; the second unanswered one in a row closes the wire. */
const secondChance = seconds(2);
/** The first wait before a wire is opened again; doubled up to the longest. */
const firstWait = millis(500);
/** A replugged adapter shall be back within 10 s; opening and the first question want their share of it. */
const longestWait = seconds(8);
/** No driver keeps an answer back longer, even behind the slowest motion. */
const hung = minutes(3);
/** A driver or wire that does not close is left behind. */
const closing = seconds(5);

/** Keeps one device alive: opens, asks for life, closes and opens again with growing waits. Nothing a driver does gets past it. */
export function supervise<O, P extends keyof Wires>(charge: Charge<O, P>): Supervisor {
  const { id, driver, clock } = charge;
  const tells = driver.provides.some((one) => personal.has(one)) ? discreetly(id) : plainly(id);
  let presence: Presence = "starting";
  let lastFault: Fault | undefined;
  let device: Device | undefined;
  let identity: Identity | undefined;
  let backOff = firstWait;
  let stopped = false;
  /** Why the present life is over, once it is. */
  let ended: Fault | undefined;
  let wake: () => void = () => {};

  const say = (now: Presence, why?: Fault) => {
    if (now === presence && why?.kind === lastFault?.kind) return;
    presence = now;
    lastFault = why;
    charge.changed(now, why);
  };

  const end = (why: Fault) => {
    ended ??= why;
    wake();
  };

  /** What `work` gives; undefined after `limit`, or where the present life ends first. Only one such wait at a time. */
  const within = <T>(limit: Millis, label: string, work?: Promise<T>) =>
    new Promise<T | undefined>((resolve) => {
      const done = (value?: T) => {
        if (wake !== giveUp) return;
        wake = () => {};
        timer.cancel();
        resolve(value);
      };
      const giveUp = () => done();
      const timer = clock.after(limit, `${id}: ${label}`, giveUp);
      wake = giveUp;
      const awaitWork = async () => done(await work);
      if (work) void awaitWork();
      if (ended) giveUp();
    });

  const answerOf = async <T>(what: string, work: Promise<Result<T>>): Promise<Result<T>> => {
    const answer = await within(hung, what, work);
    return answer ?? err(ended ?? fault("silent", `${what}: nothing came back for ${hung / 60_000} minutes`));
  };

  /** Closes the driver or the wire. One that hangs is left behind. */
  const shut = (what: string, close: () => Promise<void>) =>
    new Promise<void>((resolve) => {
      const timer = clock.after(closing, `${id}: closing the ${what}`, resolve);
      const closed = async () => {
        const result = await safely(tells, async () => ok(await close()));
        if (!result.ok) charge.note("device-close-failed", { id, what, detail: result.error.detail });
        timer.cancel();
        resolve();
      };
      void closed();
    });

  /** Opens by `work`. What opens when nobody waits any more is closed again. */
  const openBy = async <T extends { close(): Promise<void> }>(what: string, work: () => Promise<Result<T>>) => {
    const opening = safely(tells, work);
    const result = await answerOf(`opening the ${what}`, opening);
    const late = async () => {
      const came = await opening;
      if (!result.ok && came.ok) await shut(what, () => came.value.close());
    };
    void late();
    return result;
  };

  /** From the first life question to the last. Gives the fault that ended it. */
  const watch = async (living: Device): Promise<Fault> => {
    let missed = false;
    for (;;) {
      charge.turned();
      const life = await answerOf("life question", living.identify());
      if (ended) return ended;
      if (life.ok) {
        device = living;
        identity = life.value;
        backOff = firstWait;
        missed = false;
        say("working");
      } else {
        // The first question of all gets no second chance: there may be another machine at the end of the wire.
        if (missed || device === undefined || life.error.kind === "no-device") return life.error;
        missed = true;
        say("stale", life.error);
      }
      await within(missed ? secondChance : lifeQuestion, "next life question");
    }
  };

  /** One wire from opening to closing. Gives the fault that ended it. */
  const life = async (): Promise<Fault> => {
    let over = false;
    const fell = (why: Fault) => {
      if (!over) end(why);
    };
    const wire = await openBy("wire", () => charge.open());
    if (!wire.ok) return wire.error;
    const opened = await openBy("device", () =>
      driver.open({
        id,
        options: charge.options,
        port: fencedPort<P>(wire.value.port, tells, fell),
        clock: fencedClock(clock, tells, fell),
        note: (event, facts) => charge.note(event, facts),
      }),
    );
    const why = opened.ok ? await watch(fencedDevice(opened.value, tells, fell)) : opened.error;
    over = true;
    device = undefined;
    if (opened.ok) await shut("device", () => opened.value.close());
    await shut("wire", () => wire.value.close());
    return why;
  };

  /** The wait before the next opening; longer each time, unless something was plugged in. */
  const rest = async () => {
    let hinted = false;
    const plugged = charge.plugged?.(() => {
      hinted = true;
      wake();
    });
    await within(backOff, "until it is opened again");
    plugged?.stop();
    // A device that was just plugged in may not be ready at its first opening: the waits begin anew.
    backOff = hinted ? firstWait : millis(Math.min(backOff * 2, longestWait));
  };

  const run = async () => {
    for (;;) {
      charge.turned();
      const why = await life();
      if (stopped) return say("off");
      ended = undefined;
      say(why.kind === "no-device" ? "absent" : "broken", why);
      await rest();
      if (stopped) return say("off");
    }
  };
  const running = run();

  return {
    presence: () => presence,
    device: () => device,
    identity: () => identity,
    stop() {
      stopped = true;
      end(fault("interrupted", "stopped"));
      return running;
    },
  };
}
