import { describe, expect, it } from "vitest";
import { reference } from "../../../controller/domain/reference.ts";
import { seconds } from "../../../devices/kit/clock.ts";
import { startOf } from "../../../protocol/pickup-code/calendar.ts";
import {
  booksOf,
  derived,
  found,
  fullShelf,
  knowledge,
  offer,
  Paper,
  refill,
  today,
  written,
  type Sheet,
} from "./on-paper.ts";

const good = "1111111111";
const slip = "3333333333";
const nobodys = "4444444444";
const otherSite = "5555555555";
const codes = {
  [good]: found(derived(1)),
  "2222222222": found(derived(2)),
  [slip]: { is: "mistyped" },
  [otherSite]: { is: "other-site", site: "77" },
  "6666666666": found(derived(6, { validFrom: today - 3, validTo: today - 3 })),
  "7777777777": found(derived(7, { validFrom: today + 1, validTo: today + 1 })),
  "8888888888": found(derived(8, { offer: offer({ opens: 0, closes: 60 }) })),
} as const;
const kiosk = (over: Partial<Sheet> = {}): Paper => new Paper({ codes, ...over });
const oneProduct = { ...codes, [good]: found(derived(1, { offer: offer({ products: ["water"] }) })) };

/** Every scene, and how a worker comes there. */
const scenes = {
  idle: () => kiosk(),
  "two digits": () => kiosk().type("12"),
  "a slip": () => kiosk().type(slip),
  choosing: () => kiosk().type(good),
  "product out": () => kiosk({ disk: written([refill("1")]) }).choose(good, "choose:2"),
  saving: () => kiosk().choose(),
  moving: () => kiosk().start(),
  settling: () => kiosk().start().drops(),
  done: () => kiosk().start().drops().saveAll(),
  used: () => {
    const paper = kiosk().start().drops().saveAll();
    paper.pass(8000);
    return paper.type(good);
  },
  "nothing fell": () => {
    const paper = kiosk().start().fails().saveAll().curtain("blocked").saveAll();
    paper.device("working");
    return paper;
  },
  "power cut": () => {
    const paper = kiosk().start().reboot();
    paper.pass(100);
    return paper.saveAll();
  },
  judging: () => kiosk().type(slip).type(nobodys),
  "a guess on its way to the disk": () => kiosk().type(nobodys),
} satisfies Record<string, () => Paper>;

const keys = ["5", "back", "clear", "cancel", "language", "go-on", "choose:1", "taken", "face:good", "nonsense"];
const asIs = (shows: string, changes: Readonly<Record<string, string>> = {}): readonly string[] =>
  keys.map((key) => changes[key] ?? shows);
const leaves = { back: "idle", clear: "idle", cancel: "idle" };

/** What the glass shows after each of these keys. */
const table: Readonly<Record<keyof typeof scenes, readonly string[]>> = {
  idle: asIs("idle", { "5": "enter" }),
  "two digits": asIs("enter", { clear: "idle", cancel: "idle" }),
  "a slip": asIs("E1", { "5": "enter", back: "enter", clear: "idle", cancel: "idle" }),
  choosing: asIs("choose", { ...leaves, "choose:1": "dispensing" }),
  "product out": asIs("E8a", { ...leaves, "choose:1": "dispensing" }),
  saving: asIs("dispensing"),
  moving: asIs("dispensing"),
  settling: asIs("dispensing"),
  done: asIs("done", { "5": "enter" }),
  used: asIs("E4", { ...leaves, "5": "enter" }),
  "nothing fell": asIs("E9", { ...leaves, "5": "enter" }),
  "power cut": asIs("E11", { "5": "enter", taken: "idle", back: "idle", clear: "idle", cancel: "idle" }),
  judging: asIs("checking"),
  "a guess on its way to the disk": asIs("checking"),
};

describe("every key in every scene", () => {
  const rows = Object.entries(table).flatMap(([scene, after]) =>
    keys.map((key, index) => [scene as keyof typeof scenes, key, after[index] ?? ""] as const),
  );
  it.each(rows)("%s, then %s: %s", (scene, key, shows) => {
    expect(scenes[scene]().press(key).shows).toBe(shows);
  });

  it("while something moves no key moves another thing, and none is kept for later", () => {
    const paper = scenes.moving();
    for (const key of [...keys, "choose:2", "1", "2"]) paper.press(key, key);
    expect(paper.performed.filter(({ kind }) => kind === "release").length).toBe(1);
    expect(paper.saves("attempt").length).toBe(1);
    paper.drops().saveAll();
    paper.pass(8000);
    expect(paper.shows).toBe("idle");
  });
});

describe("typing", () => {
  const typed = (paper: Paper): string => (paper.body.is === "enter" ? paper.body.typed : "");

  it("shows the digits, and the last one submits", () => {
    const paper = kiosk().type("111111111");
    expect(typed(paper)).toBe("111111111");
    expect(paper.performed).toEqual([]);
    expect(paper.press("1").shows).toBe("choose");
  });

  it("takes the last digit back, and with the last one left goes to the first screen", () => {
    const paper = kiosk().type("12").press("back");
    expect(typed(paper)).toBe("1");
    expect(paper.press("back").shows).toBe("idle");
  });

  it("keeps the digits of a slip; back takes its last one, and a new digit starts over", () => {
    const slipped = kiosk().type(slip);
    expect(slipped.body).toMatchObject({ is: "enter", typed: slip, said: { id: "E1" } });
    expect(typed(kiosk().type(slip).press("back"))).toBe("333333333");
    const again = kiosk().type(slip).press("7");
    expect(again.body).toEqual({ is: "enter", typed: "7", groups: [3, 3, 4], still: false });
  });

  it("leaves two seconds between refused tries, and none before a good first one", () => {
    const paper = kiosk().type(slip).type(good);
    expect(paper.shows).toBe("checking");
    paper.pass(1999);
    expect(paper.shows).toBe("checking");
    paper.pass(1);
    expect(paper.shows).toBe("choose");
    expect(kiosk().type(good).shows).toBe("choose");
  });

  it("asks whether the worker is still there after 30 s, and clears the digits after 45", () => {
    const paper = kiosk().type("12");
    paper.pass(29_999);
    expect(paper.body).toMatchObject({ still: false });
    paper.pass(1);
    expect(paper.body).toMatchObject({ still: true, typed: "12" });
    paper.pass(14_999);
    expect(paper.shows).toBe("enter");
    paper.pass(1);
    expect(paper.shows).toBe("idle");
  });

  it.each(["go-on", "language", "3", "anything"])("goes on with %s when asked whether somebody is there", (key) => {
    const paper = kiosk().type("12");
    paper.pass(44_000);
    paper.press(key);
    expect(paper.body).toMatchObject({ is: "enter", still: false });
    paper.pass(44_999);
    expect(paper.shows).toBe("enter");
  });

  it("is refused with E21 where no valid campaign is left, also in the middle of a code", () => {
    const { typed: _, ...blank } = knowledge;
    expect(kiosk({ knowledge: { ...blank, offers: [] } }).press("1").shows).toBe("E21");
    const paper = kiosk().type("12").send({ kind: "knowledge", knowledge: blank }).press("3");
    expect(paper.shows).toBe("E21");
  });
});

describe("how long things stand there", () => {
  const lasts = (paper: Paper, span: number): void => {
    const { shows } = paper;
    paper.pass(span - 1);
    expect(paper.shows).toBe(shows);
    paper.pass(1);
    expect(paper.shows).toBe("idle");
  };

  it("30 s for a choice, with the code unused", () => {
    const paper = scenes.choosing();
    lasts(paper, 30_000);
    expect(paper.saves("attempt")).toEqual([]);
    expect(paper.type(good).shows).toBe("choose");
  });
  it("8 s for a good that lies below", () => lasts(scenes.done(), 8000));
  it("15 s for a refusal", () => lasts(kiosk().type(otherSite), 15_000));
  it("60 s after a power cut", () => lasts(scenes["power cut"](), 60_000));
});

describe("the language", () => {
  it("is the worker's until the worker leaves, then the first again", () => {
    const paper = kiosk().press("language").type(good);
    expect(paper.state.language).toBe("en");
    paper.press("choose:1").saveAll().drops().saveAll();
    expect(paper.state.language).toBe("en");
    paper.pass(8000);
    expect(paper.state.language).toBe("zh-CN");
  });

  it("falls back after 45 s where nobody typed anything", () => {
    const paper = kiosk().press("language");
    paper.pass(44_999);
    expect(paper.state.language).toBe("en");
    paper.pass(1);
    expect(paper.state.language).toBe("zh-CN");
  });

  it("can be turned back", () => {
    expect(kiosk().press("language", "language").state.language).toBe("zh-CN");
  });
});

describe("choosing", () => {
  it("is not asked where there is one product", () => {
    const paper = kiosk({ codes: oneProduct }).type(good);
    expect(paper.shows).toBe("dispensing");
    expect(paper.saves("attempt")).toMatchObject([{ product: "water", slot: "1", until: today + 1 }]);
  });

  it("takes a tile or its number", () => {
    expect(kiosk().choose(good, "choose:2").saves("attempt")).toMatchObject([{ product: "soda" }]);
    expect(kiosk().choose(good, "2").saves("attempt")).toMatchObject([{ product: "soda" }]);
  });

  it("says what else may be had where the chosen one is out, and gives that on its key", () => {
    const paper = kiosk({ disk: written([refill("1")]) }).choose(good, "2");
    expect(paper.refusal).toMatchObject({ id: "E8a", out: { zh: "盐汽水" }, instead: { key: "1" } });
    expect(paper.press("1").saves("attempt")).toMatchObject([{ product: "water" }]);
  });

  it("keeps the code where all is given out meanwhile", () => {
    const paper = kiosk().type(good);
    for (const slot of ["1", "2", "3", "4"])
      paper.send({ kind: "slot", device: "vend", report: { slot, sells: false, stock: 0 } });
    expect(paper.press("choose:1").shows).toBe("E8b");
    expect(paper.saves("attempt")).toEqual([]);
  });
});

describe("after a good that did not fall", () => {
  /** Slots of water that fail: the first, and on the second motion the other. */
  const twice = (paper: Paper): Paper => {
    paper.fails().saveAll().curtain("clear").saveAll();
    return paper.fails().saveAll().curtain("clear").saveAll();
  };

  it("the other product may be taken with its key, on the same code", () => {
    const paper = twice(kiosk().start());
    expect(paper.refusal).toMatchObject({ id: "E9", ref: reference(7), instead: { key: "2" } });
    paper.press("2").save();
    expect(paper.take("release")).toMatchObject({ slot: "2" });
    expect(paper.saves("attempt").length).toBe(3);
  });

  it("any other digit begins a new code", () => {
    expect(twice(kiosk().start()).press("1").body).toMatchObject({ is: "enter", typed: "1" });
  });

  it("nothing more is offered where the code has moved three goods today", () => {
    const paper = twice(kiosk().start()).press("2").saveAll();
    paper.fails().saveAll().curtain("clear").saveAll();
    expect(paper.refusal).toEqual({ id: "E9", ref: reference(9), until: startOf(today + 2) });
    paper.pass(15_000);
    expect(paper.type(good).refusal).toEqual({ id: "E10", ref: reference(9), until: startOf(today + 2) });
  });
});

describe("after a power cut in the middle of a motion", () => {
  it("the code is kept, and one that was taken is used up", () => {
    const paper = scenes["power cut"]();
    expect(paper.refusal).toEqual({ id: "E11", ref: reference(5) });
    expect(paper.press("taken").save().entry).toEqual({ kind: "taken", of: 5, credential: derived(1).credential });
    paper.type(good);
    expect(paper.shows).toBe("E4");
    expect(paper.reboot().type(good).shows).toBe("E4");
  });

  it("the code gives another good where nobody says that the first was taken", () => {
    expect(scenes["power cut"]().type(good).press("choose:1").shows).toBe("dispensing");
  });

  it("a code said to be taken moves nothing, although a slow disk has not written that down yet", () => {
    const paper = scenes["power cut"]().press("taken").type(good).press("choose:1");
    paper.saveAll();
    expect(paper.performed.filter(({ kind }) => kind === "release")).toEqual([]);
    expect(paper.shows).toBe("E4");
    expect(booksOf(paper.disk).open.size).toBe(0);
    paper.pass(15_000);
    expect(paper.type(good).shows).toBe("E4");
  });

  it("is not spoken of an hour later, when the disk takes its outcome at last", () => {
    const paper = kiosk().start().reboot();
    paper.pass(100);
    paper.refuse();
    for (let tries = 0; tries < 100; tries++) {
      paper.pass(seconds(5));
      while (paper.waits("save") > 0) paper.refuse();
    }
    paper.pass(seconds(6));
    paper.saveAll();
    expect(paper.shows).toBe("idle");
  });
});

describe("a rating", () => {
  it("is one tap on one face, kept with its attempt", () => {
    const paper = scenes.done().press("face:fair", "face:good", "face:wicked");
    expect(paper.saves("rating")).toEqual([{ kind: "rating", of: 5, face: "fair" }]);
    expect(paper.body).toMatchObject({ is: "done", rated: "fair" });
    expect(scenes.done().press("face:wicked").saves("rating")).toEqual([]);
  });

  it("keeps nobody standing there longer", () => {
    const paper = scenes.done();
    paper.pass(7000);
    paper.press("face:good");
    paper.pass(1000);
    expect(paper.shows).toBe("idle");
  });
});

it("a day that ends while a worker chooses does not take the code back", () => {
  const paper = kiosk({ utc: startOf(today + 2) - 5000, disk: written(fullShelf) }).type(good);
  paper.pass(10_000);
  expect(paper.press("choose:1").shows).toBe("dispensing");
});
