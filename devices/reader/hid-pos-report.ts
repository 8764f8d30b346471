import { seconds } from "../kit/clock.ts";
import type { Framer } from "../kit/framer.ts";
import { readReportDescriptor, usageOf, valueOf, type HidField } from "../kit/hid-descriptor.ts";
import { err, ok, type Result } from "../kit/result.ts";

// What a HID POS scanner reports [B12], each value at the place that the device's own descriptor gives it [B13, B14].

const byteCount = 0x0001_003b;
const symbologyIdentifiers = [0x008c_00fb, 0x008c_00fc, 0x008c_00fd];
const decodedData = 0x008c_00fe;
const dataContinued = 0x008c_00ff;

/** Digits in the largest QR code, 40-L; no other code holds more characters [ISO/IEC 18004]. */
const longest = 7089;

interface Place {
  readonly field: HidField;
  readonly nth: number;
}

/** Where a scanned-data report holds what. */
export interface ScanLayout {
  /** Number of the report; 0 where the device does not number them. */
  readonly report: number;
  readonly data: HidField;
  /** How many bytes of the data count; without it all do up to the last that is not 0. */
  readonly length: Place | undefined;
  /** The characters of the AIM identifier, such as "]Q1". */
  readonly symbology: readonly Place[];
  /** Set where the rest comes in the next report. */
  readonly continued: Place | undefined;
}

/** @returns the layout, or the sentence for the technician why this is no such scanner. */
export function readLayout(descriptor: Uint8Array): Result<ScanLayout, string> {
  const read = readReportDescriptor(descriptor);
  if (!read.ok) return read;
  const inputs = read.value.filter(({ kind, form, bits }) => kind === "input" && form === "variable" && bits > 0);
  const data = inputs.find((field) => usageOf(field, 0) === decodedData && field.bits === 8 && field.at % 8 === 0);
  if (data === undefined)
    return err("it reports no decoded data: set the scanner to USB HID POS with the code in its maker's manual");
  const beside = inputs.filter(({ report }) => report === data.report);
  const find = (usage: number): Place | undefined => {
    for (const field of beside) {
      const nth = field.usages.length === 0 ? -1 : placeOf(field, usage);
      if (nth >= 0) return { field, nth };
    }
    return undefined;
  };
  return ok({
    report: data.report,
    data,
    length: find(byteCount),
    symbology: symbologyIdentifiers.flatMap((usage) => find(usage) ?? []),
    continued: find(dataContinued),
  });
}

function placeOf({ usages, count }: HidField, usage: number): number {
  let before = 0;
  for (const { from, to } of usages) {
    if (usage >= from && usage <= to) return before + usage - from < count ? before + usage - from : -1;
    before += to - from + 1;
  }
  return -1;
}

/** What was scanned, as bytes, or that something was which cannot be told. */
export type Scan =
  | { readonly is: "scan"; readonly bytes: Uint8Array; readonly symbology: string }
  | { readonly is: "damaged" };

/** A scan whose rest is still to come. */
export interface HalfScan {
  readonly bytes: Uint8Array;
  readonly symbology: string;
  /** Something of it was wrong: what still comes of it is dropped. */
  readonly damaged: boolean;
}

const start: HalfScan = { bytes: new Uint8Array(), symbology: "", damaged: false };
/** Parts follow each other at the pace of the bus, some milliseconds; a kiosk is not held up for longer than this. */
const quiet = seconds(0.5);

/** Joins the reports of a scan that is longer than one. What is pushed is one report, its number first. */
export const scans = (layout: ScanLayout): Framer<Scan, HalfScan> => ({
  start,
  quiet,
  push(half, report) {
    if (report[0] !== layout.report) return { state: half, frames: [], junk: report.length };
    const part = readPart(layout, report);
    const frames: Scan[] = [];
    let before = half;
    // Another kind of code in the middle: the rest of the first never came.
    if (before !== start && part.symbology !== before.symbology) {
      frames.push({ is: "damaged" });
      before = start;
    }
    const bytes = Uint8Array.of(...before.bytes, ...part.bytes);
    const damaged = before.damaged || part.damaged || bytes.length > longest;
    const state = { bytes: damaged ? start.bytes : bytes, symbology: part.symbology, damaged };
    if (part.continued) return { state, frames, junk: 0 };
    if (damaged) frames.push({ is: "damaged" });
    else if (bytes.length > 0) frames.push({ is: "scan", bytes, symbology: part.symbology });
    return { state: start, frames, junk: 0 };
  },
});

function readPart({ data, length, symbology, continued }: ScanLayout, report: Uint8Array) {
  const value = (place: Place | undefined) => (place ? valueOf(report, place.field, place.nth) : undefined);
  const from = 1 + data.at / 8;
  const room = report.subarray(from, from + data.count);
  const count = value(length) ?? room.findLastIndex((byte) => byte !== 0) + 1;
  const characters = symbology.map((place) => value(place) ?? 0).filter((byte) => byte > 0);
  return {
    bytes: room.subarray(0, count),
    damaged: count > room.length,
    symbology: String.fromCharCode(...characters),
    continued: (value(continued) ?? 0) > 0,
  };
}
