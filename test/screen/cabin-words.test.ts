import { describe, expect, it } from "vitest";
import { rowsALeaf, rowsOf } from "../../controller/domain/cabin/leaf.ts";
import type { Flag, Level, Step } from "../../controller/domain/health/findings.ts";
import type { Place } from "../../controller/domain/health/ranges.ts";
import type { DrawnBand } from "../../controller/domain/health/classify.ts";
import type { CabinPage } from "../../controller/screen/cabin-model.ts";
import { seconds } from "../../devices/kit/clock.ts";
import { Html, plain } from "../../controller/screen/html.ts";
import type { Language } from "../../controller/screen/model.ts";
import { catalogues, view } from "../../controller/screen/view.ts";
import { bandBar } from "../../controller/screen/views/cabin-band.ts";
import { cabin, cabinBodies, cabinPages, flag, ranges as table, told } from "./cabin-gallery.ts";
import { now, stationWith } from "./gallery.ts";

const face = { station: stationWith(222), simulated: false };
const html = (page: CabinPage, language: Language = "zh-CN", forgets = false): string =>
  view({ language, time: now, body: cabin(page, { forgets }) }, face).text;
const text = (page: CabinPage, language: Language = "zh-CN", forgets = false): string =>
  plain(view({ language, time: now, body: cabin(page, { forgets }) }, face)).replaceAll(/\s+/g, " ");
const page = (name: string): CabinPage => {
  const found = cabinPages[name];
  if (!found) throw new Error(`the gallery has no page ${name}`);
  return found;
};
const keysOf = (drawn: string): readonly string[] =>
  [...drawn.matchAll(/data-press="([^"]*)"/g)].map(([, key = ""]) => key);

const zh = catalogues["zh-CN"].cabin;
const tells = (name: string): boolean => /^(told|results|qr|measuring preview)/.test(name);

describe.each(["zh-CN", "en"] as const)("in %s", (language) => {
  it("every page can be left at once with “end”, but the last, which ends by itself", () => {
    for (const [name, one] of Object.entries(cabinPages)) expect(keysOf(html(one, language)), name).toContain("end");
    expect(keysOf(view({ language, body: cabinBodies["cabin still"] ?? cabin(page("bye")) }, face).text)).toEqual([
      "go-on",
      "end",
      "language",
    ]);
  });

  it("every page with a result says that it is for reference and no diagnosis", () => {
    const words = catalogues[language].cabin.reference;
    for (const [name, one] of Object.entries(cabinPages).filter(([name]) => tells(name)))
      expect(text(one, language), name).toContain(words);
    expect(text(page("consent"), language)).not.toContain(words);
  });

  it("no page names an illness, blames, or speaks like a machine", () => {
    for (const [name, one] of Object.entries(cabinPages)) {
      const said = text(one, language);
      expect(said, name).not.toMatch(/undefined|null|NaN|\[object|Infinity/);
      expect(said, name).not.toMatch(/高血压|低血压|糖尿病|低血糖|高血糖|痛风|高血脂|肥胖|贫血|中暑|发烧|心脏病|缺氧/);
      expect(said, name).not.toMatch(/hypertens|diabet|gout|obes|an(a)?emi|fever|heat ?stroke|disease|hypogly/i);
      expect(said.replaceAll("仅供参考，不作诊断", "").replaceAll("not a diagnosis", ""), name).not.toMatch(
        /诊断|diagnos|非法|错误|异常|无效|invalid|illegal|error|abnormal|clinician|签字|医生未/i,
      );
    }
  });

  it("a visit that leaves nothing is marked on every page, and no other", () => {
    const mark = catalogues[language].cabin.forgets;
    for (const [name, one] of Object.entries(cabinPages).filter(([name]) => name !== "bye")) {
      expect(text(one, language, true), name).toContain(mark);
      expect(text(one, language), name).not.toContain(mark);
    }
  });

  it("the question whether anybody is there hides every value", () => {
    const still = cabinBodies["cabin still"];
    if (!still) throw new Error("the gallery has no question");
    const shown = plain(view({ language, body: still }, face));
    expect(text(still.page, language)).toMatch(/118[^]*76[^]*72/);
    expect(shown).not.toMatch(/118|76|72/);
    expect(shown).toContain("15");
  });

  it("a figure that was not believed is named, without a number", () => {
    const doubted: CabinPage = {
      is: "told",
      step: "glucose",
      figures: [],
      doubtful: ["glucose"],
      flags: [],
      more: true,
    };
    const { figure, doubtful } = catalogues[language].cabin;
    expect(text(doubted, language)).toContain(`${figure.glucose} ${doubtful}`);
    expect(
      text({ is: "again", step: "glucose", why: "doubtful", instrument: { zh: "仪", en: "i" } }, language),
    ).toMatch(/120/);
  });

  it("a number says in small words what is to be known of it", () => {
    const { cabin: words } = catalogues[language];
    const plainly = { mean: 2, each: [119, 117], unrested: true, overdue: true } as const;
    const page: CabinPage = {
      is: "results",
      results: {
        figures: [told("systolic", 118, plainly), told("waist", 80, { entered: true })],
        doubtful: [],
        flags: [],
      },
      leaf: 1,
      leaves: 1,
    };
    for (const word of [words.mean(2, ["119", "117"]), words.unrested, words.overdueFigure, words.entered])
      expect(text(page, language)).toContain(word);
  });

  it("two pressures stand as people say them beside the means of both halves", () => {
    const { cabin: words } = catalogues[language];
    const figures = [
      told("systolic", 119, { mean: 2, each: [121, 117] }),
      told("diastolic", 80, { mean: 2, each: [82, 78] }),
      told("mean-arterial", 93, { mean: 2, each: [95, 91] }),
      told("pulse", 71),
    ];
    const page: CabinPage = { is: "told", step: "pressure", figures, doubtful: [], flags: [], more: false };
    const said = text(page, language);
    expect(said.split(words.mean(2, ["121/82", "117/78"]))).toHaveLength(2);
    expect(said).not.toContain("95");
  });

  it("sugar and heat name other signs for 120 than a pressure, and an emergency names none", () => {
    const { ambulance } = catalogues[language].cabin;
    const calls = (...flags: readonly Flag[]): string =>
      text(
        { is: "told", step: "glucose", figures: [told("glucose", 3.1)], doubtful: [], flags, more: false },
        language,
      );
    const [sugar, pressure] = [
      flag("glucose-low", "red", [{ do: "eat-sugar" }], "if-faint"),
      flag("pressure-very-high", "red", [{ do: "rest" }], "if-symptoms"),
    ];
    expect(calls(sugar)).toContain(ambulance["if-faint"]);
    expect(calls(pressure)).toContain(ambulance["if-symptoms"]);
    expect(calls(pressure, sugar)).toContain(ambulance["if-symptoms"]);
    const now = calls(sugar, flag("spo2-low", "emergency", [{ do: "call-120" }], "now"));
    expect(now).toContain(ambulance.now);
    expect(now).not.toContain(ambulance["if-faint"]);
  });

  it.each(["waist", "hip", "grip-left", "grip-right", "vision-left", "vision-right"] as const)(
    "whoever types %s is told there how it is measured, and each item otherwise",
    (item) => {
      const { typing } = catalogues[language].cabin;
      const step = item.startsWith("grip") ? "grip" : item.startsWith("vision") ? "vision" : "waist";
      expect(text({ is: "enter", step, item, typed: "" }, language)).toContain(typing[item]);
      expect(Object.values(typing).filter((one) => one === typing[item])).toHaveLength(1);
    },
  );

  it("a pass number stands in fours, as it is typed again", () => {
    const pass = { code: "401728395640", ticked: 12, of: 76, items: [] };
    expect(text({ is: "pass", pass, leaf: 1, leaves: 1, typed: "" }, language)).toContain("4017 2839 5640");
  });

  it("a third pressure is asked for with its reason", () => {
    const { cabin: words } = catalogues[language];
    const said = (reading: number): string => text({ is: "between", left: seconds(60), reading }, language);
    expect(said(2)).toContain(words.between.title);
    expect(said(3)).toContain(words.third.title);
    expect(said(3)).not.toContain(words.between.lines[1]);
  });
});

const steps: readonly Step[] = (
  [
    "call-120",
    "call-staff",
    "tell-supervisor",
    "see-doctor-today",
    "see-doctor",
    "stop-work",
    "cool-now",
    "drink",
    "eat-sugar",
    "rest",
    "measure-again",
    "warm-finger",
    "water-and-salt",
  ] as const
).flatMap((what) => [{ do: what }, { do: what, minutes: 15 }]);
const levels: readonly Level[] = ["emergency", "red", "amber", "advice"];
const everyFlag: readonly Flag[] = Object.keys(table.rules).flatMap((rule) =>
  levels.map((level) => flag(rule as Flag["rule"], level, steps, "if-symptoms")),
);

it("every rule has a headline in both languages, at every level, and every step words of its own", () => {
  expect(everyFlag.length).toBeGreaterThan(70);
  for (const one of everyFlag) {
    const { "zh-CN": zh, en } = catalogues;
    expect(zh.cabin.flag(one), one.rule).toMatch(/^[^a-z]{6,24}$/);
    expect(en.cabin.flag(one), one.rule).toMatch(/^[ -~]{10,40}$/);
  }
  for (const { cabin: words } of Object.values(catalogues)) {
    const said = steps.map((step) => words.does(step));
    expect(new Set(said).size).toBe(15);
    expect(said.join()).toContain("15");
  }
});

it("says in Chinese what was agreed, word for word", () => {
  expect(text(page("consent"))).toContain("只您本人能看到数值；工会只看到人次");
  expect(text(page("told one flag"))).toMatch(/数值偏高很多，请尽快就医[^]*胸痛、说话不清请立即拨打 120/);
  expect(text(page("told one flag"), "en")).toMatch(/see a doctor now[^]*Chest pain or slurred speech: call 120/);
  expect(text(page("alert"))).toMatch(/请立即拨打 ?120/);
  expect(text(page("measuring cuff"))).toMatch(/187 ?mmHg[^]*不是血压/);
  expect(text(page("told temperature"))).toContain("不高也不能放心");
  expect(text(page("again doubtful"))).toContain("不舒服，请叫工作人员或拨 120");
});

it("speaks to a person, and politely", () => {
  for (const [name, one] of Object.entries(cabinPages)) expect(text(one), name).not.toMatch(/你|取货码|患者|病人/);
});

const placed: Readonly<Record<Place, RegExp>> = {
  below: /低于参考/,
  within: /参考内/,
  above: /高于参考/,
  unclear: /空腹|说不准/,
};

it("a class is told as a place in the table, by word and by shape", () => {
  const shapes = Object.entries(placed).map(([place, word]) => {
    const bands: readonly DrawnBand[] = [{ class: "unclear", place: place as Place, needsClinician: true }];
    const one = { ...told("glucose", 7.5), bands, place: place as Place };
    const { class: _, ...unclassed } = one;
    const drawn = html({ is: "told", step: "glucose", figures: [unclassed], doubtful: [], flags: [], more: true });
    expect(plain(new Html(drawn)), place).toMatch(word);
    return /class="place">\s*(<svg[^]*?<\/svg>)/.exec(drawn)?.[1];
  });
  expect(new Set(shapes).size).toBe(4);
  for (const { bands } of table.ranges)
    for (const band of bands) expect(zh.class[band.class], band.class).toMatch(placed[band.is]);
});

it("the mark stands over the band in which the value lies, and moves up with it", () => {
  for (const { figure, bands } of table.ranges.filter(
    ({ sex = "male", meal = "fasting" }) => sex === "male" && meal === "fasting",
  )) {
    const edges = bands.flatMap((band) => band.from ?? band.above ?? []);
    const step = figure === "haemoglobin" ? 1 : 0.1;
    const values = edges.flatMap((edge) => [edge - step, edge, edge + step]);
    const marks = values.map((value) => {
      const one = told(figure, value);
      const drawn = bandBar(one)?.text ?? "";
      const mark = Number(/M(-?[\d.]+) 0h10/.exec(drawn)?.[1]) + 5;
      const index = Math.floor((mark / 120) * bands.length);
      expect(bands[index]?.class, `${figure} ${value}`).toBe(one.class);
      return mark;
    });
    expect(marks.length).toBeGreaterThan(1);
    expect(marks).toEqual(marks.toSorted((a, b) => a - b));
  }
});

it("no table, no bar", () => expect(bandBar(told("body-fat", 20))).toBeUndefined());

it("the leaves of the results show every figure once, three at a time, what to do first", () => {
  const all = page("results leaf 1");
  if (all.is !== "results") throw new Error("no results");
  const leaves = Array.from({ length: all.leaves }, (_, i) => html({ ...all, leaf: i + 1 }));
  expect(rowsOf(all.results)).toHaveLength(leaves.join("").split(/<li class="(?:figure|flag)"/).length - 1);
  for (const leaf of leaves) expect(leaf.split("<li ").length - 1).toBeLessThanOrEqual(rowsALeaf);
  for (const { shown } of all.results.figures)
    expect(leaves.filter((leaf) => leaf.includes(`<b class="what">${zh.figure[shown.figure]}</b>`))).toHaveLength(1);
  expect(leaves[0]).toContain("数值偏高很多，请尽快就医");
  expect(keysOf(leaves[0] ?? "")).toContain("leaf:2");
  expect(keysOf(leaves[0] ?? "")).not.toContain("leaf:0");
  expect(keysOf(leaves.at(-1) ?? "")).not.toContain(`leaf:${all.leaves + 1}`);
});

it("what cannot be done here has no key", () => {
  expect(keysOf(html(page("results calm")))).toEqual(expect.arrayContaining(["print", "qr", "send", "pass", "steps"]));
  const none = keysOf(html(page("results of nothing")));
  expect(none).toEqual(["steps", "end", "language"]);
  expect(keysOf(html(page("again without")))).not.toContain("again");
  expect(keysOf(html(page("steps all done")))).not.toContain("begin");
  const mixed = keysOf(html(page("steps mixed")));
  expect(mixed.filter((key) => key.startsWith("step:"))).toHaveLength(9);
});

it("under a flag stand the numbers that ask for it, and where the rest is", () => {
  const worst = text(page("told the worst"));
  expect(worst).toMatch(/数值偏高很多[^]*收缩压[^]*186[^]*舒张压[^]*112[^]*其余请看结果页/);
  expect(worst).not.toContain("平均压");
  expect(text(page("told calm"))).not.toContain("其余");
});

it("takes the brackets of a profile's name for the technician", () => {
  const name = { zh: "蓝牙体温计（标准 0x1809）", en: "Bluetooth thermometer (standard 0x1809)" };
  const prepare: CabinPage = { is: "prepare", step: "temperature", instrument: name, items: ["temperature"] };
  expect(text(prepare)).toMatch(/仪器：蓝牙体温计 /);
  expect(`${text(prepare)}${text(prepare, "en")}`).not.toContain("0x1809");
});
