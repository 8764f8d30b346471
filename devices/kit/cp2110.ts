import type { BytePort, ReportPort } from "./port.ts";
import { ok, type Result } from "./result.ts";

// Silicon Labs CP2110, a serial line behind USB HID, as many meters and their cables have it [S20; SiLabs AN434].

/** Reports that carry bytes have their number for a length; the others set the chip up [AN434, 2]. */
export const longestReport = 63;
/** Get/Set UART Config and Get/Set UART Enable [AN434, 5.9 and 5.2]. */
export const uartConfig = 0x50;
export const uartEnable = 0x41;

/** No parity, no flow control, eight bits, a short stop bit [AN434, 5.9]. */
const eightBitsNoParity = [0x00, 0x00, 0x03, 0x00] as const;

/** Sets the chip to so many baud 8N1 and gives the line behind it. */
export async function openUart(port: ReportPort, baud: number): Promise<Result<BytePort>> {
  const speed = [baud >>> 24, baud >>> 16, baud >>> 8, baud].map((byte) => byte & 0xff);
  const set = await port.feature(Uint8Array.of(uartConfig, ...speed, ...eightBitsNoParity));
  if (!set.ok) return set;
  const enabled = await port.feature(Uint8Array.of(uartEnable, 1));
  if (!enabled.ok) return enabled;
  return ok({
    label: port.label,
    async send(bytes) {
      for (const report of reportsOf(bytes)) {
        const sent = await port.send(report);
        if (!sent.ok) return sent;
      }
      return ok(undefined);
    },
    listen: (sink) =>
      port.listen({
        heard(report) {
          const bytes = bytesOf(report);
          if (bytes.length > 0) sink.heard(bytes);
        },
        lost: (why) => sink.lost(why),
      }),
  });
}

/** Bytes as the reports that carry them, either way. */
export function reportsOf(bytes: Uint8Array): readonly Uint8Array[] {
  const reports: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += longestReport) {
    const part = bytes.subarray(at, at + longestReport);
    reports.push(Uint8Array.of(part.length, ...part));
  }
  return reports;
}

/** What a report carries; nothing where it is no data report, or shorter than its number says. Behind it lies padding. */
export function bytesOf(report: Uint8Array): Uint8Array {
  const [length = 0] = report;
  return length <= longestReport && length < report.length ? report.subarray(1, 1 + length) : new Uint8Array();
}
