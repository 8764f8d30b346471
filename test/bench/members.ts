import { createHash } from "node:crypto";
import { copyFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { listedRows, type Identifier } from "../../protocol/members/issue.ts";
import { keys, made, pidOf } from "../protocol/members/making.ts";
import { freshFolder, removeFolder } from "../store/folder.ts";
import { placesIn, taken, type Places } from "../store/shelving.ts";
import { atMost, ms, type Figure } from "./figure.ts";
import { percentile } from "./statistics.ts";

const entries = 1_000_000;
const lookUps = 50_000;
const mega = 1e6;

/** Spread over twelve places. */
const number = (n: number): string => `6217${String((n * 982_451_653) % 1e12).padStart(12, "0")}`;
const half = entries / 2;
/** The UID of a chip, 7 bytes of which the first is its maker's. */
const uid = (n: number): string =>
  `04${createHash("sha256").update(String(n)).digest("hex").slice(0, 12).toUpperCase()}`;

/** A collection of everything that nobody holds any more, so that what is left is counted. */
function collect(): number {
  setFlagsFromString("--expose-gc");
  const gc = runInNewContext("gc") as () => void;
  for (let n = 0; n < 3; n++) gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const lengthOf = (folder: string): number =>
  readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);

/** A million identifiers of half a million people: a barcode and a card each. Written and let go of. */
async function writeLists(places: Places): Promise<readonly string[]> {
  const people = Array.from({ length: entries }, (_, n): Identifier =>
    n < half
      ? { kind: "text", value: number(n), pid: pidOf(n) }
      : { kind: "uid", value: uid(n - half), pid: pidOf(n - half) },
  );
  const listed = listedRows(keys, people);
  const paths = [];
  for (const [at, issuedAt] of ["2026-07-14T04:00:00Z", "2026-07-15T04:00:00Z"].entries()) {
    const path = join(places.data, `${at}.ready`);
    writeFileSync(path, (await made({ fields: { issuedAt, lossLimit: 1000 }, listed })).bytes);
    paths.push(path);
  }
  return paths;
}

export async function members(): Promise<Figure> {
  const folder = freshFolder("bench-members");
  const places = placesIn(folder);
  const files = await writeLists(places);
  const given = join(places.config, "members/union.members");
  const took: number[] = [];
  for (const path of files) {
    rmSync(given, { force: true });
    copyFileSync(path, given);
    const began = performance.now();
    const begun = await taken(places);
    took.push(performance.now() - began);
    if (begun.refused.length > 0) throw new Error(begun.refused[0]?.why);
    begun.lists.close();
    rmSync(path);
  }
  const disk = lengthOf(join(places.data, "members"));
  rmSync(given);

  const times = new Float64Array(lookUps * 3);
  let done = 0;
  const before = collect();
  const restarted = performance.now();
  const { whose, lists, damaged } = await taken(places);
  const start = performance.now() - restarted;
  const look = (value: string, known: boolean): void => {
    const began = performance.now();
    const pid = whose(value);
    times[done++] = performance.now() - began;
    if ((pid !== undefined) !== known) throw new Error("a member is not known, or a stranger is");
  };
  for (let n = 0; n < lookUps; n++) {
    const who = (n * 7919) % half;
    look(number(who), true);
    look(uid(who), true);
    look(number(half + n), false);
  }
  const held = collect() - before;
  if (damaged.length > 0) throw new Error(damaged[0]?.why);
  lists.close();
  removeFolder(folder);
  const each = [...times];
  const p99 = percentile(each, 0.99);
  return {
    title: "Members",
    how: `A signed list of ${entries.toLocaleString("en")} identifiers: a barcode and a bare UID for each of ${half.toLocaleString("en")} people. ${(lookUps * 3).toLocaleString("en")} look-ups, two thirds of them known; each reads a block of 4 KiB with the system's cache warm, and holds its SHA-256 against the one that was taken down when the list was judged. A card whose cache is cold adds its own reading time.`,
    rows: [
      { what: "99 of 100 look-ups within", value: ms(p99), goal: atMost(p99, 1, "1 ms") },
      { what: "half of them within", value: ms(percentile(each, 0.5)) },
      {
        what: "on the disk, two generations and the index",
        value: `${(disk / mega).toFixed(1)} MB`,
        goal: atMost(disk, 40 * mega, "40 MB"),
      },
      { what: "in memory", value: `${(held / mega).toFixed(2)} MB`, goal: atMost(held, 20 * mega, "20 MB") },
      { what: "taking a new list: judging and copying it", value: ms(Math.max(...took)) },
      { what: "opening it at a later start", value: ms(start) },
    ],
  };
}
