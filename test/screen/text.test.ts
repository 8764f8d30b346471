import { describe, expect, it } from "vitest";
import type { Readable, Refusal, Screen } from "../../controller/screen/model.ts";
import { plain } from "../../controller/screen/html.ts";
import { told, type Place, type Words } from "../../controller/screen/text.ts";
import { catalogues, view } from "../../controller/screen/view.ts";
import { gallery, now, ofReaders, refusals, stationWith } from "./gallery.ts";

const place: Place = {
  phone: "0512-5744-1234",
  refillAt: "16:00",
  channel: { zh: "江苏工会服务号", en: "the Jiangsu Trade Union account" },
  reads: [],
  now,
};
const say = (words: Words, name: string, at = place): string => {
  const refusal = refusals[name];
  if (!refusal) throw new Error(`the gallery has no ${name}`);
  const { headline, lines } = told(words, refusal, at);
  return [headline, ...lines.map(plain)].join(" | ");
};

describe.each(Object.entries(catalogues))("in %s", (language, words) => {
  it("every refusal has a reason and a next step", () => {
    expect(Object.keys(words.refusal).sort()).toEqual([...new Set(Object.values(refusals).map(({ id }) => id))].sort());
    for (const refusal of Object.values<Refusal>(refusals)) {
      const { headline, lines } = told(words, refusal, place);
      expect(headline.length, refusal.id).toBeGreaterThan(2);
      expect(lines.map(plain).join("").length, refusal.id).toBeGreaterThan(5);
    }
  });

  it("no screen blames, speaks of errors, or uses another word for the code", () => {
    for (const [name, screen] of gallery(words === catalogues.en ? "en" : "zh-CN")) {
      const text = plain(view(screen, { station: stationWith(222), simulated: false }));
      expect(text, name).not.toMatch(/非法|错误代码|系统异常|骗|黄牛|违规|取货码|undefined|null|NaN|\[object/);
      expect(text, name).not.toMatch(/illegal|invalid|error|fraud/i);
    }
  });

  it("cards and scanning are spoken of only where a reader is fitted", () => {
    const spoken = (...reads: readonly Readable[]): string =>
      [...gallery(words === catalogues.en ? "en" : "zh-CN")]
        .filter(([name]) => reads.length > 0 || !ofReaders.test(name))
        .map(([, screen]) => plain(view({ ...screen, reads }, { station: stationWith(222), simulated: false })))
        .join("\n");
    const zh = language === "zh-CN";
    expect(spoken()).not.toMatch(/卡|扫码|\bcard\b|scan|QR/i);
    expect(spoken("card", "code")).toMatch(
      zh ? /刷工会卡、扫码[^]*刷卡、扫码仍可用/ : /tap card \/ scan[^]*Card and QR still work/,
    );
    expect(spoken("card")).toMatch(zh ? /或刷工会卡[^、][^]*刷卡仍可用/ : /or tap card[^ ][^]*Cards still work/);
    expect(spoken("code")).toMatch(zh ? /或扫码[^]*扫码仍可用/ : /or scan[^]*QR codes still work/);
  });
});

it("speaks to whoever came with a card of no code, and of what to do with the card", () => {
  const shown = ["E8b", "E9", "E10", "E11", "E12b", "E21", "E23", "choose"] as const;
  for (const language of ["zh-CN", "en"] as const) {
    const told = shown.map((name) => {
      const screen = gallery(language).get(`${name}, by card`);
      if (!screen) throw new Error(`the gallery has no ${name} by card`);
      return plain(view(screen, { station: stationWith(222), simulated: false }));
    });
    expect(told.join("\n")).not.toMatch(/码|\bcode/i);
  }
  expect(say(catalogues["zh-CN"], "E23", { ...place, came: "card" })).toContain("再刷一次卡");
  expect(say(catalogues["zh-CN"], "E11", { ...place, came: "code" })).toContain("再扫一次码");
  expect(say(catalogues.en, "E23", { ...place, came: "card" })).toContain("tap the card again");
});

it("says in Chinese what the table of refusals says", () => {
  const zh = catalogues["zh-CN"];
  expect(say(zh, "E1")).toBe("好像输错了一位 | 请对照短信再看一遍；按“”可改");
  expect(say(zh, "E2")).toBe("没有查到这个提货码 | 请核对号码。还可再试 10 次。 | 或致电 0512-5744-1234");
  expect(say(zh, "E2 of a list")).toBe(
    "没有查到这个提货码 | 请核对号码。还可再试 1 次。 | 刚收到的码请过 15 分钟再试，或致电 0512-5744-1234",
  );
  expect(say(zh, "E3")).toBe("请歇 00:59 再试 | 输错次数太多，键盘暂停");
  expect(say(zh, "E4")).toBe(
    "这个码已领过了 | 9月28日 14:04 在本机领取。 | 不是您本人？请致电 0512-5744-1234，报编号 K7M2QX",
  );
  expect(say(zh, "E7a")).toBe("还没到领取时间 | 10月19日 00:00 起可以领，码一直有效到 10月20日 24:00");
  expect(say(zh, "E7b going on")).toBe(
    "这个码已过期 | 有效期到 9月29日。 | 本季活动仍在进行：可在“江苏工会服务号”再领",
  );
  expect(say(zh, "E8a")).toBe("盐汽水 已领完 | 可换 冰矿泉水（按 1）；码保留");
  expect(say(zh, "E20")).toBe("本季“夏送清凉”已结束 | 感谢一路辛苦，明年 7月见； | 站内饮水、充电照常");
  expect(say(zh, "E23")).toBe("没看清有没有掉下来 | 没拿到请再输一次码，已为您保留（编号 K7M2QX）");
});

it("tells a station's own code how long it is kept here, and when goods come, instead of neighbours", () => {
  const zh = catalogues["zh-CN"];
  expect(say(zh, "E8b")).toBe("本机已领完，码给您留着 | 明天 24:00 前都有效，补货预计 16:00");
  expect(say(zh, "E9")).toContain("码给您留着；明天 24:00 前都有效，补货预计 16:00");
  expect(say(zh, "E10 reported")).toContain("码没有使用，给您留着；10月18日 24:00 前都有效");
  expect(say(catalogues.en, "E9")).toContain("Your code stays valid here until 24:00 tomorrow, refill 16:00");
});

const seen = (name: string, language: Screen["language"] = "zh-CN"): string => {
  const screen = gallery(language).get(name);
  if (!screen) throw new Error(`the gallery has no ${name}`);
  return plain(view(screen, { station: stationWith(222), simulated: false })).replaceAll(/\s+/g, " ");
};

it("tells of a code that was used elsewhere where and when", () => {
  expect(say(catalogues["zh-CN"], "E5")).toBe(
    "这个码已领过了 | 10月7日 09:05 在 青阳街道昆太路户外劳动者服务站 领取。 | 不是您本人？请致电 0512-5744-1234",
  );
  expect(say(catalogues.en, "E5")).toContain("Used at Qingyang Kuntai Road Workers' Station on 7 Oct 09:05");
});

it("names for a code of several stations up to three of them: how far, how many are left, and as of when", () => {
  const three = seen("E8b of an area, three stations");
  expect(three).toContain("本机已领完，码给您留着");
  expect(three).toMatch(/① 张浦镇新城广场户外劳动者服务站\s*320米 步行5分钟\s*还有 12 瓶/);
  expect(three).toMatch(/② 环城北路驿站\s*980米 步行14分钟\s*还有 3 瓶/);
  expect(three).toMatch(/③ 青阳街道昆太路户外劳动者服务站\s*1\.5公里 步行21分钟\s*还有 108 瓶/);
  expect(three).toContain("（14:00 的数据）");
  expect(three).toContain("补货预计 16:00");
  expect(seen("E8b of an area, one station")).not.toContain("②");
  expect(seen("E10 of an area, reported")).toMatch(/码没有使用，一直有效。已报修 K7M2QX。最近可领：[^]*①[^]*②[^]*③/);
  expect(seen("E9 of an area", "en")).toMatch(
    /Go to a station below[^]*320 m, 5 min walk\s*12 left[^]*\(as of 14:00\)/,
  );
});

it("gives stations no number beside a product that has one: a number is a key to press", () => {
  const both = seen("E9 of an area with another");
  expect(both).toMatch(/请换一种（按 2）或到下列站点；码未扣[^]*环城北路驿站[^]*冰镇酸梅汤/);
  expect(both).not.toMatch(/[①②③]/);
});

it("names no station for a code of this one alone", () => {
  for (const name of ["E8b", "E9", "E9 with another", "E10", "E10 reported"])
    expect(seen(name), name).not.toMatch(/步行|的数据|①/);
});

it("has a small mark without a word while the link is down, and none else", () => {
  const face = { station: stationWith(222), simulated: false };
  const marks = (offline: boolean): number =>
    view({ language: "zh-CN", time: now, ...(offline ? { offline } : {}), body: { is: "checking" } }, face).text.split(
      'class="icon"',
    ).length;
  expect(marks(true)).toBe(marks(false) + 1);
  expect(seen("checking")).not.toMatch(/断网|联不上/);
});

it("leaves out what the station file leaves out", () => {
  const bare: Place = { phone: "12351", reads: [] };
  expect(say(catalogues["zh-CN"], "E8b", bare)).toBe("本机已领完，码给您留着 | 10月8日 24:00 前都有效");
  expect(say(catalogues.en, "E7b going on", bare)).toContain("for a new one call 12351");
});

it("says one try, and two tries", () => {
  expect(say(catalogues.en, "E2 of a list")).toContain("1 try left");
  expect(say(catalogues.en, "E2")).toContain("10 tries left");
});

it("carries the phone, the station and the machine on every screen, and the time where it is known", () => {
  for (const screen of gallery("zh-CN").values()) {
    const text = (at: typeof screen): string => plain(view(at, { station: stationWith(222), simulated: false }));
    expect(text(screen)).toMatch(/张浦镇新城广场户外劳动者服务站[^]*03号机[^]*0512-5744-1234[^]*14:05/);
    expect(text({ language: screen.language, body: { is: "idle", products: [], digits: 10 } })).not.toContain("14:05");
  }
});

it("keeps a name with signs of HTML a name", () => {
  const station = stationWith(222);
  const odd = { ...station, station: { ...station.station, name: { zh: "<b>&站", en: "x" } } };
  const page = view({ language: "zh-CN", body: { is: "starting" } }, { station: odd, simulated: false });
  expect(page.text).toContain("&lt;b&gt;&amp;站");
});
