// node test/mutations/until-broken.ts days|members|cabin|tales: simulated days of both machines, days with members and their
// cards, days of a health cabin, or tales on paper, one after the other until a promise is broken. Exit 1 then, 0 where none was.
import { interleaving } from "../controller/domain/interleaving.ts";
import { cabinDay } from "../sim/cabin-day.ts";
import { cabinets } from "../sim/cabinets.ts";
import { day } from "../sim/day.ts";
import { membersDay } from "../sim/members-day.ts";
import type { Cabinet } from "../sim/street.ts";

interface Broken {
  readonly broken: readonly string[];
}

/** The planted bugs show within so many, the most hidden among them late. */
const enough = { days: 60, members: 60, cabin: 16, tales: 4000 } as const;
type What = keyof typeof enough;
const machine = (seed: number): Cabinet => (seed % 2 === 0 ? cabinets.tcn : cabinets.xy);
const play: Readonly<Record<What, (seed: number) => Broken | Promise<Broken>>> = {
  days: (seed) => day(machine(seed), seed),
  members: (seed) => membersDay(machine(seed), seed),
  cabin: (seed) => cabinDay(seed),
  tales: interleaving,
};
const isWhat = (text: string): text is What => Object.hasOwn(enough, text);

const [what = ""] = process.argv.slice(2);
if (!isWhat(what)) throw new Error("say days, members, cabin or tales");
let kept = true;
for (let seed = 0; kept && seed < enough[what]; seed++) {
  const { broken } = await play[what](seed);
  kept = broken.length === 0;
  if (!kept) console.log(`${what} ${seed}: ${broken.slice(0, 3).join("; ")}`);
}
if (kept) console.log(`${what}: all kept`);
process.exitCode = kept ? 0 : 1;
