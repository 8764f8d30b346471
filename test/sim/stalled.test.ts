import { describe, expect, it } from "vitest";
import { hours, minutes, seconds } from "../../devices/kit/clock.ts";
import { cabinets } from "./cabinets.ts";
import { Street } from "./street.ts";

/** A card that has begun to answer never again, and a worker in front of it. */
async function stalled(moment: "idle" | "moving"): Promise<Street> {
  const street = new Street(cabinets.tcn, 21);
  await street.boot();
  await street.clock.pass(seconds(3));
  if (moment === "moving") {
    await street.type(street.codes.today[0] ?? "", 60);
    street.press("choose:1");
    await street.clock.until(() => street.wire.said.length > 0 && street.shows === "dispensing", seconds(5));
    await street.clock.pass(300);
  }
  street.card.latency = hours(1000);
  return street;
}

describe("a card that never answers again", () => {
  it("freezes neither keys nor picture: everybody is sent away within seconds, and nothing falls", async () => {
    const street = await stalled("idle");
    for (const code of street.codes.today.slice(0, 3)) {
      await street.type(code, 60);
      street.press("choose:1");
      await street.clock.until(() => street.shows === "E10", seconds(15));
      expect(street.shows).toBe("E10");
      street.press("clear");
      expect(street.shows).toBe("idle");
      street.press("language");
      expect(street.screen.language).toBe("en");
      street.press("7");
      expect(street.shows).toBe("enter");
      street.press("clear");
    }
    expect(street.drops).toEqual([]);
  });

  it("keeps no worker before it who has the good in hand", async () => {
    const street = await stalled("moving");
    expect(await street.clock.until(() => street.shows === "done", minutes(1))).toBe(true);
    expect(street.drops.length).toBe(1);
    await street.clock.pass(seconds(20));
    expect(street.shows).toBe("idle");
  });

  it("is seen by the watchdog, which then no longer hears that the disk is fresh", async () => {
    const street = await stalled("moving");
    await street.clock.pass(minutes(1));
    const stale = street.kiosk?.watched.filter((part) => !part.fresh()).map(({ name }) => name);
    expect(stale).toEqual(["disk"]);
  });
});
