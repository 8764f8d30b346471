import { rmSync } from "node:fs";
import pg from "pg";
import { newFolder, runCentre } from "../console/cli/running.ts";
import { startMosquitto } from "../kit/broker.ts";
import { startPostgres } from "../kit/postgres.ts";
import { ms, type Figure } from "./figure.ts";
import { median, percentile, rest } from "./statistics.ts";
import { openVisited } from "./visits.ts";

const visits = 100;
const looked = 2;

/** From the good that falls to its outcome in the database of the centre. */
export async function bottleToRow(): Promise<Figure> {
  const data = newFolder();
  const [broker, postgres] = await Promise.all([startMosquitto({}), startPostgres()]);
  const database = await postgres.database();
  const centre = await runCentre("--data", data, "--broker", broker.url, "--database", database, "--accept-all");
  const client = new pg.Client({ connectionString: database });
  await client.connect();
  const visited = await openVisited({ more: ["--broker", broker.url] });
  const rows = async (): Promise<number> => {
    const found = await client.query<{ rows: string }>("SELECT count(*) AS rows FROM events WHERE type = 'outcome'");
    return Number(found.rows[0]?.rows ?? 0);
  };
  const when = async (met: () => Promise<boolean> | boolean): Promise<number> => {
    while (!(await met())) await rest(looked);
    return performance.now();
  };
  const took: number[] = [];
  // The first one is stored when all that came before it is.
  await visited.visit();
  await when(async () => (await rows()) === 1);
  for (let n = 1; n <= visits; n++) {
    const fell = when(() => visited.board.dropped() > n);
    const stored = when(async () => (await rows()) > n);
    await visited.visit();
    took.push((await stored) - (await fell));
  }
  await visited.end();
  await client.end();
  await centre.end("SIGTERM");
  await Promise.all([broker.stop(), postgres.stop()]);
  rmSync(data, { recursive: true, force: true });
  return {
    title: "Bottle to row",
    how: `From the good that falls in the simulated cabinet to its outcome in PostgreSQL, over the kiosk's ledger, mosquitto and \`yizhan centre run\`, all on this machine; ${visits} bottles. Both ends are looked at every ${looked} ms.`,
    rows: [
      { what: "median", value: ms(median(took)) },
      { what: "95 of 100 within", value: ms(percentile(took, 0.95)) },
      { what: "slowest", value: ms(Math.max(...took)) },
    ],
  };
}
