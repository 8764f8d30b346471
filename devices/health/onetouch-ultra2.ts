import { minutes, seconds } from "../kit/clock.ts";
import type { Device, DriverDefinition, Identity } from "../kit/driver.ts";
import { openLine } from "../kit/exchange.ts";
import { fault } from "../kit/fault.ts";
import { measuring } from "../kit/measuring.ts";
import { otherMeter, watchMemory, type Look, type Memory } from "../kit/memory.ts";
import { err, ok, type Result } from "../kit/result.ts";
import type { Note, Reading } from "./capability.ts";
import {
  dialect,
  isAmong,
  isSame,
  leastGlucose,
  mostGlucose,
  patienceFor,
  type Ultra2Question,
  type Ultra2Record,
  type Ultra2Said,
} from "./onetouch-ultra2-wire.ts";

// A OneTouch Ultra2 on its cable [S19]. It keeps 500 results and tells them only when asked: whoever is measured is found
// by comparing the memory with what was in it before.

/** Noise may take a question or its answer; none of them changes anything. */
const attempts = 3;
const betweenLooks = seconds(2);
/** While a strip is in it the meter answers nothing. */
const longestTest = minutes(3);

/** Nothing where the record is none of a person. */
function readingsOf({ glucose, control, meal }: Ultra2Record): readonly Reading[] | undefined {
  if (control) return undefined;
  const notes: readonly Note[] = meal === "none" ? [] : [`${meal}-meal`];
  const base = { item: "glucose", unit: "mg/dL", notes } as const;
  if (glucose === "above") return [{ ...base, value: mostGlucose, comparator: ">" }];
  if (glucose === "below") return [{ ...base, value: leastGlucose, comparator: "<" }];
  return [{ ...base, value: glucose }];
}

const driver: DriverDefinition<object, "bytes"> = {
  id: "onetouch-ultra2",
  provides: ["meter"],
  port: "bytes",
  remembers: false,
  options(raw): Result<object, readonly string[]> {
    if (typeof raw !== "object" || raw === null || Array.isArray(raw)) return err(["options: expected an object"]);
    const mistakes = Object.keys(raw).map((name) => `${name}: a OneTouch Ultra2 has no options`);
    return mistakes.length > 0 ? err(mistakes) : ok({});
  },

  async open({ port, clock }) {
    const line = openLine(port, clock, dialect);
    const turns = measuring<readonly Reading[]>();
    const ear = port.listen({ heard() {}, lost: (why) => turns.close(why) });
    const close = () => {
      ear.stop();
      turns.close(fault("no-device", "closed"));
      line.close();
    };

    const ask = async (question: Ultra2Question): Promise<Result<Ultra2Said>> => {
      for (let attempt = 1; ; attempt++) {
        const told = await line.ask(question, patienceFor(question));
        if (told.ok && told.value.is !== "damaged") return told;
        const why = told.ok ? fault("garbled", "a line of the memory came damaged: look at the cable") : told.error;
        if (attempt === attempts || why.kind === "no-device") return err(why);
      }
    };
    const askSerial = async (): Promise<Result<string>> => {
      const told = await ask("serial");
      if (!told.ok) return told;
      return told.value.is === "serial"
        ? ok(told.value.serial)
        : err(fault("garbled", "another answer than asked for"));
    };

    /** The memory of the meter that is on the cable at the first look. */
    const memory = (): Memory<Ultra2Record> => {
      let owner: string | undefined;
      let before: readonly Ultra2Record[] = [];
      const look = async (): Promise<Result<Look<Ultra2Record>>> => {
        // A dead meter says so much sooner than a dump would be given up.
        const serial = await askSerial();
        if (!serial.ok) return serial;
        const told = await ask("dump");
        if (!told.ok) return told;
        if (told.value.is !== "dump") return err(fault("garbled", "another answer than asked for"));
        const { records } = told.value;
        if (owner !== undefined && owner !== told.value.serial) return err(otherMeter);
        owner = told.value.serial;
        // In which order they stand is not documented, and the meter's clock may have been set: what was not there is new.
        const fresh = records.filter((record) => !isAmong(record, before));
        const newest = [...fresh].sort((one, other) => other.at.localeCompare(one.at))[0] ?? before[0];
        before = newest === undefined ? records : [newest, ...records.filter((record) => record !== newest)];
        return ok({ count: records.length, newest });
      };
      return { look, isSame, period: betweenLooks, patience: longestTest };
    };

    const version = await ask("version");
    if (!version.ok) {
      close();
      return version;
    }
    const firmware = version.value.is === "version" ? version.value.version : "";
    const serial = await askSerial();
    if (!serial.ok) {
      close();
      return serial;
    }
    const identity: Identity = { model: "OneTouch Ultra2", serial: serial.value, firmware };

    const device: Device = {
      can: {
        meter: {
          items: ["glucose"],
          starts: false,
          measure: ({ stop, heard }) =>
            turns.measure(stop, (end) => {
              const watch = watchMemory(clock, port.label, memory(), {
                begun: () => heard({ is: "waiting" }),
                grown(record) {
                  const readings = readingsOf(record);
                  if (readings) end(ok(readings));
                },
                failed: (why) => end(err(why)),
              });
              return () => watch.stop();
            }),
        },
      },
      async identify() {
        // With a strip in it the meter is silent; the watch over its memory knows when that lasts too long.
        if (turns.underWay()) return ok(identity);
        const alive = await askSerial();
        return alive.ok ? ok({ ...identity, serial: alive.value }) : alive;
      },
      async selfTest() {
        const told = await ask("dump");
        if (!told.ok) return told;
        return ok([
          `firmware ${firmware}`,
          `results in its memory: ${told.value.is === "dump" ? told.value.records.length : "unknown"}`,
          `noise on the line: ${line.junk()} bytes since it was opened`,
        ]);
      },
      async close() {
        close();
      },
    };
    return ok(device);
  },
};

export default driver;
