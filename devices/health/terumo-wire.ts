import { millis } from "../kit/clock.ts";
import { searching, type Framer } from "../kit/framer.ts";

// Terumo ES-P2020 and BP-500: STX, a record R1 of fields, ETX and a check byte whose rule no source tells [S2;
// instruments.md 2.1.3]. The second field is who was measured: it stays here.

export type TerumoSaid =
  | {
      readonly is: "result";
      readonly systolic: number;
      readonly mean: number;
      readonly diastolic: number;
      readonly pulse: number;
    }
  /** A record without a pressure. */
  | { readonly is: "error" }
  | { readonly is: "damaged" };

const stx = 0x02;
const etx = 0x03;
/** The printed record has 64 bytes with its ends. */
const longest = 160;

const record =
  /^R1,[^,]*,\d{6},\d{6},(?<systolic>\d{3}|[ -]{3}),(?<mean>\d{3}|[ -]{3}),(?<diastolic>\d{3}|[ -]{3}),(?<pulse>\d{3}|[ -]{3}),[\d, -]*$/;

export const framer: Framer<TerumoSaid, Uint8Array> = searching(millis(1000), (bytes) => {
  if (bytes[0] !== stx) return { is: "noise" };
  // A second STX before the end: the first was half a record.
  const again = bytes.indexOf(stx, 1);
  const end = bytes.indexOf(etx);
  if (again > 0 && (end < 0 || again < end)) return { is: "frame", frame: { is: "damaged" }, length: again };
  if (end < 0 || end === bytes.length - 1) return bytes.length < longest ? { is: "part" } : { is: "noise" };
  return { is: "frame", frame: meaning(String.fromCharCode(...bytes.subarray(1, end))), length: end + 2 };
});

function meaning(text: string): TerumoSaid {
  const fields = record.exec(text)?.groups;
  if (fields === undefined) return { is: "damaged" };
  const [systolic = 0, mean = 0, diastolic = 0, pulse = 0] = ["systolic", "mean", "diastolic", "pulse"].map(
    (name) => Number(fields[name]) || 0,
  );
  if (systolic === 0 || diastolic === 0 || pulse === 0 || mean === 0) return { is: "error" };
  return systolic > diastolic ? { is: "result", systolic, mean, diastolic, pulse } : { is: "damaged" };
}
