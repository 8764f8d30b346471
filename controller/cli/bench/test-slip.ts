import type { Slip } from "../../../devices/printer/capability.ts";
import { cabinEnglish } from "../../screen/text-cabin.en.ts";
import { cabinChinese } from "../../screen/text-cabin.zh-CN.ts";
import { slipChinese } from "../../screen/text-slip.zh-CN.ts";

/** Counts the columns: the last figure must stand at the edge of the paper, and no line may follow it. */
const ruler = (columns: number): string => Array.from({ length: columns }, (_, i) => (i + 1) % 10).join("");

/** What a technician looks at: both scripts, all sizes, units, the width, a code to scan. No value of anybody. */
export const testSlip = (columns: number): Slip => [
  { is: "text", text: slipChinese.title, size: "large", align: "centre", bold: true },
  { is: "text", text: ruler(columns) },
  { is: "text", text: cabinChinese.reference },
  { is: "text", text: cabinEnglish.reference, bold: true },
  { is: "pair", left: cabinChinese.figure.temperature, right: "00.0\u00a0°C" },
  { is: "pair", left: cabinChinese.figure.urate, right: "000\u00a0µmol/L", bold: true },
  { is: "rule" },
  { is: "qr", text: `${slipChinese.title}: ${cabinChinese.reference}` },
];
