import { Command, CommanderError } from "commander";
import { stationCommands } from "./cli/station.ts";

/**
 * Commands that are a file of their own. The file is loaded only when its command is asked for, or for the overview,
 * so that `run` starts fast; a registering function may therefore import at the top what all its actions need.
 * An action prints its answer to stdout and its complaints to stderr, and says no by `process.exitCode = 1`.
 */
const chapters: Readonly<Record<string, () => Promise<(program: Command) => void>>> = {
  codes: async () => (await import("./cli/codes.ts")).codesCommand,
  ledger: async () => (await import("./cli/ledger.ts")).ledgerCommand,
  test: async () => (await import("./cli/bench.ts")).benchCommand,
  health: async () => (await import("./cli/health.ts")).healthCommand,
  centre: async () => (await import("../console/cli/centre.ts")).centreCommand,
};

const program = new Command("yizhan")
  .description("Yizhan: the kiosk of a workers' service station, and the tools around it.")
  .helpOption("-h, --help", "this help; also after a command")
  .exitOverride()
  .configureOutput({ outputError: (text, write) => write(sentence(text)) })
  .addHelpText(
    "after",
    `
Examples:
  npx yizhan sim                              the whole kiosk with simulated hardware, on http://127.0.0.1:8080
  npx yizhan check --config /etc/yizhan       every mistake in the station file
  npx yizhan run --config /etc/yizhan --data /var/lib/yizhan
  npx yizhan codes issue --help               each command has its own help

Exit codes: 0 done, or yes; 1 the answer is no, or mistakes were found; 2 the command was not understood.`,
  );

// Whoever reads our output may have read enough, as `head` does.
process.stdout.on("error", (mistake: NodeJS.ErrnoException) => {
  if (mistake.code !== "EPIPE") throw mistake;
  process.exit();
});

stationCommands(program, {
  start: async (options) => (await import("../console/centre.ts")).startCentre(options),
});
const asked = process.argv[2] ?? "";
const known = program.commands.some((command) => command.name() === asked);
const chapter = Object.hasOwn(chapters, asked) ? chapters[asked] : undefined;
for (const load of chapter ? [chapter] : known ? [] : Object.values(chapters)) (await load())(program);

try {
  await program.parseAsync();
} catch (thrown) {
  if (!(thrown instanceof CommanderError)) throw thrown;
  process.exitCode = thrown.exitCode === 0 ? 0 : 2;
}

/** Commander's "error: unknown option '--prot'" as a sentence with what to do. */
function sentence(text: string): string {
  const said = text
    .replace(/^error: /, "")
    .trim()
    .replace("\n", ". ");
  const ended = /[.?)!]$/.test(said) ? said : `${said}.`;
  return `${ended.charAt(0).toUpperCase()}${ended.slice(1)} Add --help to see how it is written.\n`;
}
