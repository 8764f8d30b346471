import { fault, type Fault } from "../kit/fault.ts";
import type { ReportPort, Sink } from "../kit/port.ts";
import { err, ok, type Result } from "../kit/result.ts";
import { findHid, hidPlaces, labelOf, type HidDevice, type HidPlaces, type HidWiring } from "./hid-find.ts";
import { silence } from "./hid-silence.ts";

/** What is used of node-hid's device. */
export interface Hidraw {
  on(event: "error", heard: () => void): unknown;
  on(event: "data", heard: (report: Uint8Array) => void): unknown;
  close(): Promise<void>;
  write(report: Buffer): Promise<number>;
  sendFeatureReport(report: Buffer): Promise<number>;
  getFeatureReport(id: number, length: number): Promise<Uint8Array>;
}

/**
 * hidraw, which node-hid takes by itself on Linux; its libusb kind would take keyboards from the kernel and only one of
 * the two fits into a process [C1]. Loaded at the first opening: a kiosk without HID devices does not pay for it.
 */
async function openHidraw(path: string): Promise<Hidraw> {
  const { HIDAsync } = await import("node-hid");
  return HIDAsync.open(path);
}

/** Folders of the devices that this process has open. Two readers of one device would each hear a part. */
const inUse = new Set<string>();

/**
 * Opens a HID interface for this process alone, once it is certain that what it types reaches nobody else.
 * What is wrong is a sentence for the technician.
 */
export async function openHid(
  wiring: HidWiring,
  where: HidPlaces = hidPlaces,
  open: (path: string) => Promise<Hidraw> = openHidraw,
): Promise<Result<{ readonly port: ReportPort; close(): Promise<void> }>> {
  const found = await findHid(wiring, where);
  if (!found.ok) return found;
  const device = found.value;
  const label = labelOf(device);
  if (inUse.has(device.folder))
    return err(fault("busy", `${label} is open already: two devices of the station file mean the same one`));
  inUse.add(device.folder);

  const opened = await silenced(device, where, open);
  if (!opened.ok) {
    inUse.delete(device.folder);
    return opened;
  }
  const wire = attach(opened.value, device);
  // The file's number may have gone to another device since it was found. node-hid begins to read at the next tick,
  // which throws where the device is closed by then: this question comes first.
  const still = await findHid({ by: "path", match: device.path }, where);
  if (still.ok && still.value.folder === device.folder) return ok(wire);
  await wire.close();
  return err(fault("no-device", `${label} was unplugged while it was opened`));
}

async function silenced(
  device: HidDevice,
  where: HidPlaces,
  open: (path: string) => Promise<Hidraw>,
): Promise<Result<Hidraw>> {
  const silent = await silence(device, where);
  if (!silent.ok) return silent;
  try {
    return ok(await open(device.path));
  } catch (mistake) {
    return err(whyNotOpened(labelOf(device), said(mistake)));
  }
}

function attach(hid: Hidraw, device: HidDevice) {
  const label = labelOf(device);
  const sinks = new Set<Sink<Uint8Array>>();
  const asking = new Set<(why: Fault) => void>();
  let gone: Fault | undefined;
  let closed: Promise<void> | undefined;

  const shut = async () => {
    await hid.close().catch(() => {});
    inUse.delete(device.folder);
  };
  const lose = (why: Fault) => {
    if (gone) return;
    gone = why;
    for (const fail of asking) fail(why);
    for (const sink of sinks) sink.lost(why);
    sinks.clear();
    closed = shut();
  };
  // The error is a text, not an Error, and there is but one: the device went.
  hid.on("error", () => lose(fault("no-device", `${label} was unplugged`)));
  hid.on("data", (report: Uint8Array) => {
    if (gone) return;
    const whole = device.numbered ? report : withId(report);
    for (const sink of sinks) sink.heard(whole);
  });

  /** What the device answers; a device that goes meanwhile answers too. Never asks a closed one. */
  const ask = <T>(work: () => Promise<T>) =>
    new Promise<Result<T>>((resolve) => {
      if (gone) return resolve(err(gone));
      const fail = (why: Fault) => {
        asking.delete(fail);
        resolve(err(why));
      };
      asking.add(fail);
      void work().then(
        (value) => {
          asking.delete(fail);
          resolve(ok(value));
        },
        (mistake: unknown) => fail(gone ?? fault("refused", `${label} took no report: ${said(mistake)}`)),
      );
    });

  const port: ReportPort = {
    label,
    descriptor: device.descriptor,
    async send(report) {
      const sent = await ask(() => hid.write(Buffer.from(report)));
      return sent.ok ? ok(undefined) : sent;
    },
    async feature(report) {
      const sent = await ask(() => hid.sendFeatureReport(Buffer.from(report)));
      return sent.ok ? ok(undefined) : sent;
    },
    async askFeature(id, length) {
      const answer = await ask(() => hid.getFeatureReport(id, length));
      return answer.ok ? ok(Uint8Array.from(answer.value)) : answer;
    },
    listen(sink) {
      if (gone) sink.lost(gone);
      else sinks.add(sink);
      return { stop: () => void sinks.delete(sink) };
    },
  };

  const close = async () => {
    lose(fault("no-device", `${label} was closed`));
    await closed;
  };
  return { port, close };
}

/** hidraw gives reports without a number as they are; here all reports begin with one. */
function withId(report: Uint8Array): Uint8Array {
  const whole = new Uint8Array(report.length + 1);
  whole.set(report, 1);
  return whole;
}

const said = (mistake: unknown) => (mistake instanceof Error ? mistake.message : String(mistake));

function whyNotOpened(label: string, reason: string): Fault {
  if (/Permission denied|not permitted/i.test(reason))
    return fault("refused", `no permission to open ${label}: systemd/70-yizhan.rules gives it to group plugdev`);
  if (/No such (file|device)/i.test(reason)) return fault("no-device", `${label} was unplugged while it was opened`);
  if (/lib(udev|usb)/.test(reason))
    return fault("no-device", `HID devices cannot be used here: apt install libudev1 libusb-1.0-0 (${reason})`);
  return fault("no-device", `${label} does not open: ${reason}`);
}
