import { describe, expect, it } from "vitest";
import { codeOf, type CheckUpList, type FoundPass } from "../../../../controller/domain/cabin/pass.ts";
import { fault } from "../../../../devices/kit/fault.ts";
import { err, ok } from "../../../../devices/kit/result.ts";
import type { CabinSetting } from "../../../../controller/domain/cabin/setting.ts";
import { damm } from "../../../../protocol/pickup-code/damm.ts";
import { gives, Seat } from "./seat.ts";

const name = (en: string) => ({ zh: en, en });
const list: CheckUpList = [
  { number: 11, group: "blood", name: name("glucose"), by: [["glucose"]] },
  { number: 12, group: "heart", name: name("electrocardiogram") },
  { number: 13, group: "body", name: name("womb"), for: "female" },
];
const [sugar = "", heart = ""] = list.map(codeOf);
const passCode = `12345678901${damm("12345678901")}`;

/** Somebody with two figures, at the results. */
const results = (over: Partial<CabinSetting> = {}, sex = "male"): Seat =>
  new Seat({ recipient: { name: name("clinic") }, pass: list, ...over })
    .sit({ sex })
    .measure("glucose", gives("glucose", 5.4))
    .press("steps")
    .measure("temperature", gives("temperature", 36.5))
    .press("steps", "results");
const printed = (seat: Seat, kind?: "empty" | "silent"): Seat => {
  const { number } = seat.effects("print").at(-1) ?? { number: 0 };
  seat.paper.send({ kind: "printed", number, result: kind === undefined ? ok(undefined) : err(fault(kind, "")) });
  return seat;
};

describe("the slip", () => {
  it("holds what is on the glass, in its language, and goes to the printer that works", () => {
    const seat = results({ printers: ["broken", "printer"] })
      .device("broken", "broken")
      .press("language", "print");
    expect(seat.effects("print")).toMatchObject([
      {
        device: "printer",
        language: "en",
        results: { figures: [{ shown: { value: 36.5 } }, { shown: { value: 5.4 } }] },
      },
    ]);
    expect(seat.page).toMatchObject({ print: "printing" });
    expect(printed(seat).page).toMatchObject({ print: "printed" });
  });

  it("is printed once for a key that is pressed twice", () => {
    expect(results().press("print", "print").effects("print")).toHaveLength(1);
  });

  it.each([
    ["empty", "no-paper"],
    ["silent", "failed"],
  ] as const)("that ended with %s says so, and may be tried again", (kind, says) => {
    const seat = printed(results().press("print"), kind);
    expect(seat.page).toMatchObject({ print: says });
    expect(printed(seat.press("print")).page).toMatchObject({ print: "printed" });
  });

  it("is not offered where no printer works", () => {
    const seat = results().device("printer", "broken").press("print");
    expect(seat.page).not.toHaveProperty("print");
    expect(seat.effects("print")).toEqual([]);
  });

  it("of somebody before says nothing to whoever came after", () => {
    const seat = results().press("print", "end", "x", "cabin", "agree", "skip", "skip", "next");
    const before = seat.memory;
    expect(printed(seat).memory).toBe(before);
  });
});

describe("the results", () => {
  it("have leaves, and no leaf beyond them", () => {
    const seat = results();
    seat
      .press("steps")
      .measure("urate", gives("urate", 350))
      .press("steps")
      .measure("oxygen", gives("spo2", 97), gives("pulse", 70))
      .press("steps", "results", "leaf:2");
    expect(seat.page).toMatchObject({ leaf: 2, leaves: 2 });
    expect(seat.press("leaf:9").page).toMatchObject({ leaf: 2 });
    expect(seat.press("leaf:0").page).toMatchObject({ leaf: 1 });
    expect(seat.press("leaf:x", "leaf:-1").page).toMatchObject({ leaf: 1 });
  });

  it("carry the time only where a clock can be trusted", () => {
    expect(results().page).toMatchObject({ results: { at: expect.any(Number) as number } });
    const seat = new Seat({}, { trusted: false }).sit().measure("temperature", gives("temperature", 36.5));
    seat.press("steps", "results");
    expect(seat.page.is === "results" && seat.page.results).not.toHaveProperty("at");
  });

  it("are a code for the own telephone, and come back from it", () => {
    const seat = results().press("qr");
    expect(seat.page).toMatchObject({ is: "qr", results: { figures: [{}, {}] } });
    expect(seat.press("results").on).toBe("results");
  });
});

describe("the sealed letter", () => {
  const sealed = (seat: Seat, good = true): Seat => {
    const { number } = seat.effects("seal").at(-1) ?? { number: 0 };
    seat.paper.send({ kind: "sealed", number, result: good ? ok(undefined) : err(fault("refused", "")) });
    return seat;
  };

  it("wants a consent of its own, which says to whom", () => {
    const seat = results().press("send");
    expect(seat.page).toEqual({ is: "send", to: name("clinic") });
    expect(seat.effects("seal")).toEqual([]);
    expect(seat.press("refuse").page).toMatchObject({ is: "results", send: "ready" });
    expect(seat.effects("seal")).toEqual([]);
  });

  it("is sealed once, and said to be kept when it is on the disk", () => {
    const seat = results().press("send", "agree", "send", "agree");
    expect(seat.page).toMatchObject({ is: "results", send: "sealing" });
    expect(seat.effects("seal")).toHaveLength(1);
    expect(sealed(seat).page).toMatchObject({ send: "kept" });
    seat.press("send");
    expect([seat.on, seat.effects("seal").length]).toEqual(["results", 1]);
  });

  it("that the disk did not take may be tried again", () => {
    const seat = sealed(results().press("send", "agree"), false);
    expect(seat.page).toMatchObject({ send: "failed" });
    expect(sealed(seat.press("send", "agree")).page).toMatchObject({ send: "kept" });
  });

  it("is not offered where the station knows no recipient", () => {
    const seat = new Seat().sit().measure("temperature", gives("temperature", 36.5)).press("steps", "results", "send");
    expect(seat.on).toBe("results");
    expect(seat.page).not.toHaveProperty("send");
  });
});

describe("the check-up pass", () => {
  const answers = (seat: Seat, pass: FoundPass, number = seat.effects("pass").at(-1)?.number ?? 0): Seat => {
    seat.paper.send({ kind: "pass", number, pass });
    return seat;
  };
  const found = (...ticked: readonly string[]): FoundPass => ({ is: "found", code: passCode, sex: "male", ticked });

  it("made anew is ticked with what was measured here, and shows its code", () => {
    const seat = results().press("pass", "new-pass");
    expect(seat.effects("pass")).toMatchObject([{ sex: "male", ticks: [sugar] }]);
    expect(seat.effects("pass")[0]).not.toHaveProperty("code");
    expect(seat.page).toMatchObject({ is: "pass-code", asking: true });
    answers(seat, found(sugar));
    expect(seat.page).toMatchObject({ is: "pass", leaf: 1, leaves: 1, pass: { code: passCode, ticked: 1, of: 2 } });
  });

  it("is taken home with its code, which no sealed letter holds", () => {
    const seat = answers(results().press("pass", "new-pass"), found(sugar)).press("results", "print", "send", "agree");
    expect(seat.effects("print")).toMatchObject([{ results: { pass: { code: passCode, ticked: 1, of: 2 } } }]);
    expect(JSON.stringify(seat.effects("seal"))).not.toContain(passCode);
    expect(seat.effects("seal")).toMatchObject([{ results: { figures: [{}, {}] } }]);
  });

  it("is found by its code, and asked for once", () => {
    const seat = results().press("pass", ...Array.from(passCode), "1", "next", "next", "new-pass");
    expect(seat.effects("pass")).toMatchObject([{ code: passCode }]);
    expect(answers(seat, found()).on).toBe("pass");
  });

  it("with a slip of the finger in its code is not looked for", () => {
    const wrong = passCode.slice(0, -1) + String((Number(passCode.at(-1)) + 1) % 10);
    const seat = results().press("pass", ...Array.from(wrong), "next");
    expect(seat.effects("pass")).toEqual([]);
    expect(seat.page).toEqual({ is: "pass-code", typed: "", said: "unknown" });
  });

  it("cannot be guessed: after five unknown codes there is no further try", () => {
    const seat = results().press("pass");
    for (let tries = 0; tries < 7; tries++) answers(seat.press(...Array.from(passCode), "next"), { is: "unknown" });
    expect(seat.effects("pass")).toHaveLength(5);
    expect(seat.page).toEqual({ is: "pass-code", typed: "", said: "failed" });
  });

  it.each(["full", "failed"] as const)("that is %s says so", (is) => {
    expect(answers(results().press("pass", "new-pass"), { is }).page).toMatchObject({ said: is });
  });

  it("is ticked for what was done elsewhere by the item's code, and for nothing else", () => {
    const seat = answers(results().press("pass", "new-pass"), found(sugar));
    seat.press(...Array.from(heart), "next");
    expect(seat.effects("pass").at(-1)).toMatchObject({ code: passCode, sex: "male", ticks: [heart] });
    expect(answers(seat, found(sugar, heart)).page).toMatchObject({ is: "pass", pass: { ticked: 2 }, typed: "" });
    seat.press("9", "9", "9", "next");
    expect(seat.page).toMatchObject({ is: "pass", wrong: true });
    expect(seat.effects("pass")).toHaveLength(2);
    expect(seat.press("results", "pass").on).toBe("pass");
  });

  it("asks for the sex first where it was not told, for the lists differ", () => {
    const seat = results({}, "skip").press("pass");
    expect(seat.on).toBe("sex");
    expect(seat.press("skip").on).toBe("results");
    expect(seat.press("pass", "female").on).toBe("pass-code");
  });

  it("that is answered late belongs to nobody", () => {
    const seat = results().press("pass", "new-pass");
    const { number } = seat.effects("pass").at(-1) ?? { number: 0 };
    seat.press("end", "x", "cabin", "agree", "skip", "skip", "next");
    expect(answers(seat, found(sugar), number).on).toBe("steps");
    expect(seat.memory).not.toContain(passCode);
  });

  it("answered while the person reads the results waits there", () => {
    const seat = answers(results().press("pass", "new-pass", "results"), found(sugar));
    expect(seat.on).toBe("results");
    expect(seat.press("pass").page).toMatchObject({ is: "pass", pass: { ticked: 1 } });
  });
});
