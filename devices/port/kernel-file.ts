import { access, constants, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fault, type Fault } from "../kit/fault.ts";
import type { FilePort, Sink } from "../kit/port.ts";
import { err, ok, type Result } from "../kit/result.ts";

export interface FileWiring {
  readonly by: "w1" | "path";
  /** The number of a probe on the 1-Wire bus, "28-0316a2794eff", or empty: the only one. Else a path. */
  readonly match: string;
}

/** Where the kernel shows what it finds on the 1-Wire bus; tests point elsewhere. */
const probes = "/sys/bus/w1/devices";
/** The first byte of a DS18B20's number [DS18B20, data sheet, 64-bit ROM code]. */
const family = "28-";

/** Opens a file that the kernel makes anew at each reading. It is lost as soon as it cannot be read. */
export async function openFile(
  wiring: FileWiring,
  bus = probes,
): Promise<Result<{ readonly port: FilePort; close(): Promise<void> }>> {
  const path = wiring.by === "path" ? ok(wiring.match) : await probeAt(wiring.match, bus);
  if (!path.ok) return path;
  const readable = await access(path.value, constants.R_OK).catch((mistake: unknown) => whyUnread(path.value, mistake));
  return readable === undefined ? ok(attach(path.value)) : err(readable);
}

async function probeAt(match: string, bus: string): Promise<Result<string>> {
  const found = await readdir(bus).catch(() => undefined);
  if (found === undefined)
    return err(
      fault("no-device", `there is no 1-Wire bus: put dtoverlay=w1-gpio into /boot/firmware/config.txt and start anew`),
    );
  const fit = found.filter((name) => name.startsWith(family) && (match === "" || name === match));
  const [first, second] = fit;
  if (first === undefined)
    return err(fault("no-device", `no probe ${match || family} on the 1-Wire bus: are its three wires connected?`));
  if (second !== undefined)
    return err(fault("misconfigured", `${fit.length} probes on the 1-Wire bus: name one, such as "${first}"`));
  return ok(join(bus, first, "w1_slave"));
}

function attach(path: string) {
  const sinks = new Set<Sink<Uint8Array>>();
  let gone: Fault | undefined;

  const lose = (why: Fault) => {
    if (gone) return;
    gone = why;
    for (const sink of sinks) sink.lost(why);
    sinks.clear();
  };
  const port: FilePort = {
    label: path,
    async send() {
      if (gone) return err(gone);
      // The kernel lets the sensor measure now, which takes it up to 750 ms.
      const read = await readFile(path).catch((mistake: unknown) => whyUnread(path, mistake));
      // It may have been closed meanwhile.
      if (gone) return err(gone);
      if (!(read instanceof Uint8Array)) {
        lose(read);
        return err(read);
      }
      for (const sink of sinks) sink.heard(read);
      return ok(undefined);
    },
    listen(sink) {
      if (gone) sink.lost(gone);
      else sinks.add(sink);
      return { stop: () => void sinks.delete(sink) };
    },
  };
  return { port, close: async () => lose(fault("no-device", `${path} was closed`)) };
}

function whyUnread(path: string, mistake: unknown): Fault {
  const code = mistake instanceof Error && "code" in mistake ? mistake.code : undefined;
  if (code === "EACCES") return fault("refused", `no permission to read ${path}`);
  if (code === "EISDIR") return fault("misconfigured", `${path} is a folder`);
  if (code === "ENOENT" || code === "ENODEV") return fault("no-device", `nobody at ${path}: is the probe connected?`);
  return fault("no-device", `${path} cannot be read (${String(code)}): is a wire of the probe loose?`);
}
