import { describe, expect, it } from "vitest";
import { ownStock } from "../../../controller/domain/announce.ts";
import type { Candidate } from "../../../controller/domain/credential.ts";
import { reference } from "../../../controller/domain/reference.ts";
import type { Neighbour, Setting } from "../../../controller/domain/state.ts";
import type { Nearby } from "../../../controller/screen/model.ts";
import { hours, minutes } from "../../../devices/kit/clock.ts";
import { startOf } from "../../../protocol/pickup-code/calendar.ts";
import { readStock, writeStock } from "../../../protocol/fleet/stock.ts";
import {
  derived,
  found,
  fullShelf,
  noon,
  offer,
  Paper,
  refill,
  setting,
  today,
  written,
  type Sheet,
} from "./on-paper.ts";

const near = (n: number): Neighbour => ({
  kiosk: `zp-00${n}`,
  name: { zh: `${n}号站`, en: `Station ${n}` },
  metres: n * 300,
  minutes: n * 5,
});
const street: Setting = { ...setting, neighbours: [near(2), near(3), near(4), near(5)] };
const shown = (n: number, left: number) => ({ name: near(n).name, metres: n * 300, minutes: n * 5, left });

const waters = offer({ products: ["water"] });
const areaToken: Candidate = derived(1, {
  credential: { kind: "token", kid: 1, id: "00112233445566aa" },
  offer: waters,
  validTo: today + 9,
  area: true,
});
const ownToken: Candidate = derived(2, {
  credential: { kind: "token", kid: 1, id: "00112233445566bb" },
  offer: waters,
});
const codes = {
  "1111111111": found(areaToken),
  "2222222222": found(ownToken),
  "3333333333": found(derived(3)),
  "4444444444": found({ ...areaToken, offer: offer() }),
};
const kiosk = (over: Partial<Sheet> = {}): Paper => new Paper({ codes, setting: street, ...over });
const says = (paper: Paper, n: number, left: Readonly<Record<string, number>>, at: number = paper.utc): Paper =>
  paper.send({ kind: "nearby", kiosk: `zp-00${n}`, stock: { v: 1, at, left } });
const nearbyOf = ({ refusal }: Paper): Nearby | undefined =>
  refusal !== undefined && "nearby" in refusal ? refusal.nearby : undefined;
const soldOut = (over: Partial<Sheet> = {}): Paper => kiosk({ disk: [], ...over });

describe("stations nearby", () => {
  it("are named where this one has nothing left, the nearest first, with what they have of these goods", () => {
    const paper = soldOut();
    says(paper, 3, { water: 4, soda: 9 });
    says(paper, 2, { water: 7 });
    expect(paper.type("1111111111").refusal).toEqual({
      id: "E8b",
      until: startOf(today + 10),
      nearby: { asOf: noon, stations: [shown(2, 7), shown(3, 4)] },
    });
  });

  it("are named with all goods of the credential together, and no others", () => {
    const paper = soldOut();
    says(paper, 2, { water: 4, soda: 9, tea: 50 });
    expect(nearbyOf(paper.type("4444444444"))?.stations).toEqual([shown(2, 13)]);
  });

  it("are three at the most", () => {
    const paper = soldOut();
    for (const n of [5, 4, 3, 2]) says(paper, n, { water: n });
    expect(nearbyOf(paper.type("1111111111"))?.stations).toEqual([shown(2, 2), shown(3, 3), shown(4, 4)]);
  });

  it.each(["2222222222", "3333333333"])("are never named for the station's own code: %s", (code) => {
    const paper = soldOut();
    says(paper, 2, { water: 7, soda: 7 });
    expect(paper.type(code).refusal).toEqual({ id: "E8b", until: startOf(today + 2 - (code[0] === "2" ? 1 : 0)) });
  });

  it("without these goods are not named, and without any the refusal has no list", () => {
    const paper = soldOut();
    says(paper, 2, { water: 0, soda: 3 });
    says(paper, 3, {});
    expect(paper.type("1111111111").refusal).toEqual({ id: "E8b", until: startOf(today + 10) });
    expect(soldOut().type("1111111111").refusal).toEqual({ id: "E8b", until: startOf(today + 10) });
  });

  it("are not named two hours after their last word, nor where their clock runs ahead", () => {
    const after = (at: number) => nearbyOf(says(soldOut(), 2, { water: 7 }, at).type("1111111111"))?.asOf;
    expect(after(noon - hours(2))).toBe(noon - hours(2));
    expect(after(noon - hours(2) - 1)).toBeUndefined();
    expect(after(noon + minutes(10))).toBe(noon + minutes(10));
    expect(after(noon + minutes(10) + 1)).toBeUndefined();
  });

  it("are told as of the oldest word among those that are named", () => {
    const paper = soldOut();
    says(paper, 2, { water: 1 }, noon - minutes(10));
    says(paper, 3, { water: 1 }, noon - minutes(50));
    says(paper, 4, { water: 0 }, noon - minutes(90));
    expect(nearbyOf(paper.type("1111111111"))?.asOf).toBe(noon - minutes(50));
  });

  it("are not named where nobody knows what time it is", () => {
    const paper = says(soldOut({ trusted: false }), 2, { water: 7 });
    expect(nearbyOf(paper.type("1111111111"))).toBeUndefined();
  });

  it("that the station file does not name are not named", () => {
    expect(nearbyOf(says(soldOut(), 9, { water: 7 }).type("1111111111"))).toBeUndefined();
  });

  it("are named where the machine is broken, where nothing fell, and where the token has moved it three times", () => {
    const broken = kiosk();
    says(broken, 2, { water: 7 });
    expect(broken.device("absent").saveAll().type("1111111111").refusal).toMatchObject({
      id: "E10",
      nearby: { stations: [shown(2, 7)] },
    });

    const failed = kiosk({ disk: written([refill("1"), refill("2")]) });
    says(failed, 2, { water: 7 });
    failed.type("1111111111").saveAll().fails().saveAll().curtain().saveAll();
    expect(failed.refusal).toMatchObject({ id: "E9", ref: reference(3), nearby: { stations: [shown(2, 7)] } });

    const own = kiosk({ disk: written([refill("1"), refill("2")]) });
    says(own, 2, { water: 7 });
    own.type("2222222222").saveAll().fails().saveAll().curtain().saveAll();
    expect(own.refusal).toMatchObject({ id: "E9" });
    expect(nearbyOf(own)).toBeUndefined();
  });
});

describe("what this kiosk tells its neighbours", () => {
  const told = (paper: Paper, over: Setting = street) => ownStock(over, paper.state);

  it("is what can be given now, by product", () => {
    expect(told(kiosk())).toEqual({ water: 20, soda: 20 });
    expect(told(kiosk({ disk: written([refill("1", 3)]) }))).toEqual({ water: 3 });
  });

  it.each<[string, Paper]>([
    ["all is given out", kiosk({ disk: [] })],
    ["the machine is away", kiosk().device("absent")],
    ["the host has closed", kiosk({ setting: { ...street, opens: 0, closes: 60 } })],
  ])("is nothing where nothing is given: %s", (_, paper) => {
    const closedHost = paper.closed === "E7c" ? { ...street, opens: 0, closes: 60 } : street;
    expect(told(paper, closedHost)).toEqual({});
  });

  it("can be read by any neighbour, however many goods there are", () => {
    const products = Array.from({ length: 80 }, (_, n) => ({ id: `p${n}`, name: { zh: "物", en: "Thing" } }));
    const places = products.map(({ id }, n) => ({ device: "vend", slot: String(n), product: id }));
    const many: Setting = { ...street, products, places };
    const disk = written(places.map((place) => ({ kind: "refill", ...place, count: 70_000, by: "keeper" })));
    const offers = [offer({ products: products.map(({ id }) => id) })];
    const paper = new Paper({ setting: many, disk });
    paper.send({ kind: "knowledge", knowledge: { ...paper.state.knowledge, offers } });
    const left = told(paper, many);
    expect(Object.keys(left)).toHaveLength(64);
    expect(readStock(writeStock({ v: 1, at: noon, left })).ok).toBe(true);
  });
});

describe("the small mark for a link that is down", () => {
  const marked = (paper: Paper): boolean => paper.picture.offline === true;

  it("is there while a link is configured and down, on every screen, and nowhere without a link", () => {
    const linked: Setting = { ...street, linked: true };
    const paper = kiosk({ setting: linked });
    expect(marked(paper)).toBe(true);
    paper.send({ kind: "link", online: true });
    expect(marked(paper)).toBe(false);
    paper.send({ kind: "link", online: false }).type("11");
    expect([marked(paper), paper.shows]).toEqual([true, "enter"]);
    expect(marked(kiosk())).toBe(false);
    expect(marked(kiosk().send({ kind: "link", online: false }))).toBe(false);
  });

  it("changes nothing else: a derived code is given as ever", () => {
    const paper = kiosk({ setting: { ...street, linked: true }, disk: written(fullShelf) });
    paper.type("3333333333").press("choose:1").saveAll().drops().saveAll();
    expect(paper.shows).toBe("done");
    expect(paper.picture).toMatchObject({ time: noon, offline: true });
  });
});
