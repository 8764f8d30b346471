import { describe, expect, it } from "vitest";
import { delays } from "../../../controller/delays.ts";
import type { Finding } from "../../../controller/domain/credential.ts";
import { ann, bob, card } from "./members.ts";
import { derived, found, knowledge, offer, Paper, setting, type Sheet } from "./on-paper.ts";

const onlyWater = { offer: offer({ products: ["water"] }) };
const cards: Readonly<Record<string, Finding>> = {
  A1: card(ann, onlyWater),
  B2: card(bob, onlyWater),
  C3: card(ann),
};
const kiosk = (over: Partial<Sheet> = {}): Paper =>
  new Paper({ cards, setting: { ...setting, readers: [{ id: "reader", reads: ["card", "code"] }] }, ...over });

const chimes = (paper: Paper): readonly string[] =>
  paper.performed.flatMap((effect) => (effect.kind === "chime" ? [effect.sound] : []));

describe("a card held before a quiet kiosk", () => {
  it("is judged at once, and gives what the one product is", () => {
    const paper = kiosk().tap("A1");
    expect(paper.shows).toBe("dispensing");
    paper.saveAll().drops().saveAll();
    expect(paper.shows).toBe("done");
  });

  it.each([
    ["digits half typed", (paper: Paper) => paper.type("401")],
    ["a refusal that is being read", (paper: Paper) => paper.press("1", "back").type("9999999999").saveAll().pass(1)],
  ])("goes before %s", (_, before) => {
    const paper = kiosk();
    before(paper);
    if (paper.waits("keep-guesses") > 0) {
      paper.take("keep-guesses");
      paper.send({ kind: "guesses-kept" });
    }
    paper.tap("C3").pass(delays.betweenTries);
    expect(paper.shows).toBe("choose");
  });

  it("whose digits were dropped leaves none behind for the next worker", () => {
    const paper = kiosk().type("401").tap("C3").press("cancel").type("9");
    expect(paper.body).toMatchObject({ is: "enter", typed: "9" });
  });

  it("is told to be held flat where it could not be read, and costs nothing", () => {
    const paper = kiosk().read({ is: "unread", of: "card" });
    expect(paper.refusal).toEqual({ id: "E16", of: "card" });
    expect(paper.state.numbers.tries).toBe(30);
    // It is no try either: the next reading need not wait.
    expect(paper.tap("C3").shows).toBe("choose");
  });

  it("that could not be read takes nobody's digits and nobody's turn", () => {
    const paper = kiosk().type("401").read({ is: "unread", of: "card" });
    expect(paper.body).toMatchObject({ is: "enter", typed: "401" });
    paper.press("clear").tap("C3").read({ is: "unread", of: "card" });
    expect(paper.shows).toBe("choose");
    expect(paper.state.next).toBeUndefined();
  });
});

describe("a conversation with a card", () => {
  const slow = (): Paper => {
    const paper = kiosk();
    paper.slowCards = true;
    return paper;
  };

  it("drops what is pressed meanwhile", () => {
    const paper = slow().tap("C3").press("1", "choose:1", "cancel");
    expect(paper.shows).toBe("checking");
    expect(paper.recognised().shows).toBe("choose");
  });

  it("that does not end is told as unread", () => {
    const paper = slow().tap("C3");
    paper.pass(delays.recognised - 1);
    expect(paper.shows).toBe("checking");
    paper.pass(2);
    expect(paper.refusal).toEqual({ id: "E16", of: "card" });
  });

  it("that ends too late is nobody's: neither the one's who left nor the next one's", () => {
    const paper = slow().tap("A1");
    paper.pass(delays.recognised);
    paper.tap("B2");
    const [late, own] = [paper.take("recognise"), paper.take("recognise")];
    paper.recognised(late);
    expect(paper.shows).toBe("checking");
    expect(paper.saves("attempt")).toEqual([]);
    paper.recognised(own);
    expect(paper.saves("attempt")).toMatchObject([{ credential: { pid: bob.pid } }]);
    paper.recognised(late).recognised(own);
    expect(paper.saves("attempt")).toHaveLength(1);
  });

  it("is asked for once, however often the kiosk ticks", () => {
    const paper = slow().tap("A1");
    for (let tick = 0; tick < 5; tick++) paper.send({ kind: "tick" });
    expect(paper.waits("recognise")).toBe(1);
  });
});

describe("a card read while another worker is served", () => {
  const serving = (): Paper => kiosk().tap("A1").saveAll();

  it("waits its turn, and the screen says so", () => {
    const paper = serving().tap("B2");
    expect(paper.picture.waits).toBe(true);
    expect(paper.shows).toBe("dispensing");
    expect(paper.saves("attempt")).toHaveLength(1);
  });

  it("has its turn when the good before could be taken, and not sooner", () => {
    const paper = serving().tap("B2").drops().saveAll();
    paper.pass(delays.goodTaken - 1);
    expect(paper.shows).toBe("done");
    paper.pass(2);
    expect(paper.shows).toBe("dispensing");
    expect(paper.picture.waits).toBeUndefined();
    expect(paper.saves("attempt")).toMatchObject([{ credential: ann }, { credential: bob }]);
  });

  it("has its turn when a refusal could be read", () => {
    const paper = serving().tap("B2");
    const failsTwice = (): void => {
      paper.fails().saveAll().curtain().saveAll();
      paper.fails().saveAll().curtain().saveAll();
    };
    failsTwice();
    expect(paper.shows).toBe("E9");
    paper.pass(delays.refusalRead - 1);
    expect(paper.shows).toBe("E9");
    paper.pass(2);
    expect(paper.shows).not.toBe("E9");
    expect(paper.state.next).toBeUndefined();
  });

  it("lets a worker who mistyped read that, and then digits are no turn", () => {
    const paper = kiosk({ codes: { "4444444444": { is: "mistyped" } } });
    paper.slowCards = true;
    paper.tap("X1").recognised().pass(1000);
    paper.take("keep-guesses");
    paper.send({ kind: "guesses-kept" }).type("4444444444").tap("C3");
    expect([paper.shows, paper.picture.waits]).toEqual(["checking", true]);
    paper.slowCards = false;
    paper.pass(delays.betweenTries);
    expect(paper.shows).toBe("E1");
    paper.pass(delays.refusalRead);
    expect(paper.shows).toBe("choose");
  });

  it("lets a worker who is offered another product think about it", () => {
    const paper = kiosk().tap("C3").press("choose:1").saveAll().tap("B2");
    paper.fails().saveAll().curtain().saveAll();
    paper.fails().saveAll().curtain().saveAll();
    expect(paper.refusal).toMatchObject({ id: "E9", instead: { key: "2" } });
    paper.pass(delays.refusalShown - 1);
    paper.press("2");
    expect(paper.saves("attempt").at(-1)).toMatchObject({ product: "soda", credential: ann });
  });

  it("keeps the next turn against a finger: digits are for whoever comes after", () => {
    const paper = serving().tap("B2").drops().saveAll();
    paper.press("5");
    expect(paper.shows).toBe("done");
    paper.pass(delays.goodTaken);
    expect(paper.saves("attempt")).toHaveLength(2);
  });

  it("waits also while somebody chooses; whoever leaves the choice lets it in at once", () => {
    const paper = kiosk().tap("C3").tap("B2");
    expect(paper.shows).toBe("choose");
    expect(paper.picture.waits).toBe(true);
    paper.press("cancel");
    expect(paper.saves("attempt")).toMatchObject([{ credential: bob }]);
  });

  it("has its turn when the one who chooses has gone", () => {
    const paper = kiosk().tap("C3").tap("B2");
    paper.pass(delays.choiceForgotten);
    expect(paper.saves("attempt")).toMatchObject([{ credential: bob }]);
  });

  it("is forgotten after a minute: whoever held it has gone", () => {
    const paper = serving().tap("B2");
    paper.pass(delays.readingForgotten + 1);
    expect(paper.picture.waits).toBeUndefined();
    paper.drops().saveAll().pass(delays.doneShown);
    expect(paper.shows).toBe("idle");
    expect(paper.saves("attempt")).toHaveLength(1);
  });

  it("is the first of two: a third worker hears a low tone and holds the card again", () => {
    const paper = serving().tap("B2").tap("D4");
    expect(chimes(paper)).toEqual(["sorry"]);
    paper.drops().saveAll().pass(delays.goodTaken);
    expect(paper.saves("attempt")).toMatchObject([{ credential: ann }, { credential: bob }]);
  });

  it("that is the served one's own says nothing new, however often", () => {
    const paper = serving().tap("A1").tap("A1").drops().saveAll();
    expect(paper.state.next).toBeUndefined();
    paper.pass(delays.doneShown + 1);
    expect(paper.shows).toBe("idle");
    expect(chimes(paper)).toEqual(["good"]);
  });

  it("is judged anew in its turn: its share may be gone by then", () => {
    const paper = kiosk().tap("C3").tap("A1").press("choose:1").saveAll().drops().saveAll();
    paper.pass(delays.goodTaken);
    expect(paper.refusal).toMatchObject({ id: "E13", per: "day", had: 1 });
    expect(paper.saves("attempt")).toHaveLength(1);
  });

  it("is not the same as a code that is typed later, though its card was served before", () => {
    const paper = kiosk().tap("C3").press("cancel").type("1111111111").tap("C3");
    expect(paper.shows).toBe("choose");
    expect(paper.picture.waits).toBe(true);
  });

  it("speaks the first language to the next worker", () => {
    const paper = kiosk().press("language").tap("C3").tap("B2").press("choose:1").saveAll().drops().saveAll();
    expect(paper.picture.language).toBe("en");
    paper.pass(delays.goodTaken);
    expect(paper.picture.language).toBe("zh-CN");
  });
});

describe("the words on the screen", () => {
  it("are of cards for whoever tapped, of codes for whoever scanned, and of neither for the next", () => {
    const tapped = kiosk().tap("A1").saveAll().unclear().saveAll();
    expect([tapped.shows, tapped.picture.came]).toEqual(["E23", "card"]);
    tapped.press("4");
    expect(tapped.picture.came).toBeUndefined();
    expect(kiosk().scan("6901234567892").picture.came).toBe("code");
    expect(kiosk().read({ is: "unread", of: "card" }).picture.came).toBe("card");
    expect(kiosk().tap("C3").press("cancel").picture.came).toBeUndefined();
    expect(kiosk().type("1111111111").picture.came).toBeUndefined();
  });

  it("are of cards also after a power cut in a member's vend", () => {
    const after = kiosk().tap("A1").saveAll().reboot().saveAll();
    expect([after.shows, after.picture.came]).toEqual(["E11", "card"]);
  });
});

describe("between two refused tries", () => {
  it("lie two seconds, also where cards are read", () => {
    const paper = kiosk({ cards: { ...cards, X: { is: "unregistered", of: "card", guess: false } } })
      .tap("X")
      .tap("C3");
    expect(paper.shows).toBe("checking");
    paper.pass(delays.betweenTries - 1);
    expect(paper.shows).toBe("checking");
    paper.pass(1);
    expect(paper.shows).toBe("choose");
  });
});

describe("a reader that is broken", () => {
  it("closes nothing: whoever types is served, and the staff hear of it", () => {
    const paper = kiosk().device("broken", undefined, "reader").saveAll();
    expect(paper.closed).toBeUndefined();
    expect(paper.saves("fault")).toMatchObject([{ device: "reader" }]);
    expect(paper.start().drops().saveAll().shows).toBe("done");
  });

  it("is not spoken of to workers, and is again when it works", () => {
    const paper = kiosk();
    expect(paper.picture.reads).toBeUndefined();
    paper.device("working", undefined, "reader");
    expect(paper.picture.reads).toEqual(["card", "code"]);
    paper.device("absent", undefined, "reader");
    expect(paper.picture.reads).toBeUndefined();
  });

  it("has no curtain to be asked about", () => {
    const paper = kiosk().device("absent", undefined, "reader").saveAll().device("working", undefined, "reader");
    expect(paper.waits("curtain")).toBe(0);
  });

  it("leaves a kiosk for cards alone nothing to do", () => {
    const { typed: _, ...cardsOnly } = knowledge;
    const paper = kiosk({ knowledge: cardsOnly }).device("working", undefined, "reader");
    expect(paper.body).toMatchObject({ is: "idle", digits: 0 });
    expect(paper.closed).toBeUndefined();
    expect(paper.device("absent", undefined, "reader").closed).toBe("E21");
  });
});

describe("what was scanned", () => {
  const codes = { T: found(derived(7)), U: { is: "unknown" } } as const;

  it("has the verdict of a typed code", () => {
    expect(kiosk({ cards: codes }).scan("T").shows).toBe("choose");
  });

  it("that is unknown costs a try at codes", () => {
    const paper = kiosk({ cards: codes }).scan("U");
    paper.take("keep-guesses");
    expect(paper.send({ kind: "guesses-kept" }).refusal).toMatchObject({ id: "E2", triesLeft: 9 });
  });

  it("that has no form of ours is somebody else's, and costs nothing", () => {
    const paper = kiosk().scan("6901234567892");
    expect(paper.refusal).toEqual({ id: "E15", of: "code" });
    expect(paper.state.guesses.tries).toBe(10);
  });
});
