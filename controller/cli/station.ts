import type { Command } from "commander";
import { wholeNumber } from "./arguments.ts";
import { brokerAddress } from "./broker-option.ts";
import type { RunOptions } from "./run.ts";
import type { DemoCentre } from "./sim-centre.ts";
import type { SimOptions } from "./sim.ts";

/** The commands around one kiosk. What they do is loaded when they are asked for. */
export function stationCommands(program: Command, centre: DemoCentre): void {
  program
    .command("sim")
    .summary("the whole kiosk with simulated hardware")
    .description(
      "Starts a kiosk with a simulated cabinet of 24 slots and a centre with a broker and a database, opens the screen on this machine and prints sample codes. Nothing needs to be plugged in.",
    )
    .option("--port <n>", "port of the worker's screen", wholeNumber(0, 65_535), 8080)
    .option("--seed <n>", "the same seed gives the same codes and the same chances", wholeNumber(0, 2 ** 32 - 1))
    .option("--fast", "motors take no time", false)
    .option(
      "--broker <url>",
      "report to this broker (mqtt:// or mqtts://) instead of a centre in this process",
      brokerAddress,
    )
    .option("--cabin", "a health cabin stands beside the cabinet, and somebody sits in it", false)
    .option("--offline", "begin with the network cable out; type online to plug it in", false)
    .addHelpText(
      "after",
      `
Examples:
  npx yizhan sim
  npx yizhan sim --port 8081 --seed 7 --fast
  npx yizhan sim --cabin
  npx yizhan sim --offline

Exit codes: 0 stopped with Ctrl-C; 1 it could not start, and says why; 2 the command was not understood.`,
    )
    .action(async (options: SimOptions) => {
      const { sim } = await import("./sim.ts");
      process.exitCode = await sim(options, centre);
    });

  program
    .command("run")
    .summary("the kiosk on its hardware")
    .description("Runs the kiosk of the station file until it is told to stop (SIGTERM, Ctrl-C).")
    .requiredOption("--config <dir>", "folder with station.json, campaigns/, lists/ and keys/")
    .requiredOption("--data <dir>", "folder of the ledger; one kiosk process at a time")
    .option("--port <n>", "port of the worker's screen, on this machine only", wholeNumber(0, 65_535), 8080)
    .option("--broker <url>", "broker in place of the station file's: mqtt:// or mqtts://", brokerAddress)
    .addHelpText(
      "after",
      `
Examples:
  npx yizhan run --config /etc/yizhan --data /var/lib/yizhan
  npx yizhan run --config /etc/yizhan --data /var/lib/yizhan --broker mqtt://127.0.0.1:1883

A missing device does not keep the kiosk from starting: the screen says what a worker can do, and the device is
looked for again and again.

Exit codes: 0 stopped as told; 1 it could not start, and says why; 2 the command was not understood.`,
    )
    .action(async (options: RunOptions) => {
      const { run } = await import("./run.ts");
      process.exitCode = await run(options);
    });

  program
    .command("refill")
    .summary("write down that slots were filled")
    .description("Writes a refill of one slot, or of all, into the ledger of a kiosk that is not running.")
    .requiredOption("--config <dir>", "folder with station.json")
    .requiredOption("--data <dir>", "folder of the ledger")
    .option("--slot <number>", "this slot only; all slots where absent")
    .option("--count <n>", "goods in the slot now; the station file's refillTo where absent", wholeNumber(0, 255))
    .addHelpText(
      "after",
      `
Examples:
  npx yizhan refill --config /etc/yizhan --data /var/lib/yizhan
  npx yizhan refill --config /etc/yizhan --data /var/lib/yizhan --slot 7 --count 12

Exit codes: 0 written; 1 not written, and says why; 2 the command was not understood.`,
    )
    .action(async (options: { config: string; data: string; slot?: string; count?: number }) => {
      const { refill } = await import("./refill.ts");
      process.exitCode = await refill(options);
    });

  program
    .command("check")
    .summary("find every mistake in a station's files")
    .description("Reads station.json, the profiles it names and the files beside it, and tells every mistake at once.")
    .requiredOption("--config <dir>", "folder with station.json")
    .option("--udev", "print rules for udev that silence the station's readers when they are plugged in")
    .addHelpText(
      "after",
      `
Examples:
  npx yizhan check --config /etc/yizhan
  npx yizhan check --config /etc/yizhan --udev

Each mistake is a line: file, field, and what is expected. docs/config.md explains every field.

Exit codes: 0 no mistake; 1 mistakes were found; 2 the command was not understood.`,
    )
    .action(async (options: { config: string; udev?: boolean }) => {
      const { check } = await import("./check.ts");
      process.exitCode = await check(options);
    });
}
