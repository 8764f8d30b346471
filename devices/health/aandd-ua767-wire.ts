import { sum } from "../kit/checksum.ts";
import { millis } from "../kit/clock.ts";
import { searching, type Framer } from "../kit/framer.ts";

// A&D UA-767PC arm monitor: 9600 8N1 [S3; instruments.md 2.1.2].

export type Ua767Said =
  /** It took a command, or did not. */
  | { readonly is: "answer"; readonly taken: boolean }
  | { readonly is: "result"; readonly systolic: number; readonly diastolic: number; readonly pulse: number }
  /** A code other than 80 to 83; what they mean is not public. */
  | { readonly is: "error"; readonly code: string };

/** STX, the command's letters, and the low byte of their sum [S3]. */
function command(letters: string): Uint8Array {
  const bytes = Array.from(letters, (letter) => letter.charCodeAt(0));
  return Uint8Array.of(0x02, ...bytes, sum(bytes));
}
/** From `open` to `close` it tells its results over the wire [S3]. */
export const commands = { open: command("CPC05"), close: command("CPC04") } as const;

/** SOH "70PC", then ACK or NAK [S3]. */
const answer = Uint8Array.of(0x01, 0x37, 0x30, 0x50, 0x43);
const ack = 0x06;
const nak = 0x15;
/** Hex digits of a result: code, upper less lower, lower, pulse, and a byte that is MAP in some sources [S3]. */
const digits = 10;

const isDigit = (byte: number) => (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x46);

export const framer: Framer<Ua767Said, Uint8Array> = searching(millis(500), (bytes) => {
  if (bytes[0] === answer[0]) {
    if (bytes.subarray(0, answer.length).some((byte, i) => byte !== answer[i])) return { is: "noise" };
    if (bytes.length <= answer.length) return { is: "part" };
    const last = bytes[answer.length];
    if (last !== ack && last !== nak) return { is: "noise" };
    return { is: "frame", frame: { is: "answer", taken: last === ack }, length: answer.length + 1 };
  }
  const text = bytes.subarray(0, digits);
  if (!text.every(isDigit)) return { is: "noise" };
  return text.length < digits
    ? { is: "part" }
    : { is: "frame", frame: resultOf(String.fromCharCode(...text)), length: digits };
});

function resultOf(text: string): Ua767Said {
  const [code = 0, above = 0, diastolic = 0, pulse = 0] = [0, 2, 4, 6].map((at) =>
    Number.parseInt(text.slice(at, at + 2), 16),
  );
  const valid = code >= 0x80 && code <= 0x83 && above > 0 && diastolic > 0 && pulse > 0;
  return valid
    ? { is: "result", systolic: above + diastolic, diastolic, pulse }
    : { is: "error", code: text.slice(0, 2) };
}
