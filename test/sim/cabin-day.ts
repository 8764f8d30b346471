import "../../controller/link/link.ts";
import "../../controller/store/passes.ts";
import "../../controller/takeaway/sealing.ts";
import "../../controller/takeaway/slip.ts";
import "../../controller/wishes.ts";
import "../../devices/printer/escpos-encode.ts";
import { foldLedger } from "../../controller/store/checkpoint.ts";
import { minutes, seconds } from "../../devices/kit/clock.ts";
import { dice as seeded } from "../kit/dice.ts";
import { misfitOf } from "../protocol/events/misfit.ts";
import { CountedBooks } from "./cabin-books.ts";
import { Eyes } from "./cabin-eyes.ts";
import { wrongLetters } from "./cabin-letters.ts";
import { Visitor, type Nature } from "./cabin-person.ts";
import { asText, everythingLeft, markersLeft } from "./cabin-privacy.ts";
import { CabinRoom } from "./cabin-room.ts";
import { layouts, type Layout } from "./cabin-stands.ts";
import { Trouble } from "./cabin-trouble.ts";
import { DayValues } from "./cabin-values.ts";

export interface CabinDay {
  readonly broken: readonly string[];
  /** Everything that is left, to compare days with. */
  readonly left: ReturnType<typeof everythingLeft>;
  /** Pages of the glass in their order. */
  readonly trail: readonly string[];
  readonly visits: number;
  readonly counted: number;
  readonly told: number;
  readonly lost: number;
  readonly cuts: number;
  readonly figures: number;
  readonly screens: number;
  readonly slips: number;
  readonly letters: number;
  readonly uses: number;
  /** What people had, in order. */
  readonly values: readonly string[];
  readonly pages: ReadonlyMap<string, number>;
  readonly troubles: ReadonlyMap<string, number>;
}

export interface Weather {
  /** Days, and visits of each. */
  readonly days: number;
  readonly visits: number;
  /** Chance a visit that something befalls it. */
  readonly trouble: number;
  /** Another seed of what people have: all else goes the same way. */
  readonly values: number;
}
const usual: Weather = { days: 2, visits: 7, trouble: 0.6, values: 1 };

const natures: readonly Nature[] = [
  { agrees: 0.85, walksOff: 0.008, strays: 0.12, odd: 0.02 },
  { agrees: 0.85, walksOff: 0.04, strays: 0.3, odd: 0.12 },
  { agrees: 1, walksOff: 0, strays: 0.02, odd: 0 },
];

/** Some days of a health cabin: people come, agree or refuse, measure, stray, walk off; and the world does what it does. */
export async function cabinDay(seed: number, weather: Partial<Weather> = {}): Promise<CabinDay> {
  const { days, visits, trouble: chance, values: of } = { ...usual, ...weather };
  const room = new CabinRoom(layouts[seed % layouts.length] as Layout, seed);
  const { clock, dice } = room;
  const valuesOn = (day: number): DayValues => new DayValues(seeded(seed * 1000 + day * 10 + of));
  const eyes = new Eyes(room);
  const books = new CountedBooks(room, eyes);
  const trouble = new Trouble(room, valuesOn(0));
  trouble.going = () => {
    books.cut();
    eyes.cut();
  };
  trouble.came = () => books.startsAnew();
  trouble.jumped = () => books.newDay();
  room.started = (kiosk) => {
    void kiosk.startAnew
      .then((why) => {
        if (room.page !== undefined) eyes.say(`a restart is obeyed while the page ${room.page.is} is on the glass`);
        return kiosk.stop(why);
      })
      .then(() => {
        trouble.going();
        room.cut();
        clock.after(seconds(3), "systemd", () => trouble.on());
      });
  };

  const comesBack = async (visitor: Visitor): Promise<void> => {
    if (visitor.left !== "walked off" || !dice.chance(0.5)) return;
    await clock.pass(seconds(dice.chance(0.8) ? dice.between(3, 58) : dice.between(61, 200)));
    if (room.page === undefined && dice.chance(0.5)) await visitor.arrives();
    await visitor.goesOn();
  };
  const emptied = async (): Promise<void> => {
    if (await clock.until(() => room.kiosk !== undefined && room.screen.body.is === "idle", minutes(12))) return;
    eyes.say(`twelve minutes after the last key the glass shows ${room.page?.is ?? room.screen.body.is}`);
  };

  await room.boot();
  await clock.pass(seconds(8));
  let [known, last]: (Visitor | undefined)[] = [];
  for (let day = 0; day < days; day++) {
    trouble.values = valuesOn(day);
    for (let visit = 0; visit < visits; visit++) {
      if (dice.chance(chance)) {
        if (dice.chance(0.3)) trouble.strike();
        else clock.after(seconds(dice.between(0, 90)), "trouble", () => trouble.strike());
        if (dice.chance(0.3)) clock.after(seconds(dice.between(20, 200)), "trouble", () => trouble.strike());
      }
      const nature = natures[dice.between(0, natures.length)] as Nature;
      const aim = dice.chance(0.7) ? last?.leaves : undefined;
      const visitor = new Visitor(room, eyes, trouble.values, nature, aim);
      last = visitor;
      if (known?.pass !== undefined && dice.chance(0.3)) visitor.pass = known.pass;
      await visitor.arrives();
      await visitor.goesOn();
      await comesBack(visitor);
      if (visitor.pass !== undefined) known = visitor;
      if (dice.chance(0.5)) trouble.calm();
      if (visitor.leaves !== undefined) continue;
      if (dice.chance(0.08)) await emptied();
      else await clock.pass(seconds(dice.chance(0.5) ? dice.between(0, 4) : dice.between(5, 100)));
    }
    trouble.calm();
    await clock.pass(minutes(4));
    await emptied();
    books.newDay();
    clock.jump(16);
    await clock.pass(minutes(2));
  }

  await clock.pass(minutes(4));
  for (const [id, { wire }] of room.standing) {
    room.sockets.set(`/${id}`, id);
    wire.plug();
  }
  room.card.full = false;
  trouble.jump(-trouble.wild);
  clock.trusted = true;
  await emptied();
  await clock.pass(minutes(2));
  books.sums();
  for (const what of markersLeft(room)) eyes.say(what);
  for (const what of await wrongLetters(room, eyes.visits.all)) eyes.say(what);
  for (const { seq, entry } of room.card.entries)
    for (const why of misfitOf(entry)) eyes.say(`entry ${seq}, ${entry.kind}: ${why}`);
  await restartTellsTheSame(room, eyes);
  await stopsClean(room, eyes);
  return {
    broken: eyes.broken,
    left: everythingLeft(room),
    trail: eyes.trail,
    visits: eyes.visits.all.length,
    counted: books.onCard + books.lost,
    told: books.tellings.reduce((sum, { people }) => sum + people, 0),
    lost: books.lost,
    cuts: trouble.cuts,
    figures: eyes.figures,
    screens: eyes.screens,
    slips: eyes.slips,
    letters: room.card.entries.filter(({ entry }) => entry.kind === "handed-over").length,
    uses: room.uses.length,
    values: room.uses.flatMap(({ values }) => [...values].map(([item, value]) => `${item} ${value}`)),
    pages: eyes.pages,
    troubles: trouble.tally,
  };
}

/** What a restart would believe is what the kiosk believed. */
async function restartTellsTheSame({ card, clock, kiosk }: CabinRoom, eyes: Eyes): Promise<void> {
  const { books } = await foldLedger(card.open(clock, clock, () => true));
  if (asText(books) !== asText(kiosk?.state().books)) eyes.say("the fold of the ledger differs from the living state");
}

/** After stop() nothing of the kiosk waits or listens any more. */
async function stopsClean(room: CabinRoom, eyes: Eyes): Promise<void> {
  const { clock, kiosk, standing } = room;
  let stopped = false;
  void kiosk?.stop("night").then(() => (stopped = true));
  await clock.until(() => stopped, minutes(1));
  if (!stopped) return eyes.say("the kiosk did not stop within a minute");
  for (const { peer } of standing.values()) peer.stop();
  const left = clock.pending().filter((label) => !/wire|peer|trouble|the way|power|systemd/.test(label));
  if (left.length > 0) eyes.say(`after stop() still waiting: ${left.join(", ")}`);
  for (const { id, wire } of standing.values())
    if (wire.listeners() > 0) eyes.say(`after stop() somebody listens to ${id}`);
}
