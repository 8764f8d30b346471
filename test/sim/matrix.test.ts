import { describe, expect, it } from "vitest";
import { minutes, seconds } from "../../devices/kit/clock.ts";
import { cabinets } from "./cabinets.ts";
import { broken } from "./promises.ts";
import { Street } from "./street.ts";

// Every fault at every moment of a pickup: what happens is decided here, not found out on a street.

/** The moments of a pickup, in order, as the kiosk's own state names them. */
const moments = ["idle", "enter", "choose", "saving", "moving", "settling", "done"] as const;

const faults: Readonly<Record<string, (street: Street) => Promise<void> | void>> = {
  "the power goes for a second": async (street) => {
    street.cut();
    await street.clock.pass(seconds(1));
    await street.boot();
  },
  "the power goes for an hour": async (street) => {
    street.cut();
    await street.clock.pass(minutes(60));
    await street.boot();
  },
  "the power goes twice": async (street) => {
    for (const span of [400, 700]) {
      street.cut();
      await street.clock.pass(span);
      await street.boot();
      await street.clock.pass(span);
    }
  },
  "the wire is pulled for ten seconds": (street) => {
    street.wire.unplug();
    street.clock.after(seconds(10), "replug", () => street.wire.plug());
  },
  "the slot jams": (street) => street.peer.turn("jam", "*"),
  "nothing falls": (street) => street.peer.turn("no-drop", "*"),
  "the curtain dies": (street) => street.peer.turn("curtain", "dead"),
  "the answer is lost": (street) => street.peer.turn("lose-answer", 1),
  "the board falls silent": (street) => street.peer.turn("silent", true),
  "the wire is noisy": (street) => {
    street.wire.noise.flip = 0.3;
    street.wire.noise.lose = 0.2;
  },
  "the card is full for a minute": (street) => {
    street.card.full = true;
    street.clock.after(minutes(1), "card cleared", () => (street.card.full = false));
  },
  "the card stalls": (street) => void (street.card.latency = 8000),
  "the clock jumps a year on": (street) => street.clock.jump(24 * 365),
  "the clock falls back to 1970": (street) => {
    street.clock.trusted = false;
    street.clock.utcAtStart = 0;
  },
  "somebody leans on the keys": async (street) => {
    for (const key of ["1", "1", "choose:1", "choose:2", "back", "clear", "taken", "face:good", "nonsense", "9"]) {
      street.press(key);
      await street.clock.pass(20);
    }
  },
};

const momentOf = (street: Street): string => {
  const scene = street.kiosk?.state().scene;
  return scene?.is === "vending" ? scene.phase : (scene?.is ?? "off");
};

/** Goes on with the visit until the kiosk stands at that moment. */
async function reach(street: Street, moment: string, code: string): Promise<boolean> {
  if (moment === "idle") return momentOf(street) === "idle";
  await street.type(code.slice(0, 5));
  if (moment === "enter") return momentOf(street) === "enter";
  await street.type(code.slice(5));
  await street.clock.until(() => momentOf(street) === "choose", seconds(5));
  if (moment === "choose") return momentOf(street) === "choose";
  street.press("choose:1");
  return street.clock.until(() => momentOf(street) === moment, minutes(1));
}

for (const [name, cabinet] of Object.entries(cabinets)) {
  describe(`a pickup at the ${name} machine keeps every promise when`, () => {
    for (const [fault, strike] of Object.entries(faults)) {
      it.each(moments)(`${fault} at the moment "%s"`, async (moment) => {
        const street = new Street(cabinet, 7);
        await street.boot();
        await street.clock.pass(seconds(3));
        const [first = "", second = ""] = street.codes.today;
        expect(await reach(street, moment, first)).toBe(true);
        await strike(street);
        await street.clock.pass(minutes(4));

        // Afterwards the cabinet is mended, and the next worker is served.
        street.peer.turn("mend", "*");
        street.peer.turn("curtain", "clear");
        street.peer.turn("silent", false);
        street.peer.turn("lose-answer", 0);
        Object.assign(street.wire.noise, { flip: 0, lose: 0 });
        street.card.latency = 25;
        street.clock.trusted = true;
        street.clock.utcAtStart = Date.UTC(2026, 6, 15, 4);
        await street.clock.pass(minutes(3));
        const dropsBefore = street.drops.length;
        await street.type(second);
        await street.clock.until(() => momentOf(street) === "choose", seconds(5));
        street.press("choose:2");
        await street.clock.until(() => street.shows === "done", minutes(1));
        expect(street.shows).toBe("done");
        expect(street.drops.length).toBe(dropsBefore + 1);
        await street.clock.pass(minutes(2));
        expect(await broken(street)).toEqual([]);
      });
    }
  });
}
