import { err, ok, type Result } from "../kit/result.ts";
import type { Climate, ClimateMode } from "./xy-menu.ts";

export interface XyOptions {
  /** Slots are numbered from 1 to this. */
  readonly slots: number;
  /** How many slots stand on one tray: drop detection is switched by the tray. */
  readonly slotsPerTray: number;
  /** Whether a drop sensor watches: all trays, none, or these. */
  readonly dropSensor: boolean | readonly number[];
  /** Whether an elevator carries the goods down. */
  readonly lift: boolean;
  /** The cabinet's temperature: nothing measures it, it stays as set at the machine, or it is set by the kiosk. */
  readonly climate: "none" | "as-set" | Climate;
  /** A board that has not polled for so long counts as gone. 2 by the document [S-XY 2.1]. */
  readonly silentAfterSeconds: number;
}

const modes: readonly ClimateMode[] = ["heat", "cool", "constant", "off"];
const names: readonly string[] = ["slots", "slotsPerTray", "dropSensor", "lift", "climate", "silentAfterSeconds"];

const isRecord = (raw: unknown): raw is Readonly<Record<string, unknown>> =>
  typeof raw === "object" && raw !== null && !Array.isArray(raw);
const isWhole = (raw: unknown, low: number, high: number): raw is number =>
  Number.isInteger(raw) && Number(raw) >= low && Number(raw) <= high;

/** Reads the options of one machine; each mistake is a sentence that begins with the option's name. */
export function xyOptions(raw: unknown): Result<XyOptions, readonly string[]> {
  if (!isRecord(raw)) return err(["options: expected an object"]);
  const mistakes: string[] = [];

  const whole = (name: string, otherwise: number | undefined, low: number, high: number): number => {
    const value = raw[name] ?? otherwise;
    if (isWhole(value, low, high)) return value;
    mistakes.push(`${name}: expected a whole number from ${low} to ${high}`);
    return low;
  };
  const lift = (): boolean => {
    const value = raw["lift"] ?? false;
    if (typeof value === "boolean") return value;
    mistakes.push("lift: expected true or false");
    return false;
  };
  const dropSensor = (): boolean | readonly number[] => {
    const value = raw["dropSensor"] ?? true;
    if (typeof value === "boolean") return value;
    if (Array.isArray(value) && value.length > 0 && value.every((tray) => isWhole(tray, 1, 99))) return value;
    mistakes.push("dropSensor: expected true, false or a list of trays such as [1, 2]");
    return false;
  };
  const climate = (): XyOptions["climate"] => {
    const value = raw["climate"] ?? "as-set";
    if (value === "none" || value === "as-set") return value;
    if (!isRecord(value)) {
      mistakes.push('climate: expected "none", "as-set" or such as {"mode": "cool", "celsius": 5}');
      return "none";
    }
    const mode = modes.find((known) => known === value["mode"]);
    const celsius = value["celsius"];
    if (mode === undefined) mistakes.push('climate.mode: expected "heat", "cool", "constant" or "off"');
    if (!isWhole(celsius, -30, 70)) mistakes.push("climate.celsius: expected a whole number from -30 to 70");
    return mode !== undefined && isWhole(celsius, -30, 70) ? { mode, celsius } : "none";
  };

  const options: XyOptions = {
    slots: whole("slots", undefined, 1, 999),
    slotsPerTray: whole("slotsPerTray", 10, 1, 99),
    dropSensor: dropSensor(),
    lift: lift(),
    climate: climate(),
    silentAfterSeconds: whole("silentAfterSeconds", 2, 2, 600),
  };
  for (const name of Object.keys(raw))
    if (!names.includes(name)) mistakes.push(`${name}: there is no such option; there are ${names.join(", ")}`);
  return mistakes.length === 0 ? ok(options) : err(mistakes);
}

/**
 * The document switches detection by the tray but does not say which slots a tray holds: trays are counted from 1,
 * each with the same number of slots, until a bench shows otherwise.
 */
export const trayOf = (slot: number, { slotsPerTray }: XyOptions): number => Math.ceil(slot / slotsPerTray);

export const watched = (slot: number, options: XyOptions): boolean =>
  typeof options.dropSensor === "boolean" ? options.dropSensor : options.dropSensor.includes(trayOf(slot, options));
