import { randomBytes } from "node:crypto";
import { statSync, readFileSync } from "node:fs";
import { pino } from "pino";
import { millis, type Clock, type Millis } from "../devices/kit/clock.ts";
import { delays } from "./delays.ts";
import { mqttUplink } from "./link/mqtt.ts";
import { readCredentials } from "./link/tls.ts";
import { machineVitals } from "./vitals.node.ts";
import { machineWires } from "./wires.node.ts";
import type { Disk, World } from "./world.ts";

/** systemd-timesyncd touches this file at each synchronisation. */
const synchronised = "/run/systemd/timesync/synchronized";
/** "1" where the system time was taken from a battery-backed clock at boot. */
const fromBattery = "/sys/class/rtc/rtc0/hctosys";

/** Looked at once in this long; a file's time does not change faster. */
const looked: Millis = millis(10_000);

function synchronisedWithin(utc: number): boolean {
  try {
    const age = utc - statSync(synchronised).mtimeMs;
    return age >= 0 && age < delays.clockTrusted;
  } catch {
    return false;
  }
}

function batteryBacked(utc: number, releasedAt: Millis): boolean {
  try {
    // A battery clock without its battery wakes in 1970, or wherever its maker left it.
    return readFileSync(fromBattery, "utf8").trim() === "1" && utc > releasedAt;
  } catch {
    return false;
  }
}

/** The clock of this machine. `releasedAt`: no true clock is earlier. */
export function machineClock(releasedAt: Millis): Clock {
  let lookedAt = Number.NEGATIVE_INFINITY;
  let trusted = false;
  return {
    mono: () => millis(performance.now()),
    wall() {
      const utc = Date.now();
      if (performance.now() - lookedAt > looked) {
        lookedAt = performance.now();
        trusted = synchronisedWithin(utc) || batteryBacked(utc, releasedAt);
      }
      return { utc: millis(utc), trusted };
    },
    after(delay, _label, wake) {
      const timer = setTimeout(wake, delay);
      return { cancel: () => clearTimeout(timer) };
    },
  };
}

/** Log lines that the centre may ask for; older ones stand in the journal. */
const linesRemembered = 500;

/** Log lines on stdout, written at once: a line that waits in a thread is lost with the process. journald keeps them. */
export function machineLog(level = "info"): World["log"] {
  const out = pino.destination({ dest: 1, sync: true });
  const lines: string[] = [];
  const write = (line: string): void => {
    out.write(line);
    if (lines.push(line.trimEnd()) > linesRemembered) lines.shift();
  };
  const log = pino({ level, base: null, redact: ["code", "typed", "card", "key"] }, { write });
  return {
    note: (event, facts) => log.info(facts ?? {}, event),
    fail: (event, fault) => log.warn({ fault: fault.kind, detail: fault.detail }, event),
    newest: (count) => lines.slice(-count),
  };
}

export interface Own {
  readonly clock: Clock;
  readonly log: World["log"];
  readonly disk: Disk;
  readonly stage: World["stage"];
  readonly voice: World["voice"];
  alive(): void;
  /** Where the kiosk's data lie. */
  readonly data: string;
  /** The folder link/ beside the station file, and the kiosk's name on the wire. */
  readonly link: { readonly folder: string; readonly kiosk: string };
}

/** The real world: this machine's clock, chance, wires, disk, brokers and screen. */
export function machineWorld({ clock, log, disk, stage, voice, alive, data, link }: Own): World {
  return {
    clock,
    dice: { bytes: (n) => randomBytes(n) },
    wires: machineWires(clock),
    disk,
    uplink: mqttUplink({ clock, credentials: () => readCredentials(link.folder, link.kiosk), note: log.note }),
    stage,
    voice,
    host: { alive, vitals: machineVitals({ data }) },
    log,
  };
}
