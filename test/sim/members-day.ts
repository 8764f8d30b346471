import { delays } from "../../controller/delays.ts";
import { shareDay } from "../../controller/domain/state.ts";
import { millis, minutes, seconds } from "../../devices/kit/clock.ts";
import { dayOf } from "../../protocol/pickup-code/calendar.ts";
import { stands } from "./cabinets.ts";
import type { Day } from "./day.ts";
import { issueMembers, perDay, type Person } from "./members.ts";
import { broken } from "./promises.ts";
import { Street, type Cabinet } from "./street.ts";
import { hadOn, sharesKept } from "./takings.ts";

/**
 * Two days of a kiosk with a card reader and a scanner: members tap, scan and type, hold their cards for long, come while
 * others are served; and meanwhile the power goes, readers are unplugged, and the clock lies.
 */
export async function membersDay(cabinet: Cabinet, seed: number, visits = 30): Promise<Day> {
  const members = issueMembers(dayOf(millis(Date.UTC(2026, 6, 15, 4))));
  const { people } = members;
  const street = new Street(cabinet, seed, { readers: [stands.rfid, stands.scanner], members });
  const { dice, clock, codes, peer, card, wire } = street;
  const [rfid, scanner] = [street.readers.get("rfid"), street.readers.get("scanner")];
  if (rfid === undefined || scanner === undefined) throw new Error("this street has no readers");
  const wrong: string[] = [];
  const tally: Record<string, number> = {};
  const shown: string[] = [];
  let cuts = 0;
  /** When something last struck: a reader that was away reads its card anew. */
  let struck = 0;
  let code = 0;
  const pick = <T>(from: readonly T[]): T => from[dice.between(0, from.length)] as T;

  /** Members who were there lately: a refusal is about one of them. */
  const lately = new Map<string, number>();
  const comings: { readonly pid: string; readonly at: number }[] = [];
  const comes = ({ member: { pid } }: Person): void => {
    lately.set(pid, clock.mono());
    comings.push({ pid, at: clock.mono() });
  };
  const recent = (): readonly string[] =>
    [...lately].flatMap(([pid, at]) => (clock.mono() - at < minutes(2) ? [pid] : []));

  // Nobody hears that the share is used up who has some of it by the ledger.
  let told = "";
  street.shown = ({ body }) => {
    const before = told;
    told = body.is === "refused" ? body.refusal.id : body.is;
    if (before === told) return;
    if (body.is !== "refused" || body.refusal.id !== "E13" || street.kiosk === undefined) return;
    const day = shareDay(street.kiosk.state());
    const had = recent().map((pid) => hadOn(street.entries(), pid, day).all);
    if (!had.some((all) => all >= perDay))
      wrong.push(`E13 on day ${day} for one of ${recent().join(", ")} who had ${had.join(", ")}`);
  };

  const power = (off: number): void => {
    street.cut();
    cuts += 1;
    clock.after(millis(off), "power comes", () => {
      if (!street.on) street.switchOn();
    });
  };

  /** By how many hours the clock lies. */
  let wild = 0;
  const jump = (hours: number): void => {
    wild += hours;
    clock.jump(hours);
  };

  const strike = (): void => {
    struck = clock.mono();
    const reader = pick([rfid, scanner]);
    switch (dice.between(0, 12)) {
      case 0:
        reader.wire.unplug();
        clock.after(seconds(dice.between(1, 30)), "replug", () => reader.wire.plug());
        return;
      case 1:
        return reader.peer.turn("silent", true);
      case 2:
        reader.wire.noise.flip = 0.02;
        return;
      case 3:
        reader.wire.noise.split = true;
        return;
      case 4:
        return peer.turn("no-drop", pick(cabinet.slots));
      case 5:
        return peer.turn("lose-answer", 1);
      case 6:
        card.latency = 1500;
        return;
      case 7:
        clock.trusted = !clock.trusted;
        return;
      case 8:
        if (!clock.trusted) jump(pick([-30, 24, 24 * 30]));
        return;
      default:
        clock.after(millis(dice.between(0, 9000)), "power goes", () => power(dice.between(50, 20_000)));
    }
  };

  const calm = (): void => {
    for (const reader of [rfid, scanner]) {
      reader.wire.plug();
      reader.wire.noise.flip = 0;
      reader.wire.noise.split = false;
      reader.peer.turn("silent", false);
    }
    peer.turn("mend", "*");
    peer.turn("curtain", "clear");
    wire.plug();
    card.latency = 25;
  };

  /** Somebody's way of coming: the card, its printed number, a digital card, or a code as ever. */
  const holdsOut = (person: Person, held: boolean): void => {
    comes(person);
    const way = dice.roll();
    if (way < 0.55) return rfid.peer.turn(held ? "hold" : "card", person.uid);
    scanner.peer.turn("scan", way < 0.75 ? person.printed : way < 0.95 ? pick(person.tokens) : "6901234567892");
  };
  const come = async (person: Person, held: boolean): Promise<void> => {
    if (dice.chance(0.8)) return holdsOut(person, held);
    await street.type(codes.today[code++ % codes.today.length] ?? "", 120);
  };

  const served = (): boolean => !["dispensing", "checking"].includes(street.shows);
  const chooses = async (): Promise<void> => {
    for (let tries = 0; tries < 2 && street.shows === "choose"; tries++) {
      street.press(`choose:${dice.between(1, 3)}`);
      await clock.pass(120);
    }
  };

  const visit = async (): Promise<void> => {
    const person = pick(people);
    const held = dice.chance(0.4);
    const day = (): number => (street.kiosk ? shareDay(street.kiosk.state()) : 0);
    const before = { at: clock.mono(), day: day(), all: hadOn(street.entries(), person.member.pid, day()).all, cuts };
    const neighbour = pick(people.filter((other) => other !== person));
    if (dice.chance(0.35))
      clock.after(millis(dice.between(100, 6000)), "a neighbour", () => holdsOut(neighbour, false));
    await come(person, held);
    await clock.pass(dice.between(300, 1200));
    if (!dice.chance(0.1)) await chooses();
    await clock.until(served, minutes(2));
    await clock.pass(dice.between(0, 4000));
    await chooses();
    await clock.until(served, minutes(2));
    shown.push(`${clock.mono()} ${street.shows}`);
    tally[street.shows] = (tally[street.shows] ?? 0) + 1;
    if (street.shows === "E11" && dice.chance(0.4)) street.press("taken");
    // However long it was held, and whatever was shown: one card, one good.
    const { all } = hadOn(street.entries(), person.member.pid, before.day);
    // What the same person held out before, or a friend with a token, may have waited its turn until now.
    const earliest = before.at - 2 * delays.readingForgotten;
    const once = comings.filter(({ pid, at }) => pid === person.member.pid && at > earliest).length <= 1;
    if (once && before.day === day() && struck < before.at && before.cuts === cuts && all > before.all + 1)
      wrong.push(`at ${clock.mono()} one visit of ${person.member.pid} gave ${all - before.all} goods`);
    if (held) rfid.peer.turn("take-away", "");
  };

  const night = async (): Promise<void> => {
    await clock.until(() => street.shows === "idle", minutes(5));
    street.cut();
    clock.jump(14);
    await clock.pass(seconds(30));
    if (!street.on) street.switchOn();
    await clock.until(() => street.kiosk !== undefined, minutes(1));
  };

  await street.boot();
  await clock.pass(seconds(3));
  for (let n = 0; n < visits; n++) {
    if (n === Math.floor(visits / 2)) await night();
    if (dice.chance(0.3)) {
      if (dice.chance(0.6)) strike();
      else clock.after(seconds(dice.between(0, 8)), "trouble", strike);
    }
    await visit();
    if (dice.chance(0.6)) calm();
    await clock.pass(seconds(dice.between(1, 20)));
  }

  calm();
  jump(-wild);
  clock.trusted = true;
  await clock.until(() => street.kiosk !== undefined, minutes(2));
  await clock.pass(minutes(4));
  // Nothing is lost: whoever has something left by the ledger is served, or hears why the machine cannot.
  for (const person of people) {
    const { all, soda } = hadOn(street.entries(), person.member.pid, street.kiosk ? shareDay(street.kiosk.state()) : 0);
    comes(person);
    rfid.peer.turn("card", person.uid);
    await clock.until(() => street.shows !== "idle" && street.shows !== "checking", seconds(5));
    if (street.shows === "choose") street.press(soda > 0 ? "choose:1" : "choose:2");
    await clock.until(served, minutes(2));
    const fair = all < perDay ? ["done", "choose", "E8b", "E9", "E10", "E23", "E23b"] : ["E13"];
    if (!fair.includes(street.shows)) wrong.push(`${person.member.pid} had ${all} and is shown ${street.shows}`);
    await clock.pass(minutes(1));
  }
  const lingers =
    street.shows === "idle" ? [] : [`four minutes after the last worker the screen shows ${street.shows}`];
  return {
    broken: [...wrong, ...lingers, ...sharesKept(street.entries()), ...(await broken(street))],
    fingerprint: shown.join("|") + JSON.stringify(street.entries()) + street.log.join("|"),
    outcomes: tally,
    drops: street.drops.length,
    cuts,
  };
}
