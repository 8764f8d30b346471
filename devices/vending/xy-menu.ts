import { seconds, type Millis } from "../kit/clock.ts";
import { fault } from "../kit/fault.ts";
import { err, ok, type Result } from "../kit/result.ts";
import { answerPatience, type Question, type XyQuestions } from "./xy-questions.ts";
import { command, hex, word } from "./xy-wire.ts";
import type { Curtain } from "./capability.ts";

/** Types of the menu command 70 [S-XY 2.1, menu]. */
const menu = { dropDetection: 0x24, climate: 0x28, jams: 0x32, cold: 0x36, curtain: 0x50 } as const;
const operation = { read: 0, write: 1 } as const;

/** "Tray 100 = whole machine" [S-XY 2.1, menu 24]. */
export const wholeMachine = 100;
/** The main cabinet: slots 3000+n mean cabinet n and 3000 is the main one [S-XY 2.1, menu 26]. */
const mainCabinet = 0;
/** The curtain test runs on the board's own parts before it answers; the document gives no time (ours). */
const curtainPatience: Millis = seconds(15);

const climateModes = { heat: 1, cool: 2, constant: 3, off: 4 } as const;
export type ClimateMode = keyof typeof climateModes;
export interface Climate {
  readonly mode: ClimateMode;
  readonly celsius: number;
}

/** Controller states [S-XY 2.1, menu 36]. */
const coldStates: readonly string[] = [
  "in order",
  "compressor current too high",
  "compressor not connected",
  "circulation fan current too high",
  "circulation fan not connected",
  "condenser fan current too high",
  "condenser fan not connected",
  "temperature probe broken",
];
const probeBroken = 7;

/** "AA = not read" [S-XY 2.1, command 52]. */
const notRead = 0xaa;

/** Temperatures are one byte and may be negative [S-XY 2.1, menu 36]. */
export const celsiusOf = (byte: number): number => (byte << 24) >> 24;

export interface Cold {
  /** Degrees Celsius. */
  readonly celsius: number;
  readonly controller: string;
}

/** What menu 71 says after type, operation and status. "refused" where the status is not 0. */
async function consult(
  questions: XyQuestions,
  type: number,
  what: keyof typeof operation,
  data: readonly number[],
  patience: Millis = answerPatience,
): Promise<Result<{ readonly status: number; readonly data: Uint8Array }>> {
  const op = operation[what];
  const question: Question = {
    command: command.menu,
    text: [type, op, ...data],
    answers: ({ command: heard, text }) =>
      heard === command.menuAnswer && text.length >= 3 && text[0] === type && text[1] === op,
  };
  const answer = await questions.ask(question, patience);
  if (!answer.ok) return answer;
  const { text } = answer.value;
  return ok({ status: text[2] ?? 0, data: text.slice(3) });
}

const refused = (type: number, status: number) =>
  err(fault("refused", `menu ${type.toString(16)} answered status ${status}`));

/** Switches drop detection of one tray, or of the whole machine, on or off. Here 1 is on, other than in menu 42. */
export async function setDropDetection(questions: XyQuestions, tray: number, on: boolean): Promise<Result<void>> {
  const answer = await consult(questions, menu.dropDetection, "write", [tray, on ? 1 : 2]);
  if (!answer.ok) return answer;
  return answer.value.status === 0 ? ok(undefined) : refused(menu.dropDetection, answer.value.status);
}

/** The raw bytes of drop detection: the document does not give the form of the answer. */
export async function readDropDetection(questions: XyQuestions): Promise<Result<string>> {
  const answer = await consult(questions, menu.dropDetection, "read", []);
  if (!answer.ok) return answer;
  return answer.value.status === 0 ? ok(hex(answer.value.data)) : refused(menu.dropDetection, answer.value.status);
}

export async function setClimate(questions: XyQuestions, { mode, celsius }: Climate): Promise<Result<void>> {
  const answer = await consult(questions, menu.climate, "write", [mainCabinet, climateModes[mode], celsius & 0xff]);
  if (!answer.ok) return answer;
  return answer.value.status === 0 ? ok(undefined) : refused(menu.climate, answer.value.status);
}

/** The slots that the board has marked as jammed. */
export async function readJams(questions: XyQuestions): Promise<Result<readonly number[]>> {
  const answer = await consult(questions, menu.jams, "read", []);
  if (!answer.ok) return answer;
  const { status, data } = answer.value;
  if (status !== 0) return refused(menu.jams, status);
  // Slots are two bytes everywhere else, so here too; a lone last byte is none.
  return ok(Array.from({ length: data.length >> 1 }, (_, i) => word(data, 2 * i)));
}

/** The cabinet's temperature and what its controller says of itself. */
export async function readCold(questions: XyQuestions): Promise<Result<Cold>> {
  const answer = await consult(questions, menu.cold, "read", [mainCabinet]);
  if (!answer.ok) return answer;
  const { status, data } = answer.value;
  if (status !== 0) return refused(menu.cold, status);
  // Whether the answer repeats the cabinet is not said; temperature and state are its last two bytes either way.
  const celsius = data.at(-2);
  const state = data.at(-1);
  if (celsius === undefined || state === undefined)
    return err(fault("garbled", `menu 36 answered too little: ${hex(data)}`));
  if (state === probeBroken || celsius === notRead)
    return err(fault("self-test", "the cabinet's temperature probe does not answer"));
  return ok({ celsius: celsiusOf(celsius), controller: coldStates[state] ?? `state ${state}, not in the document` });
}

/** Lets the board test its drop curtain. It does not tell a curtain that is blocked from one that is blind. */
export async function testCurtain(questions: XyQuestions): Promise<Result<Curtain>> {
  const automatic = 0;
  const answer = await consult(questions, menu.curtain, "write", [mainCabinet, automatic], curtainPatience);
  if (!answer.ok) return answer;
  return ok(answer.value.status === 0 ? "clear" : "dead");
}

/** Command 52, as far as the document gives its bytes a meaning. */
export interface Status {
  /** Bills, coins, card, temperature controller, temperature, door: bytes whose values are not documented. */
  readonly raw: string;
  readonly machine: string;
  /** Degrees Celsius of the cabinets that have a probe. */
  readonly cabinets: readonly number[];
}

export async function readStatus(questions: XyQuestions): Promise<Result<Status>> {
  const answer = await questions.ask({
    command: command.ask,
    text: [],
    answers: (frame) => frame.command === command.status,
  });
  if (!answer.ok) return answer;
  const { text } = answer.value;
  return ok({
    raw: hex(text.slice(0, 6)),
    // Six bytes, then the change in bills and in coins, four each, the id of ten, eight temperatures [S-XY 2.1, 52].
    machine: String.fromCharCode(...text.slice(14, 24).filter((byte) => byte > 0x20 && byte < 0x7f)),
    cabinets: Array.from(text.slice(24, 32))
      .filter((byte) => byte !== notRead)
      .map(celsiusOf),
  });
}
