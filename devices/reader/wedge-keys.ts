import type { Millis } from "../kit/clock.ts";
import type { Framer } from "../kit/framer.ts";
import { readReportDescriptor, usageOf, valueOf, type HidField } from "../kit/hid-descriptor.ts";
import { err, ok, type Result } from "../kit/result.ts";

// Keys of a HID keyboard in the US layout, by their usages on page 7 [B1; HID Usage Tables, 10].

const keyboardPage = 0x07;
const firstLetter = 0x04;
const lastLetter = 0x1d;
const firstDigit = 0x1e;
const zero = 0x27;
const firstKeypadDigit = 0x59;
const keypadZero = 0x62;
const enter = 0x28;
const tab = 0x2b;
const keypadEnter = 0x58;
const leftShift = 0xe1;
const rightShift = 0xe5;
const firstModifier = 0xe0;
const lastModifier = 0xe7;

const endKeys = { enter: [enter, keypadEnter], tab: [tab] } as const;
export type Suffix = keyof typeof endKeys;

const letters = "abcdefghijklmnopqrstuvwxyz";
const digits = "1234567890";

/** Digits in the largest QR code, 40-L; no other code holds more characters [ISO/IEC 18004]. */
const longest = 7089;
/** Fewer keys than this are no code and no card: somebody hit a key. */
const least = 4;

/** The input reports that tell which keys are down, and all others of the same device. */
export interface Keyboard {
  readonly keys: readonly HidField[];
  readonly others: readonly HidField[];
}

const pageOf = (usage: number | undefined) => (usage ?? 0) >>> 16;

/** @returns where its reports have the keys, or the sentence for the technician why this is no keyboard. */
export function readKeyboard(descriptor: Uint8Array): Result<Keyboard, string> {
  const read = readReportDescriptor(descriptor);
  if (!read.ok) return read;
  const inputs = read.value.filter(({ kind, form, bits }) => kind === "input" && form !== "padding" && bits > 0);
  const isKeys = (field: HidField) => pageOf(usageOf(field, 0)) === keyboardPage;
  const keys = inputs.filter(isKeys);
  if (keys.length === 0) return err("it reports no keys: this is not the keyboard interface of a reader");
  return ok({ keys, others: inputs.filter((field) => !isKeys(field)) });
}

/** What a reader typed. */
export type Typed =
  | { readonly is: "entry"; readonly text: string }
  /** It ended with its end key, and had something in it that no reader of ours types. */
  | { readonly is: "spoiled" }
  /** A key that no reader types, told once an entry: power, arrows, control and the like. */
  | { readonly is: "foreign" };

/** An entry whose end key is still to come. */
export interface HalfEntry {
  readonly text: string;
  readonly foreign: boolean;
  /** Keys that are down now, by report. */
  readonly down: readonly number[];
}

const start: HalfEntry = { text: "", foreign: false, down: [] };
const resting = (down: readonly number[]): HalfEntry => (down.length === 0 ? start : { ...start, down });

/** Whether something was before the reader, and not only a key hit. */
export const isMoreThanKeyHit = ({ text }: HalfEntry): boolean => text.length >= least;

/** Finds entries in keyboard reports, each pushed whole with its number first. An entry with a foreign key is dropped. */
export const entries = (keyboard: Keyboard, suffix: Suffix, quiet: Millis): Framer<Typed, HalfEntry> => ({
  start,
  quiet,
  push(half, report) {
    const mine = keyboard.keys.filter((field) => field.report === report[0]);
    // A button of another kind, on the same plug: power, volume, a mouse.
    if (mine.length === 0) {
      const pressed = isPressed(keyboard.others, report);
      if (!pressed) return { state: half, frames: [], junk: 0 };
      const frames: Typed[] = half.foreign ? [] : [{ is: "foreign" }];
      return { state: { ...half, foreign: true }, frames, junk: report.length };
    }
    const down = keysDown(mine, report);
    const shift = down.includes(leftShift) || down.includes(rightShift);
    const frames: Typed[] = [];
    let { text, foreign } = half;
    const spoil = () => {
      if (!foreign) frames.push({ is: "foreign" });
      foreign = true;
    };
    if (
      isPressed(
        keyboard.others.filter((field) => field.report === report[0]),
        report,
      )
    )
      spoil();
    for (const key of down.filter((usage) => !half.down.includes(usage))) {
      if (key === leftShift || key === rightShift) continue;
      const character = characterOf(key, shift);
      if (endKeys[suffix].some((end) => end === key)) {
        if (text.length >= least) frames.push(foreign ? { is: "spoiled" } : { is: "entry", text });
        text = "";
        foreign = false;
      } else if (character === undefined || text.length >= longest) spoil();
      else text += character;
    }
    const state = text === "" && !foreign ? resting(down) : { text, foreign, down };
    return { state, frames, junk: 0 };
  },
});

function characterOf(usage: number, shift: boolean): string | undefined {
  if (usage >= firstLetter && usage <= lastLetter) {
    const letter = letters[usage - firstLetter];
    return shift ? letter?.toUpperCase() : letter;
  }
  // With Shift a digit key is another sign.
  if (usage >= firstDigit && usage <= zero) return shift ? undefined : digits[usage - firstDigit];
  if (usage >= firstKeypadDigit && usage <= keypadZero) return digits[usage - firstKeypadDigit];
  return undefined;
}

/** The usages that are on, in the order of the report. */
function keysDown(fields: readonly HidField[], report: Uint8Array): readonly number[] {
  const down: number[] = [];
  for (const field of fields) {
    for (let nth = 0; nth < field.count; nth++) {
      const value = valueOf(report, field, nth);
      // A value of 0 or below the least means no key [HID 1.11, 6.2.2.5].
      if (value === 0 || value < field.lowest) continue;
      const usage = usageOf(field, field.form === "variable" ? nth : value - field.lowest) ?? 0;
      if (usage % 0x1_0000 > 0) down.push(usage % 0x1_0000);
    }
  }
  // Modifiers first: the Shift that comes with a letter in one report holds for it.
  const isModifier = (usage: number) => usage >= firstModifier && usage <= lastModifier;
  return [...down.filter(isModifier), ...down.filter((usage) => !isModifier(usage))];
}

function isPressed(fields: readonly HidField[], report: Uint8Array): boolean {
  return fields
    .filter((field) => field.report === report[0])
    .some((field) => {
      for (let nth = 0; nth < field.count; nth++) if (valueOf(report, field, nth) !== 0) return true;
      return false;
    });
}
