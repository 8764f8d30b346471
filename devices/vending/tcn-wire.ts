import { sum } from "../kit/checksum.ts";
import { millis, minutes, seconds } from "../kit/clock.ts";
import type { Dialect } from "../kit/exchange.ts";
import { fault, type Fault } from "../kit/fault.ts";
import { searching, type Framer } from "../kit/framer.ts";
import { err, ok, type Result } from "../kit/result.ts";
import type { Delivery } from "./capability.ts";

// The wire of the TCN (中吉) drive board, 9600 8N1. Every byte is from the board's manual [S-TCN].

/** The book gives 1 s to all but motions; 6 s to a vend, which shaking and waiting for the drop draw out to 20 s in the field. */
export const patience = { quick: millis(1500), vend: seconds(20), homeAll: minutes(1) } as const;

/** D1, D3 and D5 of the manual. A command from 01 to 50 (hex) turns that slot. */
export interface Question {
  readonly board: number;
  readonly command: number;
  readonly parameter: number;
}

/** R1 to R4 of the manual. */
export interface Answer {
  readonly board: number;
  readonly head: number;
  readonly r3: number;
  readonly r4: number;
}

export const command = {
  selfTest: 0x64,
  homeAll: 0x65,
  temperature: 0xdc,
  door: 0xdf,
  version: 0xe7,
  curtain: 0xe8,
} as const;

export const light = { unchecked: 0x55, checked: 0xaa } as const;
export const head = { yes: 0x5d, no: 0x5c } as const;
export const drop = { nothing: 0x00, seen: 0xaa, seenAfterShaking: 0xcc, nothingAfterShaking: 0x33 } as const;

/** A turn of 6 s, then the most that can be set: 5 shakes [E6], each with a wait of 6 s for the drop [E9]. */
const longestVend = seconds(6 + 6 + 5 * 6);
/** Five bytes at 9600 bit/s take 5 ms; USB adapters hold bytes back for up to 16 ms. */
const gap = millis(40);

const isVend = ({ command: asked }: Question) => asked >= 1 && asked <= 80;
const isLetter = (byte: number) => byte >= 0x41 && byte <= 0x5a;
const isDigit = (byte: number) => byte >= 0x30 && byte <= 0x39;

export function encode({ board, command: asked, parameter }: Question): Uint8Array {
  return Uint8Array.from([board, asked, parameter].flatMap((byte) => [byte, byte ^ 0xff]));
}

/** What the board hears: six bytes, each second one the complement of the one before. */
export const orders: Framer<Question, Uint8Array> = searching(null, (bytes) => {
  const [board = 0, notBoard, order = 0, notOrder, parameter = 0, notParameter] = bytes;
  if (notBoard !== undefined && (board ^ notBoard) !== 0xff) return { is: "noise" };
  if (notOrder !== undefined && (order ^ notOrder) !== 0xff) return { is: "noise" };
  if (notParameter === undefined) return { is: "part" };
  if ((parameter ^ notParameter) !== 0xff) return { is: "noise" };
  return { is: "frame", frame: { board, command: order, parameter }, length: 6 };
});

/**
 * Five bytes: board, 5D or 5C, two values, sum. The version is a letter and two digits instead, "B27" [E7].
 * No quiet rule: the line starts afresh before each question, and a kiosk that was held up must not lose half an answer.
 */
export const framer: Framer<Answer, Uint8Array> = searching(null, (bytes) => {
  const [board = 0, second, r3 = 0, r4 = 0, check] = bytes;
  if (second !== undefined && second !== head.yes && second !== head.no && !isLetter(second)) return { is: "noise" };
  if (second === undefined || check === undefined) return { is: "part" };
  if (sum([board, second, r3, r4]) !== check) return { is: "noise" };
  if (isLetter(second) && !(isDigit(r3) && isDigit(r4))) return { is: "noise" };
  return { is: "frame", frame: { board, head: second, r3, r4 }, length: 5 };
});

export const dialect: Dialect<Question, Answer, Uint8Array> = {
  framer,
  encode,
  // Only a version answers the question for the version: the life question can not be answered by a stray.
  answers: (asked, heard) => heard.board === asked.board && (asked.command === command.version) === isVersion(heard),
  unnamed: {
    longest: (asked) =>
      isVend(asked) ? longestVend : asked.command === command.homeAll ? patience.homeAll : patience.quick,
    gap,
  },
};

const isVersion = (answer: Answer) => answer.head !== head.yes && answer.head !== head.no;

const motorFaults = ["", "PMOS short", "NMOS short", "motor short", "motor open", "motor ran too long"];
const lightFaults = ["", "light without emission", "no light signal", "light signal always on"];

/** R3 in words, empty where it says all is well. High digit: motor. Low digit: light curtain. */
export function faultsIn(r3: number): string {
  const known = (list: readonly string[], digit: number) => list[digit] ?? `code ${digit}`;
  return [known(motorFaults, r3 >> 4), known(lightFaults, r3 & 0x0f)].filter((words) => words !== "").join(", ");
}

/** What a vend came to. Where the light was not asked, the manual's 00 in R4 is no proof of anything. */
export function outcome(answer: Answer, lightCheck: boolean): Delivery {
  const { r3, r4 } = answer;
  const said = `the board answered ${[answer.head, r3, r4].map((byte) => byte.toString(16).padStart(2, "0").toUpperCase()).join(" ")}`;
  const failed = (started: boolean, why: Fault): Delivery => ({ kind: "not-delivered", started, fault: why });

  if (r4 === drop.seen || r4 === drop.seenAfterShaking) return { kind: "delivered", evidence: "drop-sensor" };
  if (r4 !== drop.nothing && r4 !== drop.nothingAfterShaking)
    return { kind: "unknown", fault: fault("garbled", `${said}, which is not in its manual`) };
  const watched = lightCheck || r4 === drop.nothingAfterShaking;

  if (answer.head === head.yes) {
    if (watched) return failed(true, fault("no-drop", `the motor turned and no drop was seen; ${said}`));
    if (r3 === 0) return { kind: "delivered", evidence: "motor-home" };
    return { kind: "unknown", fault: fault("jammed", `${faultsIn(r3)}; ${said}`) };
  }
  const why = faultsIn(r3);
  if (r3 >> 4 === 4) return failed(false, fault("jammed", `motor open, it did not turn; ${said}`));
  if (r3 >> 4 === 0 && (r3 & 0x0f) !== 0)
    return failed(false, fault("self-test", `light curtain bad (${why}), the board refuses to turn; ${said}`));
  const kind = r3 === 0 ? "refused" : "jammed";
  // Half a turn may have been enough; without the light nobody saw.
  if (!watched) return { kind: "unknown", fault: fault(kind, `${why || "refused"}; ${said}`) };
  return failed(true, fault(kind, `${why || "refused"}, no drop was seen; ${said}`));
}

/** [DC] says these where there is no temperature. */
const probeMissing = -21;
const probeShorted = 101;

/** A byte of the manual's temperatures: two's complement degrees, or why there are none. */
export function celsius(byte: number): Result<number> {
  const degrees = (byte << 24) >> 24;
  if (degrees === probeMissing) return err(fault("self-test", "temperature probe missing (EB)"));
  if (degrees === probeShorted) return err(fault("self-test", "temperature probe shorted (65)"));
  return ok(degrees);
}
