import type { Command } from "commander";
import { wholeNumber } from "./arguments.ts";
import { qrCommand } from "./codes-qr.ts";
import { membersCommand } from "./codes-members.ts";
import { makeCampaign, type CampaignOptions } from "./codes/campaign.ts";
import { exportKeys, type ExportOptions } from "./codes/export-keys.ts";
import { importCodes, type ImportOptions } from "./codes/import.ts";
import { inspect, type InspectOptions } from "./codes/inspect.ts";
import { issue, type IssueOptions } from "./codes/issue.ts";
import { keygen, type KeygenOptions } from "./codes/keygen.ts";

const daysAtMost = 366;
const codesAtMost = 500_000;
const every = (value: string, before: readonly string[]): readonly string[] => [...before, value];
const byComma = (text: string): readonly string[] => text.split(",").map((part) => part.trim());

/** The issuer's tools. They need no network; who holds the root key holds every code of every kiosk. */
export function codesCommand(program: Command): void {
  const codes = program
    .command("codes")
    .summary("make keys, campaigns and codes; explain a code")
    .description(
      "The issuer's tools, and the answer to why a code is what it is. docs/pickup-codes.md tells the format.",
    );
  keygenCommand(codes);
  campaignCommand(codes);
  issueCommand(codes);
  exportCommand(codes);
  importCommand(codes);
  qrCommand(codes);
  membersCommand(codes);
  inspectCommand(codes);
}

function keygenCommand(codes: Command): void {
  codes
    .command("keygen")
    .summary("make the issuer's keys")
    .description(
      "Makes the root key, from which all codes follow, the release key, which signs files, and the qr key, which signs tokens. Existing files are never overwritten.",
    )
    .option("--out <dir>", "folder for the keys", ".")
    .option("--kid <name>", "name of the release key in the station files", "r1")
    .option("--qr-kid <n>", "number of the qr key", wholeNumber(0, 255), 1)
    .addHelpText(
      "after",
      `
Examples:
  npx yizhan codes keygen --out /safe/keys

The lines it prints belong into "trust" of every station file. Keep two copies of root.key where no kiosk is: without it
no more codes can be made, and with it anybody makes them.

Exit codes: 0 made; 1 not made, and says why; 2 the command was not understood.`,
    )
    .action((options: KeygenOptions) => {
      process.exitCode = keygen(options);
    });
}

function campaignCommand(codes: Command): void {
  codes
    .command("campaign")
    .summary("write and sign a campaign file")
    .description("Says what the codes of a kiosk are worth. A campaign that guessing would bleed is refused.")
    .requiredOption("--release-key <file>", "the release key")
    .option("--kid <name>", "its name in the station file", "r1")
    .requiredOption("--station <id>", "the kiosk")
    .requiredOption(
      "--id <name>",
      'short name, such as "summer-2026"; a newer file of the same name replaces the older',
    )
    .requiredOption("--name-zh <text>", "name in Chinese")
    .requiredOption("--name-en <text>", "name in English")
    .option("--epoch <kind>", "day, week or batch: how long a code lives", "day")
    .option("--batch <label>", "the batch's label, with --epoch batch")
    .option("--own-labels", "for a second campaign at the kiosk: labels are <id>/20260715", false)
    .option("--digits <n>", "10, or 12 where several machines are in reach", wholeNumber(10, 12), 10)
    .requiredOption("--count <n>", "codes an epoch", wholeNumber(1, codesAtMost))
    .option("--keeper-count <n>", "codes an epoch for the keeper to hand out", wholeNumber(0, codesAtMost), 10)
    .requiredOption("--products <ids>", "one of these for a code, by comma: water,salt-soda", byComma)
    .requiredOption("--from <date>", "first day, 2026-07-01")
    .requiredOption("--to <date>", "last day")
    .option("--hours <hours>", "daily, in UTC+8", "00:00-24:00")
    .option("--loss-limit <drinks>", "drinks a kiosk-year that guessing may cost", Number, 1)
    .option("--out <file>", "- is standard output", "-")
    .addHelpText(
      "after",
      `
Examples:
  npx yizhan codes campaign --release-key release.key --station ZP-001 --id summer-2026 --name-zh "$NAME" \\
    --name-en "Summer drinks" --count 300 --products water,salt-soda --from 2026-07-01 --to 2026-09-30 \\
    --hours 06:00-22:00 --out campaigns/summer-2026.json

The file belongs into campaigns/ of the kiosk's configuration. To end a campaign early, sign it again with an earlier --to.

Exit codes: 0 written; 1 refused, and says why; 2 the command was not understood.`,
    )
    .action((options: CampaignOptions) => {
      process.exitCode = makeCampaign(options);
    });
}

function issueCommand(codes: Command): void {
  codes
    .command("issue")
    .summary("print the codes of an epoch")
    .description("Derives codes from the root key. The kiosk derives the same: nothing is sent to it.")
    .requiredOption("--root-file <file>", "the root key")
    .requiredOption("--station <id>", "the kiosk")
    .requiredOption("--label <label>", "the epoch: 20260715, 2026-W29, or a batch")
    .requiredOption("--count <n>", "codes, from the first on", wholeNumber(1, codesAtMost))
    .option("--campaign <file>", "the campaign they are for: its dates, digits and count are held against the asked")
    .option("--site <RR>", "two-digit site number of the machine, for codes of 12 digits")
    .option("--csv <file>", "index,code; - is standard output, and what is done without --slips")
    .option("--slips <file>", "a page of paper slips to print, in Chinese")
    .addHelpText(
      "after",
      `
Examples:
  npx yizhan codes issue --root-file root.key --station ZP-001 --label 20260715 --count 300 --csv codes.csv
  npx yizhan codes issue --root-file root.key --station ZP-001 --label 20260715 --count 300 --site 42 \\
    --campaign summer-2026.json --slips slips.html

Codes begin with zeros: a table program must read the column as text.

Exit codes: 0 issued; 1 refused, and says why; 2 the command was not understood.`,
    )
    .action((options: IssueOptions) => {
      process.exitCode = issue(options);
    });
}

function exportCommand(codes: Command): void {
  codes
    .command("export-keys")
    .summary("seal keys to one kiosk")
    .description(
      "Writes the keys of the days named, and of nothing else, so that only this kiosk can open them. The kiosk makes kiosk.pub in its data folder at its first start.",
    )
    .requiredOption("--root-file <file>", "the root key")
    .requiredOption("--release-key <file>", "the release key")
    .option("--kid <name>", "its name in the station file", "r1")
    .requiredOption("--station <id>", "the kiosk")
    .requiredOption("--from <date>", "first day, 2026-07-01")
    .requiredOption("--days <n>", "how many days", wholeNumber(1, daysAtMost))
    .requiredOption("--for <file>", "kiosk.pub of the kiosk")
    .option(
      "--campaign <file>",
      "export what this campaign needs in place of plain days; may be given again",
      every,
      [],
    )
    .option("--list <id>", "the key of an imported list too; may be given again", every, [])
    .option("--list-key <file>", "<id>.list.key: the secret of a member list too; may be given again", every, [])
    .option("--out <file>", "- is standard output", "-")
    .addHelpText(
      "after",
      `
Examples:
  npx yizhan codes export-keys --root-file root.key --release-key release.key --station ZP-001 \\
    --from 2026-07-01 --days 31 --for kiosk.pub --out keys/2026-07.json

The file belongs into keys/ of the kiosk's configuration. It is no secret: only the kiosk opens it.

Exit codes: 0 written; 1 refused, and says why; 2 the command was not understood.`,
    )
    .action(async (options: ExportOptions) => {
      process.exitCode = await exportKeys(options);
    });
}

function importCommand(codes: Command): void {
  codes
    .command("import")
    .summary("sign a list of another platform's codes")
    .description(
      "Reads codes, one a line or a column of CSV, and writes a signed list of their keyed hashes. A list that guessing would bleed is refused.",
    )
    .requiredOption("--root-file <file>", "the root key")
    .requiredOption("--release-key <file>", "the release key")
    .option("--kid <name>", "its name in the station file", "r1")
    .requiredOption("--station <id>", "the kiosk")
    .requiredOption("--id <name>", 'short name of the list, such as "L2026-07"')
    .requiredOption("--in <file>", "the codes; - is standard input")
    .option("--column <name>", "the CSV column with the codes; the only one, or the one called code, where absent")
    .requiredOption("--products <ids>", "one of these for a code, by comma: water,salt-soda", byComma)
    .requiredOption("--from <date>", "first day, 2026-07-01")
    .requiredOption("--to <date>", "last day")
    .option("--hours <hours>", "daily, in UTC+8", "00:00-24:00")
    .option("--loss-limit <drinks>", "drinks a kiosk-year that guessing may cost", Number, 1)
    .option("--out <file>", "- is standard output", "-")
    .addHelpText(
      "after",
      `
Examples:
  npx yizhan codes import --root-file root.key --release-key release.key --station ZP-001 --id L2026-07 \\
    --in coupons.csv --column couponCode --products water --from 2026-07-01 --to 2026-07-31 --out lists/L2026-07.json

The file belongs into lists/ of the kiosk's configuration. The kiosk needs the list's key too: export-keys --list L2026-07.

Exit codes: 0 written; 1 refused, and says why; 2 the command was not understood.`,
    )
    .action((options: ImportOptions) => {
      process.exitCode = importCodes(options);
    });
}

function inspectCommand(codes: Command): void {
  codes
    .command("inspect")
    .summary("why a code is what it is at this kiosk")
    .description(
      "Says in sentences what this kiosk makes of a code, and why. It reads only: nothing is written, logged or used up, and the kiosk may be running.",
    )
    .argument("<code>", "the code as typed or scanned; - reads it from standard input, where no history keeps it")
    .requiredOption("--config <dir>", "folder with station.json")
    .requiredOption("--data <dir>", "folder of the ledger")
    .addHelpText(
      "after",
      `
Examples:
  npx yizhan codes inspect "4203 2622 6157" --config /etc/yizhan --data /var/lib/yizhan
  npx yizhan codes inspect - --config /etc/yizhan --data /var/lib/yizhan

Exit codes: 0 the code would get a drink now; 1 it would not, and says why; 2 the command was not understood.`,
    )
    .action(async (code: string, options: InspectOptions) => {
      process.exitCode = await inspect(code, options);
    });
}
