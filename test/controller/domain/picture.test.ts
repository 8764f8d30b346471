import { describe, expect, it } from "vitest";
import { picture } from "../../../controller/domain/picture.ts";
import { reference } from "../../../controller/domain/reference.ts";
import { minutes, seconds } from "../../../devices/kit/clock.ts";
import { startOf } from "../../../protocol/pickup-code/calendar.ts";
import {
  day,
  derived,
  found,
  fullShelf,
  hour,
  knowledge,
  noon,
  offer,
  Paper,
  refill,
  setting,
  today,
  written,
} from "./on-paper.ts";

const water = { zh: "冰矿泉水", en: "Iced water" };
const soda = { zh: "盐汽水", en: "Salt soda" };
const idle = (paper: Paper) => (paper.body.is === "idle" ? paper.body : undefined);

describe("the first screen", () => {
  it("shows what there is, how long a code is, and the season", () => {
    expect(new Paper().body).toEqual({
      is: "idle",
      digits: 10,
      products: [
        { key: "1", name: water, left: 20 },
        { key: "2", name: soda, left: 20 },
      ],
      season: { from: startOf(today - 20), until: startOf(today + 21) },
    });
  });

  it("shows no product that no campaign of today gives", () => {
    const offers = [offer({ products: ["water"] }), offer({ id: "autumn", products: ["soda"], from: today + 5 })];
    expect(idle(new Paper({ knowledge: { ...knowledge, offers } }))?.products.map(({ name }) => name)).toEqual([water]);
  });

  it.each<[string, () => Paper, string]>([
    ["the season is over", () => new Paper({ utc: noon + 22 * day }), "E20"],
    ["the season has not begun", () => new Paper({ utc: noon - 30 * day, floor: 0 }), "E7a"],
    ["no campaign is valid", () => new Paper({ knowledge: { ...knowledge, offers: [] } }), "E21"],
    [
      "nothing could be typed",
      () =>
        new Paper({
          knowledge: { offers: [offer()], ceiling: today, signedAt: noon, elsewhere: new Map(), taken: new Map() },
        }),
      "E21",
    ],
    ["all is given out", () => new Paper({ disk: [] }), "E8b"],
    ["the machine is away", () => new Paper({ presence: "absent" }), "E10"],
    ["the machine has not answered yet", () => new Paper({ presence: "starting" }), "E10"],
    ["the host has closed", () => new Paper({ setting: { ...setting, opens: 0, closes: 60 } }), "E7c"],
  ])("says why nothing is given when %s", (_, paper, id) => {
    expect(paper().closed).toBe(id);
  });

  it("names the month of the next season, and between two seasons the day on which the next begins", () => {
    expect(idle(new Paper({ utc: noon + 22 * day }))?.closed).toEqual({ id: "E20", month: 6 });
    const offers = [offer({ to: today - 5 }), offer({ id: "autumn", from: today + 5, to: today + 9 })];
    expect(idle(new Paper({ knowledge: { ...knowledge, offers } }))?.closed).toEqual({
      id: "E7a",
      from: startOf(today + 5),
      until: startOf(today + 10),
    });
  });

  it("is open on the day that the last codes still have, and by any clock that nobody vouches for", () => {
    expect(new Paper({ utc: noon + 21 * day }).closed).toBeUndefined();
    expect(new Paper({ utc: noon + 300 * day, trusted: false }).closed).toBeUndefined();
  });
});

describe("the strip's clock", () => {
  const time = (paper: Paper) => picture(setting, paper.state).time;

  it("shows the time while it is known, also counted on", () => {
    const paper = new Paper();
    expect(time(paper)).toBe(noon);
    paper.trusted = false;
    paper.utc = 0;
    paper.pass(hour);
    expect(time(paper)).toBe(noon + hour);
  });

  it("shows none where only a floor is known", () => {
    expect(picture(setting, new Paper({ trusted: false }).state)).not.toHaveProperty("time");
  });
});

describe("the screen", () => {
  it("says after eight seconds that it still moves, and is never idle while something does", () => {
    const paper = new Paper().choose();
    expect(paper.body).toEqual({ is: "dispensing", product: water, long: false });
    paper.saveAll();
    paper.pass(seconds(8));
    expect(paper.body).toEqual({ is: "dispensing", product: water, long: true });
    for (let n = 0; n < 170; n++) {
      paper.press("1", "clear", "cancel");
      expect(paper.shows).toBe("dispensing");
      paper.pass(seconds(1));
    }
    paper.fails();
    expect(paper.shows).toBe("dispensing");
    paper.saveAll();
    expect(paper.shows).toBe("dispensing");
    paper.curtain("clear");
    expect(paper.shows).toBe("dispensing");
  });

  it("offers what a campaign gives, with what is left of each", () => {
    const paper = new Paper({ disk: written([refill("1", 3), refill("2", 0)]) }).type("1111111111");
    expect(paper.body).toEqual({
      is: "choose",
      products: [
        { key: "1", name: water, left: 3 },
        { key: "2", name: soda, left: 0 },
      ],
    });
  });

  it("thanks, with the product and then the face that was tapped", () => {
    const paper = new Paper().start().drops().saveAll();
    expect(paper.body).toEqual({ is: "done", product: water });
    expect(paper.press("face:poor").body).toEqual({ is: "done", product: water, rated: "poor" });
  });

  it("groups the digits as the code is written", () => {
    expect(new Paper().press("1").body).toMatchObject({ groups: [3, 3, 4], still: false });
  });

  it("after a power cut says which of the two it is", () => {
    const cut = new Paper().start().reboot().saveAll();
    expect(cut.refusal).toEqual({ id: "E11", ref: reference(5) });
    const paper = new Paper().start().unclear().saveAll();
    paper.pass(minutes(1));
    const again = paper.start().reboot();
    again.saveAll();
    expect(again.refusal?.id).toBe("E23b");
  });

  it("shows nothing of a code's digits once it is accepted", () => {
    const code = "1928374650";
    const paper = new Paper({ codes: { [code]: found(derived()) }, disk: written(fullShelf) });
    const shown = (): string => JSON.stringify(picture(setting, paper.state));
    paper.type(code);
    expect(shown()).not.toContain(code);
    paper.press("1").saveAll();
    expect(shown()).not.toContain(code);
    paper.drops().saveAll();
    expect(shown() + JSON.stringify(paper.disk) + JSON.stringify(paper.state.books)).not.toContain(code);
  });
});
