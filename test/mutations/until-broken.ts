// node test/mutations/until-broken.ts days|members|tales: simulated days of both machines, days with members and their
// cards, or tales on paper, one after the other until a promise is broken. Exit 1 then, 0 where none was.
import { interleaving } from "../controller/domain/interleaving.ts";
import { cabinets } from "../sim/cabinets.ts";
import { day } from "../sim/day.ts";
import { membersDay } from "../sim/members-day.ts";

/** The planted bugs show within so many, the most hidden among them late. */
const enough = { days: 60, members: 60, tales: 4000 } as const;
const play = { days: day, members: membersDay } as const;

const [what = ""] = process.argv.slice(2);
if (what !== "days" && what !== "members" && what !== "tales") throw new Error("say days, members or tales");
let kept = true;
for (let seed = 0; kept && seed < enough[what]; seed++) {
  const told = what === "tales" ? interleaving(seed) : play[what](seed % 2 === 0 ? cabinets.tcn : cabinets.xy, seed);
  const { broken } = await told;
  kept = broken.length === 0;
  if (!kept) console.log(`${what} ${seed}: ${broken.slice(0, 3).join("; ")}`);
}
if (kept) console.log(`${what}: all kept`);
process.exitCode = kept ? 0 : 1;
