import { asked } from "../kit/asked.ts";
import { utcOf } from "../kit/civil.ts";
import { minutes, seconds } from "../kit/clock.ts";
import type { Device, DriverContext } from "../kit/driver.ts";
import { openLine } from "../kit/exchange.ts";
import { fault } from "../kit/fault.ts";
import { atOne, watchMemory } from "../kit/memory.ts";
import type { BytePort } from "../kit/port.ts";
import { err, ok, type Result } from "../kit/result.ts";
import type { Meter, Reading } from "./capability.ts";
import { depth, looking, type Ends } from "./caresens-memory.ts";
import {
  bytesOfTime,
  countOf,
  dialect,
  isError,
  patience,
  ping,
  readingOf,
  recordsFrom,
  recordsOf,
  serialOf,
  timeOf,
  type Name,
  type Packet,
} from "./caresens-wire.ts";

const betweenLooks = seconds(1);
/** It does not speak while a strip is in it. */
const busy = minutes(3);
const tries = 3;
const mayBeOff = minutes(1);
const nothing = new Uint8Array();

/** CareSens meters have no options. */
export function readOptions(raw: unknown): Result<object, readonly string[]> {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) return err(["options: expected an object"]);
  const mistakes = Object.keys(raw).map((name) => `${name}: a CareSens has no options`);
  return mistakes.length > 0 ? err(mistakes) : ok({});
}

const isSame = (one: Uint8Array, other: Uint8Array) => String(one) === String(other);

/** A CareSens at the end of a line, whatever the line is made of. */
export function openCareSens(
  port: BytePort,
  { clock, note }: Pick<DriverContext<object, "bytes">, "clock" | "note">,
): Device {
  const line = openLine(port, clock, dialect);
  let closed = false;

  const ask = async (question: Packet): Promise<Result<Packet>> => {
    for (let left = tries; ; left -= 1) {
      const answer = await line.ask(question, patience);
      if (answer.ok && !isError(answer.value)) return answer;
      const why = answer.ok
        ? fault("garbled", `the meter did not understand, and said ${answer.value.name}`)
        : fault(answer.error.kind, answer.error.detail);
      if (left === 1 || why.kind === "no-device") return err(why);
    }
  };
  const get = (name: Name, payload: Uint8Array = nothing) => ask({ name, payload });

  const records = async (first: number, count: number): Promise<Result<readonly Uint8Array[]>> => {
    const answer = await ask(recordsFrom(first, count));
    if (!answer.ok) return answer;
    const read = recordsOf(answer.value, count);
    return read ? ok(read) : err(fault("garbled", "the meter's records are no records"));
  };
  const read = async (): Promise<Result<Ends>> => {
    const told = await get("NCOT");
    if (!told.ok) return told;
    const count = countOf(told.value);
    if (count === 0) return ok({ count, first: [], last: [] });
    const most = Math.min(depth, count);
    const first = await records(1, most);
    if (!first.ok) return first;
    if (most === count) return ok({ count, first: first.value, last: first.value });
    const last = await records(count - most + 1, most);
    return last.ok ? ok({ count, first: first.value, last: last.value }) : last;
  };

  const askSerial = async (): Promise<Result<string>> => {
    const told = await get("RSNB");
    return told.ok ? ok(serialOf(told.value)) : told;
  };
  /** The meter that was on the cable when the measurement began. */
  let owner: string | undefined;
  const isStill = async (): Promise<Result<boolean>> => {
    const serial = await askSerial();
    return serial.ok ? ok(serial.value === owner) : serial;
  };

  const instrument = asked<readonly Reading[]>(port, {
    async greet() {
      // What answers it is not known; the question behind it is repeated where it came too early.
      if (!closed) await port.send(Uint8Array.of(ping));
      const serial = await askSerial();
      if (!serial.ok) return serial;
      owner = serial.value;
      return ok({ model: "CareSens", serial: owner });
    },
    async prepare() {
      const { utc, trusted } = clock.wall();
      if (!trusted) return;
      const shown = await get("RTIM");
      if (shown.ok && Math.abs(utcOf(timeOf(shown.value.payload)) - utc) <= mayBeOff) return;
      const set = shown.ok ? await get("WTIM", bytesOfTime(clock.wall().utc)) : shown;
      if (!set.ok) note("clock-not-set", { why: set.error.kind });
    },
    close() {
      closed = true;
      line.close();
    },
    junk: () => line.junk(),
  });
  const meter: Meter = {
    items: ["glucose", "ketone"],
    starts: false,
    measure: ({ stop, heard }) =>
      instrument.measure(stop, (end) =>
        watchMemory(
          clock,
          "caresens",
          { look: atOne({ look: looking(read), isSame }, isStill), isSame, period: betweenLooks, patience: busy },
          {
            begun: () => heard({ is: "waiting" }),
            grown(record) {
              const reading = readingOf(record);
              if (reading) end(reading);
            },
            failed: (why) => end(err(why)),
          },
        ),
      ),
  };
  return {
    can: { meter },
    identify: () => instrument.identify(),
    selfTest: (level) => instrument.selfTest(level),
    close: () => instrument.close(),
  };
}
