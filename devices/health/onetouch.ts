import type { Device, DriverDefinition, Identity } from "../kit/driver.ts";
import { fault } from "../kit/fault.ts";
import { measuring } from "../kit/measuring.ts";
import { watchMemory } from "../kit/memory.ts";
import { err, ok, type Result } from "../kit/result.ts";
import type { Reading } from "./capability.ts";
import { openLink } from "./onetouch-link.ts";
import { askCount, askSerial, askVersion, memoryOf } from "./onetouch-memory.ts";
import { models, type Model, type ModelName, type Stored } from "./onetouch-model.ts";

// OneTouch meters that speak in packets: UltraEasy and UltraMini on their cable, Verio IQ on USB [S19]. They keep what
// they measured and tell it only when asked.

export interface OneTouchOptions {
  readonly model: ModelName;
}

/** Beyond these the display says LO and HI [S20]. */
const leastGlucose = 20;
const mostGlucose = 600;

/** Nothing where the record is none of a person. */
function readingsOf({ glucose, control, notes }: Stored): readonly Reading[] | undefined {
  if (control || glucose === 0) return undefined;
  const base = { item: "glucose", unit: "mg/dL", notes } as const;
  if (glucose > mostGlucose) return [{ ...base, value: mostGlucose, comparator: ">" }];
  if (glucose < leastGlucose) return [{ ...base, value: leastGlucose, comparator: "<" }];
  return [{ ...base, value: glucose }];
}

const isModel = (name: unknown): name is ModelName => typeof name === "string" && Object.hasOwn(models, name);

function readOptions(raw: unknown): Result<OneTouchOptions, readonly string[]> {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) return err(["options: expected an object"]);
  const given: Readonly<Record<string, unknown>> = { ...raw };
  const mistakes = Object.keys(given)
    .filter((name) => name !== "model")
    .map((name) => `${name}: a OneTouch meter has no such option; it has model`);
  const { model } = given;
  if (!isModel(model)) mistakes.push(`model: expected one of ${Object.keys(models).join(", ")}`);
  return mistakes.length === 0 && isModel(model) ? ok({ model }) : err(mistakes);
}

const driver: DriverDefinition<OneTouchOptions, "bytes"> = {
  id: "onetouch",
  provides: ["meter"],
  port: "bytes",
  remembers: false,
  options: readOptions,

  async open({ port, clock, options }) {
    const model: Model = models[options.model];
    const link = openLink(port, clock, model);
    const turns = measuring<readonly Reading[]>();
    const ear = port.listen({ heard() {}, lost: (why) => turns.close(why) });
    const close = () => {
      ear.stop();
      turns.close(fault("no-device", "closed"));
      link.close();
    };

    const version = await askVersion(link, model);
    if (!version.ok) {
      close();
      return version;
    }
    const serial = await askSerial(link, model);
    if (!serial.ok) {
      close();
      return serial;
    }
    const identity: Identity = { model: model.name, serial: serial.value, firmware: version.value };

    const device: Device = {
      can: {
        meter: {
          items: ["glucose"],
          starts: false,
          measure: ({ stop, heard }) =>
            turns.measure(stop, (end) => {
              const watch = watchMemory(clock, port.label, memoryOf(link, model), {
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
        // With a strip in it the meter may be silent; the watch over its memory knows when that lasts too long.
        if (turns.underWay()) return ok(identity);
        const alive = await askSerial(link, model);
        return alive.ok ? ok({ ...identity, serial: alive.value }) : alive;
      },
      async selfTest() {
        const count = await askCount(link, model);
        if (!count.ok) return count;
        return ok([
          `firmware ${version.value}`,
          `results in its memory: ${count.value}`,
          `noise on the line: ${link.junk()} bytes since it was opened`,
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
