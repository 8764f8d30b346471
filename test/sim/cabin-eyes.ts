import type { ToldFigure } from "../../controller/domain/cabin/results.ts";
import { cabinChinese } from "../../controller/screen/text-cabin.zh-CN.ts";
import { cabinEnglish } from "../../controller/screen/text-cabin.en.ts";
import type { CabinPage } from "../../controller/screen/cabin-model.ts";
import type { Screen } from "../../controller/screen/model.ts";
import type { Item } from "../../devices/health/capability.ts";
import { minutes, seconds } from "../../devices/kit/clock.ts";
import type { CabinRoom } from "./cabin-room.ts";
import { leftInMemory } from "./cabin-privacy.ts";
import { outdated, untrue } from "./cabin-truth.ts";
import { Visits, type SeenVisit } from "./cabin-visits.ts";

const ofResults = ["results", "qr", "send", "pass-code", "pass"];
const reckoned = ["bmi", "waist-to-hip", "non-hdl"];
const hasValues = (page: CabinPage | undefined): boolean =>
  page !== undefined && ["told", "results", "qr", "pass"].includes(page.is);

const figuresOn = (page: CabinPage): readonly ToldFigure[] => {
  if (page.is === "told") return page.figures;
  return page.is === "results" || page.is === "qr" ? page.results.figures : [];
};

/** How long a page may stay while nobody presses a key; in milliseconds since it came, or since the last key. */
const stays: Partial<Readonly<Record<CabinPage["is"], number>>> = {
  rest: minutes(5),
  measuring: minutes(2),
  between: minutes(1),
  alert: minutes(5),
};
const quiet = minutes(1);
const byeStays = seconds(8);
const asksAfter = seconds(45);
const resultsStay = minutes(5);
/** Timers wake a moment after their time. */
const moment = seconds(1.1);

/** A slip that was asked for. */
interface Job {
  readonly visit: SeenVisit;
  readonly at: number;
  readonly figures: readonly ToldFigure[];
  failed: boolean;
}
/** A slow printer needs so long for a slip. */
const prints = minutes(1);

const names: readonly (readonly [figure: string, name: string])[] = [cabinChinese, cabinEnglish].flatMap(({ figure }) =>
  Object.entries(figure),
);

/** Looks at every screen and every slip, and says what should not be there. */
export class Eyes {
  readonly broken: string[] = [];
  readonly visits: Visits;
  /** Numbers looked at, on the glass and on paper. */
  figures = 0;
  screens = 0;
  slips = 0;
  readonly pages = new Map<string, number>();
  /** Pages as they came, and when. */
  readonly trail: string[] = [];
  readonly #room: CabinRoom;
  #resultsSince: number | undefined;
  #job: Job | undefined;
  #lines = 0;
  #said = new Set<string>();

  constructor(room: CabinRoom) {
    this.#room = room;
    this.visits = new Visits(room);
    room.shown = (screen) => this.#looks(screen);
    room.pressing = (key) => this.#hears(key);
    room.pressed = () => this.visits.heard();
    room.watches.add(() => this.#watches());
  }

  /** Each kind of fault once a day, with its first time. */
  say(what: string): void {
    const kind = what.replaceAll(/\d+/g, "#");
    if (this.#said.has(kind)) return;
    this.#said.add(kind);
    this.broken.push(`at ${this.#room.clock.mono()}: ${what}`);
  }

  cut(): void {
    this.visits.cut();
    this.#resultsSince = undefined;
  }

  #hears(key: string): void {
    const { page, present } = this.visits;
    this.visits.hears(key);
    if (key !== "print" || page?.is !== "results" || present === undefined) return;
    if (page.print === undefined || page.print === "printing") return;
    this.#job = { visit: present, at: this.#room.clock.mono(), figures: page.results.figures, failed: false };
    this.slips += 1;
  }

  #looks(screen: Screen): void {
    const { visits } = this;
    const before = visits.page;
    visits.sees(screen);
    const { page, present } = visits;
    this.screens += 1;
    if (page === undefined) {
      this.#resultsSince = undefined;
      if (screen.body.is === "idle") this.#memory("anything");
      return;
    }
    if (page.is !== before?.is) {
      this.pages.set(page.is, (this.pages.get(page.is) ?? 0) + 1);
      this.trail.push(`${this.#room.clock.mono()} ${page.is}`);
    }
    if (!ofResults.includes(page.is)) this.#resultsSince = undefined;
    else this.#resultsSince ??= this.#room.clock.mono();
    if (page.is === "bye") return this.#memory("shown");
    if (present === undefined) return this.say(`the page ${page.is} is shown, and nobody has begun a visit`);
    if (page.is === "results" && this.#job && (page.print === "failed" || page.print === "no-paper"))
      this.#job.failed = true;
    this.#refused(page, present);
    this.#values(page, before, present);
    if (before?.is === "measuring" && page.is === "told") this.#doubts(page, present);
  }

  /** Whoever was there has gone: nothing of them is left. */
  #memory(what: "anything" | "shown"): void {
    const state = this.#room.kiosk?.state();
    const left = state && leftInMemory(state, what);
    if (left !== undefined) this.say(`whoever was there has gone, and the memory still has ${left}`);
  }

  /** Whoever refused is measured all the same, and that is all. */
  #refused(page: CabinPage, { consent }: SeenVisit): void {
    if (consent !== "refused") return;
    const offers = page.is === "results" && (page.send ?? page.pass) !== undefined;
    if (offers || page.is === "send" || page.is === "pass" || page.is === "pass-code")
      this.say(`who refused that anything is kept is offered it on the page ${page.is}`);
  }

  #values(page: CabinPage, before: CabinPage | undefined, visit: SeenVisit): void {
    const figures = figuresOn(page);
    this.figures += figures.length;
    const since = page.is === "told" ? this.visits.roundBegan : 0;
    for (const what of untrue(this.#room, visit, figures, since)) this.say(`the page ${page.is} shows ${what}`);
    for (const what of outdated(this.#room, visit, page.is, figures)) this.say(`the page ${page.is} shows ${what}`);
    for (const { shown } of figures) {
      visit.shown.add(shown.value);
      // What was reckoned of others was not measured.
      if (shown.native !== undefined || !reckoned.includes(shown.figure)) visit.told.add(shown.figure as Item);
    }
    if (!hasValues(page) || hasValues(before)) return;
    const silent = this.#room.clock.mono() - this.visits.keyAt;
    if (visit.unsure || silent >= quiet)
      this.say(`the page ${page.is} tells values after a minute without a key, and nobody was asked who sits there`);
  }

  /** What was measured last and is not to be believed is spoken of. */
  #doubts(page: Extract<CabinPage, { is: "told" }>, visit: SeenVisit): void {
    const last = this.#room.uses.findLast(
      (use) => use.visit === visit.number && use.finished !== undefined && use.finished >= this.visits.stepBegan,
    );
    for (const item of last?.doubted ?? [])
      if (!page.doubtful.includes(item)) this.say(`${item} of the last measurement is in doubt, and nobody says so`);
  }

  #watches(): void {
    this.#limits();
    this.#paper();
  }

  #limits(): void {
    const { page, since, keyAt } = this.visits;
    if (page === undefined) return;
    const now = this.#room.clock.mono();
    const last = Math.max(since, keyAt);
    const own = stays[page.is];
    const from = own === undefined || page.is === "alert" ? last : since;
    const limit = page.is === "bye" ? byeStays : (own ?? quiet);
    if (now > (page.is === "bye" ? since : from) + limit + moment) this.say(`the page ${page.is} does not end`);
    const { body } = this.#room.screen;
    const still = body.is === "cabin" && body.still !== undefined;
    if (hasValues(page) && !still && now > last + asksAfter + moment)
      this.say(`the page ${page.is} keeps its values on the glass while nobody is there`);
    if (this.#resultsSince !== undefined && now > this.#resultsSince + resultsStay + moment)
      this.say(`results stand on the glass for more than five minutes`);
  }

  /** What came out of the printer since the last look. */
  #paper(): void {
    const truth = this.#room.printer.peer.truth();
    if (truth.length === this.#lines) return;
    const lines = truth.slice(this.#lines);
    this.#lines = truth.length;
    for (const line of lines) this.#line(line);
  }

  #line(line: string): void {
    for (const [figure, name] of names) {
      const value = line.startsWith(name) ? /^\s+([<>]?)(\d+(?:\.\d+)?)(?:\s|$)/.exec(line.slice(name.length)) : null;
      if (value === null) continue;
      const job = this.#job;
      this.figures += 1;
      const told = job?.figures.find(({ shown }) => shown.figure === figure);
      if (told === undefined || told.shown.value !== Number(value[2]))
        return this.say(`the slip says "${line}", and that is not what the glass told`);
      const now = this.#room.clock.mono();
      if (job && now > job.at + prints && this.visits.present !== job.visit)
        this.say(`"${line}" of visit ${job.visit.number} comes out of the printer when somebody else sits there`);
      if (job?.failed) this.say(`"${line}" comes out of the printer after its slip was said to have failed`);
      return;
    }
  }
}
