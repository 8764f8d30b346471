import { readdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import { SerialPort } from "serialport";
import type { Clock } from "../kit/clock.ts";
import { fault, type Fault } from "../kit/fault.ts";
import type { BytePort, Sink } from "../kit/port.ts";
import { err, ok, type Result } from "../kit/result.ts";
import { gather } from "./gathering.ts";

export interface SerialWiring {
  readonly by: "path" | "by-id" | "usb";
  /** A path, a name under /dev/serial/by-id, or a USB path such as "1-1.3" ("1-1.3:1.1" for one of several ports). */
  readonly match: string;
  readonly baud?: number;
  readonly parity?: "none" | "even" | "odd";
  /** By which what the device streams is gathered; without it every byte is told as soon as it comes. */
  readonly gathersBy?: Pick<Clock, "after">;
}

/** Where the kernel shows serial ports; tests point elsewhere. */
export interface Places {
  readonly byId: string;
  readonly ttys: string;
  readonly dev: string;
}

const places: Places = { byId: "/dev/serial/by-id", ttys: "/sys/class/tty", dev: "/dev" };
const usualBaud = 9600;

/**
 * Opens a serial port for this process alone. What is wrong is a sentence for the technician.
 * Each opening is a new SerialPort: a used one keeps what was written while it was closed and sends it at the next opening.
 */
export async function openSerial(
  wiring: SerialWiring,
  defaults: { readonly baud?: number; readonly parity?: "none" | "even" | "odd" } = {},
  where: Places = places,
): Promise<Result<{ readonly port: BytePort; close(): Promise<void> }>> {
  const path = await pathOf(wiring, where);
  if (!path.ok) return path;
  const baudRate = wiring.baud ?? defaults.baud ?? usualBaud;
  const parity = wiring.parity ?? defaults.parity ?? "none";

  let serial: SerialPort;
  try {
    serial = new SerialPort({ path: path.value, baudRate, parity, autoOpen: false, lock: true });
  } catch (mistake) {
    return err(fault("misconfigured", `${path.value}: ${mistake instanceof Error ? mistake.message : "bad settings"}`));
  }
  const { gathersBy } = wiring;
  // Before it is attached, so that not even the first reading is without it.
  serial.once("open", () => {
    if (serial.port && gathersBy) gather(serial.port, gathersBy);
    feelForHangUp(serial);
  });
  const wire = attach(serial, path.value);
  const opened = await new Promise<Error | null>((resolve) => serial.open(resolve));
  return opened ? err(whyNotOpened(path.value, opened.message)) : ok(wire);
}

/**
 * A line that was hung up gives nothing to read, for ever, and serialport asks it for ever unless it was waiting for bytes at
 * that moment: it hears of the hang-up only by the poller. So the poller is never without something to wait for.
 */
function feelForHangUp(serial: SerialPort): void {
  const { port } = serial;
  if (!port || !("poller" in port)) return;
  port.poller.once("disconnect", (why: (Error & { readonly canceled?: boolean }) | null) => {
    // A port that is closed calls its waiting off.
    if (!why?.canceled) serial.emit("error", why ?? new Error("hung up"));
  });
}

/** Everything is attached before the opening: a port that nobody reads does not notice that it was unplugged. */
function attach(serial: SerialPort, path: string) {
  const sinks = new Set<Sink<Uint8Array>>();
  const sending = new Set<(why: Fault) => void>();
  let gone: Fault | undefined;

  // An unplugged port says so in any of three ways, and sometimes twice.
  const lose = (why: Fault) => {
    if (gone) return;
    gone = why;
    for (const fail of sending) fail(why);
    for (const sink of sinks) sink.lost(why);
    sinks.clear();
    if (serial.isOpen) serial.close(() => {});
  };
  const unplugged = () => lose(fault("no-device", `${path} was unplugged`));
  serial.on("error", unplugged);
  serial.on("close", unplugged);
  serial.on("end", unplugged);
  // A chunk is a part of 64 KB that live on until they are full: what was measured of somebody does not stay there.
  serial.on("data", (chunk: Buffer) => {
    const bytes = Uint8Array.from(chunk);
    chunk.fill(0);
    for (const sink of sinks) sink.heard(bytes);
  });

  const port: BytePort = {
    label: path,
    send: (bytes) =>
      new Promise((resolve) => {
        if (gone || !serial.isOpen) return resolve(err(gone ?? fault("no-device", `${path} is closed`)));
        const fail = (why: Fault) => {
          sending.delete(fail);
          resolve(err(why));
        };
        sending.add(fail);
        serial.write(bytes, (mistake) => {
          if (mistake) return fail(gone ?? fault("no-device", `${path} took no bytes: ${mistake.message}`));
          sending.delete(fail);
          resolve(ok(undefined));
        });
      }),
    listen(sink) {
      if (gone) sink.lost(gone);
      else sinks.add(sink);
      return { stop: () => void sinks.delete(sink) };
    },
  };

  const close = () =>
    new Promise<void>((resolve) => {
      const wasOpen = serial.isOpen;
      if (wasOpen) serial.close(() => resolve());
      lose(fault("no-device", `${path} was closed`));
      if (!wasOpen) resolve();
    });

  return { port, close };
}

async function pathOf({ by, match }: SerialWiring, where: Places): Promise<Result<string>> {
  switch (by) {
    case "path":
      return ok(match);
    case "by-id":
      return ok(join(where.byId, match));
    case "usb":
      return usbPath(match, where);
  }
}

/**
 * Each entry of /sys/class/tty leads to the USB interface behind it, a folder such as "1-1.3:1.0".
 * The folders "1-1.3" and "1-1" above it are the adapter and the hub it is plugged into.
 */
async function usbPath(match: string, { ttys, dev }: Places): Promise<Result<string>> {
  const found: string[] = [];
  const isMeant = (folder: string) => folder === match || folder.startsWith(`${match}:`);
  for (const name of await readdir(ttys).catch(() => [])) {
    const device = await realpath(join(ttys, name, "device")).catch(() => "");
    if (device.split("/").some((folder) => folder.includes(":") && isMeant(folder))) found.push(name);
  }
  const [first, second] = found;
  if (first === undefined)
    return err(fault("no-device", `no serial port at USB path ${match}: is the cable plugged in?`));
  if (second !== undefined)
    return err(
      fault("misconfigured", `${found.length} serial ports at USB path ${match}: name one, such as "${match}:1.0"`),
    );
  return ok(join(dev, first));
}

function whyNotOpened(path: string, said: string): Fault {
  if (/No such file|No such device/.test(said))
    return fault("no-device", `nobody at ${path}: is the cable plugged in?`);
  if (/Cannot lock|resource busy/i.test(said)) return fault("busy", `${path} is in use by another program`);
  if (/Permission denied/.test(said))
    return fault("refused", `no permission to open ${path}: add the user to group dialout`);
  if (/Inappropriate ioctl|Is a directory|Not a directory/.test(said))
    return fault("misconfigured", `${path} is not a serial port`);
  return fault("no-device", `${path} does not open: ${said.replace(/^Error:? /, "")}`);
}
