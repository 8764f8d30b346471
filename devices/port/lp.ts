import { constants, type Stats } from "node:fs";
import { open, realpath, stat, type FileHandle } from "node:fs/promises";
import { millis, type Clock, type Timer } from "../kit/clock.ts";
import { fault, type Fault } from "../kit/fault.ts";
import type { BytePort, Sink } from "../kit/port.ts";
import { err, ok, type Result } from "../kit/result.ts";

// USB printers. The kernel shows each as a character device that is no serial port [Linux, drivers/usb/class/usblp.c].
// Nothing here may block: a write to a printer without paper would wait in the kernel until there is some, and the
// process could not end. So it is asked again and again, quickly while an answer is likely.

const lookedQuickly = millis(20);
const lookedCalmly = millis(500);
/** After so long without a word of ours no answer is on its way any more. */
const quickFor = millis(5000);
/** The kernel takes no more at once [usblp.c, USBLP_BUF_SIZE]; answers are a few bytes. */
const atOnce = 8192;

const device = /^\/dev\/usb\/lp\d+$/;

/** Whether this path leads to a USB printer, also by a link of udev. */
export const isLp = async (path: string): Promise<boolean> => device.test(await realpath(path).catch(() => path));

const codeOf = (mistake: unknown): string =>
  mistake instanceof Error && "code" in mistake && typeof mistake.code === "string" ? mistake.code : "unknown";

/** Opens a USB printer. What is wrong is a sentence for the technician. */
export async function openLp(
  path: string,
  clock: Pick<Clock, "after" | "mono">,
): Promise<Result<{ readonly port: BytePort; close(): Promise<void> }>> {
  try {
    const there = await stat(path);
    if (!there.isCharacterDevice()) return err(fault("misconfigured", `${path} is no printer`));
    const file = await open(path, constants.O_RDWR | constants.O_NONBLOCK | constants.O_NOCTTY);
    return ok(attach(file, path, there, clock));
  } catch (mistake) {
    return err(whyNotOpened(path, codeOf(mistake)));
  }
}

function attach(file: FileHandle, path: string, opened: Stats, clock: Pick<Clock, "after" | "mono">) {
  const sinks = new Set<Sink<Uint8Array>>();
  const waiting = new Map<Timer, () => void>();
  const buffer = new Uint8Array(atOnce);
  let gone: Fault | undefined;
  let spokeAt = clock.mono();
  let turn: Promise<unknown> = Promise.resolve();

  const pause = (span: number): Promise<void> =>
    new Promise((resolve) => {
      const wake = () => {
        waiting.delete(timer);
        resolve();
      };
      const timer = clock.after(millis(span), `${path}: looked at again`, wake);
      waiting.set(timer, wake);
    });
  const lose = (why: Fault) => {
    if (gone) return;
    gone = why;
    for (const [timer, wake] of waiting) {
      timer.cancel();
      wake();
    }
    for (const sink of sinks) sink.lost(why);
    sinks.clear();
  };
  const unplugged = () => lose(fault("no-device", `${path} was unplugged`));

  /** Where reading tells nothing (0 bytes), or the printer cannot answer (EINVAL), it is there as long as its file is. */
  const isThere = async (): Promise<boolean> => {
    const now = await stat(path).catch(() => undefined);
    return now?.ino === opened.ino && now.rdev === opened.rdev;
  };
  const look = async (): Promise<void> => {
    try {
      const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
      if (bytesRead > 0) for (const sink of sinks) sink.heard(buffer.slice(0, bytesRead));
      else if (!(await isThere())) unplugged();
    } catch (mistake) {
      const code = codeOf(mistake);
      if (code !== "EAGAIN" && !(code === "EINVAL" && (await isThere()))) unplugged();
    }
  };
  const listening = async (): Promise<void> => {
    while (!gone) {
      await look();
      if (!gone) await pause(clock.mono() - spokeAt < quickFor ? lookedQuickly : lookedCalmly);
    }
  };
  const listens = listening();

  const write = async (bytes: Uint8Array): Promise<Result<void>> => {
    let rest = bytes;
    while (rest.length > 0) {
      if (gone) return err(gone);
      spokeAt = clock.mono();
      try {
        const { bytesWritten } = await file.write(rest.subarray(0, atOnce));
        rest = rest.subarray(bytesWritten);
      } catch (mistake) {
        // Its buffer is full: it prints, or stands still.
        if (codeOf(mistake) === "EAGAIN") await pause(lookedQuickly);
        else unplugged();
      }
    }
    return ok(undefined);
  };

  const port: BytePort = {
    label: path,
    send(bytes) {
      const sent = turn.then(() => write(bytes));
      turn = sent;
      return sent;
    },
    listen(sink) {
      if (gone) sink.lost(gone);
      else sinks.add(sink);
      return { stop: () => void sinks.delete(sink) };
    },
  };

  return {
    port,
    /** What was not written yet never will be: the kernel drops what the printer has not taken. */
    async close() {
      lose(fault("no-device", `${path} was closed`));
      await Promise.all([listens, turn]);
      await file.close().catch(() => {});
    },
  };
}

function whyNotOpened(path: string, code: string): Fault {
  switch (code) {
    case "ENOENT":
    case "ENODEV":
    case "ENXIO":
      return fault("no-device", `no printer at ${path}: is its cable plugged in, and is it switched on?`);
    case "EBUSY":
      return fault("busy", `${path} is in use by another program`);
    case "EACCES":
    case "EPERM":
      return fault("refused", `no permission to open ${path}: systemd/70-yizhan.rules gives it to group dialout`);
    default:
      return fault("no-device", `${path} does not open: ${code}`);
  }
}
