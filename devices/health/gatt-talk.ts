import type { Clock, Millis } from "../kit/clock.ts";
import type { DriverContext } from "../kit/driver.ts";
import type { Fault } from "../kit/fault.ts";
import type { CivilTime } from "../kit/civil.ts";
import type { Listening } from "../kit/port.ts";
import { clocks, instrumentClock } from "./gatt-clock.ts";
import type { GattOptions } from "./gatt-options.ts";
import { services, type Service } from "./gatt-service.ts";
import type { Told } from "./gatt-told.ts";

// One Bluetooth instrument that comes and goes: each time that it is connected its clock is read and its characteristics
// are wanted anew.

export interface Talk {
  /** Told of everything from now on. */
  listen(sink: (told: Told) => void, lost: (why: Fault) => void): Listening;
  /** Whether a stored result was made since `began`; undefined where that cannot be told. */
  isSince(at: CivilTime | undefined, began: Millis): boolean | undefined;
  isConnected(): boolean;
  gone(): Fault | undefined;
  close(why: Fault): void;
}

type Context = Pick<DriverContext<GattOptions, "gatt">, "port" | "options" | "note"> & { readonly clock: Clock };

export function talkWith({ port, clock, options, note }: Context): Talk {
  const wanted: readonly Service[] = options.services.map((name) => services[name]);
  const own = instrumentClock(clock);
  const sinks = new Set<{ readonly told: (told: Told) => void; readonly lost: (why: Fault) => void }>();
  let ears: readonly ReturnType<Service["ear"]>[] = [];
  /** Counts connections: what was begun with one that is gone is not gone on with. */
  let connection = 0;
  let connected = false;
  let gone: Fault | undefined;

  const greet = async (name: string, has: readonly string[]) => {
    const mine = connection;
    const fitting = wanted.filter(({ fits }) => fits === undefined || fits(name));
    if (fitting.length === 0) note("gatt.another-instrument");
    ears = fitting.map((service) => service.ear());
    const clockOf = clocks.find((one) => has.includes(one));
    // The clock first: results come as soon as they are wanted.
    if (options.keeps && clockOf !== undefined) await port.send({ do: "read", of: clockOf });
    for (const of of fitting.flatMap(({ hears }) => hears))
      if (mine === connection && has.includes(of)) await port.send({ do: "hear", of });
    for (const { afterwards } of fitting)
      if (mine === connection && afterwards !== undefined) await port.send(afterwards);
  };

  const tell = (told: Told) => {
    for (const sink of Array.from(sinks)) sink.told(told);
  };
  const leave = () => {
    connection += 1;
    connected = false;
    ears = [];
    own.forget();
  };
  const end = (why: Fault) => {
    if (gone) return;
    gone = why;
    leave();
    ear.stop();
    const mine = Array.from(sinks);
    sinks.clear();
    for (const { lost } of mine) lost(why);
  };
  let ear: Listening = { stop() {} };
  ear = port.listen({
    heard(word) {
      if (word.is === "connected") {
        leave();
        connected = true;
        void greet(word.name, word.has);
      } else if (word.is === "gone") {
        leave();
        // Whatever it was in the middle of, nobody is in it any more.
        tell({ is: "empty" });
      } else if (word.is === "value") {
        if (clocks.includes(word.of)) return own.read(word.bytes);
        for (const told of ears.flatMap((hear) => hear(word.of, word.bytes))) tell(told);
      }
    },
    lost: end,
  });
  if (gone) ear.stop();

  return {
    listen(told, lost) {
      const mine = { told, lost };
      if (gone) lost(gone);
      else sinks.add(mine);
      return { stop: () => void sinks.delete(mine) };
    },
    isSince: (at, began) => own.isSince(at, began),
    isConnected: () => connected,
    gone: () => gone,
    close: end,
  };
}
