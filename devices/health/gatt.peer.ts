import { actor, asTruth, measuredBy } from "../kit/acting.ts";
import { chinaTime } from "../kit/civil.ts";
import { millis } from "../kit/clock.ts";
import type { PeerDefinition } from "../kit/driver.ts";
import type { GattDoing, GattWord } from "../kit/port.ts";
import { shapes, type Measured, type Shape } from "./gatt-shape.peer.ts";
import type { GattOptions } from "./gatt-options.ts";

// A Bluetooth instrument: it is connected when it has something to say, waits until that is wanted, and goes again. What it
// keeps bears the time of its own clock, which is 37 minutes slow. `fail` ends the next measurement without a number,
// `clockless` has no clock that could be read, `name` is what it calls itself.

const knobs = ["measure", "stale", "garble", "silent", "slow", "fail", "clockless", "name"] as const;

const slowBy = 37 * 60_000;
const staysAfter = 10_000;
const againAfter = 30_000;
const clockCharacteristic = "2a2b";

/** A result that waits until its characteristic is wanted. */
interface Waiting {
  readonly measured: Measured;
  readonly at: number;
  readonly counts: boolean;
  readonly failed: boolean;
}

const definition: PeerDefinition<GattOptions, GattDoing, GattWord> = {
  knobs,
  peer({ services, keeps }, { clock }, send) {
    const self = actor<GattWord>("a Bluetooth instrument", clock, send);
    const mine: readonly Shape[] = services.map((name) => shapes[name]);
    const scopes: Shape["scopes"] = Object.assign({}, ...mine.map(({ scopes }) => scopes));
    const oneOnly = mine.some(({ alone }) => alone);
    const truth: string[] = [];
    let name = services.includes("benecheck") ? "BeneCheck" : "Instrument";
    let clockless = false;
    let failing = false;
    let connected = false;
    let visit = 0;
    let wanted: ReadonlySet<string> = new Set();
    let waiting: readonly Waiting[] = [];
    /** A finger that is in it now. */
    let stream: Waiting | undefined;

    const time = (at: number): readonly number[] => {
      const { year, month, day, hour, minute, second } = chinaTime(millis(at));
      return [year & 0xff, year >> 8, month, day, hour, minute, second];
    };
    const now = () => clock.wall().utc - slowBy;
    const value = (of: string, bytes: readonly number[]) => {
      if (connected && (wanted.has(of) || of === clockCharacteristic))
        self.say({ is: "value", of, bytes: Uint8Array.from(bytes) });
    };
    const has = () => [
      ...(keeps && !clockless ? [clockCharacteristic] : []),
      ...mine.flatMap(({ characteristics }) => characteristics),
    ];
    const come = (stays: number) => {
      if (self.silent()) return;
      connected = true;
      wanted = new Set();
      visit += 1;
      const present = visit;
      self.say({ is: "connected", name, has: has() });
      self.after(stays, "goes", () => {
        if (visit !== present || !connected) return;
        connected = false;
        self.say({ is: "gone" });
      });
    };
    /** What waits goes out once everything that brings it is wanted. */
    const flush = () => {
      if (!mine.every(({ ready }) => ready.every((one) => wanted.has(one)))) return;
      const all = waiting;
      waiting = [];
      for (const { measured, at, counts, failed } of all) {
        if (counts && !failed && !self.silent()) truth.push(asTruth(measured));
        const spoilt = self.spoils();
        for (const shape of mine) {
          const said = shape.result?.(measured, time(at), failed);
          if (said) value(said.of, spoilt ? said.bytes.slice(0, said.bytes.length >> 1) : said.bytes);
        }
      }
    };
    const streamOn = (left: number, good: number) => {
      const finger = stream;
      if (finger === undefined) return;
      if (left === 0) {
        stream = undefined;
        return;
      }
      const isReady = connected && mine.every(({ ready }) => ready.every((one) => wanted.has(one)));
      const searching = finger.counts && left > 16;
      const spoilt = isReady && !searching && self.spoils();
      for (const { moment } of mine) {
        const said = moment?.(searching ? undefined : finger.measured);
        if (isReady)
          for (const one of said ?? []) value(one.of, spoilt ? one.bytes.slice(0, one.bytes.length >> 1) : one.bytes);
      }
      const seen = isReady && !searching && !self.silent() ? good + 1 : good;
      if (seen === 9 && good === 8 && finger.counts) truth.push(asTruth(finger.measured));
      self.after(1000, "streams", () => streamOn(left - 1, seen));
    };

    const peopleOf = (text: string): Measured => {
      if (!oneOnly) return measuredBy(text, scopes);
      const item = text.split("=")[0] ?? "";
      const all = measuredBy(text, scopes);
      if (text.includes(",") || !(item in all)) throw new Error("one strip measures one substance");
      return { [item]: all[item] ?? NaN };
    };
    const isStream = mine.some(({ moment }) => moment !== undefined);
    const measure = (measured: Measured) => {
      const failed = failing;
      failing = false;
      const lasts = Math.max(...mine.map(({ seconds }) => seconds)) * 1000;
      if (isStream) {
        if (self.silent()) return;
        stream = { measured, at: now(), counts: true, failed };
        come(19_000);
        return streamOn(18, 0);
      }
      const inCuff = mine.some(({ cuff }) => cuff);
      if (inCuff) come(lasts + staysAfter);
      const pump = (pressure: number) => {
        const at = Math.round(pressure);
        value("2a36", [0, at & 0xff, at >> 8, 0xff, 0x07, 0xff, 0x07]);
      };
      if (inCuff) for (let s = 2; s * 1000 < lasts; s += 1) self.after(s * 1000, "pumps", () => pump(180 - 4 * s));
      self.after(lasts, "has measured", () => {
        if (self.silent()) return;
        waiting = [...waiting, { measured, at: now(), counts: true, failed }];
        if (connected) flush();
        else come(staysAfter);
      });
    };
    const stale = () => {
      const measured = Object.fromEntries(Object.entries(scopes).map(([item, { other }]) => [item, other ?? 1]));
      const [first] = Object.entries(measured);
      const whole = oneOnly && first ? { [first[0]]: first[1] } : measured;
      if (isStream) {
        stream = { measured: whole, at: now(), counts: false, failed: false };
        come(3500);
        return streamOn(3, 0);
      }
      // It lies in the memory, and goes out at the next two connections: nobody acknowledged it.
      const old: Waiting = { measured: whole, at: now() - 600_000, counts: false, failed: false };
      waiting = [...waiting, old];
      come(staysAfter);
      if (!keeps) return;
      self.after(againAfter, "sends it again", () => {
        waiting = [...waiting, old];
        if (connected) flush();
        else come(staysAfter);
      });
    };

    return {
      knobs,
      hear(doing) {
        if (self.silent() || !connected) return;
        if (doing.do === "read")
          return doing.of === clockCharacteristic ? value(clockCharacteristic, [...time(now()), 1, 0, 0]) : undefined;
        wanted = new Set([...wanted, doing.do === "hear" ? doing.of : `written ${doing.to}`]);
        flush();
      },
      turn(knob, to) {
        if (self.turn(knob, to)) return;
        if (knob === "measure") measure(peopleOf(String(to)));
        else if (knob === "stale") stale();
        else if (knob === "fail") failing = to === true;
        else if (knob === "clockless") clockless = to === true;
        else if (knob === "name") name = String(to);
        else throw new Error(`a Bluetooth instrument has no knob "${knob}"; it has ${knobs.join(", ")}`);
      },
      truth: () => truth,
      stop: () => self.stop(),
    };
  },
};

export default definition;
