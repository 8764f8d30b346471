import type { Port } from "../kit/port.ts";
import { isSameReport, plainReport } from "../kit/plain-report.ts";

// Bytes in the reports of Ascensia's meters [S19, S20]: three of no meaning, a length, and so many bytes of the line.

export const reportLength = 64;
const headLength = 4;
const room = reportLength - headLength;
const nothing = new Uint8Array();

export function reportsOf(bytes: Uint8Array): readonly Uint8Array[] {
  const reports: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += room) {
    const part = bytes.subarray(at, at + room);
    reports.push(plainReport([0, 0, 0, part.length, ...part], reportLength));
  }
  return reports;
}

/** What a report carries, its number 0 in front; nothing where it is none of these. */
export function bytesOf(report: Uint8Array): Uint8Array {
  const length = report[headLength] ?? 0;
  const isOurs = report[0] === 0 && report.length === 1 + reportLength && length <= room;
  return isOurs ? report.subarray(1 + headLength, 1 + headLength + length) : nothing;
}

/**
 * The line behind the reports. One that comes again before anything was answered to it is the same, told twice: a frame
 * has a number, so that no two in a row are equal.
 */
export function lineOver(port: Port<Uint8Array, Uint8Array>): Port<Uint8Array, Uint8Array> {
  let last = nothing;
  return {
    label: port.label,
    async send(bytes) {
      last = nothing;
      for (const report of reportsOf(bytes)) {
        const sent = await port.send(report);
        if (!sent.ok) return sent;
      }
      return { ok: true, value: undefined };
    },
    listen: (sink) =>
      port.listen({
        heard(report) {
          const bytes = bytesOf(report);
          if (bytes.length === 0 || isSameReport(bytes, last)) return;
          // Copied: the port may use its buffer again.
          last = bytes.slice();
          sink.heard(bytes);
        },
        lost: (why) => sink.lost(why),
      }),
  };
}
