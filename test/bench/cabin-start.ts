import { tcn } from "../real/station.ts";
import { openBoard } from "./board.ts";
import { layCable } from "./cable.ts";
import { addCabin, wireOf } from "./cabin-station.ts";
import { mib, ms, type Figure } from "./figure.ts";
import { memoryAfterStart, settled } from "./link-start.ts";
import { startToDigit, type Started } from "./start.ts";
import { benchStation } from "./station.ts";
import { median } from "./statistics.ts";

const rounds = 11;
const memories = 3;
/** Each with a driver of its own. */
const instruments = [
  "aandd-tm2657",
  "contec-cms50",
  "gy-mcu90614",
  "mt-sics",
  "sinocare-wl1",
  "maibobo-rbp",
  "gtech-gl150",
  "onetouch-ultra2",
];

export async function cabinStart(): Promise<Figure> {
  const plain = await benchStation(tcn, 930);
  const cabin = await benchStation(tcn, 930);
  addCabin(
    cabin,
    instruments.map((profile) => ({ id: profile, profile })),
  );
  const boards = [await openBoard(tcn, plain.wire), await openBoard(tcn, cabin.wire)];
  const cables = await Promise.all(instruments.map((profile) => layCable(wireOf(cabin, profile))));
  // The first starts fill the compile cache.
  await startToDigit(plain);
  await startToDigit(cabin);
  const [without, withCabin]: [Started[], Started[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    without.push(await startToDigit(plain));
    withCabin.push(await startToDigit(cabin));
  }
  const [small, large]: [number[], number[]] = [[], []];
  for (let round = 0; round < memories; round++) {
    small.push(await memoryAfterStart(plain, []));
    large.push(await memoryAfterStart(cabin, []));
  }
  for (const end of [...boards, ...cables]) await end.end();
  for (const folder of [plain, cabin]) folder.remove();
  const middle = (starts: readonly Started[], of: keyof Started): number => median(starts.map((one) => one[of]));
  const later = (of: keyof Started): string => ms(middle(withCabin, of) - middle(without, of));
  return {
    title: "What a health cabin adds to a start",
    how: `\`yizhan run\` with a TCN board alone, and with ${instruments.length} health instruments beside it, each with a driver and a pseudo-terminal of its own, in turn; ${rounds} starts each to a digit that was pressed and is shown; ${memories} each to the resident memory after ${settled / 1000} s. Medians; the compile cache is warm. What slips, letters and passes need is loaded when the first is asked for.`,
    rows: [
      { what: "start to digit, later by", value: later("took") },
      { what: "start to digit, board alone", value: ms(middle(without, "took")) },
      { what: "processor time of it, more by", value: later("used") },
      { what: "processor time of it, board alone", value: ms(middle(without, "used")) },
      { what: "memory, more by", value: mib(median(large) - median(small)) },
      { what: "memory, board alone", value: mib(median(small)) },
    ],
  };
}
