import type { Command } from "commander";
import { ownNameForm } from "../own-link.ts";
import { brokerForm, eachFormed, fingerprintForm, formed, groupForm, span, wholeNumber } from "./arguments.ts";
import type { AddOptions } from "./kiosk.ts";
import type { LettersOptions } from "./letters.ts";
import type { OrderOptions } from "./order.ts";
import type { PublishOptions } from "./publish.ts";
import type { RunOptions } from "./run.ts";

const data = [
  "--data <dir>",
  "the centre's data folder: keys, certificates, and its database where it has none elsewhere",
] as const;
const database = ["--database <url>", "PostgreSQL, such as postgres://yizhan@localhost/yizhan"] as const;
const every = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];
const exits = "Exit codes: 0 done, or yes; 1 the answer is no, and why; 2 the command was not understood.";

/** The commands of the centre. What they do is loaded when they are asked for. */
export function centreCommand(program: Command): void {
  const centre = program
    .command("centre")
    .summary("collect what kiosks tell, and tell them what to do")
    .description(
      "The centre of a fleet: collector, Sparkplug host and issuer of commands. docs/centre.md is its operator's page.",
    );
  runCommand(centre);
  statusCommand(centre);
  kioskCommands(centre);
  orderCommand(centre);
  publishCommand(centre);
  lettersCommand(centre);
  brokerCommands(centre);
}

function runCommand(centre: Command): void {
  centre
    .command("run")
    .summary("the centre itself")
    .description(
      "Runs until it is told to stop (SIGTERM, Ctrl-C). Without --broker and --database both are in this process.",
    )
    .requiredOption(...data)
    .option(
      "--broker <url>",
      "the broker, such as mqtts://broker.example:8883",
      formed(brokerForm, "mqtts://broker.example:8883"),
    )
    .option("--port <n>", "port of the broker in this process, on this machine only", wholeNumber(0, 65_535), 1883)
    .option(...database)
    .option("--group <name>", "answer for this group only; may stand several times", eachFormed(groupForm, "320583"))
    .option(
      "--host-id <name>",
      "our name among Sparkplug hosts and on the broker",
      formed(ownNameForm, "centre-2"),
      "centre",
    )
    .option("--accept-all", "register kiosks that nobody added: for a demonstration", false)
    .addHelpText(
      "after",
      `
Examples:
  npx yizhan centre run --data data/centre
  npx yizhan centre run --data /var/lib/yizhan-centre --broker mqtts://broker.example:8883 \\
    --database postgres://yizhan@localhost/yizhan

Exit codes: 0 stopped as told; 1 it could not start, and says why; 2 the command was not understood.`,
    )
    .action(async (options: RunOptions) => {
      process.exitCode = await (await import("./run.ts")).run(options);
    });
}

function statusCommand(centre: Command): void {
  centre
    .command("status")
    .summary("all stations, the urgent ones first")
    .description("Prints what is wrong with the centre itself, and then every station with its state and its age.")
    .requiredOption(...data)
    .option(...database)
    .option("--json", "as JSON, for programs", false)
    .addHelpText(
      "after",
      `
Examples:
  npx yizhan centre status --data data/centre
  watch -n 5 npx yizhan centre status --data data/centre

Exit codes: 0 all is well; 1 something is wrong, or nobody knows; 2 the command was not understood.`,
    )
    .action(async (options: { data: string; database?: string; json: boolean }) => {
      process.exitCode = await (await import("./status.ts")).status(options);
    });
}

function kioskCommands(centre: Command): void {
  const kiosk = centre
    .command("kiosk")
    .summary("kiosks that may be heard")
    .description("Adds, lists and shuts out kiosks.");
  kiosk
    .command("add <id>")
    .summary("make what a kiosk needs")
    .description(
      "Makes certificate and key, the lines of trust and the link for the station file, and with --pub the sealed keys of the next days. May be given again: a certificate that counts is kept.",
    )
    .requiredOption(...data)
    .option(...database)
    .requiredOption("--out <dir>", "folder for what goes to the kiosk")
    .requiredOption("--group <name>", "its district", formed(groupForm, "320583"))
    .requiredOption(
      "--server <url>",
      "its broker; may stand several times, the usual one first",
      eachFormed(brokerForm, "mqtts://broker.example:8883"),
    )
    .option("--station <file>", "its station.json, from which the centre learns number and names")
    .option("--pub <file>", "kiosk.pub of its data folder, which it makes at its first start")
    .option("--campaign <file>", "with --pub: keys for this campaign only; may stand several times", every)
    .option("--days <n>", "with --pub: keys of so many days from today", wholeNumber(1, 366), 62)
    .addHelpText(
      "after",
      `
Examples:
  npx yizhan centre kiosk add ZP-001 --data data/centre --out zp-001 --group 320583 \\
    --server mqtts://broker.example:8883 --station station.json
  npx yizhan centre kiosk add ZP-001 --data data/centre --out zp-001 --group 320583 \\
    --server mqtts://broker.example:8883 --pub kiosk.pub

${exits}`,
    )
    .action(async (id: string, options: AddOptions) => {
      process.exitCode = await (await import("./kiosk.ts")).addKiosk(id, options);
    });
  kiosk
    .command("list")
    .summary("every kiosk and its certificate")
    .description("Prints the kiosks that are registered, and until when their certificates count.")
    .requiredOption(...data)
    .option(...database)
    .action(async (options: { data: string; database?: string }) => {
      process.exitCode = await (await import("./kiosk.ts")).listKiosks(options);
    });
  kiosk
    .command("revoke <id>")
    .summary("shut a kiosk out")
    .description("Puts its certificates on the list of those that count no more, and says how the broker learns of it.")
    .requiredOption(...data)
    .addHelpText("after", `\nExample:\n  npx yizhan centre kiosk revoke ZP-001 --data data/centre\n\n${exits}`)
    .action(async (id: string, options: { data: string }) => {
      process.exitCode = await (await import("./kiosk.ts")).revokeKiosk(id, options);
    });
}

function orderCommand(centre: Command): void {
  centre
    .command("order <kiosk> <op> [args...]")
    .summary("have a kiosk do something")
    .description(
      "Signs a command that the running centre sends. Its arguments are name=value. docs/commands.md has all of them.",
    )
    .requiredOption(...data)
    .option(...database)
    .option("--for <time>", "how long the kiosk may obey it: 90s, 10m, 2h, 7d at most", span, 600_000)
    .option("--wait", "print what becomes of it", false)
    .option("--release", "sign with the release key: for more than five vends a day", false)
    .addHelpText(
      "after",
      `
Examples:
  npx yizhan centre order ZP-001 vend product=water why="paid twice" --data data/centre --wait
  npx yizhan centre order ZP-001 lock why="flood" --for 2h --data data/centre
  npx yizhan centre order ZP-001 slot device=vend slot=7 on=false --data data/centre

Exit codes: 0 written down, with --wait: done; 1 refused, failed or unanswered, and why; 2 the command was not understood.`,
    )
    .action(async (kiosk: string, op: string, args: readonly string[], options: OrderOptions) => {
      process.exitCode = await (await import("./order.ts")).order(kiosk, op, args, options);
    });
}

function publishCommand(centre: Command): void {
  centre
    .command("publish <kiosk>")
    .summary("give a kiosk a configuration, campaign or keys")
    .description("Puts a file where the running centre finds it and keeps it on the broker for the kiosk.")
    .requiredOption(...data)
    .option("--config <file>", "a station.json, which is signed here, or a signed configuration")
    .option("--version <name>", "with --config: its version for people; made from date and content where absent")
    .option("--campaign <file>", "a signed campaign or list")
    .option("--keys <file>", "a key bundle")
    .option("--drop <what>", "desire it no more: config, keys or campaign-<id>")
    .addHelpText(
      "after",
      `
Examples:
  npx yizhan centre publish ZP-001 --config station.json --data data/centre
  npx yizhan centre publish ZP-001 --campaign summer-2026.json --keys keys.json --data data/centre

${exits}`,
    )
    .action(async (kiosk: string, options: PublishOptions) => {
      process.exitCode = (await import("./publish.ts")).publish(kiosk, options);
    });
}

function lettersCommand(centre: Command): void {
  centre
    .command("letters")
    .summary("hand out the health results that people sent to a recipient")
    .description("Writes the letters of one recipient to a file, one a line. Only the recipient's key opens them.")
    .requiredOption(...data)
    .option(...database)
    .requiredOption("--for <fingerprint>", "the recipient's key", formed(fingerprintForm, "0123456789abcdef"))
    .requiredOption("--out <file>", "file for them; one that is there is left as it is")
    .option("--since <day>", "only what came from that day on, 2026-07-01")
    .addHelpText(
      "after",
      `\nExample:\n  npx yizhan centre letters --for 0123456789abcdef --out letters.jsonl --data data/centre\n\n${exits}`,
    )
    .action(async (options: LettersOptions) => {
      process.exitCode = await (await import("./letters.ts")).handOutLetters(options);
    });
}

function brokerCommands(centre: Command): void {
  centre
    .command("broker")
    .summary("make what mosquitto needs")
    .description(
      "Makes the certificate of a broker, and puts configuration, ACL and the list of the revoked beside it.",
    )
    .requiredOption(...data)
    .requiredOption("--host <name>", "name or address by which it is reached; may stand several times", every)
    .requiredOption("--out <dir>", "folder for it")
    .addHelpText(
      "after",
      `\nExample:\n  npx yizhan centre broker --host broker.example --data data/centre --out broker\n\n${exits}`,
    )
    .action(async (options: { data: string; host: readonly string[]; out: string }) => {
      process.exitCode = await (await import("./broker.ts")).brokerFolder(options);
    });
  centre
    .command("member <host-id>")
    .summary("make the certificates of a further centre")
    .description("For a second centre on the same broker, which runs with this --host-id.")
    .requiredOption(...data)
    .requiredOption("--out <dir>", "folder for them")
    .action(async (hostId: string, options: { data: string; out: string }) => {
      process.exitCode = await (await import("./broker.ts")).memberFolder(hostId, options);
    });
}
