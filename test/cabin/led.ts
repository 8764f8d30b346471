import type { Room } from "./room.ts";

// How a person is led to a number.

/** Whoever pressed nothing for a minute is asked before anything is told. */
export async function toldOf(here: Room): Promise<void> {
  await here.untilPage("told", "still-you");
  here.press("still-me");
  await here.untilPage("told");
}

/** A blood pressure to the end: two measurements, a minute apart, whose mean is one more than `systolic`. */
export async function pressureOf(here: Room, systolic: number): Promise<void> {
  here.take("pressure");
  for (const value of [systolic, systolic + 2]) {
    await here.untilPage("measuring");
    here.turn("cuff", "measure", `systolic=${value},diastolic=80,pulse=70`);
    await here.untilPage("between", "told", "still-you");
  }
  await toldOf(here);
}

export async function sugarOf(here: Room, value: number): Promise<void> {
  here.take("glucose");
  await here.untilPage("measuring");
  await here.clock.pass(5000);
  here.turn("strips", "measure", `glucose=${value}`);
  await here.untilPage("told");
}
