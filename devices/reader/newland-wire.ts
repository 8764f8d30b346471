import { millis } from "../kit/clock.ts";
import type { Dialect } from "../kit/exchange.ts";
import type { Beginning } from "../kit/framer.ts";
import { textLines, type HalfLine, type Said } from "../kit/text-line.ts";

// Newland's serial programming commands, 9600 8N1 [B16]. Texts come as lines, also while a question is open.

/** A command by its six letters, with its data; "*" asks for the current value. */
export interface Question {
  readonly command: "SCNMOD" | "SCNTRG" | "ORTSET" | "RRDDUR";
  readonly data: string;
}

/** The command as the scanner says it back, with its value. */
export interface Answer {
  readonly said: string;
  readonly is: "taken" | "out-of-range" | "unknown";
}

export const patience = millis(600);

const askHead = "~\x010000";
/** "@" keeps a setting over a loss of power, "#" would not. The published trigger command has it too. */
const kept = "@";
const answerHead = "\x02\x010000";
const tail = ";\x03";
/** Head, "@", six letters, nine digits, status, tail: no answer to our questions is longer. */
const longestAnswer = 32;
const statuses: Readonly<Record<string, Answer["is"]>> = {
  "\x06": "taken",
  "\x15": "out-of-range",
  "\x05": "unknown",
};

const latin = (bytes: Uint8Array) => String.fromCharCode(...bytes);

export const encode = ({ command, data }: Question): Uint8Array =>
  Uint8Array.from(askHead + kept + command + data + tail, (letter) => letter.charCodeAt(0));

/** 02 01 "0000", the command said back, its status, 3B 03 [B16]. */
function lookForAnswer(bytes: Uint8Array): Beginning<Answer> {
  const text = latin(bytes.subarray(0, longestAnswer));
  if (!text.startsWith(answerHead) && !answerHead.startsWith(text)) return { is: "noise" };
  const end = text.indexOf(tail);
  if (end < 0) return bytes.length < longestAnswer ? { is: "part" } : { is: "noise" };
  const body = text.slice(answerHead.length, end);
  const status = statuses[body.slice(-1)];
  if (status === undefined || !/^[@#][A-Z]{6}[0-9*]*$/.test(body.slice(0, -1))) return { is: "noise" };
  return { is: "frame", frame: { said: body.slice(1, -1), is: status }, length: end + tail.length };
}

export const framer = textLines<Answer>({ first: 0x02, look: lookForAnswer });

export const dialect: Dialect<Question, Said<Answer>, HalfLine> = {
  framer,
  encode,
  answers({ command, data }, heard) {
    if (heard.is !== "answer") return false;
    const { said, is } = heard.answer;
    return said === command + data || (data === "*" && is === "taken" && said.startsWith(command));
  },
};
