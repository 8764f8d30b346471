import { xor } from "../kit/checksum.ts";
import { millis } from "../kit/clock.ts";
import { searching, type Framer } from "../kit/framer.ts";

// A&D TM-2655 and TM-2657, output for data processing: 2400 8N1; the instrument speaks once after each measurement
// [S1, S2; instruments.md 2.1.1]. Values have a letter before them and are padded with blanks.

/** What the instrument says. Its record and ID marks stay here. */
export type TmSaid =
  | {
      readonly is: "result";
      readonly systolic: number;
      readonly diastolic: number;
      readonly pulse: number;
      readonly mean?: number;
      /** Beats that came out of time. */
      readonly irregular?: number;
      /** IHB code other than 00. */
      readonly irregularPulse: boolean;
      readonly moved: boolean;
    }
  /** E code other than 00; A&D has not published what the codes mean. */
  | { readonly is: "error"; readonly code: string }
  /** A frame whose check is wrong, or which has no values although it tells no error. */
  | { readonly is: "damaged" };

/** SYN SYN SOH "00" STX [S1]. */
const header = Uint8Array.of(0x16, 0x16, 0x01, 0x30, 0x30, 0x02);
export const headerLength = header.length;
const etx = 0x03;
const separator = "\x1e";
/** The captured frame has 138 bytes; with a scale attached the blanks of `w`, `h` and their like are filled. */
const longest = 300;

/** BCC: exclusive or of what stands between STX and ETX [S1]. */
export const framer: Framer<TmSaid, Uint8Array> = searching(millis(1000), (bytes) => {
  const begun = bytes.subarray(0, header.length);
  if (begun.some((byte, i) => byte !== header[i])) return { is: "noise" };
  const end = bytes.indexOf(etx, header.length);
  if (end < 0 || end === bytes.length - 1) return bytes.length < longest ? { is: "part" } : { is: "noise" };
  const body = bytes.subarray(header.length, end);
  // After a damaged frame the search goes on right behind its header: the next one may begin within it.
  if (xor(body) !== bytes[end + 1]) return { is: "frame", frame: { is: "damaged" }, length: header.length };
  return { is: "frame", frame: meaning(String.fromCharCode(...body)), length: end + 2 };
});

function meaning(body: string): TmSaid {
  const fields = body.split(separator);
  /** The number behind a letter; M and E stand twice or without one. */
  const tagged = (tag: string): number | undefined => {
    for (const field of fields) {
      const digits = field.startsWith(tag) ? /^ *(\d+)$/.exec(field.slice(tag.length))?.[1] : undefined;
      if (digits !== undefined) return Number(digits);
    }
    return undefined;
  };
  const code = fields.map((field) => /^E *(\w+)$/.exec(field)?.[1]).find((found) => found !== undefined);
  if (code !== undefined && code !== "00") return { is: "error", code };
  const [systolic, diastolic, pulse, mean, irregular] = ["S", "D", "P", "M", "i"].map(tagged);
  // Zero is no pressure of a living person: fields that were left empty.
  if (code === undefined || !systolic || !diastolic || !pulse) return { is: "damaged" };
  return {
    is: "result",
    systolic,
    diastolic,
    pulse,
    ...(mean ? { mean } : {}),
    ...(irregular === undefined ? {} : { irregular }),
    irregularPulse: (tagged("I") ?? 0) !== 0,
    moved: (tagged("m") ?? 0) !== 0,
  };
}
