import type { Station } from "../../config/schema.ts";
import { days, hours, millis, minutes, seconds, type Millis } from "../../devices/kit/clock.ts";
import { parseInstant } from "../../protocol/pickup-code/calendar.ts";
import type { Body, Nearby, Product, Refusal, Screen } from "../../controller/screen/model.ts";

/** 7 October 2026, 14:05 at the station. */
export const now: Millis = millis(parseInstant("2026-10-07T06:05:00Z") ?? Number.NaN);
const midnight = (daysAhead: number): Millis => millis(now - hours(14) - minutes(5) + daysAhead * days(1));

/** A station with names as long as real ones. 222 mm of glass are 10.1 inches, 154 mm are 7 inches. */
export const stationWith = (widthMm: number, closes = "22:00"): Station => ({
  v: 1,
  station: {
    id: "ZP-001",
    number: 1,
    site: "40",
    name: { zh: "张浦镇新城广场户外劳动者服务站", en: "Zhangpu Xincheng Square Workers' Station" },
    machine: "03",
    phone: "0512-5744-1234",
    opens: closes === "24:00" ? "00:00" : "06:00",
    closes,
    refillAt: "16:00",
    dispenser: { zh: "进门左手边的休息室", en: "the rest room on the left" },
    channel: { zh: "江苏工会服务号", en: "the Jiangsu Trade Union account" },
  },
  screen: { widthMm, attached: true },
  devices: [],
  products: [],
  slots: [],
  trust: [],
  keyDays: 14,
  escrow: 3,
  neighbours: [],
});

export const water: Product = { key: "1", name: { zh: "冰矿泉水", en: "Chilled mineral water" }, left: 23 };
export const soda: Product = { key: "2", name: { zh: "盐汽水", en: "Salted soda water" }, left: 0 };
const tea: Product = { key: "3", name: { zh: "菊花凉茶", en: "Chrysanthemum tea" }, left: 8 };
const plum: Product = { key: "4", name: { zh: "冰镇酸梅汤", en: "Chilled sour plum drink" }, left: 12 };
const bean: Product = { key: "5", name: { zh: "绿豆汤", en: "Mung bean soup" }, left: null };
const noodle: Product = { key: "6", name: { zh: "藿香正气水", en: "Huoxiang tonic" }, left: 99 };

const ref = "K7M2QX";
const until = midnight(2);

const near = {
  name: { zh: "张浦镇新城广场户外劳动者服务站", en: "Zhangpu Xincheng Square Workers' Station" },
  metres: 320,
  minutes: 5,
  left: 12,
};
const three: Nearby = {
  asOf: millis(now - minutes(5)),
  stations: [
    near,
    { name: { zh: "环城北路驿站", en: "Ring Road North" }, metres: 980, minutes: 14, left: 3 },
    {
      name: { zh: "青阳街道昆太路户外劳动者服务站", en: "Qingyang Kuntai Road Workers' Station" },
      metres: 1460,
      minutes: 21,
      left: 108,
    },
  ],
};

/** Every refusal, where it can be told in two ways in both. */
export const refusals: Readonly<Record<string, Refusal>> = {
  E1: { id: "E1" },
  E2: { id: "E2", triesLeft: 10 },
  "E2 of a list": { id: "E2", triesLeft: 1, newCodeMinutes: 15 },
  E3: { id: "E3", until: millis(now + seconds(59)), left: seconds(59) },
  E4: { id: "E4", at: millis(now - days(9) - 1), ref },
  E5: {
    id: "E5",
    at: millis(now - hours(5)),
    station: { zh: "青阳街道昆太路户外劳动者服务站", en: "Qingyang Kuntai Road Workers' Station" },
  },
  E6: { id: "E6" },
  E7a: { id: "E7a", from: midnight(12), until: midnight(14) },
  "E7b ended": { id: "E7b", until: midnight(-7), campaignOn: false },
  "E7b going on": { id: "E7b", until: midnight(-7), campaignOn: true },
  E7c: { id: "E7c", opens: 360, closes: 1320 },
  E8a: { id: "E8a", out: soda.name, instead: water, until },
  E8b: { id: "E8b", until },
  "E8b of nobody's code": { id: "E8b" },
  "E8b of an area, one station": {
    id: "E8b",
    until: midnight(12),
    nearby: { asOf: millis(now - minutes(5)), stations: [near] },
  },
  "E8b of an area, three stations": { id: "E8b", until: midnight(12), nearby: three },
  E9: { id: "E9", ref, until },
  "E9 with another": { id: "E9", ref, instead: { ...plum, key: "2" }, until },
  "E9 of an area": { id: "E9", ref, until, nearby: three },
  "E9 of an area with another": { id: "E9", ref, instead: { ...plum, key: "2" }, until, nearby: three },
  E10: { id: "E10" },
  "E10 reported": { id: "E10", ref, until: midnight(12) },
  "E10 of an area": { id: "E10", until: midnight(12), nearby: three },
  "E10 of an area, reported": { id: "E10", ref, until: midnight(12), nearby: three },
  E11: { id: "E11", ref },
  E12b: { id: "E12b", minutes: 15 },
  "E3 of cards": { id: "E3", until: millis(now + seconds(59)), left: seconds(59), of: "numbers" },
  "E4 of a card": { id: "E4", at: millis(now - days(9) - 1), ref, of: "card" },
  "E8a of a card": { id: "E8a", out: soda.name, instead: water, until, had: true },
  "E13 of a card": { id: "E13", per: "day", had: 1, again: millis(midnight(1) + hours(6)) },
  "E13 of a card, dates": { id: "E13", per: "day", had: 12, again: millis(midnight(4) + hours(6)) },
  "E13 of a card, no clock": { id: "E13", per: "day", had: 2 },
  "E13 of a card, campaign": { id: "E13", per: "campaign", had: 30 },
  "E14 of a card": { id: "E14", minutes: 118, last: millis(now - minutes(2)) },
  "E15 of a card": { id: "E15", of: "card" },
  "E15 of a scanned code": { id: "E15", of: "code" },
  "E16 of a card": { id: "E16", of: "card" },
  "E16 of a scanned code": { id: "E16", of: "code" },
  E20: { id: "E20", month: 7 },
  E21: { id: "E21" },
  E23: { id: "E23", ref },
  E23b: { id: "E23b", ref },
};

const ten = [3, 3, 4];
const twelve = [4, 4, 4];
const season = { from: midnight(-98), until: midnight(25) };

export const bodies: Readonly<Record<string, Body>> = {
  starting: { is: "starting" },
  idle: { is: "idle", products: [water, soda], digits: 10, season },
  "idle with one": { is: "idle", products: [water], digits: 12 },
  "idle with six": { is: "idle", products: [water, soda, tea, plum, bean, noodle], digits: 12, season },
  "idle for a card alone": { is: "idle", products: [water, soda], digits: 0, season },
  "idle closed E7c": {
    is: "idle",
    products: [water, soda],
    digits: 10,
    closed: { id: "E7c", opens: 360, closes: 1320 },
  },
  "idle closed E8b": { is: "idle", products: [{ ...water, left: 0 }, soda], digits: 10, closed: { id: "E8b" }, season },
  "idle closed E10": { is: "idle", products: [water, soda], digits: 10, closed: { id: "E10", ref }, season },
  "idle closed E20": { is: "idle", products: [], digits: 10, closed: { id: "E20", month: 7 } },
  "idle closed E21": { is: "idle", products: [], digits: 0, closed: { id: "E21" } },
  "idle beside a cabin": { is: "idle", products: [water, soda], digits: 10, season, cabin: "beside" },
  "idle with six beside a cabin": {
    is: "idle",
    products: [water, soda, tea, plum, bean, noodle],
    digits: 12,
    season,
    cabin: "beside",
  },
  "idle closed E8b beside a cabin": {
    is: "idle",
    products: [{ ...water, left: 0 }, soda],
    digits: 10,
    closed: { id: "E8b" },
    season,
    cabin: "beside",
  },
  "idle closed E10 beside a cabin": {
    is: "idle",
    products: [water, soda],
    digits: 10,
    closed: { id: "E10", ref },
    cabin: "beside",
  },
  "idle of a cabin alone": { is: "idle", products: [], digits: 0, cabin: "alone" },
  enter: { is: "enter", typed: "4017", groups: ten, still: false },
  "enter the first": { is: "enter", typed: "4", groups: ten, still: false },
  "enter twelve": { is: "enter", typed: "40172839564", groups: twelve, still: false },
  "enter still": { is: "enter", typed: "401728", groups: ten, still: true },
  "enter twelve still": { is: "enter", typed: "401728", groups: twelve, still: true },
  "enter E1": { is: "enter", typed: "4017283956", groups: ten, still: false, said: { id: "E1" } },
  "enter twelve E1": { is: "enter", typed: "401728395648", groups: twelve, still: false, said: { id: "E1" } },
  "enter twelve E1 still": { is: "enter", typed: "401728395648", groups: twelve, still: true, said: { id: "E1" } },
  checking: { is: "checking" },
  choose: { is: "choose", products: [water, { ...soda, left: 7 }] },
  "choose one out": { is: "choose", products: [water, soda] },
  "choose of three": { is: "choose", products: [water, soda, tea] },
  "choose of six": { is: "choose", products: [water, soda, tea, plum, bean, noodle] },
  "choose E8a": {
    is: "choose",
    products: [water, soda],
    said: { id: "E8a", out: soda.name, instead: water, until },
  },
  "choose by card": { is: "choose", products: [water, { ...soda, left: 7, had: true }] },
  "choose by card E8a": {
    is: "choose",
    products: [water, { ...soda, left: 7, had: true }],
    said: { id: "E8a", out: soda.name, instead: water, had: true },
  },
  dispensing: { is: "dispensing", product: plum.name, long: false },
  "dispensing long": { is: "dispensing", product: plum.name, long: true },
  done: { is: "done", product: water.name },
  "done with more": { is: "done", product: plum.name, more: 12 },
  "done rated": { is: "done", product: water.name, rated: "good" },
};

export const glasses = {
  "10.1 inches": { widthMm: 222, width: 1024, height: 600, keyMm: 26, gapMm: 3, digitMm: 11 },
  "7 inches": { widthMm: 154, width: 800, height: 480, keyMm: 19, gapMm: 2, digitMm: 9 },
} as const;

/** Screens during which a card may wait its turn. */
const waitedFor = new Set([
  "checking",
  "choose of six",
  "dispensing long",
  "done with more",
  "E9 of an area with another",
]);

/** Screens that only whoever tapped or scanned sees. */
export const ofReaders = /card|scanned/;

/** Every screen of this release by its name, in one language; with the mark of a link that is down, which needs room. */
export function gallery(language: Screen["language"]): ReadonlyMap<string, Screen> {
  const told = Object.entries(refusals).map(([name, refusal]): [string, Body] => [name, { is: "refused", refusal }]);
  const reads = ["card", "code"] as const;
  const screens = [...Object.entries(bodies), ...told].map(([name, body]): [string, Screen] => [
    name,
    { language, time: now, offline: true, reads, body },
  ]);
  const tapped = screens
    .filter(([name]) => /^(choose|E7|E8|E9|E10|E11|E12b|E21|E23)/.test(name))
    .map(([name, screen]): [string, Screen] => [`${name}, by card`, { ...screen, came: "card" }]);
  const waiting = screens
    .filter(([name]) => waitedFor.has(name))
    .map(([name, screen]): [string, Screen] => [`${name} while a card waits`, { ...screen, waits: true }]);
  return new Map([...screens, ...tapped, ...waiting]);
}
