import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Command } from "commander";
import { itemText } from "../../protocol/events/chain.ts";
import { everyRow, ledgerToRead, unreadable } from "../store/reading.ts";
import type { LedgerFile } from "../store/sqlite.ts";
import { verify } from "../store/verify.ts";

/** The commands that read a ledger. Both may be used while the kiosk runs. */
export function ledgerCommand(program: Command): void {
  const ledger = program
    .command("ledger")
    .summary("check or print what a kiosk has written down")
    .description("Reads the ledger of a kiosk, which may be running meanwhile.");

  ledger
    .command("verify")
    .summary("recompute the chain of all entries")
    .description(
      "Recomputes the hash of every entry and names the first bad one. docs/ledger.md tells how, byte for byte.",
    )
    .requiredOption("--data <dir>", "folder of the ledger")
    .addHelpText(
      "after",
      `
Examples:
  npx yizhan ledger verify --data /var/lib/yizhan

Exit codes: 0 the chain is whole; 1 it is not, or there is no ledger; 2 the command was not understood.`,
    )
    .action(({ data }: { data: string }) => {
      process.exitCode = printVerdict(data);
    });

  ledger
    .command("export")
    .summary("print every entry")
    .description("Prints one JSON object a line, the oldest first, each with its hash.")
    .requiredOption("--data <dir>", "folder of the ledger")
    .addHelpText(
      "after",
      `
Examples:
  npx yizhan ledger export --data /var/lib/yizhan > ledger.jsonl
  npx yizhan ledger export --data /var/lib/yizhan | grep '"type":"outcome"'

Exit codes: 0 all entries were printed; 1 they were not, and why; 2 the command was not understood.`,
    )
    .action(async ({ data }: { data: string }) => {
      process.exitCode = await printEntries(data);
    });
}

function printVerdict(dir: string): number {
  const verified = verify(dir);
  if (!verified.ok) {
    console.error(verified.error);
    return 1;
  }
  const found = verified.value;
  switch (found.is) {
    case "whole":
      console.log(`The chain is whole: ${entries(found.entries)}${found.lives > 1 ? ` in ${found.lives} lives` : ""}.`);
      if (found.last !== undefined) {
        console.log(`The last is entry ${found.last.seq} of life ${found.last.life}, hash ${hex(found.last.hash)}.`);
      }
      return 0;
    case "broken":
      console.error(
        `The chain is broken at entry ${found.seq} of life ${found.life}: ${found.why}. Before it: ${entries(found.good)}, all good. ` +
          "Somebody changed the ledger, or the card is failing: keep a copy of the data folder and tell the staff.",
      );
      return 1;
    case "damaged":
      console.error(
        `The file is damaged: ${found.why}. Read before that: ${entries(found.good)}, all good. ` +
          "Keep a copy of the data folder and tell the staff.",
      );
      return 1;
  }
}

async function printEntries(dir: string): Promise<number> {
  const opened = ledgerToRead(dir);
  if (!opened.ok) {
    console.error(opened.error);
    return 1;
  }
  try {
    await pipeline(Readable.from(lines(opened.value)), process.stdout, { end: false });
    return 0;
  } catch (error) {
    // `| head` closes its end when it has enough, which is no failure of ours.
    if ((error as { code?: string }).code === "EPIPE") return 0;
    console.error(unreadable(error, dir));
    return 1;
  } finally {
    opened.value.close();
  }
}

function* lines(file: LedgerFile): Generator<string> {
  for (const row of everyRow(file)) yield `${itemText(row).slice(0, -1)},"hash":"${hex(row.hash)}"}\n`;
}

const entries = (n: number) => (n === 1 ? "1 entry" : `${n} entries`);
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
