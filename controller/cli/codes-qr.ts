import type { Command } from "commander";
import { wholeNumber } from "./arguments.ts";
import { mintTokens, tokensAtMost, type QrOptions } from "./codes/qr.ts";

/** `codes qr`: signed tokens to print, and members' digital cards. */
export function qrCommand(codes: Command): void {
  codes
    .command("qr")
    .summary("mint signed QR tokens and members' digital cards")
    .description(
      "Mints tokens that every scanner reads and each of which is good once. Kiosks hold only the public key and can mint none. Existing files are never overwritten.",
    )
    .requiredOption("--qr-key <file>", "the qr key")
    .option("--kid <n>", "its number in the station files", wholeNumber(0, 255), 1)
    .option("--number <n>", "good at the kiosk with this number in its station file", wholeNumber(0, 32_767))
    .option("--area <n>", "good at all kiosks of this area", wholeNumber(0, 32_767))
    .option(
      "--class <n>",
      "the product at this place in the station file's list; 0 is any of them",
      wholeNumber(0, 15),
      0,
    )
    .option("--from <time>", "first day, 2026-07-01, or a time in UTC, 2026-07-01T00:30:00Z; now where absent")
    .option("--lasts <time>", "how long from then: 30m, 2h, 7d; whole quarter hours", "1d")
    .option("--count <n>", "how many; 1 where absent", wholeNumber(1, tokensAtMost))
    .option("--member <pid>", "digital cards of this member")
    .option("--members <register>", "one digital card for everybody on the register that codes members made")
    .option("--name-zh <text>", "what they are for, on the sheet")
    .option("--name-en <text>", "… in English")
    .option("--png <dir>", "a picture a token, 33 mm wide at 300 dpi")
    .option("--sheet <file>", "A4 pages to print and cut, in Chinese and English")
    .option("--csv <file>", "number,pid,text: for a telephone that shows the code itself; - is standard output")
    .addHelpText(
      "after",
      `
Examples:
  npx yizhan codes qr --qr-key qr.key --number 42 --class 1 --from 2026-07-15 --lasts 7d --count 24 --sheet tokens.html
  npx yizhan codes qr --qr-key qr.key --kid 2 --area 3 --members drivers.register --lasts 12h --png cards --csv cards.csv

A token is good for whoever holds it: keep the files like the goods. A member's card needs the number of its key in the
member list of the kiosk, and lives at most 7 days.

Exit codes: 0 minted; 1 refused, and says why; 2 the command was not understood.`,
    )
    .action((options: QrOptions) => {
      process.exitCode = mintTokens(options);
    });
}
