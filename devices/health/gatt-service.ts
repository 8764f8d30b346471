import type { GattDoing } from "../kit/port.ts";
import type { Framer } from "../kit/framer.ts";
import type { Item } from "./capability.ts";
import { compositionOf, temperatureOf, weightOf } from "./gatt-body.ts";
import { benecheckOf, glucoseOf, isBenecheck, reportLast } from "./gatt-glucose.ts";
import { ichoiceFramer, ichoicePassword, pc60Framer } from "./gatt-maker.ts";
import { cuffOf, pressureOf } from "./gatt-pressure.ts";
import { beltOf, spotOf, streamOf } from "./gatt-pulse.ts";
import type { Told } from "./gatt-told.ts";

// What the kiosk listens to at a Bluetooth instrument, service by service [instruments.md 2.9, 2.2.3, 2.2.4, 2.3.3].

export type ServiceName =
  | "pressure"
  | "oximeter"
  | "belt"
  | "glucose"
  | "benecheck"
  | "temperature"
  | "weight"
  | "composition"
  | "pc-60fw"
  | "ichoice";

export interface Service {
  readonly items: readonly Item[];
  /** Characteristics, in the order in which they must be wanted. */
  readonly hears: readonly string[];
  /** What is written once they are heard. */
  readonly afterwards?: GattDoing;
  /** Whether an instrument of this name speaks so; all do where it is left out. */
  fits?(name: string): boolean;
  /** What a value tells; afresh for each connection, for some makers' messages are cut over several values. */
  ear(): (of: string, bytes: Uint8Array) => readonly Told[];
}

type Parser = (bytes: Uint8Array) => Told | undefined;

const parsed =
  (parsers: Readonly<Record<string, Parser>>): Service["ear"] =>
  () =>
  (of, bytes) => {
    const told = parsers[of]?.(bytes);
    return told === undefined ? [] : [told];
  };

const framed =
  (characteristic: string, framer: Framer<Told | undefined, Uint8Array>): Service["ear"] =>
  () => {
    let state = framer.start;
    return (of, bytes) => {
      if (of !== characteristic) return [];
      const pushed = framer.push(state, bytes);
      state = pushed.state;
      return pushed.frames.filter((told) => told !== undefined);
    };
  };

/** Record access control point; it must be heard before it is written. */
const control = "2a52";
const askLast: GattDoing = { do: "write", to: control, bytes: reportLast };
/** Nordic's serial port, on which a PC-60FW notifies [S16]. */
const pc60 = "6e400003-b5a3-f393-e0a9-e50e24dcca9e";

const oxygen: readonly Item[] = ["spo2", "pulse"];
const scale: readonly Item[] = ["weight", "height", "bmi"];

export const services: Readonly<Record<ServiceName, Service>> = {
  pressure: {
    items: ["systolic", "diastolic", "mean-arterial", "pulse"],
    hears: ["2a36", "2a35"],
    ear: parsed({ "2a35": pressureOf, "2a36": cuffOf }),
  },
  oximeter: {
    items: [...oxygen, "perfusion"],
    hears: ["2a5f", "2a5e"],
    ear: parsed({ "2a5e": spotOf, "2a5f": streamOf }),
  },
  belt: { items: ["pulse"], hears: ["2a37"], ear: parsed({ "2a37": beltOf }) },
  glucose: {
    items: ["glucose"],
    hears: ["2a18", control],
    afterwards: askLast,
    fits: (name) => !isBenecheck(name),
    ear: parsed({ "2a18": glucoseOf }),
  },
  benecheck: {
    items: ["glucose", "urate", "cholesterol"],
    hears: ["2a18"],
    fits: isBenecheck,
    ear: parsed({ "2a18": benecheckOf }),
  },
  temperature: { items: ["temperature"], hears: ["2a1c"], ear: parsed({ "2a1c": temperatureOf }) },
  weight: { items: scale, hears: ["2a9d"], ear: parsed({ "2a9d": weightOf }) },
  composition: {
    items: ["body-fat", "weight", "height", "muscle-mass", "body-water", "basal-metabolism"],
    hears: ["2a9c"],
    ear: parsed({ "2a9c": compositionOf }),
  },
  "pc-60fw": { items: [...oxygen, "perfusion"], hears: [pc60], ear: framed(pc60, pc60Framer) },
  ichoice: {
    items: oxygen,
    // In this order, and then the password [S17]. Which of them brings the numbers the source does not say.
    hears: ["cd01", "cd02", "cd03", "cd04"],
    afterwards: { do: "write", to: "cd20", bytes: ichoicePassword },
    ear: anyOf(["cd01", "cd02", "cd03", "cd04"], ichoiceFramer),
  },
};

function anyOf(characteristics: readonly string[], framer: Framer<Told | undefined, Uint8Array>): Service["ear"] {
  return () => {
    const ears = characteristics.map((one) => framed(one, framer)());
    return (of, bytes) => ears.flatMap((ear) => ear(of, bytes));
  };
}
