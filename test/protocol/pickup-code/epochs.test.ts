import { expect, test } from "vitest";
import { parseDate } from "../../../protocol/pickup-code/calendar.ts";
import type { Campaign } from "../../../protocol/pickup-code/campaign.ts";
import { epochNamed, epochsOf, labelsOverlap, runTogether } from "../../../protocol/pickup-code/epochs.ts";

const july: Campaign = {
  v: 1,
  kind: "campaign",
  id: "july",
  name: { zh: "七月", en: "July" },
  station: "ZP-001",
  epoch: "day",
  digits: 10,
  count: 300,
  keeperCount: 10,
  products: ["water"],
  from: "2026-07-01",
  to: "2026-07-31",
  hours: "00:00-24:00",
  lossLimit: 1,
  issuedAt: "2026-07-01T04:00:00Z",
  kid: "r1",
  sig: "",
};
const day = (text: string) => parseDate(text) ?? Number.NaN;
const labels = (campaign: Campaign, first: string, last: string) =>
  epochsOf(campaign, { first: day(first), last: day(last) }).map(({ label }) => label);

test("a campaign has no epochs outside its dates", () => {
  expect(labels(july, "2026-06-29", "2026-07-02")).toEqual(["20260701", "20260702"]);
  expect(labels(july, "2026-07-31", "2026-08-09")).toEqual(["20260731"]);
  expect(labels(july, "2026-08-01", "2026-08-09")).toEqual([]);
});

test("weeks are whole, and each is named once", () => {
  const weekly: Campaign = { ...july, epoch: "week" };
  expect(labels(weekly, "2026-07-01", "2026-07-31")).toEqual([
    "2026-W27",
    "2026-W28",
    "2026-W29",
    "2026-W30",
    "2026-W31",
  ]);
  expect(labels(weekly, "2026-07-08", "2026-07-08")).toEqual(["2026-W28"]);
  expect(epochNamed(weekly, "2026-W29")).toEqual({
    label: "2026-W29",
    first: day("2026-07-13"),
    last: day("2026-07-19"),
  });
});

test("a label is found by its plain name, and by no other kind of name", () => {
  expect(epochNamed(july, "20260715")?.label).toBe("20260715");
  expect(epochNamed({ ...july, ownLabels: true }, "20260715")?.label).toBe("july/20260715");
  expect(epochNamed({ ...july, ownLabels: true }, "july/20260715")?.label).toBe("july/20260715");
  expect(epochNamed({ ...july, epoch: "batch", batch: "B7" }, "B7")).toEqual({
    label: "B7",
    first: day("2026-07-01"),
    last: day("2026-07-31"),
  });
  for (const label of ["20260801", "2026-W29", "B7", "june/20260715", ""])
    expect(epochNamed(july, label)).toBeUndefined();
});

test("labels overlap where days, weeks or batches are the same and neither has labels of its own", () => {
  const august: Campaign = { ...july, id: "august", from: "2026-08-01", to: "2026-08-31" };
  const last: Campaign = { ...july, id: "last", from: "2026-07-31", to: "2026-07-31" };
  const week = (campaign: Campaign): Campaign => ({ ...campaign, epoch: "week" });
  const batch = (campaign: Campaign, label: string): Campaign => ({ ...campaign, epoch: "batch", batch: label });
  expect(labelsOverlap(july, last)).toBe(true);
  expect(labelsOverlap(july, august)).toBe(false);
  expect(labelsOverlap(july, { ...last, ownLabels: true })).toBe(false);
  expect(labelsOverlap(july, week(last))).toBe(false);
  expect(labelsOverlap(batch(july, "B7"), batch(august, "B7"))).toBe(true);
  expect(labelsOverlap(batch(july, "B7"), batch(july, "B8"))).toBe(false);
  expect(runTogether(july, last)).toBe(true);
  expect(runTogether(july, august)).toBe(false);
  // 2026-W31 is 27 July to 2 August: no common day, and yet a common label.
  expect(labelsOverlap(week(july), week(august))).toBe(true);
});
