import type { Device, DriverDefinition } from "../../../devices/kit/driver.ts";
import type { ReportPort, Sink } from "../../../devices/kit/port.ts";
import { err, ok, type Result } from "../../../devices/kit/result.ts";
import { fault } from "../../../devices/kit/fault.ts";
import type { Reading } from "../../../devices/reader/capability.ts";
import { manualClock } from "../../kit/clock.ts";

/** A HID driver before a device that says what the test says. */
export async function openOnReports<O>(
  driver: DriverDefinition<O, "reports">,
  descriptor: Uint8Array,
  raw: unknown = {},
) {
  const options = driver.options(raw);
  if (!options.ok) throw new Error(options.error.join("; "));
  const clock = manualClock();
  const sinks = new Set<Sink<Uint8Array>>();
  const none = async () => err(fault("refused", "none"));
  const port: ReportPort = {
    label: "reader",
    descriptor,
    send: async () => ok(undefined),
    feature: none,
    askFeature: none,
    listen(sink) {
      sinks.add(sink);
      return { stop: () => void sinks.delete(sink) };
    },
  };
  const notes: string[] = [];
  const opened: Result<Device> = await driver.open({
    id: "reader",
    options: options.value,
    port,
    clock,
    note: (event) => notes.push(event),
  });
  const told: string[] = [];
  if (opened.ok) opened.value.can.reader?.seen((reading) => told.push(inWords(reading)));
  const say = (report: Iterable<number>) => sinks.forEach((sink) => sink.heard(Uint8Array.from(report)));
  return { clock, opened, told, notes, say };
}

function inWords(reading: Reading): string {
  if (reading.is === "text") return `${reading.symbology ?? "text"} ${reading.text.reveal()}`;
  return reading.is === "card" ? `${reading.technology} ${reading.uid.reveal()}` : `unread ${reading.of}`;
}
