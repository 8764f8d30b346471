import type { Command } from "commander";
import { keygen } from "./health/keygen.ts";
import { openLetters, type OpenOptions } from "./health/open.ts";

/** The tools of whoever may be sent results of a health cabin. They need no network and no kiosk. */
export function healthCommand(program: Command): void {
  const health = program
    .command("health")
    .summary("read the results that people sent you")
    .description(
      "The tools of a recipient of health results, such as a clinic. docs/health-export.md tells who holds which key.",
    );

  health
    .command("keygen")
    .summary("make the recipient's keys")
    .description(
      "Makes a private key, with which letters are opened, and the public one, to which kiosks seal them. Existing files are never overwritten.",
    )
    .option("--out <file>", "the private key; the public one is written beside it, as .pub", "recipient.key")
    .addHelpText(
      "after",
      `
Examples:
  npx yizhan health keygen --out /safe/clinic.key

The line it prints belongs into "cabin" of every station file that may send you results. Keep two copies of the private
key where only you can read them: without it nobody can open what was sent, and with it anybody can.

Exit codes: 0 made; 1 not made, and says why; 2 the command was not understood.`,
    )
    .action((options: { out: string }) => {
      process.exitCode = keygen(options.out);
    });

  health
    .command("open <file>")
    .summary("open letters")
    .description(
      'Opens letters, one a line, as "centre letters" writes them, and writes each as a FHIR R4 Bundle for your eyes alone. Existing files are never overwritten.',
    )
    .requiredOption("--key <file>", "your private key")
    .option("--out <dir>", "folder for the bundles", ".")
    .addHelpText(
      "after",
      `
Examples:
  npx yizhan health open letters.jsonl --key /safe/clinic.key --out results
  npx yizhan health open - --key /safe/clinic.key --out results < letters.jsonl

A bundle is named after the kiosk and the letter: the same letter always has the same name.

Exit codes: 0 all were opened; 1 some were not, and says why of each; 2 the command was not understood.`,
    )
    .action(async (file: string, options: OpenOptions) => {
      process.exitCode = await openLetters(file, options);
    });
}
