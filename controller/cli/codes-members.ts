import { Option, type Command } from "commander";
import { wholeNumber } from "./arguments.ts";
import { destroyMembers, type DestroyOptions } from "./codes/members/destroy.ts";
import { importMembers, type ImportOptions } from "./codes/members/import.ts";
import { inspectMembers, type InspectOptions } from "./codes/members/inspect.ts";

const every = (value: string, before: readonly string[]): readonly string[] => [...before, value];
const byComma = (text: string): readonly string[] => text.split(",").map((part) => part.trim());

/** `codes members`: who may take what with a card or a number. docs/members.md tells the format. */
export function membersCommand(codes: Command): void {
  const members = codes
    .command("members")
    .summary("make, look at and destroy member lists")
    .description(
      "Lists of members known by a card, a printed number, a barcode or an app's id. docs/members.md tells more.",
    );
  importCommand(members);
  inspectCommand(members);
  destroyCommand(members);
}

function importCommand(members: Command): void {
  members
    .command("import")
    .summary("sign a list of people")
    .description(
      "Reads a table of people and writes a signed list of keyed hashes for each station. Who is who stays in the register beside them, which no kiosk gets.",
    )
    .argument("<table>", "CSV with a head; UTF-8 or GB 18030")
    .requiredOption("--id <name>", 'short name of the list, such as "union"')
    .requiredOption("--station <ids>", "the kiosks, by comma: ZP-001,ZP-002", byComma)
    .requiredOption("--person <column>", "who it is: whatever stays the same for a person in every table")
    .option("--number <column>", "a printed number; blanks in it do not count")
    .option("--barcode <column>", "a barcode, as it is scanned")
    .option("--app <column>", "what an app's code holds, as it is scanned")
    .option("--uid <column>", "the UID of a card")
    .addOption(
      new Option("--uid-form <form>", "hex digits with or without blanks and colons, or the decimals of 125 kHz cards")
        .choices(["hex", "8h10d"])
        .default("hex"),
    )
    .option("--card-key <column>", "the AES key of a card that proves itself; its UID is then no identifier")
    .addOption(new Option("--scheme <name>", "how those cards prove themselves").choices(["ntag424", "desfire"]))
    .option("--for <file>", "kiosk.pub to which card keys are sealed; once for each station, in their order", every, [])
    .requiredOption("--products <ids>", "by comma: water,salt-soda", byComma)
    .requiredOption("--from <date>", "first day, 2026-07-01")
    .requiredOption("--to <date>", "last day")
    .option("--hours <hours>", "daily, in UTC+8", "00:00-24:00")
    .option("--dates <dates>", "only on these days, by comma", byComma)
    .option("--per-day <n>", "of all products together", wholeNumber(1, 1000))
    .option("--per-campaign <n>", "from the first to the last day", wholeNumber(1, 100_000))
    .option("--gap <minutes>", "between two", wholeNumber(1, 10_080))
    .option(
      "--allow <limits>",
      'in place of these, for some products: "water,salt-soda: 2 a day, gap 60"; may be given again',
      every,
      [],
    )
    .option("--area", "members come to several stations: what they take elsewhere counts", false)
    .option(
      "--qr-kid <n>",
      "everybody may have digital cards, signed with the qr key of this number",
      wholeNumber(0, 255),
    )
    .option("--loss-limit <drinks>", "drinks a kiosk-year that guessing may cost", Number, 1)
    .requiredOption("--release-key <file>", "the release key")
    .option("--kid <name>", "its name in the station file", "r1")
    .requiredOption("--out <dir>", "folder of the list; it keeps the secret and the register there")
    .addHelpText(
      "after",
      `
Examples:
  npx yizhan codes members import people.csv --id union --station ZP-001 --person id --barcode card --uid chip \\
    --products water,salt-soda --from 2026-07-01 --to 2026-09-30 --per-day 1 --gap 60 --release-key release.key --out union
  npx yizhan codes members import drivers.csv --id drivers --station ZP-001,ZP-002 --area --person id --qr-kid 2 \\
    --products water,towel --allow "water: 2 a day, gap 60" --allow "towel: 1 a campaign" \\
    --from 2026-07-01 --to 2026-09-30 --release-key release.key --out drivers

Writes DIR/<station>/members/<id>.members for the configuration folder of each kiosk. DIR/<id>.list.key is the list's
secret and DIR/<id>.register says who has which number: keep both to yourself. Import the next table with the same --out,
and everybody keeps what they have taken.

Exit codes: 0 written; 1 refused, and says why; 2 the command was not understood.`,
    )
    .action(async (table: string, options: ImportOptions) => {
      process.exitCode = await importMembers(table, options);
    });
}

function inspectCommand(members: Command): void {
  members
    .command("inspect")
    .summary("what a member list file gives, and whether it is sound")
    .description("Reads the whole file and says what it gives. It knows nobody on it.")
    .argument("<file>", "<id>.members")
    .option("--release-pub <file>", "the public release key, against which the signature is held")
    .addHelpText(
      "after",
      `
Examples:
  npx yizhan codes members inspect union/ZP-001/members/union.members --release-pub release.pub

Exit codes: 0 sound; 1 it is not, and says why; 2 the command was not understood.`,
    )
    .action(async (file: string, options: InspectOptions) => {
      process.exitCode = await inspectMembers(file, options);
    });
}

function destroyCommand(members: Command): void {
  members
    .command("destroy")
    .summary("end a list for good")
    .description(
      "Destroys the secret and the register of a list, and writes files that make its kiosks do the same. What was given stays in the ledgers, and leads to nobody any more.",
    )
    .requiredOption("--id <name>", "the list")
    .requiredOption("--release-key <file>", "the release key")
    .option("--kid <name>", "its name in the station file", "r1")
    .requiredOption("--out <dir>", "folder of the list")
    .addHelpText(
      "after",
      `
Examples:
  npx yizhan codes members destroy --id union --release-key release.key --out union

To end a list and still say so to its members, import it again with an earlier --to instead.

Exit codes: 0 destroyed; 1 refused, and says why; 2 the command was not understood.`,
    )
    .action(async (options: DestroyOptions) => {
      process.exitCode = await destroyMembers(options);
    });
}
