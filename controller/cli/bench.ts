import type { Command } from "commander";
import { loadStation } from "../../config/load.ts";
import { mistakeLine, type Mistake } from "../../config/mistake.ts";
import { suggestion } from "../../config/nearest.ts";
import { fitDevice, loadModel, ways, type LoadedDevice } from "../../config/profile.ts";
import { seconds } from "../../devices/kit/clock.ts";
import { err, ok, type Result } from "../../devices/kit/result.ts";
import { release } from "../release.ts";
import { openDisk } from "../store/disk.ts";
import { machineWires } from "../wires.node.ts";
import { machineClock } from "../world.node.ts";
import type { Disk } from "../world.ts";
import { wholeNumber } from "./arguments.ts";
import { bench } from "./bench/bench.ts";

type Options = Readonly<Record<string, unknown>>;

interface Flags {
  readonly config?: string;
  readonly data?: string;
  readonly profile?: string;
  readonly path?: string;
  readonly option?: Options;
  readonly seconds: number;
  readonly release?: string;
  readonly measure?: boolean;
  readonly print?: boolean;
  readonly json?: boolean;
}

/** `yizhan test`: one device on the technician's bench, no kiosk running. */
export function benchCommand(program: Command): void {
  program
    .command("test")
    .summary("try one device, with no kiosk running")
    .description(
      "Opens one device, tells who it is, runs its self-test, which moves nothing, and prints what it says unasked.",
    )
    .argument("[device]", "the device's id in the station file; with --config")
    .option("--config <dir>", "folder with station.json: the device is wired and set as there")
    .option("--data <dir>", "folder of the ledger, in which a test vend is written first; for --config with --release")
    .option("--profile <name>", "a model under config/profiles, instead of a station file")
    .option(
      "--path <path>",
      "where it is plugged in, such as /dev/ttyUSB0, or USB numbers such as 0c2e:0b61; with --profile",
    )
    .option("--option <key=value...>", "options of the driver over those of the profile; with --profile", keyValue)
    .option("--seconds <n>", "listen so long", wholeNumber(0, 86_400), 10)
    .option("--release <slot>", "make a test vend: one good comes out")
    .option("--measure", "take a measurement: measure somebody now; Ctrl-C gives up")
    .option("--print", "print a test slip")
    .option("--json", "print one JSON object a line, each with its kind")
    .addHelpText(
      "after",
      `
Examples:
  npx yizhan test vend --config /etc/yizhan
  npx yizhan test vend --config /etc/yizhan --data /var/lib/yizhan --release 7
  npx yizhan test --profile xy-v3 --path /dev/ttyUSB0 --option slots=24 --option dropSensor=false --json
  npx yizhan test --profile hid-pos --seconds 60
  npx yizhan test cuff --config /etc/yizhan --measure
  npx yizhan test --profile escpos-58 --path /dev/usb/lp0 --print

Of what a reader reads only the kind and the last two characters are printed.

Exit codes: 0 all is well; 1 a fault was found, or the test vend did not deliver; 2 the command was not understood.`,
    )
    .action(async (id: string | undefined, flags: Flags, command: Command) => {
      const mistaken = misunderstood(id, flags);
      if (mistaken !== undefined) command.error(mistaken);
      const device = id === undefined ? await fromProfile(flags) : await fromStation(id, flags.config ?? "");
      process.exitCode = device.ok ? await onBench(device.value, flags) : complain(device.error);
    });
}

/** Flags that do not fit together, as a sentence. */
function misunderstood(id: string | undefined, flags: Flags): string | undefined {
  const { config, data, profile, path, option } = flags;
  if (id !== undefined && config === undefined) return "A device id needs --config, the folder with its station file.";
  if (id !== undefined && (profile !== undefined || path !== undefined || option !== undefined))
    return "A device of a station file is wired and set there: leave out --profile, --path and --option.";
  if (id === undefined && config !== undefined) return "Say which device of the station file, such as: test vend.";
  if (id === undefined && profile === undefined)
    return "Say which device: an id with --config, or --profile with --path.";
  if (id !== undefined && flags.release !== undefined && data === undefined)
    return "A test vend at a station is written into its ledger first: say where with --data.";
  return undefined;
}

/** "slots=24" as { slots: 24 }: what reads as JSON is taken so, everything else as text. */
function keyValue(text: string, before: Options = {}): Options {
  const at = text.indexOf("=");
  const [key, value] = at < 0 ? [text, "true"] : [text.slice(0, at), text.slice(at + 1)];
  try {
    return { ...before, [key]: JSON.parse(value) };
  } catch {
    return { ...before, [key]: value };
  }
}

async function fromStation(id: string, config: string): Promise<Result<LoadedDevice, readonly string[]>> {
  const loaded = await loadStation(config);
  if (!loaded.ok) return err(loaded.error.map(mistakeLine));
  const device = loaded.value.devices.find((one) => one.id === id);
  if (device !== undefined) return ok(device);
  const ids = loaded.value.devices.map((one) => one.id);
  return err([`The station file has no device "${id}"; ${suggestion(id, ids)}`]);
}

async function fromProfile({ profile = "", path, option }: Flags): Promise<Result<LoadedDevice, readonly string[]>> {
  const model = await loadModel(profile, { file: "--profile", path: "" });
  if (!model.ok) return err(model.error.map(mistakeLine));
  const { port } = model.value.driver;
  if (port === "bytes" && path === undefined) return err([`Say where the ${profile} is plugged in, with --path.`]);
  const by = path?.startsWith("/") ? "path" : ways[port][0];
  const wiring = { by, ...(path === undefined ? {} : { match: path }) };
  const fitted = fitDevice(model.value, { id: "bench", wiring, options: option ?? {} });
  if (fitted.ok) return fitted;
  return err(fitted.error.map((mistake): string => mistakeLine(inFlag(mistake))));
}

const inFlag = ({ path, says }: { readonly path: string; readonly says: string }): Mistake =>
  path.startsWith("wiring")
    ? { file: "--path", path: "", says }
    : { file: "--option", path: path.replace(/^options\./, ""), says };

async function onBench(device: LoadedDevice, flags: Flags): Promise<number> {
  const clock = machineClock(release.releasedAt);
  let disk: Disk | undefined;
  if (flags.config !== undefined && flags.release !== undefined) {
    const opened = await openDisk({
      dir: flags.data ?? "",
      pid: process.pid,
      lifeFloorSeconds: Math.floor(release.releasedAt / 1000),
      now: () => clock.wall(),
    });
    if (!opened.ok) return complain([opened.error.says]);
    disk = opened.value;
    if (disk.setAside !== undefined) complain([disk.setAside]);
  }
  const told = new AbortController();
  const stop = () => told.abort();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, stop);
  try {
    return await bench(
      {
        device,
        listen: seconds(flags.seconds),
        ...(flags.release === undefined ? {} : { release: flags.release }),
        measure: flags.measure ?? false,
        print: flags.print ?? false,
        json: flags.json ?? false,
      },
      {
        clock,
        openWire: () => machineWires(clock).open(device.driver.port, device.wiring),
        print: (line) => console.log(line),
        ...(disk === undefined ? {} : { ledger: disk }),
        stop: told.signal,
      },
    );
  } finally {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, stop);
    await disk?.close();
  }
}

function complain(sentences: readonly string[]): 1 {
  for (const sentence of sentences) console.error(sentence);
  return 1;
}
