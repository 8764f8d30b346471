import { err, ok, type Result } from "./result.ts";

/** Usages from `from` to `to`, each its page in the high and its number in the low 16 bits. */
export interface UsageRange {
  readonly from: number;
  readonly to: number;
}

/** One main item of a HID report descriptor: so many values of so many bits, one behind the other [HID 1.11, 6.2.2.5]. */
export interface HidField {
  readonly kind: "input" | "output" | "feature";
  /** Number of the report it is part of; 0 where the device does not number them. */
  readonly report: number;
  /** Where its first value begins, in bits behind the report's number. */
  readonly at: number;
  readonly bits: number;
  readonly count: number;
  /** "variable": each value belongs to a usage. "array": each value says which usage is on. */
  readonly form: "padding" | "variable" | "array";
  readonly usages: readonly UsageRange[];
  /** The least value: in an array it means the first usage. */
  readonly lowest: number;
}

/** The longest report Linux takes, in bits [linux/hid.h, HID_MAX_BUFFER_SIZE]. */
const longest = 16_384 * 8;
const longItem = 0xfe;
const pageStep = 0x1_0000;

const mainItems = new Map<number, HidField["kind"]>([
  [0x80, "input"],
  [0x90, "output"],
  [0xb0, "feature"],
]);
const localItems = new Map<number, Local["is"]>([
  [0x08, "one"],
  [0x18, "from"],
  [0x28, "to"],
]);

interface Globals {
  readonly page: number;
  readonly lowest: number;
  readonly bits: number;
  readonly count: number;
  readonly report: number;
}
const unset: Globals = { page: 0, lowest: 0, bits: 0, count: 0, report: 0 };

interface Local {
  readonly is: "one" | "from" | "to";
  /** Without its page where the item had less than four bytes: the page is the one that is set at the main item. */
  readonly usage: number;
  readonly paged: boolean;
}

/** The values a device may send and take, in order; otherwise the sentence for the technician. */
export function readReportDescriptor(descriptor: Uint8Array): Result<readonly HidField[], string> {
  const fields: HidField[] = [];
  const filled = new Map<string, number>();
  const stack: Globals[] = [];
  let globals = unset;
  let locals: Local[] = [];

  /** Gives the sentence where it cannot be. */
  const add = (kind: HidField["kind"], flags: number): string | undefined => {
    const { report, bits, count, lowest } = globals;
    const at = filled.get(`${kind} ${report}`) ?? 0;
    if (at + bits * count > longest) return "its report descriptor tells of a report longer than any";
    filled.set(`${kind} ${report}`, at + bits * count);
    const form = flags & 1 ? "padding" : flags & 2 ? "variable" : "array";
    fields.push({ kind, report, at, bits, count, form, lowest, usages: rangesOf(locals, globals.page) });
    return undefined;
  };

  let at = 0;
  while (at < descriptor.length) {
    const prefix = descriptor[at] ?? 0;
    if (prefix === longItem) {
      at += 3 + (descriptor[at + 1] ?? 0);
      continue;
    }
    const size = [0, 1, 2, 4][prefix & 3] ?? 0;
    const data = descriptor.subarray(at + 1, at + 1 + size);
    if (data.length < size) return err("its report descriptor ends in the middle of an item");
    const value = data.reduceRight((sum, byte) => sum * 256 + byte, 0);
    at += 1 + size;

    const item = prefix & 0xfc;
    const kind = mainItems.get(item);
    if (kind !== undefined) {
      const wrong = add(kind, value);
      if (wrong !== undefined) return err(wrong);
      locals = [];
      continue;
    }
    const local = localItems.get(item);
    if (local !== undefined) {
      locals.push({ is: local, usage: value, paged: size === 4 });
      continue;
    }
    switch (item) {
      // A collection's beginning and end. They say what their fields are for: the fields' own usages are enough for us.
      case 0xa0:
      case 0xc0:
        locals = [];
        break;
      case 0x04:
        globals = { ...globals, page: value };
        break;
      case 0x14:
        globals = { ...globals, lowest: signed(value, size) };
        break;
      case 0x74:
        globals = { ...globals, bits: value };
        break;
      case 0x84:
        globals = { ...globals, report: value };
        break;
      case 0x94:
        globals = { ...globals, count: value };
        break;
      case 0xa4:
        stack.push(globals);
        break;
      case 0xb4:
        globals = stack.pop() ?? globals;
        break;
      // Units, physical extents, strings and designators change nothing about where a value lies.
      default:
    }
  }
  return ok(fields);
}

const signed = (value: number, size: number) =>
  size > 0 && value >= 2 ** (8 * size - 1) ? value - 2 ** (8 * size) : value;

function rangesOf(locals: readonly Local[], page: number): readonly UsageRange[] {
  const full = ({ usage, paged }: Local) => (paged ? usage : (page % pageStep) * pageStep + usage);
  const ranges: UsageRange[] = [];
  let from: number | undefined;
  for (const local of locals) {
    const usage = full(local);
    if (local.is === "one") ranges.push({ from: usage, to: usage });
    else if (local.is === "from") from = usage;
    else if (from !== undefined && from <= usage) ranges.push({ from, to: usage });
  }
  return ranges;
}

/** The usage of the nth value; the last usage also stands for all values behind it [HID 1.11, 6.2.2.8]. */
export function usageOf({ usages }: HidField, nth: number): number | undefined {
  let left = nth;
  for (const { from, to } of usages) {
    if (left <= to - from) return from + left;
    left -= to - from + 1;
  }
  return usages.at(-1)?.to;
}

/** Whether a report, with its number in front, is long enough to hold the whole field. */
export const holds = (report: Uint8Array, { at, bits, count }: HidField): boolean =>
  report.length * 8 >= 8 + at + bits * count;

/** The nth value of a field, without a sign; bits that the report has not are 0. At most 32 bits wide. */
export function valueOf(report: Uint8Array, { at, bits }: HidField, nth: number): number {
  const first = 8 + at + nth * bits;
  let value = 0;
  for (let i = Math.min(bits, 32) - 1; i >= 0; i--) {
    const bit = first + i;
    value = value * 2 + (((report[bit >> 3] ?? 0) >> (bit & 7)) & 1);
  }
  return value;
}
