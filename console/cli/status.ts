import type { Overview } from "../collector/status.ts";
import { table } from "./table.ts";
import { withDesk, type CentrePlace } from "./with-desk.ts";
import { say } from "./words.ts";

const narrow = 80;

/** Prints the centre's own trouble and then all stations, the urgent ones first. @returns the exit code. */
export function status(options: CentrePlace & { readonly json: boolean }): Promise<number> {
  return withDesk(options, async ({ desk, runs }) => {
    const known = await desk.status();
    const overview = runs === false ? { ...known, trouble: [asleep, ...known.trouble] } : known;
    if (options.json) say(JSON.stringify(overview, null, 2));
    else for (const line of table(overview, widthOf())) say(line);
    return isWell(overview) ? 0 : 1;
  });
}

const asleep = "No centre runs in this folder: the stations stand as they were when it stopped. Start it.";

const isWell = ({ trouble, stations }: Overview): boolean =>
  trouble.length === 0 && stations.every(({ causes }) => causes.length === 0);

/** Of the terminal; a pipe has none and may say so in COLUMNS. */
const widthOf = (): number => process.stdout.columns ?? (Number(process.env["COLUMNS"]) || narrow);
