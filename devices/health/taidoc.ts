import { asked } from "../kit/asked.ts";
import { millis, minutes, seconds, type Clock } from "../kit/clock.ts";
import { openUart } from "../kit/cp2110.ts";
import type { DriverDefinition } from "../kit/driver.ts";
import { atOne, watchMemory } from "../kit/memory.ts";
import { watchFinger } from "../kit/oximetry.ts";
import type { Listening } from "../kit/port.ts";
import { err, ok, type Result } from "../kit/result.ts";
import { rounds } from "../kit/rounds.ts";
import type { Item, Meter, Progress, Reading } from "./capability.ts";
import { readOptions, type Kind, type TaiDocOptions } from "./taidoc-options.ts";
import { bloodOf, bodyOf, pressureOf, temperatureOf, weightOf, type Meaning } from "./taidoc-record.ts";
import { openTaiDoc, type TaiDoc, type TaiDocRecord } from "./taidoc-talk.ts";
import { baud } from "./taidoc-wire.ts";

const betweenLooks = seconds(1);
/** Some do not speak while they measure; a cuff takes a minute. */
const busy = minutes(3);
const liveRate = 2;

const itemsOf: Readonly<Record<Exclude<Kind, "strips">, readonly Item[]>> = {
  pressure: ["systolic", "diastolic", "pulse"],
  thermometer: ["temperature"],
  oximeter: ["spo2", "pulse"],
  scale: ["weight"],
  "body-scale": [
    "weight",
    "bmi",
    "basal-metabolism",
    "body-fat",
    "muscle-mass",
    "bone-mass",
    "body-water",
    "visceral-fat",
  ],
};

function meaningOf({ value }: TaiDocRecord, { kind, strips }: TaiDocOptions): Meaning {
  switch (kind) {
    case "strips":
      return bloodOf(value, strips);
    case "pressure":
      return pressureOf(value);
    case "thermometer":
      return temperatureOf(value);
    case "scale":
      return weightOf(value);
    case "body-scale":
      return bodyOf(value);
    case "oximeter":
      return undefined;
  }
}

const isSame = (one: TaiDocRecord, other: TaiDocRecord) =>
  String(one.time) === String(other.time) && String(one.value) === String(other.value);

type End = (outcome: Result<readonly Reading[]>) => void;
type Heard = (progress: Progress) => void;

/** What was measured lies in the memory afterwards. */
function fromMemory(talk: TaiDoc, clock: Clock, options: TaiDocOptions, heard: Heard, end: End): Listening {
  const look = atOne({ look: () => talk.look(), isSame }, () => talk.isStill());
  const memory = { look, isSame, period: betweenLooks, patience: busy };
  return watchMemory(clock, "taidoc", memory, {
    begun: () => heard({ is: "waiting" }),
    grown(record) {
      const meaning = meaningOf(record, options);
      if (meaning) end(meaning);
    },
    failed: (why) => end(err(why)),
  });
}

/** No finger, and the sentinels of a sensor that has no number [instruments 1]. */
const noOxygen: readonly number[] = [0, 0x7f, 0xff];
const noPulse: readonly number[] = [0, 0xff];

/** An oximeter is asked what it sees now; nothing that it keeps is looked at. */
function fromFinger(talk: TaiDoc, clock: Clock, heard: Heard, end: End): Listening {
  const see = watchFinger(clock, liveRate, { out() {}, wave() {}, steady: (readings) => end(ok(readings)) });
  let seen = clock.mono();
  heard({ is: "waiting" });
  const looking = rounds(clock, millis(1000 / liveRate), "taidoc: before the finger is looked at again", async () => {
    const live = await talk.live();
    if (live.ok) {
      seen = clock.mono();
      const [spo2 = 0, , , pulse = 0] = live.value.data;
      const isOut = noOxygen.includes(spo2) || noPulse.includes(pulse);
      see(isOut ? { is: "out" } : { is: "in", pleth: 0, values: { spo2, pulse } });
      return true;
    }
    const goesOn = live.error.kind !== "no-device" && clock.mono() - seen < busy;
    if (!goesOn) end(err(live.error));
    return goesOn;
  });
  looking.now();
  return looking;
}

/** TaiDoc instruments behind a CP2110: meters for blood, blood pressure, temperature, oxygen and weight. */
const driver: DriverDefinition<TaiDocOptions, "reports"> = {
  id: "taidoc",
  provides: ["meter"],
  port: "reports",
  remembers: false,
  options: readOptions,

  async open({ port, clock, options, note }) {
    const uart = await openUart(port, baud);
    if (!uart.ok) return uart;
    const talk = openTaiDoc(uart.value, clock, options);
    const instrument = asked<readonly Reading[]>(port, {
      async greet() {
        const greeted = await talk.greet();
        if (!greeted.ok) return greeted;
        const { model, number } = greeted.value;
        return ok({ model: `TaiDoc TD-${model}`, ...(number !== undefined && { serial: number }) });
      },
      async prepare() {
        const set = await talk.setClock();
        if (!set.ok) note("clock-not-set", { why: set.error.kind });
      },
      leave: () => talk.off(),
      close: () => talk.close(),
      junk: () => talk.junk(),
    });
    const meter: Meter = {
      items: options.kind === "strips" ? options.strips : itemsOf[options.kind],
      starts: false,
      measure: ({ stop, heard }) =>
        instrument.measure(stop, (end) =>
          options.kind === "oximeter"
            ? fromFinger(talk, clock, heard, end)
            : fromMemory(talk, clock, options, heard, end),
        ),
    };
    return ok({
      can: { meter },
      identify: () => instrument.identify(),
      selfTest: (level) => instrument.selfTest(level),
      close: () => instrument.close(),
    });
  },
};

export default driver;
