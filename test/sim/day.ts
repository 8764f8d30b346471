import { millis, minutes, seconds } from "../../devices/kit/clock.ts";
import { broken } from "./promises.ts";
import { Street, type Cabinet } from "./street.ts";

export interface Day {
  readonly broken: readonly string[];
  /** Everything that was written and shown, to see that a seed is a day. */
  readonly fingerprint: string;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly drops: number;
  readonly cuts: number;
}

export interface Weather {
  readonly visits: number;
  /** Chance a visit that something strikes. */
  readonly trouble: number;
}

const fair: Weather = { visits: 40, trouble: 0.35 };

/** A day of one kiosk: workers come, type, mistype, press twice, walk off; and meanwhile the world does what it does. */
export async function day(cabinet: Cabinet, seed: number, { visits, trouble }: Weather = fair): Promise<Day> {
  const street = new Street(cabinet, seed);
  const { dice, clock, codes, wire, peer, card } = street;
  const shown: string[] = [];
  const tally: Record<string, number> = {};
  let cuts = 0;
  await street.boot();
  await clock.pass(seconds(3));

  const pick = <T>(from: readonly T[]): T => from[dice.between(0, from.length)] as T;
  let next = 0;
  let again: string | undefined;

  const codeOfVisit = (): string => {
    if (again !== undefined && dice.chance(0.7)) return again;
    const roll = dice.roll();
    if (roll < 0.62) return codes.today[next++ % codes.today.length] as string;
    if (roll < 0.72) return codes.today[dice.between(0, Math.max(1, next))] as string;
    return pick(
      roll < 0.8
        ? codes.unknown
        : roll < 0.88
          ? codes.mistyped
          : roll < 0.93
            ? codes.expired
            : roll < 0.97
              ? codes.otherSite
              : codes.tomorrow,
    );
  };

  const strike = (): void => {
    const slot = pick(cabinet.slots);
    switch (dice.between(0, 15)) {
      case 0:
        return peer.turn("jam", slot);
      case 1:
        return peer.turn("no-drop", slot);
      case 2:
        return peer.turn("curtain", pick(["blocked", "dead"]));
      case 3:
        return peer.turn("stock", `${slot}=0`);
      case 4:
        wire.noise.flip = 0.05;
        return;
      case 5:
        wire.noise.lose = 0.05;
        return;
      case 6:
        wire.unplug();
        clock.after(seconds(dice.between(1, 60)), "replug", () => wire.plug());
        return;
      case 7:
        card.full = true;
        clock.after(seconds(dice.between(1, 60)), "card cleared", () => (card.full = false));
        return;
      case 8:
        card.latency = 2000;
        return;
      case 9:
        return clock.jump(pick([-30, -1, 1, 30, 24 * 400]));
      case 10:
        clock.trusted = !clock.trusted;
        return;
      case 11:
        return peer.turn("lose-answer", 1);
      default:
        return power(dice.between(0, 9000));
    }
  };

  const power = (wait: number): void => {
    clock.after(millis(wait), "power goes", () => {
      street.cut();
      cuts += 1;
      clock.after(millis(dice.between(50, 30_000)), "power comes", () => {
        if (!street.on) street.switchOn();
      });
    });
  };

  /**
   * A board that polls does it five times a second while a worker stands there, and once a second else, or its polls
   * eat the day. That is still twice as often as it must be heard from, so that silence is noticed as ever.
   */
  const attend = (worker: boolean): void => {
    if (peer.knobs.includes("rhythm")) peer.turn("rhythm", worker ? 200 : 1000);
  };

  const calm = (): void => {
    peer.turn("mend", "*");
    peer.turn("curtain", "clear");
    wire.noise.flip = 0;
    wire.noise.lose = 0;
    card.latency = 25;
  };

  for (let visit = 0; visit < visits; visit++) {
    if (dice.chance(trouble)) {
      if (dice.chance(0.6)) strike();
      else clock.after(seconds(dice.between(0, 12)), "trouble", strike);
    }
    attend(true);
    const code = codeOfVisit();
    again = undefined;
    // Whoever finds somebody's digits there clears them; most do.
    if ((street.screen.body.is === "enter" || street.shows === "choose") && dice.chance(0.9)) street.press("clear");
    const leaves = dice.chance(0.06) ? dice.between(1, 12) : code.length;
    for (const digit of code.slice(0, leaves)) {
      street.press(digit);
      if (dice.chance(0.01)) street.press(digit);
      await clock.pass(dice.between(80, 320));
    }
    await clock.pass(dice.between(30, 400));
    if (street.shows === "choose" && !dice.chance(0.05)) {
      const choice = `choose:${dice.between(1, 3)}`;
      street.press(choice);
      if (dice.chance(0.2)) street.press(choice);
      await clock.pass(100);
      if (street.shows === "choose") street.press(`choose:${dice.between(1, 3)}`);
    }
    await clock.until(() => street.shows !== "dispensing" && street.shows !== "checking", minutes(2));
    shown.push(`${clock.mono()} ${street.shows}`);
    tally[street.shows] = (tally[street.shows] ?? 0) + 1;
    if (street.shows === "E9" && dice.chance(0.5)) street.press("choose:2");
    if (["E9", "E10", "E11", "E23"].includes(street.shows)) again = code;
    if (street.shows === "E11" && dice.chance(0.3)) street.press("taken");
    if (street.shows === "done" && dice.chance(0.3)) street.press("face:good");
    if (dice.chance(0.5)) calm();
    attend(false);
    await clock.pass(seconds(dice.between(1, 20)));
  }

  // Night: the cabinet is mended, everything open comes to an end.
  calm();
  wire.plug();
  card.full = false;
  clock.trusted = true;
  await clock.until(() => street.kiosk !== undefined, minutes(2));
  await clock.pass(minutes(4));
  const { shows } = street;
  const lingers = shows === "idle" ? [] : [`four minutes after the last worker the screen still shows ${shows}`];
  const found = [...lingers, ...(await broken(street)), ...(await stopsClean(street))];
  return {
    broken: found,
    fingerprint: shown.join("|") + JSON.stringify(street.entries()) + street.log.join("|"),
    outcomes: tally,
    drops: street.drops.length,
    cuts,
  };
}

/** After stop() nothing of the kiosk waits any more. */
async function stopsClean(street: Street): Promise<readonly string[]> {
  let stopped = false;
  void street.kiosk?.stop("night").then(() => (stopped = true));
  await street.clock.until(() => stopped, minutes(1));
  if (!stopped) return ["the kiosk did not stop within a minute"];
  street.peer.stop();
  const left = street.clock.pending().filter((label) => !/wire|peer|xy|tcn|replug|card/.test(label));
  return left.length === 0 ? [] : [`after stop() still waiting: ${left.join(", ")}`];
}
